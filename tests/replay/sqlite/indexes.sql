-- Indexes of every kind.
CREATE TABLE t (a integer, b text COLLATE NOCASE, c text, d integer);
CREATE INDEX i1 ON t (a DESC, b);
CREATE UNIQUE INDEX i2 ON t (b COLLATE BINARY);
CREATE INDEX i3 ON t (lower(c), a + d);
CREATE INDEX i4 ON t (c COLLATE RTRIM DESC) WHERE a IS NOT NULL AND d IN (1, 2);
CREATE INDEX IF NOT EXISTS i4 ON t (a);
CREATE INDEX "odd ""name" ON "t" ([a], `b`);
CREATE INDEX main.i5 ON t (d);
DROP INDEX i1;
DROP INDEX IF EXISTS missing;
DROP INDEX main.i5;
