-- Whatever calls a function goes on calling it under its new name and at its new place.
CREATE SCHEMA app;
CREATE FUNCTION f(a integer) RETURNS integer LANGUAGE sql IMMUTABLE AS 'SELECT a';
CREATE FUNCTION app.k() RETURNS integer LANGUAGE sql AS 'SELECT 1';
CREATE DOMAIN d AS integer DEFAULT f(1) CHECK (f(VALUE) > 0);
CREATE TABLE t (
    id integer DEFAULT f(7),
    f integer DEFAULT app.k(),
    b integer GENERATED ALWAYS AS (f(id) + f) STORED,
    CONSTRAINT c CHECK (f(id) > 0 AND 'f(' <> ''),
    EXCLUDE USING btree (f(id) WITH =)
);
CREATE INDEX i ON t (f(id)) WHERE public.f(f) > 1;
ALTER TABLE t ENABLE ROW LEVEL SECURITY;
CREATE POLICY p ON t USING (f(id) > 0) WITH CHECK (f(f) > 1);
CREATE VIEW v AS SELECT f(id) AS x FROM t;
CREATE MATERIALIZED VIEW m AS SELECT id, f FROM t;
CREATE INDEX m_i ON m (f(id));
CREATE FUNCTION g(a integer DEFAULT f(3)) RETURNS integer LANGUAGE sql AS 'SELECT f(a)';
CREATE FUNCTION w() RETURNS trigger LANGUAGE plpgsql AS 'BEGIN RETURN NEW; END';
CREATE TRIGGER x BEFORE UPDATE ON t FOR EACH ROW WHEN (f(OLD.id) <> f(NEW.f)) EXECUTE FUNCTION w();
CREATE TABLE p (id integer, z integer) PARTITION BY RANGE (f(id));
ALTER FUNCTION f(integer) RENAME TO "F";
ALTER FUNCTION "F" SET SCHEMA app;
ALTER FUNCTION app.k RENAME TO kk;
ALTER SCHEMA app RENAME TO place;
