-- What goes with a column.
CREATE TABLE t (
    a integer, b integer, c integer, d integer,
    CONSTRAINT ab CHECK (a < b), CONSTRAINT only_c CHECK (c > 0), CONSTRAINT cd UNIQUE (c, d),
    PRIMARY KEY (d)
);
CREATE INDEX t_ab ON t (a, b);
CREATE INDEX t_b ON t (b);
CREATE INDEX t_where ON t (b) WHERE a > 0;
CREATE INDEX t_expr ON t ((a + b));
CREATE INDEX t_include ON t (b) INCLUDE (a);
CREATE TABLE r (d integer REFERENCES t (d), e integer, FOREIGN KEY (e) REFERENCES t);
CREATE VIEW v AS SELECT a FROM t;
ALTER TABLE t DROP COLUMN a CASCADE;
ALTER TABLE t DROP COLUMN c;
ALTER TABLE t DROP COLUMN d CASCADE;
ALTER TABLE t ADD COLUMN a text;
