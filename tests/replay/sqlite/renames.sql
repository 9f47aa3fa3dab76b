-- Renames, and what names the renamed thing.
CREATE TABLE a (id INTEGER PRIMARY KEY, n integer CHECK (n > 0), t text UNIQUE, total integer AS (n + 1));
CREATE TABLE b (a_id integer REFERENCES a (id), n integer CONSTRAINT to_a REFERENCES a ON DELETE CASCADE);
CREATE INDEX a_n ON a (n, lower(t)) WHERE n > 5;
CREATE VIEW v AS SELECT id, n FROM a;
CREATE TRIGGER touch AFTER UPDATE ON a BEGIN UPDATE a SET n = 1 WHERE id = new.id; END;
ALTER TABLE a RENAME TO c;
ALTER TABLE c RENAME COLUMN n TO number;
ALTER TABLE c RENAME id TO "the id";
ALTER TABLE b RENAME COLUMN a_id TO c_id;
ALTER TABLE "b" RENAME TO "b 2";
