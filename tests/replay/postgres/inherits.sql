-- Tables that inherit: columns and checks come down, keys and indexes do not.
CREATE TABLE city (
    name text NOT NULL DEFAULT 'x',
    population integer CHECK (population > 0),
    note text,
    PRIMARY KEY (name)
);
CREATE INDEX city_population ON city (population);
CREATE TABLE capital (country char(2)) INHERITS (city);
CREATE TABLE port (name text DEFAULT 'port', harbour text, CHECK (harbour <> '')) INHERITS (city);
CREATE TABLE harbour_capital (name text DEFAULT 'both') INHERITS (capital, port);
ALTER TABLE city ADD COLUMN area real;
ALTER TABLE city RENAME COLUMN population TO people;
ALTER TABLE city ADD CONSTRAINT city_area CHECK (area > 0);
ALTER TABLE city ADD CONSTRAINT only_here CHECK (note <> '') NO INHERIT;
ALTER TABLE city ALTER COLUMN note SET NOT NULL;
ALTER TABLE city DROP COLUMN note;
CREATE TABLE free (name text NOT NULL, people integer, area real);
ALTER TABLE free ADD CONSTRAINT city_population_check CHECK (people > 0), ADD CONSTRAINT city_area CHECK (area > 0);
ALTER TABLE free INHERIT city;
ALTER TABLE free NO INHERIT city;
ALTER TABLE ONLY city ALTER COLUMN people SET DEFAULT 1;
ALTER TABLE city ALTER COLUMN area SET DEFAULT 2;
