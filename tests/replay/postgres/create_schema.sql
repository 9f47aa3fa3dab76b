-- CREATE SCHEMA with what it holds.
CREATE SCHEMA shop
    CREATE TABLE product (id integer PRIMARY KEY, name text NOT NULL)
    CREATE TABLE sale (id integer PRIMARY KEY, product_id integer REFERENCES product)
    CREATE INDEX sale_product ON sale (product_id)
    CREATE VIEW sold AS SELECT name FROM product
    CREATE SEQUENCE numbers
    GRANT SELECT ON product TO PUBLIC;
CREATE ROLE keeper_of_shop;
CREATE SCHEMA AUTHORIZATION keeper_of_shop;
CREATE SCHEMA IF NOT EXISTS shop;
ALTER TABLE shop.sale ADD COLUMN at timestamptz;
DROP SCHEMA shop CASCADE;
CREATE SCHEMA shop;
CREATE TABLE shop.product (id bigint);
