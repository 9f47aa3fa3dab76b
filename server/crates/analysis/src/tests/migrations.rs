//! What an editor asks of migrations, and what the log says. `<CURSOR>` marks the place in the fixture.

use std::fmt::Write as _;
use std::path::Path;
use std::sync::Arc;

use expect_test::{Expect, expect};
use source::{FilePath, Files, MemoryFiles};

use super::shown;
use crate::{Analysis, Found, Host, Symbol, log, log_of, unmanaged};

const BLOG: &str = r#"
//- /p/drizzle.config.ts
export default { dialect: 'postgresql', schema: './schema.ts', out: './drizzle' };
//- /p/schema.ts
import { index, integer, pgEnum, pgTable, serial, text } from 'drizzle-orm/pg-core';
export const role = pgEnum('role', ['admin', 'member']);
export const users = pgTable('users', {
  id: serial('id').primaryKey(),
  email: text('email').notNull(),
  age: integer('age').notNull().default(0),
  role: role('role'),
});
export const articles = pgTable('articles', {
  id: serial('id').primaryKey(),
  author: integer('author_id').references(() => users.id, { onDelete: 'cascade' }),
}, (t) => [index('posts_author_idx').on(t.author)]);
//- /p/drizzle/meta/_journal.json
{"version":"7","dialect":"postgresql","entries":[
{"idx":0,"version":"7","when":1,"tag":"0000_first","breakpoints":true},
{"idx":1,"version":"7","when":2,"tag":"0001_email","breakpoints":true},
{"idx":2,"version":"7","when":3,"tag":"0002_posts","breakpoints":true},
{"idx":3,"version":"7","when":4,"tag":"0003_articles","breakpoints":true},
{"idx":4,"version":"7","when":5,"tag":"0004_more","breakpoints":true}]}
//- /p/drizzle/0000_first.sql
CREATE TYPE "public"."role" AS ENUM('admin', 'member');--> statement-breakpoint
CREATE TABLE "users" (
	"id" serial PRIMARY KEY NOT NULL,
	"mail" text
);
--> statement-breakpoint
CREATE TABLE "posts" ("id" serial PRIMARY KEY NOT NULL, "author_id" integer, "old" text);
//- /p/drizzle/0001_email.sql
ALTER TABLE "users" RENAME COLUMN "mail" TO "email";--> statement-breakpoint
UPDATE "users" SET "email" = '' WHERE "email" IS NULL;--> statement-breakpoint
ALTER TABLE "users" ALTER COLUMN "email" SET NOT NULL;
//- /p/drizzle/0002_posts.sql
ALTER TABLE "posts" ADD CONSTRAINT "posts_author_id_users_id_fk" FOREIGN KEY ("author_id") REFERENCES "public"."users"("id") ON DELETE cascade;
CREATE INDEX "posts_author_idx" ON "posts" USING btree ("author_id");
ALTER TABLE "posts" DROP COLUMN "old";
//- /p/drizzle/0003_articles.sql
ALTER TABLE "posts" RENAME TO "articles";
//- /p/drizzle/0004_more.sql
ALTER TABLE "users" ADD COLUMN "age" integer DEFAULT 0 NOT NULL, ADD COLUMN "role" "role";
"#;

fn config() -> FilePath {
    Arc::from(Path::new("/p/drizzle.config.ts"))
}

/// The analysis of the fixture with the cursor in the first `wanted`, before its last part behind `|`; the file and the cursor.
pub(super) fn analyze(file: &str, wanted: &str) -> (Analysis, FilePath, u32) {
    let files = MemoryFiles::new(BLOG);
    let path: FilePath = Arc::from(Path::new(file));
    let text = files.read(&path).unwrap();
    let offset = text.find(&wanted.replace('|', "")).expect("the fixture has the text") + wanted.find('|').unwrap();
    let analysis = Host::new().analyze(&[config()], &files);
    (analysis, path, u32::try_from(offset).unwrap())
}

