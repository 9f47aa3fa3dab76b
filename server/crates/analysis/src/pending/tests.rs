//! What is pending, where it is shown and what it says to do.

use expect_test::{Expect, expect};
use languages::drizzle::Reader;
use source::{FilePath, MemoryFiles};
use std::fmt::Write as _;
use std::path::Path;
use std::sync::Arc;

use crate::{Analysis, Host};

const SCHEMA: &str = "/project/schema.ts";
const FIRST_ID: &str = "11111111-1111-4111-8111-111111111111";
const NO_ID: &str = "00000000-0000-0000-0000-000000000000";

fn config() -> FilePath {
    Arc::from(Path::new("/project/drizzle.config.ts"))
}

/// A project whose one migration records `before` and whose schema file is now `after`; `later` is a second migration, by hand,
/// without a snapshot.
fn project(before: &str, after: &str, later: Option<&str>) -> MemoryFiles {
    let dialect = if after.contains("sqlite-core") { "sqlite" } else { "postgresql" };
    let mut files = MemoryFiles::new("");
    let text = format!("export default {{ dialect: '{dialect}', schema: './schema.ts', out: './drizzle' }};\n");
    files.set(&*config(), text);
    files.set(SCHEMA, before);
    let mut reader = Reader::new();
    let read = reader.read_config(&config(), &files).config.unwrap();
    let desired = reader.read_schema(&read, &files);
    let snapshot = history::formats::drizzle::snapshot::write(&desired.schema, FIRST_ID, NO_ID);
    files.set("/project/drizzle/meta/0000_snapshot.json", snapshot.to_string());
    files.set("/project/drizzle/0000_first.sql", dialects::sql_text(&desired.schema));
    let entry = |idx: u32, tag: &str| {
        format!(r#"{{"idx":{idx},"version":"7","when":{},"tag":"{tag}","breakpoints":true}}"#, idx + 1)
    };
    let mut entries = vec![entry(0, "0000_first")];
    if let Some(sql) = later {
        files.set("/project/drizzle/0001_later.sql", sql);
        entries.push(entry(1, "0001_later"));
    }
    let journal = format!(r#"{{"version":"7","dialect":"{dialect}","entries":[{}]}}"#, entries.join(","));
    files.set("/project/drizzle/meta/_journal.json", journal);
    files.set(SCHEMA, after);
    files
}

fn analyze(files: &MemoryFiles) -> Analysis {
    Host::new().analyze(&[config()], files)
}

const PG: &str = "import { boolean, check, foreignKey, index, integer, pgEnum, pgTable, serial, text, unique } from 'drizzle-orm/pg-core';
import { sql } from 'drizzle-orm';
";

/// `kind object at file:line`, then the code, message and help; after these the other findings.
fn told(analysis: &Analysis) -> String {
    let project = &analysis.projects[0];
    let mut text = String::new();
    for pending in &project.pending {
        let diagnostic = &pending.diagnostic;
        let location = &diagnostic.location;
        let source = analysis.text(&location.file).unwrap();
        let line = source.lines.line_column(location.span.start).line + 1;
        let name = location.file.file_name().unwrap().to_string_lossy();
        let place = location.span.text(&source.text);
        let _ = writeln!(text, "{} {} at {name}:{line} `{place}`", pending.change.kind(), pending.change.object);
        let _ = writeln!(text, "  {}: {}", diagnostic.code, diagnostic.message);
        let _ = writeln!(text, "  help: {}", diagnostic.help.as_deref().unwrap_or("none"));
    }
    for diagnostic in &project.diagnostics {
        let _ = writeln!(text, "other {}: {}", diagnostic.code, diagnostic.message);
    }
    text
}

fn check(before: &str, after: &str, expect: Expect) {
    let analysis = analyze(&project(&format!("{PG}{before}"), &format!("{PG}{after}"), None));
    expect.assert_eq(&told(&analysis));
}

/// The objects that stay pending where a hand-written migration follows the recorded state.
fn check_later(before: &str, after: &str, sql: &str, expect: Expect) {
    let analysis = analyze(&project(&format!("{PG}{before}"), &format!("{PG}{after}"), Some(sql)));
    let project = &analysis.projects[0];
    let pending: Vec<String> =
        project.pending.iter().map(|it| format!("{} {}\n", it.change.kind(), it.change.object)).collect();
    expect.assert_eq(&pending.concat());
}

const USERS: &str = "export const users = pgTable('users', { id: serial('id').primaryKey(), name: text('name') });\n";

#[test]
fn a_rename_is_told_on_both_halves() {
    check(
        USERS,
        &USERS.replace("name: text('name')", "fullName: text('full_name')"),
        expect![[r#"
            add_column public.users.full_name at schema.ts:3 `fullName`
              schema/missing-migration: column `users.full_name` (text) is in no migration
              help: it looks like a rename of column `users.name` to column `users.full_name` (83 % alike): `driftlens generate` will ask
            drop_column public.users.name at schema.ts:3 `users`
              schema/missing-migration: column `users.name` is gone from the schema, but no migration drops it
              help: it looks like a rename of column `users.name` to column `users.full_name` (83 % alike): `driftlens generate` will ask
        "#]],
    );
}

#[test]
fn a_dropped_enum_is_shown_at_the_configuration() {
    check(
        &format!("{USERS}export const mood = pgEnum('mood', ['ok']);"),
        USERS,
        expect![[r#"
            drop_enum public.mood at drizzle.config.ts:1 `schema: './schema.ts'`
              schema/missing-migration: enum `mood` is gone from the schema, but no migration drops it
              help: run `driftlens generate`
        "#]],
    );
}

#[test]
fn an_enum_that_lost_its_export_is_told_once() {
    let before =
        "export const mood = pgEnum('mood', ['ok']);\nexport const a = pgTable('a', { mood: mood('mood') });\n";
    check(
        before,
        &before.replacen("export ", "", 1),
        expect![[r#"
            drop_enum public.mood at schema.ts:3 `mood`
              schema/not-exported: enum `mood` is not exported, so drizzle-kit does not see it and would drop it
              help: export it, or generate the migration that drops it
        "#]],
    );
}

#[test]
fn an_enum_that_was_never_exported_is_told_though_nothing_is_pending_of_it() {
    let after = "const mood = pgEnum('mood', ['ok']);\nexport const a = pgTable('a', { mood: mood('mood') });\n";
    check(
        "",
        after,
        expect![[r#"
            create_table public.a at schema.ts:4 `a`
              schema/missing-migration: table `a` is in no migration
              help: run `driftlens generate`
            other schema/not-exported: enum `mood` is used by a column but not exported: drizzle-kit writes no CREATE TYPE for it
        "#]],
    );
}

#[test]
fn a_table_that_lost_its_export_is_told_once() {
    check(
        USERS,
        &USERS.replace("export ", ""),
        expect![[r#"
        drop_table public.users at schema.ts:3 `users`
          schema/not-exported: table `users` is not exported, so drizzle-kit does not see it and would drop it
          help: export it, or generate the migration that drops it
    "#]],
    );
}

#[test]
fn hand_written_sql_explains_what_it_names() {
    let after = USERS.replace("name: text('name')", "name: text('name'), email: text('email'), age: integer('age')");
    check_later(
        USERS,
        &after,
        "ALTER TABLE users ADD COLUMN \"Email\" text;",
        expect![[r#"
            add_column public.users.email
            add_column public.users.age
        "#]],
    );
}

#[test]
fn a_column_dropped_by_hand_takes_its_index_and_constraints_along() {
    let before = "export const users = pgTable('users', { id: serial('id').primaryKey(), email: text('email').unique() }, (t) => [
  index('mail_idx').on(t.email), check('mail_check', sql`${t.email} <> ''`)]);\n";
    check_later(
        before,
        "export const users = pgTable('users', { id: serial('id').primaryKey() });\n",
        "ALTER TABLE users DROP COLUMN email;",
        expect![""],
    );
}

#[test]
fn a_reference_written_with_its_column_is_explained_by_it() {
    let before = format!("{USERS}export const posts = pgTable('posts', {{ id: serial('id').primaryKey() }});\n");
    let after = format!(
        "{USERS}export const posts = pgTable('posts', {{ id: serial('id').primaryKey(), author: integer('author').references(() => users.id) }});\n"
    );
    check_later(&before, &after, "alter table posts add column author integer references users (id);", expect![""]);
}

#[test]
fn a_constraint_that_nothing_by_hand_touches_stays_pending() {
    let after = USERS.replace("text('name')", "text('name').unique()");
    check_later(
        USERS,
        &after,
        "update users set id = 1; create table notes (name text);",
        expect![[r#"
        add_unique_constraint public.users.users_name_unique
    "#]],
    );
    check_later(
        USERS,
        &after,
        "update posts set name = 'x';",
        expect![[r#"
        add_unique_constraint public.users.users_name_unique
    "#]],
    );
}

#[test]
fn what_else_is_dropped_on_a_table_does_not_rebuild_it() {
    let sql =
        "drop trigger t on users; create trigger t after insert on users; alter table users rename column a to b;";
    check_later(USERS, &USERS.replace(", name: text('name')", ""), sql, expect![""]);
}

#[test]
fn a_rebuilt_enum_explains_its_dropped_value() {
    let before = "export const mood = pgEnum('mood', ['sad', 'ok']);\n";
    let sql = "alter type mood rename to mood_old; create type mood as enum ('ok'); drop type mood_old;";
    check_later(before, &before.replace("'sad', ", ""), sql, expect![""]);
    check_later(
        before,
        &before.replace("'sad', ", ""),
        "select 'mood';",
        expect![[r#"
        drop_enum_value public.mood.sad
    "#]],
    );
}

#[test]
fn a_rebuilt_sqlite_table_explains_its_dropped_column() {
    let before = "import { integer, sqliteTable, text } from 'drizzle-orm/sqlite-core';
export const users = sqliteTable('users', { id: integer('id').primaryKey(), age: integer('age') });\n";
    let after = before.replace(", age: integer('age')", "");
    let sql = "CREATE TABLE `__new_users` (`id` integer PRIMARY KEY);\nINSERT INTO `__new_users` SELECT `id` FROM `users`;\n\
        DROP TABLE `users`;\nALTER TABLE `__new_users` RENAME TO `users`;";
    let analysis = analyze(&project(before, &after, Some(sql)));
    assert_eq!(analysis.projects[0].pending.len(), 0);
    let analysis = analyze(&project(before, &after, Some("DELETE FROM `users`;")));
    assert_eq!(analysis.projects[0].pending.len(), 1);
}

#[test]
fn an_unreadable_history_is_neither_pending_nor_in_sync() {
    let mut files = project(&format!("{PG}{USERS}"), PG, None);
    files.remove("/project/drizzle/meta/_journal.json");
    files.remove("/project/drizzle/0000_first.sql");
    files.remove("/project/drizzle/meta/0000_snapshot.json");
    files.set("/project/drizzle/20260101000000_first/migration.sql", "select 1;");
    files.set("/project/drizzle/20260101000000_first/snapshot.json", "{\"version\":\"8\",\"dialect\":\"postgresql\"}");
    let analysis = analyze(&files);
    let project = &analysis.projects[0];
    assert!(project.history.as_ref().unwrap().unreadable, "{:?}", project.diagnostics);
    assert_eq!((project.pending.len(), project.in_sync()), (0, false));
}

#[test]
fn a_broken_project_hides_no_other() {
    let mut files = project(&format!("{PG}{USERS}"), &format!("{PG}{USERS}"), None);
    files.set("/project/other/drizzle.config.ts", "export default 1;");
    let other = Arc::from(Path::new("/project/other/drizzle.config.ts"));
    let analysis = Host::new().analyze(&[other, config()], &files);
    let states: Vec<bool> = analysis.projects.iter().map(|project| project.in_sync()).collect();
    assert_eq!(states, [false, true]);
}

#[test]
fn the_history_is_read_again_only_when_its_folder_changed() {
    let mut files = project(&format!("{PG}{USERS}"), &format!("{PG}{USERS}"), None);
    let mut host = Host::new();
    let first = host.analyze(&[config()], &files);
    let second = host.analyze(&[config()], &files);
    let history = |analysis: &Analysis| analysis.projects[0].history.clone().unwrap();
    assert!(Arc::ptr_eq(&history(&first), &history(&second)));
    let text = |analysis: &Analysis| analysis.text(&config()).unwrap().clone();
    files.set("/project/drizzle/meta/_journal.json", r#"{"version":"7","dialect":"postgresql","entries":[]}"#);
    let third = host.analyze(&[config()], &files);
    assert_eq!(third.projects[0].pending.len(), 1);
    assert!(Arc::ptr_eq(&text(&first), &text(&third)), "an unchanged text is not indexed again");
}
