-- What a session says around its statements, and statements that change no schema.
SET client_encoding = 'UTF8';
SET statement_timeout = 0;
SET lock_timeout TO '5s';
SET LOCAL check_function_bodies = false;
CREATE TABLE t (id integer PRIMARY KEY, name text);
INSERT INTO t VALUES (1, 'a; -- no comment'), (2, 'it''s');
UPDATE t SET name = $$dollar; quoted$$ WHERE id = 1;
/* a comment; /* nested; */ still a comment */
CREATE INDEX t_name ON t (name); -- behind the statement;
DELETE FROM t WHERE name = E'back\'slash;';
SELECT 1;;
WITH moved AS (DELETE FROM t RETURNING *) SELECT count(*) FROM moved;
LOCK TABLE t IN SHARE MODE;
ANALYZE t;
SAVEPOINT a;
CREATE TABLE u (id integer);
RELEASE SAVEPOINT a;
EXPLAIN SELECT 1;
TRUNCATE t;
CREATE FUNCTION f() RETURNS void LANGUAGE plpgsql AS $f$ BEGIN CREATE TABLE never (id integer); END $f$;
CREATE FUNCTION atomic() RETURNS integer LANGUAGE sql BEGIN ATOMIC SELECT 1; SELECT 2; END;
NOTIFY channel, 'payload; here';
COMMENT ON TABLE t IS '--> statement-breakpoint; not one';
