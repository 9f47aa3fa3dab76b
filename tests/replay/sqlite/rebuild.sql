-- The way to change what ALTER TABLE cannot: a new table, its rows, the old one gone, the new one renamed.
CREATE TABLE users (id integer PRIMARY KEY, name text, age integer);
CREATE TABLE posts (id integer PRIMARY KEY, user_id integer REFERENCES users (id));
CREATE INDEX users_name ON users (name);
CREATE UNIQUE INDEX users_age ON users (age) WHERE age > 0;
PRAGMA foreign_keys=OFF;--> statement-breakpoint
CREATE TABLE `__new_users` (
    `id` integer PRIMARY KEY AUTOINCREMENT NOT NULL,
    `name` text NOT NULL DEFAULT 'x',
    CONSTRAINT `name_filled` CHECK (`__new_users`.`name` <> '')
);
INSERT INTO `__new_users` ("id", "name") SELECT "id", "name" FROM `users`;
DROP TABLE `users`;
ALTER TABLE `__new_users` RENAME TO `users`;
PRAGMA foreign_keys=ON;
CREATE INDEX `users_name` ON `users` (`name`);
