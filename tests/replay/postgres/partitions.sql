-- Partitioned tables: what partitions take over.
CREATE TABLE event (
    id bigint NOT NULL,
    at date NOT NULL,
    kind text DEFAULT 'none',
    note text CHECK (note <> ''),
    PRIMARY KEY (id, at)
) PARTITION BY RANGE (at);
CREATE INDEX event_kind ON event (kind);
CREATE TABLE event_2020 PARTITION OF event FOR VALUES FROM ('2020-01-01') TO ('2021-01-01');
CREATE TABLE event_2021 PARTITION OF event (kind DEFAULT 'some', CHECK (id > 0))
    FOR VALUES FROM ('2021-01-01') TO ('2022-01-01');
CREATE TABLE event_rest PARTITION OF event DEFAULT;
CREATE INDEX ON event (note);
ALTER TABLE event ADD COLUMN amount numeric(10, 2) NOT NULL DEFAULT 0;
ALTER TABLE event ADD CONSTRAINT event_amount CHECK (amount >= 0);
CREATE TABLE region (name text, size integer) PARTITION BY LIST (name);
CREATE TABLE region_a PARTITION OF region FOR VALUES IN ('a', 'b') PARTITION BY HASH (size);
CREATE TABLE region_a_0 PARTITION OF region_a FOR VALUES WITH (MODULUS 2, REMAINDER 0);
CREATE TABLE region_a_1 PARTITION OF region_a FOR VALUES WITH (MODULUS 2, REMAINDER 1);
CREATE UNIQUE INDEX region_key ON region (name, size);
CREATE TABLE by_expression (id integer, name text) PARTITION BY RANGE (lower(name), id);
CREATE TABLE by_expression_low PARTITION OF by_expression FOR VALUES FROM (MINVALUE, MINVALUE) TO ('m', 0);
ALTER TABLE event DROP COLUMN note;
