-- `serial` is a column, a sequence that it owns and a default.
CREATE TABLE a (id serial, big bigserial PRIMARY KEY, small smallserial, other serial4 NOT NULL);
CREATE TABLE a_x (id integer);
CREATE SEQUENCE a_later_seq;
ALTER TABLE a ADD COLUMN later serial;
ALTER TABLE a RENAME COLUMN id TO number;
ALTER TABLE a RENAME TO b;
ALTER TABLE b ALTER COLUMN small DROP DEFAULT;
ALTER TABLE b DROP COLUMN other;
CREATE TABLE c (id serial PRIMARY KEY);
ALTER TABLE c ALTER COLUMN id TYPE bigint;
ALTER SEQUENCE c_id_seq RENAME TO c_numbers;
CREATE TABLE d (id serial);
DROP TABLE d;
CREATE TABLE d (id serial);
CREATE SCHEMA other;
ALTER TABLE c SET SCHEMA other;
CREATE TABLE other.e (id bigserial);
