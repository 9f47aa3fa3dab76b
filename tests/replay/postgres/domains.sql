-- Domains and their constraints.
CREATE DOMAIN positive AS integer CHECK (VALUE > 0);
CREATE DOMAIN email AS varchar(320) NOT NULL DEFAULT 'a@b.c' CONSTRAINT has_at CHECK (VALUE ~ '@') CHECK (length(VALUE) > 3);
CREATE DOMAIN short AS text COLLATE "C" CHECK (length(VALUE) < 5) CHECK (VALUE <> '') CHECK (VALUE <> 'x');
CREATE DOMAIN nested AS positive CHECK (VALUE < 100);
CREATE DOMAIN list AS integer[] DEFAULT '{}';
ALTER DOMAIN positive SET DEFAULT 1;
ALTER DOMAIN positive SET NOT NULL;
ALTER DOMAIN email DROP NOT NULL;
ALTER DOMAIN email DROP DEFAULT;
ALTER DOMAIN email DROP CONSTRAINT has_at;
ALTER DOMAIN email DROP CONSTRAINT IF EXISTS has_at;
ALTER DOMAIN positive ADD CONSTRAINT not_seven CHECK (VALUE <> 7) NOT VALID;
ALTER DOMAIN positive VALIDATE CONSTRAINT not_seven;
ALTER DOMAIN positive ADD CHECK (VALUE <> 8) NOT VALID;
ALTER DOMAIN short ADD CHECK (VALUE <> 'y');
CREATE TABLE t (a positive, b email DEFAULT 'd@e.f', c short[], d nested NOT NULL, e list);
COMMENT ON DOMAIN positive IS 'above zero';
COMMENT ON CONSTRAINT not_seven ON DOMAIN positive IS 'seven';
