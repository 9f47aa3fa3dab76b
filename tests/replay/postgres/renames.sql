-- Renames of everything: what names it afterwards, and what keeps its name.
CREATE TYPE mood AS ENUM ('sad', 'glad');
CREATE DOMAIN code AS text CONSTRAINT code_filled CHECK (VALUE <> '');
CREATE SCHEMA first;
CREATE SEQUENCE numbers;
CREATE TABLE thing (
    id integer PRIMARY KEY DEFAULT nextval('numbers'),
    mood mood DEFAULT 'sad' CHECK (mood <> 'glad' OR id > 0),
    code code,
    total integer GENERATED ALWAYS AS (id + 1) STORED,
    CONSTRAINT thing_code UNIQUE (code)
);
CREATE TABLE part (thing_id integer REFERENCES thing (id));
CREATE TABLE first.t (id integer);
CREATE INDEX thing_lower ON thing (lower(code), id) WHERE id > 5;
CREATE VIEW things AS SELECT id, code FROM thing;
CREATE MATERIALIZED VIEW stored AS SELECT id FROM thing;
CREATE POLICY own ON thing USING (id = 1) WITH CHECK (total > 0);
CREATE FUNCTION f(integer, text) RETURNS integer LANGUAGE sql AS 'SELECT 1';
ALTER TABLE thing RENAME COLUMN id TO number;
ALTER TABLE thing RENAME COLUMN code TO "Code";
ALTER TABLE thing RENAME TO item;
ALTER TABLE item RENAME CONSTRAINT thing_pkey TO item_key;
ALTER TABLE item RENAME CONSTRAINT thing_check TO item_mood;
ALTER INDEX thing_lower RENAME TO item_lower;
ALTER TYPE mood RENAME TO feeling;
ALTER TYPE feeling RENAME VALUE 'sad' TO 'blue';
ALTER DOMAIN code RENAME TO item_code;
ALTER DOMAIN item_code RENAME CONSTRAINT code_filled TO filled;
ALTER SEQUENCE numbers RENAME TO item_numbers;
ALTER VIEW things RENAME TO items;
ALTER MATERIALIZED VIEW stored RENAME TO kept;
ALTER POLICY own ON item RENAME TO mine;
ALTER FUNCTION f(integer, text) RENAME TO g;
ALTER SCHEMA first RENAME TO second;
ALTER TABLE items RENAME TO items_of_old;