fn check_hover(file: &str, wanted: &str, expected: Expect) {
    let (analysis, path, offset) = analyze(file, wanted);
    expected.assert_eq(&analysis.hover(&path, offset).map(|hover| hover.markdown).unwrap_or_default());
}

fn check_definition(file: &str, wanted: &str, expected: Expect) {
    let (analysis, path, offset) = analyze(file, wanted);
    expected.assert_eq(&shown(&analysis, &analysis.definition(&path, offset)));
}

fn check_references(file: &str, wanted: &str, expected: Expect) {
    let (analysis, path, offset) = analyze(file, wanted);
    expected.assert_eq(&shown(&analysis, &analysis.references(&path, offset, true)));
}

fn check_log(object: &str, expected: Expect) {
    let analysis = Host::new().analyze(&[config()], &MemoryFiles::new(BLOG));
    let project = &analysis.projects[0];
    let desired = project.desired.as_ref().map(|desired| &desired.schema);
    let mut text = String::new();
    match log_of(project.history.as_ref().unwrap(), desired, object) {
        Found::Near(near) => text = format!("near: {near:?}\n"),
        Found::Logs(logs) => {
            for log in logs {
                for touch in &log.touches {
                    let words: Vec<&str> = touch.changes.iter().map(|it| it.words.as_str()).collect();
                    let kinds: Vec<&str> = touch.changes.iter().map(|it| it.kind.as_str()).collect();
                    let _ = writeln!(text, "{} [{}] {}", touch.tag, kinds.join(", "), words.join(", "));
                }
                let _ = writeln!(text, "now: {:?}", log.now);
            }
        }
    }
    expected.assert_eq(&text);
}

fn show_symbols(symbols: &[Symbol], indent: usize, source: &str, text: &mut String) {
    for symbol in symbols {
        let (kind, name, detail) = (symbol.kind, &symbol.name, &symbol.detail);
        let _ = writeln!(text, "{:indent$}{kind:?} {name}: {detail} @ {}", "", symbol.focus.text(source));
        show_symbols(&symbol.children, indent + 2, source, text);
    }
}

