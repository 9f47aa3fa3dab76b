-- Names that need their quotes, and names that only look as if.
CREATE SCHEMA "My Schema";
CREATE TABLE "My Schema"."User" ("Id" integer PRIMARY KEY, "order" text, "a""b" integer, "é" integer CHECK ("é" > 0), lower_CASE text);
CREATE TABLE Users (ID integer, "ID" text, Name TEXT, UNIQUE ("ID"));
CREATE TABLE "select" ("from" integer REFERENCES "My Schema"."User", "table" integer DEFAULT 5);
CREATE INDEX "Idx" ON "My Schema"."User" ("order", "Id");
CREATE INDEX ON "My Schema"."User" (lower("order"));
CREATE TYPE "Kind" AS ENUM ('A', 'B');
ALTER TABLE users ADD COLUMN kind "Kind" DEFAULT 'A';
ALTER TABLE users ADD CONSTRAINT "Check It" CHECK ("ID" <> '' AND id > 0);
ALTER TABLE "select" RENAME COLUMN "from" TO "to";
ALTER TABLE users RENAME COLUMN id TO "Id";
ALTER TABLE "My Schema"."User" DROP COLUMN "a""b";
COMMENT ON COLUMN "My Schema"."User"."Id" IS 'x';
CREATE SEQUENCE "Seq";
ALTER TABLE "select" ALTER COLUMN "table" SET DEFAULT nextval('"Seq"');
CREATE TABLE U&"d\0061ta" (id integer);
