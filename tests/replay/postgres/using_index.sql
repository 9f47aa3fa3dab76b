-- A constraint that takes over an index.
CREATE TABLE t (id integer, code text, other text, x integer);
CREATE UNIQUE INDEX t_id ON t (id);
CREATE UNIQUE INDEX t_code ON t (code) INCLUDE (x);
CREATE UNIQUE INDEX t_other ON t (other);
ALTER TABLE t ADD PRIMARY KEY USING INDEX t_id;
ALTER TABLE t ADD CONSTRAINT t_code_unique UNIQUE USING INDEX t_code;
ALTER TABLE t ADD UNIQUE USING INDEX t_other DEFERRABLE INITIALLY DEFERRED;
ALTER TABLE t RENAME CONSTRAINT t_id TO t_key;
ALTER INDEX t_code_unique RENAME TO t_codes;
ALTER TABLE t DROP CONSTRAINT t_other;
