CREATE SCHEMA IF NOT EXISTS "app" AUTHORIZATION owner;
CREATE EXTENSION IF NOT EXISTS pg_trgm WITH SCHEMA public;
CREATE TYPE "public"."mood" AS ENUM('sad', 'it''s ok', E'\x41');
ALTER TYPE mood ADD VALUE IF NOT EXISTS 'happy' BEFORE 'sad';
ALTER TYPE mood RENAME VALUE 'sad' TO 'blue';
CREATE TYPE pair AS (a integer, b text);
CREATE DOMAIN email AS varchar(320) NOT NULL DEFAULT '' CONSTRAINT is_email CHECK (VALUE ~ '@') CHECK (length(VALUE) > 3);
CREATE SEQUENCE IF NOT EXISTS counter AS bigint INCREMENT BY -2 NO MINVALUE MAXVALUE 10 START 5 CACHE 3 CYCLE;
CREATE TABLE "users" (
	"id" serial PRIMARY KEY NOT NULL,
	"key" bigint GENERATED ALWAYS AS IDENTITY (sequence name "users_key_seq" INCREMENT BY 1 MINVALUE 1 START WITH 1 CACHE 1),
	"email" email COLLATE "C" UNIQUE NULLS NOT DISTINCT,
	"mood" mood[] DEFAULT '{}'::mood[],
	"total" numeric(10, 2) DEFAULT (1 + 2) CHECK ("total" > 0 AND ("users"."total" < 10 OR total IS NULL)),
	"twice" integer GENERATED ALWAYS AS ((total * 2)::integer) STORED,
	at timestamp (3) with time zone DEFAULT now() NOT NULL,
	CONSTRAINT "users_pair" UNIQUE("email", at) DEFERRABLE INITIALLY DEFERRED,
	EXCLUDE USING gist (at WITH =, "email" WITH &&) WHERE (total > 0),
	FOREIGN KEY (key) REFERENCES "users" ("id") MATCH FULL ON DELETE SET NULL ON UPDATE CASCADE
) WITH (fillfactor = 70, autovacuum_enabled = off);
CREATE TABLE copy (LIKE users INCLUDING ALL EXCLUDING COMMENTS, extra int);
CREATE TABLE parts (id int NOT NULL, at date, PRIMARY KEY (id, at)) PARTITION BY RANGE (at, (id + 1));
CREATE TABLE parts_1 PARTITION OF parts FOR VALUES FROM ('2020-01-01', MINVALUE) TO ('2021-01-01', 5);
ALTER TABLE parts ATTACH PARTITION copy DEFAULT;
ALTER TABLE ONLY parts DETACH PARTITION parts_1 CONCURRENTLY;
CREATE UNIQUE INDEX CONCURRENTLY IF NOT EXISTS users_low ON ONLY "users" USING btree (lower("email") text_pattern_ops DESC NULLS LAST, at) INCLUDE (id) WITH (fillfactor = 50) WHERE (at > '2020-01-01');
ALTER TABLE users ADD COLUMN IF NOT EXISTS n int REFERENCES users, DROP COLUMN twice CASCADE, ALTER COLUMN n SET DEFAULT 5, ALTER n TYPE bigint USING n::bigint, ADD CONSTRAINT c CHECK (n > 0) NOT VALID;
ALTER TABLE users RENAME COLUMN n TO "new n";
ALTER TABLE users RENAME TO people;
ALTER TABLE people SET SCHEMA app;
ALTER INDEX users_low RENAME TO people_low;
CREATE OR REPLACE VIEW v (a, b) WITH (security_invoker = true) AS WITH x AS (SELECT 1) SELECT id, email FROM app.people p JOIN x ON true WHERE p.id IN (SELECT id FROM copy) WITH LOCAL CHECK OPTION;
CREATE MATERIALIZED VIEW IF NOT EXISTS m AS (SELECT * FROM v) WITH NO DATA;
CREATE FUNCTION f(a integer DEFAULT 1, OUT b text, VARIADIC c int[]) RETURNS text LANGUAGE plpgsql AS $body$ BEGIN RETURN 'a;b'; END $body$;
CREATE TRIGGER t AFTER INSERT OR UPDATE OF email ON app.people FOR EACH ROW WHEN (NEW.id > 0) EXECUTE FUNCTION f();
CREATE POLICY "p" ON app.people AS RESTRICTIVE FOR SELECT TO public, "role x" USING (id > 0) WITH CHECK (true);
ALTER TABLE app.people ENABLE ROW LEVEL SECURITY;
GRANT SELECT, INSERT ON ALL TABLES IN SCHEMA app TO reader WITH GRANT OPTION;
REVOKE ALL ON FUNCTION f(integer) FROM PUBLIC CASCADE;
COMMENT ON COLUMN app.people.email IS E'it\'s';
DO $$ BEGIN ALTER TABLE app.people ADD COLUMN z int; EXCEPTION WHEN duplicate_column THEN null; END $$;
DO $$ DECLARE r record; BEGIN FOR r IN SELECT 1 LOOP EXECUTE format('DROP TABLE %I', r.a); END LOOP; END $$;
SET search_path = app, public;
SELECT pg_catalog.set_config('search_path', '', false);
SELECT 1 AS a INTO made FROM app.people;
CREATE TABLE taken AS TABLE app.people;
\connect other
COPY app.people (id) FROM stdin;
1
\.
INSERT INTO app.people VALUES (1, 'a;b', $x$ ; $x$);--> statement-breakpoint
ALTER TABLE app.people DROP CONSTRAINT IF EXISTS users_pair--> statement-breakpoint
DROP TYPE IF EXISTS mood, pair CASCADE;
DROP SCHEMA app CASCADE;
