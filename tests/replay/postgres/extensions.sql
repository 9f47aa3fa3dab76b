-- Extensions: what they bring is theirs.
CREATE EXTENSION IF NOT EXISTS citext;
CREATE SCHEMA tools;
CREATE EXTENSION pg_trgm WITH SCHEMA tools;
CREATE EXTENSION IF NOT EXISTS pg_trgm;
CREATE TABLE t (id integer, name citext NOT NULL DEFAULT 'x');
CREATE INDEX t_name ON t USING gin (name tools.gin_trgm_ops);
CREATE UNIQUE INDEX t_unique ON t (name);
ALTER TABLE t ADD CHECK (name <> 'y');
CREATE EXTENSION "uuid-ossp";
ALTER TABLE t ADD COLUMN uid uuid DEFAULT uuid_generate_v4();
COMMENT ON EXTENSION citext IS 'text without case';
CREATE EXTENSION hstore;
DROP EXTENSION hstore;
ALTER EXTENSION citext UPDATE;
