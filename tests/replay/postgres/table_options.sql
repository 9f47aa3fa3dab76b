-- What is said about a table beside its columns.
CREATE UNLOGGED TABLE a (id integer);
CREATE TABLE b (id integer) WITH (fillfactor = 70, autovacuum_enabled = false);
ALTER TABLE b SET (fillfactor = 80, toast_tuple_target = 200);
ALTER TABLE b RESET (autovacuum_enabled);
CREATE TABLE c (id integer);
ALTER TABLE c SET UNLOGGED;
ALTER TABLE a SET LOGGED;
CREATE TEMP TABLE passing (id serial PRIMARY KEY);
CREATE INDEX ON passing (id);
CREATE TABLE d AS SELECT id FROM b;
CREATE TABLE IF NOT EXISTS e (x, y) AS SELECT 1, 2;
SELECT id INTO f FROM b;
ALTER TABLE d ADD COLUMN extra integer;
DROP TABLE passing;
ALTER TABLE b REPLICA IDENTITY FULL, OWNER TO CURRENT_USER;
