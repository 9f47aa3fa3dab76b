-- Enums, their values added at every place.
CREATE TYPE size AS ENUM ('m');
ALTER TYPE size ADD VALUE 'xl';
ALTER TYPE size ADD VALUE 'l' BEFORE 'xl';
ALTER TYPE size ADD VALUE 's' BEFORE 'm';
ALTER TYPE size ADD VALUE 'ml' AFTER 'm';
ALTER TYPE size ADD VALUE IF NOT EXISTS 'xl';
ALTER TYPE size ADD VALUE IF NOT EXISTS 'it''s' AFTER 'xl';
ALTER TYPE size RENAME VALUE 'ml' TO 'm/l';
CREATE TYPE "Odd Name" AS ENUM ('A', 'a', '');
CREATE TYPE empty AS ENUM ();
CREATE TABLE t (
    size size NOT NULL DEFAULT 'm',
    sizes size[] DEFAULT '{m}',
    odd "Odd Name" DEFAULT 'A'::"Odd Name"
);
ALTER TABLE t ALTER COLUMN size DROP DEFAULT;
ALTER TABLE t ALTER COLUMN size TYPE text USING size::text;
CREATE TYPE shade AS ENUM ('dark', 'light');
ALTER TABLE t ALTER COLUMN size TYPE shade USING 'dark';
ALTER TABLE t ALTER COLUMN size SET DEFAULT 'light';
ALTER TABLE t ALTER COLUMN sizes DROP DEFAULT, ALTER COLUMN sizes TYPE text[] USING sizes::text[];
DROP TYPE size;
COMMENT ON TYPE shade IS 'of a colour';
