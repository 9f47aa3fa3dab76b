-- Generated columns, and what depends on what they are made of.
CREATE TABLE t (
    a integer NOT NULL,
    b integer,
    total integer GENERATED ALWAYS AS (a + b) STORED,
    label text GENERATED ALWAYS AS ('n' || a::text) STORED NOT NULL,
    price numeric(10, 2),
    taxed numeric(12, 3) GENERATED ALWAYS AS (price * 1.19) STORED,
    words tsvector GENERATED ALWAYS AS (to_tsvector('english'::regconfig, coalesce('x', ''))) STORED
);
CREATE INDEX t_total ON t (total);
ALTER TABLE t RENAME COLUMN a TO first;
ALTER TABLE t ADD COLUMN upper text COLLATE "C" GENERATED ALWAYS AS ('x' || 'y') STORED;
ALTER TABLE t ALTER COLUMN label DROP EXPRESSION;
ALTER TABLE t ALTER COLUMN label DROP EXPRESSION IF EXISTS;
ALTER TABLE t DROP COLUMN b CASCADE;
ALTER TABLE t ALTER COLUMN taxed TYPE numeric(14, 4);
