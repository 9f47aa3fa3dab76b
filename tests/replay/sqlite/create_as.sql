-- Tables known by name, temporary ones, and statements that change no schema.
CREATE TABLE a (id integer PRIMARY KEY, n text);
INSERT INTO a VALUES (1, 'x; y'), (2, 'z');
CREATE TABLE b AS SELECT id, n FROM a;
CREATE TEMP TABLE passing (id integer);
CREATE TEMPORARY VIEW passing_view AS SELECT 1;
CREATE INDEX temp.passing_id ON passing (id);
BEGIN;
CREATE TABLE c (id integer);
COMMIT;
PRAGMA user_version = 5;
UPDATE a SET n = 'y' WHERE id = 1;
DELETE FROM a;
REINDEX;
ANALYZE;
DROP TABLE b;
CREATE TABLE IF NOT EXISTS main.d (id integer);
REPLACE INTO a VALUES (1, 'x');
WITH x AS (SELECT 1) INSERT INTO c SELECT * FROM x;
