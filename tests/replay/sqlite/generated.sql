-- Generated columns.
CREATE TABLE t (
    a integer,
    b integer,
    total integer GENERATED ALWAYS AS (a + b),
    kept integer GENERATED ALWAYS AS (a * b) STORED NOT NULL,
    short AS (a - b) VIRTUAL,
    label text AS ('n' || a) STORED
);
ALTER TABLE t ADD COLUMN later integer GENERATED ALWAYS AS (a + 1) VIRTUAL;
ALTER TABLE t RENAME COLUMN a TO first;
CREATE INDEX t_total ON t (total);
ALTER TABLE t DROP COLUMN short;
