-- What goes with what is dropped.
CREATE TABLE a (id integer PRIMARY KEY, n integer, unused text);
CREATE TABLE b (a_id integer REFERENCES a (id));
CREATE INDEX a_n ON a (n);
CREATE TRIGGER a_t AFTER INSERT ON a BEGIN SELECT 1; END;
ALTER TABLE a DROP COLUMN unused;
DROP TABLE a;
CREATE TABLE a (id text PRIMARY KEY);
CREATE INDEX a_n ON a (id);
DROP TABLE IF EXISTS missing;
DROP VIEW IF EXISTS missing;
DROP TRIGGER IF EXISTS missing;
