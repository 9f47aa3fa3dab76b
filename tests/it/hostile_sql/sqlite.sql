PRAGMA foreign_keys=OFF;
CREATE TABLE IF NOT EXISTS `users` (
	`id` integer PRIMARY KEY AUTOINCREMENT NOT NULL ON CONFLICT ABORT,
	[name] text(255) COLLATE nocase DEFAULT 'it''s' UNIQUE,
	"at" integer DEFAULT (unixepoch()) NOT NULL,
	total real DEFAULT -1.5 CHECK (total > 0 OR total IS NULL),
	twice integer GENERATED ALWAYS AS (total * 2) VIRTUAL,
	other AS (total + 1) STORED,
	boss integer REFERENCES users(id) ON UPDATE no action ON DELETE set null DEFERRABLE INITIALLY DEFERRED,
	anything,
	CONSTRAINT pair UNIQUE (name, at) ON CONFLICT REPLACE,
	FOREIGN KEY (`boss`) REFERENCES `users`(`id`) ON DELETE cascade
) STRICT, WITHOUT ROWID;
--> statement-breakpoint
CREATE UNIQUE INDEX `users_name` ON `users` (lower(`name`) DESC, "at" COLLATE binary) WHERE total > 0;
CREATE TABLE `__new_users` (`id` integer PRIMARY KEY NOT NULL, `full` text);
INSERT INTO `__new_users`("id", "full") SELECT "id", "name" FROM `users`;
DROP TABLE `users`;
ALTER TABLE `__new_users` RENAME TO `users`;
ALTER TABLE users RENAME COLUMN full TO "full name";
ALTER TABLE users ADD COLUMN email text NOT NULL DEFAULT '';
ALTER TABLE users DROP COLUMN email;
ALTER TABLE `users` ALTER COLUMN "id" TO "id" integer NOT NULL REFERENCES other(id);
CREATE VIEW IF NOT EXISTS v (a) AS WITH x AS (SELECT 1) SELECT id FROM users JOIN x WHERE id IN (SELECT id FROM users);
CREATE TRIGGER tr AFTER UPDATE OF id ON users FOR EACH ROW WHEN NEW.id > 0 BEGIN UPDATE users SET id = CASE WHEN 1 THEN 2 END; DELETE FROM users; END;
CREATE VIRTUAL TABLE search USING fts5(body, content='users', tokenize = "porter ascii");
CREATE TABLE main.copy AS SELECT * FROM users;
CREATE TEMP TABLE t (a);
BEGIN IMMEDIATE;
SAVEPOINT s;
DROP INDEX IF EXISTS main.users_name;
DROP TRIGGER tr;
DROP VIEW v;
REINDEX users;
COMMIT;
