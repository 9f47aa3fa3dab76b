-- Partitions that are attached and detached, and indexes with them.
CREATE TABLE parent (id integer NOT NULL, at date NOT NULL, name text) PARTITION BY RANGE (at);
CREATE INDEX parent_name ON parent (name);
CREATE TABLE child_a (id integer NOT NULL, at date NOT NULL, name text);
CREATE INDEX child_a_name ON child_a (name);
ALTER TABLE parent ATTACH PARTITION child_a FOR VALUES FROM ('2020-01-01') TO ('2020-02-01');
CREATE TABLE child_b (LIKE parent);
ALTER TABLE parent ATTACH PARTITION child_b FOR VALUES FROM ('2020-02-01') TO ('2020-03-01');
ALTER TABLE parent ADD PRIMARY KEY (id, at);
CREATE TABLE child_c (LIKE parent INCLUDING ALL);
ALTER TABLE parent ATTACH PARTITION child_c DEFAULT;
ALTER TABLE parent DETACH PARTITION child_a;
ALTER TABLE child_a ADD COLUMN own text;
CREATE INDEX parent_at ON ONLY parent (at);
CREATE INDEX child_b_at ON child_b (at);
ALTER INDEX parent_at ATTACH PARTITION child_b_at;
DROP TABLE child_c;
CREATE TABLE other (id integer PRIMARY KEY);
ALTER TABLE parent ADD FOREIGN KEY (id) REFERENCES other;
