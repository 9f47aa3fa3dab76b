-- Names in every quote, and in every case.
CREATE TABLE [My Table] (`first col` integer PRIMARY KEY, "second""col" text, [select] text, 'third' integer);
CREATE TABLE Users (Id INTEGER PRIMARY KEY, EMail TEXT);
CREATE INDEX users_email ON USERS (email);
ALTER TABLE uSERS ADD COLUMN Extra text;
ALTER TABLE users RENAME COLUMN ID TO "Key";
ALTER TABLE "my table" DROP COLUMN "SELECT";
CREATE TABLE posts (user_id integer REFERENCES USERS (KEY));
CREATE TABLE IF NOT EXISTS POSTS (other text);
DROP TABLE IF EXISTS [my TABLE];
CREATE TABLE "größe" ("höhe" integer CHECK ("höhe" > 0));