#[test]
fn hover_on_a_column_shows_it_before_and_after_the_statement() {
    check_hover(
        "/p/drizzle/0001_email.sql",
        "COLUMN \"em|ail\" SET",
        expect![[r#"
        ```sql
        -- before
        users.email text
        -- after
        users.email text NOT NULL
        ```
        - here: alter column `users.email`: nullable → NOT NULL
        - made by: `0000_first`, as `users.mail`
        - in the schema files: `users.email text NOT NULL`
    "#]],
    );
}

#[test]
fn hover_on_a_renamed_column_shows_both_names() {
    check_hover(
        "/p/drizzle/0001_email.sql",
        "\"ma|il\"",
        expect![[r#"
        ```sql
        -- before
        users.mail text
        -- after
        users.email text
        ```
        - here: rename column `users.mail` to `users.email`
        - made by: `0000_first`
        - changed later by: `0001_email`
        - in the schema files: `users.email text NOT NULL`
    "#]],
    );
    check_hover(
        "/p/drizzle/0001_email.sql",
        "TO \"em|ail\"",
        expect![[r#"
        ```sql
        -- before
        users.mail text
        -- after
        users.email text
        ```
        - here: rename column `users.mail` to `users.email`
        - made by: `0000_first`, as `users.mail`
        - changed later by: `0001_email`
        - in the schema files: `users.email text NOT NULL`
    "#]],
    );
}

#[test]
fn hover_on_a_table_says_who_changed_it_later_and_what_it_is_called_now() {
    check_hover(
        "/p/drizzle/0000_first.sql",
        "TABLE \"po|sts\"",
        expect![[r#"
        ```sql
        table posts (id, author_id, old)
        ```
        - made by: this migration
        - changed later by: `0002_posts`, `0003_articles`
        - in the schema files: `table articles (id, author_id)`
    "#]],
    );
}

#[test]
fn hover_on_a_dropped_column_says_who_drops_it() {
    check_hover(
        "/p/drizzle/0000_first.sql",
        "\"o|ld\"",
        expect![[r#"
            ```sql
            posts.old text
            ```
            - made by: this migration
            - dropped by: `0002_posts`
        "#]],
    );
    check_hover(
        "/p/drizzle/0002_posts.sql",
        "\"o|ld\"",
        expect![[r#"
            ```sql
            -- before, dropped here
            posts.old text
            ```
            - made by: `0000_first`
        "#]],
    );
}

#[test]
fn hover_on_what_a_statement_only_names_says_that_it_does_not_change() {
    check_hover(
        "/p/drizzle/0002_posts.sql",
        "\"us|ers\"(",
        expect![[r#"
        ```sql
        table users (id, email)
        ```
        - not changed here
        - made by: `0000_first`
        - changed later by: `0004_more`
        - in the schema files: `table users (id, email, age, role)`
    "#]],
    );
}

#[test]
fn hover_on_an_enum_and_on_an_index_shows_them_in_a_line() {
    check_hover(
        "/p/drizzle/0000_first.sql",
        "\"ro|le\"",
        expect![[r#"
        ```sql
        enum role ('admin', 'member')
        ```
        - made by: this migration
        - in the schema files: `enum role ('admin', 'member')`
    "#]],
    );
    check_hover(
        "/p/drizzle/0002_posts.sql",
        "posts_a|uthor_idx",
        expect![[r#"
            ```sql
            index posts_author_idx on posts (author_id)
            ```
            - made by: this migration
            - changed later by: `0003_articles`
            - in the schema files: `index posts_author_idx on articles (author_id)`
        "#]],
    );
}

#[test]
fn hover_in_a_schema_file_says_which_migration_introduced_the_object() {
    check_hover(
        "/p/schema.ts",
        "age|: integer",
        expect![[r#"
        ```sql
        users.age integer NOT NULL DEFAULT 0
        ```
        - column: `age`
        - type: `integer`
        - null: not allowed
        - default: `0`
        - since: `0004_more`
    "#]],
    );
    check_hover(
        "/p/schema.ts",
        "email|: text",
        expect![[r#"
        ```sql
        users.email text NOT NULL
        ```
        - column: `email`
        - type: `text`
        - null: not allowed
        - default: none
        - since: `0000_first`, first as `users.mail`
    "#]],
    );
}

#[test]
fn definition_leads_from_a_migration_to_the_schema_file() {
    check_definition(
        "/p/drizzle/0001_email.sql",
        "\"ma|il\"",
        expect![[r#"
        schema.ts:5 `email`
    "#]],
    );
    check_definition(
        "/p/drizzle/0002_posts.sql",
        "TABLE \"po|sts\"",
        expect![[r#"
        schema.ts:9 `articles`
    "#]],
    );
}

#[test]
fn definition_of_what_is_gone_leads_to_the_statement_that_made_it() {
    check_definition(
        "/p/drizzle/0002_posts.sql",
        "\"o|ld\"",
        expect![[r#"
        0000_first.sql:7 `"old"`
    "#]],
    );
}

#[test]
fn references_are_found_in_schema_files_and_migrations_from_both_sides() {
    check_references(
        "/p/schema.ts",
        "email|: text",
        expect![[r#"
        0000_first.sql:4 `"mail"`
        0001_email.sql:1 `"mail"`
        0001_email.sql:1 `"email"`
        0001_email.sql:3 `"email"`
        schema.ts:5 `email`
    "#]],
    );
    check_references(
        "/p/drizzle/0001_email.sql",
        "\"ma|il\"",
        expect![[r#"
            0000_first.sql:4 `"mail"`
            0001_email.sql:1 `"mail"`
            0001_email.sql:1 `"email"`
            0001_email.sql:3 `"email"`
            schema.ts:5 `email`
        "#]],
    );
    check_references(
        "/p/drizzle/0003_articles.sql",
        "\"po|sts\"",
        expect![[r#"
            0000_first.sql:7 `"posts"`
            0002_posts.sql:1 `"posts"`
            0002_posts.sql:2 `"posts"`
            0002_posts.sql:3 `"posts"`
            0003_articles.sql:1 `"posts"`
            0003_articles.sql:1 `"articles"`
            schema.ts:9 `articles`
            schema.ts:12 `t`
        "#]],
    );
}

#[test]
fn symbols_of_a_migration_are_its_effects() {
    let analysis = Host::new().analyze(&[config()], &MemoryFiles::new(BLOG));
    let mut text = String::new();
    for tag in ["0000_first", "0001_email", "0002_posts", "0003_articles", "0004_more"] {
        let path = format!("/p/drizzle/{tag}.sql");
        let source = analysis.text(Path::new(&path)).unwrap();
        let _ = writeln!(text, "# {tag}");
        show_symbols(&analysis.document_symbols(Path::new(&path)), 0, &source.text, &mut text);
    }
    expect![[r##"
        # 0000_first
        Enum role: create enum ('admin', 'member') @ "role"
        Table users: create table 2 columns @ "users"
          Column id: serial NOT NULL @ "id"
          Column mail: text @ "mail"
        Table posts: create table 3 columns @ "posts"
          Column id: serial NOT NULL @ "id"
          Column author_id: integer @ "author_id"
          Column old: text @ "old"
        # 0001_email
        Column users.email: rename column from mail @ "email"
        Column users.email: alter column nullable → NOT NULL @ "email"
        # 0002_posts
        ForeignKey posts.posts_author_id_users_id_fk: add foreign key (author_id) REFERENCES users (id) ON DELETE CASCADE @ "posts_author_id_users_id_fk"
        Index posts.posts_author_idx: add index (author_id) @ "posts_author_idx"
        Column posts.old: drop column @ "old"
        # 0003_articles
        Table articles: rename table from posts @ "articles"
        # 0004_more
        Table users: 2 changes @ "users"
          Column users.age: add column integer NOT NULL DEFAULT 0 @ "age"
          Column users.role: add column role @ "role"
    "##]].assert_eq(&text);
}

#[test]
fn the_log_of_a_column_follows_its_name() {
    check_log(
        "users.email",
        expect![[r#"
            0000_first [create_table] create table `users` (2 columns), with `mail` text
            0001_email [rename_column] rename column `users.mail` to `users.email`
            0001_email [alter_column] alter column `users.email`: nullable → NOT NULL
            now: Some("users.email text NOT NULL")
        "#]],
    );
    check_log(
        "users.mail",
        expect![[r#"
            0000_first [create_table] create table `users` (2 columns), with `mail` text
            0001_email [rename_column] rename column `users.mail` to `users.email`
            0001_email [alter_column] alter column `users.email`: nullable → NOT NULL
            now: Some("users.email text NOT NULL")
        "#]],
    );
}

#[test]
fn the_log_of_a_table_holds_its_parts_and_its_earlier_name() {
    check_log(
        "public.articles",
        expect![[r#"
            0000_first [create_table] create table `posts` (3 columns)
            0002_posts [add_foreign_key] add foreign key `posts_author_id_users_id_fk` of `posts` (author_id) REFERENCES users (id) ON DELETE CASCADE
            0002_posts [add_index] add index `posts_author_idx` of `posts` (author_id)
            0002_posts [drop_column] drop column `posts.old`
            0003_articles [rename_table] rename table `posts` to `articles`
            now: Some("table articles (id, author_id)")
        "#]],
    );
}

#[test]
fn the_log_finds_enums_and_indexes_and_names_what_is_near() {
    check_log(
        "role",
        expect![[r#"
            0000_first [create_enum] create enum `role` ('admin', 'member')
            now: Some("enum role ('admin', 'member')")
        "#]],
    );
    check_log(
        "posts_author_idx",
        expect![[r#"
            0002_posts [add_index] add index `posts_author_idx` of `posts` (author_id)
            0003_articles [rename_table] rename table `posts` to `articles`
            now: Some("index posts_author_idx on articles (author_id)")
        "#]],
    );
    check_log(
        "user.email",
        expect![[r#"
        near: ["users.email", "users.mail"]
    "#]],
    );
}

#[test]
fn the_log_of_all_migrations_says_what_each_did() {
    let analysis = Host::new().analyze(&[config()], &MemoryFiles::new(BLOG));
    let mut text = String::new();
    for migration in log(analysis.projects[0].history.as_ref().unwrap()) {
        let words: Vec<&str> = migration.changes.iter().map(|it| it.words.as_str()).collect();
        let _ = writeln!(text, "{} ({}): {}", migration.tag, migration.statements, words.join(", "));
    }
    expect![[r#"
        0000_first (3): create enum `role` ('admin', 'member'), create table `users` (2 columns), create table `posts` (3 columns)
        0001_email (3): rename column `users.mail` to `users.email`, alter column `users.email`: nullable → NOT NULL
        0002_posts (3): drop column `posts.old`, add foreign key `posts_author_id_users_id_fk` of `posts` (author_id) REFERENCES users (id) ON DELETE CASCADE, add index `posts_author_idx` of `posts` (author_id)
        0003_articles (1): rename table `posts` to `articles`
        0004_more (1): add column `users.age` (integer NOT NULL DEFAULT 0), add column `users.role` (role)
    "#]].assert_eq(&text);
}

/// A migration with a snapshot that holds less than the SQL made.
const BY_HAND: &str = r#"
//- /p/drizzle.config.ts
export default { dialect: 'postgresql', schema: './schema.ts', out: './drizzle' };
//- /p/schema.ts
import { pgTable, text } from 'drizzle-orm/pg-core';
export const users = pgTable('users', { name: text('name') });
//- /p/drizzle/meta/_journal.json
{"version":"7","dialect":"postgresql","entries":[
{"idx":0,"version":"7","when":1,"tag":"0000_first","breakpoints":true}]}
//- /p/drizzle/meta/0000_snapshot.json
{"id":"1","prevId":"0","version":"7","dialect":"postgresql","tables":{"public.users":{"name":"users","schema":"","columns":
{"name":{"name":"name","type":"text","primaryKey":false,"notNull":false}}}}}
//- /p/drizzle/0000_first.sql
CREATE TABLE "users" ("name" text);
CREATE INDEX "by_name" ON "users" (lower("name"));
CREATE FUNCTION "now_utc"() RETURNS timestamp AS $$ select now() $$ LANGUAGE sql;
CREATE EXTENSION IF NOT EXISTS pgcrypto;
"#;

#[test]
fn what_only_hand_written_sql_made_is_listed_with_its_statement() {
    let analysis = Host::new().analyze(&[config()], &MemoryFiles::new(BY_HAND));
    let mut text = String::new();
    for object in unmanaged(&analysis.projects[0]) {
        let place: Vec<source::Location> = object.location.into_iter().collect();
        let _ = write!(text, "{} by {:?}: {}", object.words, object.made_by, shown(&analysis, &place));
    }
    expect![[r#"
        index `by_name` of `users` by Some("0000_first"): 0000_first.sql:2 `"by_name"`
        function `now_utc()` by Some("0000_first"): 0000_first.sql:3 `"now_utc"`
        extension `pgcrypto` by Some("0000_first"): 0000_first.sql:4 `pgcrypto`
    "#]]
    .assert_eq(&text);
    let path = Path::new("/p/schema.ts");
    let offset = analysis.text(path).unwrap().text.find("users").unwrap();
    let hover = analysis.hover(path, u32::try_from(offset).unwrap()).unwrap();
    expect![[r#"
        ```sql
        table users
        ```
        - columns: 1
        - pending changes: none
        - since: `0000_first`
        - only in the database, by hand-written SQL: index `by_name` (`0000_first`)
    "#]]
    .assert_eq(&hover.markdown);
}

/// SQLite's way to change a column.
const REBUILD: &str = r#"
//- /p/drizzle.config.ts
export default { dialect: 'sqlite', schema: './schema.ts', out: './drizzle' };
//- /p/schema.ts
import { sqliteTable, text, integer } from 'drizzle-orm/sqlite-core';
export const users = sqliteTable('users', { id: integer('id').primaryKey(), name: text('name').notNull() });
//- /p/drizzle/meta/_journal.json
{"version":"7","dialect":"sqlite","entries":[
{"idx":0,"version":"6","when":1,"tag":"0000_first","breakpoints":true},
{"idx":1,"version":"6","when":2,"tag":"0001_rebuild","breakpoints":true}]}
//- /p/drizzle/0000_first.sql
CREATE TABLE `users` (`id` integer PRIMARY KEY NOT NULL, `name` text);
//- /p/drizzle/0001_rebuild.sql
PRAGMA foreign_keys=OFF;--> statement-breakpoint
CREATE TABLE `__new_users` (`id` integer PRIMARY KEY NOT NULL, `name` text NOT NULL);--> statement-breakpoint
INSERT INTO `__new_users`("id", "name") SELECT "id", "name" FROM `users`;--> statement-breakpoint
DROP TABLE `users`;--> statement-breakpoint
ALTER TABLE `__new_users` RENAME TO `users`;--> statement-breakpoint
PRAGMA foreign_keys=ON;
"#;

#[test]
fn a_rebuilt_table_is_the_same_table() {
    let analysis = Host::new().analyze(&[config()], &MemoryFiles::new(REBUILD));
    let history = analysis.projects[0].history.as_ref().unwrap();
    let Found::Logs(logs) = log_of(history, None, "users.name") else { panic!("it is there") };
    let mut text = String::new();
    for touch in &logs[0].touches {
        let words: Vec<&str> = touch.changes.iter().map(|it| it.words.as_str()).collect();
        let _ =
            writeln!(text, "{}: {}{}", touch.tag, if touch.is_rebuild { "rebuild: " } else { "" }, words.join(", "));
    }
    expect![[r#"
        0000_first: create table `users` (2 columns), with `name` text
        0001_rebuild: rebuild: alter column `users.name`: nullable → NOT NULL
    "#]]
    .assert_eq(&text);
}

#[test]
fn a_migration_is_known_and_has_its_text_without_any_finding() {
    let (analysis, path, _) = analyze("/p/drizzle/0003_articles.sql", "|ALTER");
    assert!(analysis.knows(&path));
    assert!(analysis.text(&path).unwrap().text.starts_with("ALTER TABLE \"posts\""));
    assert!(!analysis.knows(Path::new("/p/drizzle/0009_other.sql")));
}

#[test]
fn an_edit_of_a_migration_changes_its_findings_and_what_is_pending() {
    let mut files = MemoryFiles::new(BLOG);
    let mut host = Host::new();
    let path = Path::new("/p/drizzle/0004_more.sql");
    let told = |host: &mut Host, files: &MemoryFiles| {
        let analysis = host.analyze(&[config()], files);
        let in_file = analysis.diagnostics().remove(path).unwrap_or_default();
        let codes: Vec<&str> = in_file.iter().map(|diagnostic| diagnostic.code.id).collect();
        format!("{codes:?}, {} pending", analysis.projects[0].pending.len())
    };
    let sound = files.read(path).unwrap().to_string();
    assert_eq!(told(&mut host, &files), "[], 0 pending");
    files.set(path, sound.replace("\"users\"", "\"user\""));
    assert_eq!(told(&mut host, &files), r#"["sql/contradiction"], 2 pending"#);
    files.set(path, sound);
    assert_eq!(told(&mut host, &files), "[], 0 pending");
}
