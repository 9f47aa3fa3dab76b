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
fn analyze(file: &str, wanted: &str) -> (Analysis, FilePath, u32) {
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
    check_hover("/p/drizzle/0001_email.sql", "COLUMN \"em|ail\" SET", expect![[""]]);
}

#[test]
fn hover_on_a_renamed_column_shows_both_names() {
    check_hover("/p/drizzle/0001_email.sql", "\"ma|il\"", expect![[""]]);
    check_hover("/p/drizzle/0001_email.sql", "TO \"em|ail\"", expect![[""]]);
}

#[test]
fn hover_on_a_table_says_who_changed_it_later_and_what_it_is_called_now() {
    check_hover("/p/drizzle/0000_first.sql", "TABLE \"po|sts\"", expect![[""]]);
}

#[test]
fn hover_on_a_dropped_column_says_who_drops_it() {
    check_hover("/p/drizzle/0000_first.sql", "\"o|ld\"", expect![[""]]);
    check_hover("/p/drizzle/0002_posts.sql", "\"o|ld\"", expect![[""]]);
}

#[test]
fn hover_on_what_a_statement_only_names_says_that_it_does_not_change() {
    check_hover("/p/drizzle/0002_posts.sql", "\"us|ers\"(", expect![[""]]);
}

#[test]
fn hover_on_an_enum_and_on_an_index_shows_them_in_a_line() {
    check_hover("/p/drizzle/0000_first.sql", "\"ro|le\"", expect![[""]]);
    check_hover("/p/drizzle/0002_posts.sql", "posts_a|uthor_idx", expect![[""]]);
}

#[test]
fn hover_in_a_schema_file_says_which_migration_introduced_the_object() {
    check_hover("/p/schema.ts", "age|: integer", expect![[""]]);
    check_hover("/p/schema.ts", "email|: text", expect![[""]]);
}

#[test]
fn definition_leads_from_a_migration_to_the_schema_file() {
    check_definition("/p/drizzle/0001_email.sql", "\"ma|il\"", expect![[""]]);
    check_definition("/p/drizzle/0002_posts.sql", "TABLE \"po|sts\"", expect![[""]]);
}

#[test]
fn definition_of_what_is_gone_leads_to_the_statement_that_made_it() {
    check_definition("/p/drizzle/0002_posts.sql", "\"o|ld\"", expect![[""]]);
}

#[test]
fn references_are_found_in_schema_files_and_migrations_from_both_sides() {
    check_references("/p/schema.ts", "email|: text", expect![[""]]);
    check_references("/p/drizzle/0001_email.sql", "\"ma|il\"", expect![[""]]);
    check_references("/p/drizzle/0003_articles.sql", "\"po|sts\"", expect![[""]]);
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
    expect![[""]].assert_eq(&text);
}

#[test]
fn the_log_of_a_column_follows_its_name() {
    check_log("users.email", expect![[""]]);
    check_log("users.mail", expect![[""]]);
}

#[test]
fn the_log_of_a_table_holds_its_parts_and_its_earlier_name() {
    check_log("public.articles", expect![[""]]);
}

#[test]
fn the_log_finds_enums_and_indexes_and_names_what_is_near() {
    check_log("role", expect![[""]]);
    check_log("posts_author_idx", expect![[""]]);
    check_log("user.email", expect![[""]]);
}

#[test]
fn the_log_of_all_migrations_says_what_each_did() {
    let analysis = Host::new().analyze(&[config()], &MemoryFiles::new(BLOG));
    let mut text = String::new();
    for migration in log(analysis.projects[0].history.as_ref().unwrap()) {
        let words: Vec<&str> = migration.changes.iter().map(|it| it.words.as_str()).collect();
        let _ = writeln!(text, "{} ({}): {}", migration.tag, migration.statements, words.join(", "));
    }
    expect![[""]].assert_eq(&text);
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
    expect![[""]].assert_eq(&text);
    let path = Path::new("/p/schema.ts");
    let offset = analysis.text(path).unwrap().text.find("users").unwrap();
    let hover = analysis.hover(path, u32::try_from(offset).unwrap()).unwrap();
    expect![[""]].assert_eq(&hover.markdown);
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
    expect![[""]].assert_eq(&text);
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
