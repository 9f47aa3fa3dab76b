-- Héllo; the fixture of the hostile tests.
PRAGMA foreign_keys=OFF;--> statement-breakpoint
CREATE TABLE `__new_users` (
	`id` integer PRIMARY KEY AUTOINCREMENT NOT NULL,
	"name" text(20) DEFAULT 'it''s' COLLATE nocase /* ü */ CONSTRAINT c CHECK ("name" <> ''),
	[made at] AS (strftime('%s')) STORED,
	FOREIGN KEY (`id`) REFERENCES `other`(`id`) ON DELETE set null DEFERRABLE INITIALLY DEFERRED
) STRICT, WITHOUT ROWID;
--> statement-breakpoint
INSERT INTO `__new_users`("id") SELECT "id" FROM `users`;--> statement-breakpoint
DROP TABLE `users`;--> statement-breakpoint
ALTER TABLE `__new_users` RENAME TO `users`;
CREATE UNIQUE INDEX main.i ON users (lower(name) COLLATE x DESC, id) WHERE id > -1.5e3;
CREATE VIEW v (a, b) AS WITH c AS (SELECT 1) SELECT a, b FROM c, main.users JOIN (t, u) ON 1;
CREATE TRIGGER tr AFTER UPDATE OF name ON users BEGIN UPDATE users SET x = ';'; SELECT 1; END;
CREATE VIRTUAL TABLE f USING fts5(a, b = 'c');
ALTER TABLE users ALTER COLUMN "name" TO "name" text NOT NULL;
ROLLBACK TO x
