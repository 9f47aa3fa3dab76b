-- Roles and what is kept of them.
CREATE ROLE plain_of_roles;
CREATE ROLE maker_of_roles WITH CREATEDB CREATEROLE LOGIN PASSWORD 'x';
CREATE USER person_of_roles NOINHERIT;
CREATE GROUP group_of_roles;
ALTER ROLE maker_of_roles NOCREATEDB;
ALTER USER person_of_roles WITH INHERIT CREATEDB;
ALTER ROLE plain_of_roles RENAME TO simple_of_roles;
ALTER ROLE simple_of_roles SET search_path TO public;
DROP ROLE group_of_roles;
DROP ROLE IF EXISTS nobody_of_roles;
COMMENT ON ROLE simple_of_roles IS 'a role';
CREATE TABLE t (id integer);
ALTER TABLE t OWNER TO simple_of_roles;
GRANT SELECT ON t TO person_of_roles;
REASSIGN OWNED BY simple_of_roles TO CURRENT_USER;
