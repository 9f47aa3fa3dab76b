-- Keys in columns and in the table, named or not, and the indexes they bring.
CREATE TABLE a (id integer PRIMARY KEY AUTOINCREMENT, code text NOT NULL UNIQUE, x integer, y integer, UNIQUE (x, y), CONSTRAINT yx UNIQUE (y, x));
CREATE TABLE b (x integer, y text, PRIMARY KEY (x, y));
CREATE TABLE c (x integer NOT NULL, y integer, CONSTRAINT c_key PRIMARY KEY (y DESC, x), CONSTRAINT x_once UNIQUE (x) ON CONFLICT REPLACE);
CREATE TABLE d (id text PRIMARY KEY ON CONFLICT IGNORE, n integer UNIQUE ON CONFLICT ABORT);
CREATE TABLE e (x integer REFERENCES a, y integer, z text, FOREIGN KEY (y, z) REFERENCES b (x, y) ON UPDATE SET NULL ON DELETE RESTRICT DEFERRABLE INITIALLY DEFERRED);
CREATE TABLE f (id integer PRIMARY KEY DESC, parent integer REFERENCES f (id) ON DELETE SET DEFAULT, other integer REFERENCES not_there (id));
