//! A `driftlens.toml` as text, and what is read or told of it.

use std::fmt::Write as _;
use std::sync::Arc;

use expect_test::{Expect, expect};
use source::{LineIndex, MemoryFiles};

use super::*;

/// Each project on a line, then the findings with the text they are shown at.
fn told(text: &str) -> String {
    let mut files = MemoryFiles::new("");
    files.set("/p/driftlens.toml", text);
    let file: FilePath = Arc::from(Path::new("/p/driftlens.toml"));
    let reading = read(&file, &files);
    let lines = LineIndex::new(text);
    let mut told = String::new();
    let mut tell = |diagnostic: &Diagnostic| {
        let span = diagnostic.location.span;
        let shown = span.text(text).replace('\n', "⏎");
        let line = lines.line_column(span.start).line + 1;
        let _ = writeln!(told, "{line} `{shown}` {}: {}", diagnostic.code, diagnostic.message);
        let _ = writeln!(told, "  help: {}", diagnostic.help.as_deref().unwrap_or("none"));
    };
    reading.diagnostics.iter().for_each(&mut tell);
    reading.projects.iter().flat_map(|project| &project.diagnostics).for_each(&mut tell);
    for project in &reading.projects {
        let shown = project.span.text(text).replace('\n', "⏎");
        let Some(keys) = &project.keys else {
            let _ = writeln!(told, "`{shown}` cannot be worked with");
            continue;
        };
        let text = |value: &Option<Placed<String>>| value.as_ref().map_or(String::from("-"), |it| it.value.clone());
        let schema = keys.schema.iter().flat_map(|paths| &paths.value.0).map(|path| path.value.as_str());
        let _ = writeln!(
            told,
            "`{shown}` {} {:?} schema [{}] drizzle {} migrations {} {:?}",
            text(&keys.name),
            keys.dialect.as_ref().map(|it| it.value),
            schema.collect::<Vec<_>>().join(", "),
            text(&keys.drizzle),
            text(&keys.migrations),
            keys.format.as_ref().map(|it| it.value),
        );
    }
    told
}

fn check(text: &str, expected: Expect) {
    expected.assert_eq(&told(text));
}

#[test]
fn a_single_project_stands_at_the_top() {
    check(
        "dialect = 'sqlite'\nschema = \"db/schema.sql\"\nmigrations = \"db/migrations\"\nformat = \"golang-migrate\"\n",
        expect![[r#"
            `` - Some(Sqlite) schema [db/schema.sql] drizzle - migrations db/migrations Some(GolangMigrate)
        "#]],
    );
    check(
        "migrations = 'migrations'\n",
        expect![[r#"
        `` - None schema [] drizzle - migrations migrations None
    "#]],
    );
}

#[test]
fn several_projects_stand_in_a_list() {
    check(
        "[[project]]\nname = \"api\"\nschema = [\"a.sql\", \"b/*.sql\"]\nmigrations = \"m\"\n\n[[project]]\ndrizzle = \"drizzle.config.ts\"\n",
        expect![[r#"
            `[[project]]` api None schema [a.sql, b/*.sql] drizzle - migrations m None
            `[[project]]` - None schema [] drizzle drizzle.config.ts migrations - None
        "#]],
    );
    check(
        "project = [{ migrations = 'a' }, { migrations = 'b', format = 'drizzle-1' }]\n",
        expect![[r#"
        `{ migrations = 'a' }` - None schema [] drizzle - migrations a None
        `{ migrations = 'b', format = 'drizzle-1' }` - None schema [] drizzle - migrations b Some(Drizzle1)
    "#]],
    );
}

#[test]
fn an_unknown_key_is_told_with_the_one_that_was_meant() {
    check(
        "migration = 'm'\nshema = 'x'\nurl = 'postgres://'\n",
        expect![[r#"
            1 `migration` config/invalid: there is no key `migration`
              help: did you mean `migrations`?
            2 `shema` config/invalid: there is no key `shema`
              help: did you mean `schema`?
            3 `url` config/invalid: there is no key `url`
              help: a project has name, dialect, schema, drizzle, migrations, format, environments
            `` cannot be worked with
        "#]],
    );
    check(
        "[[project]]\nmigrations = 'm'\nFormat = 'sqlx'\n[tool]\nx = 1\n",
        expect![[r#"
            4 `tool` config/invalid: there is no key `tool`
              help: a project has name, dialect, schema, drizzle, migrations, format, environments
            3 `Format` config/invalid: there is no key `Format`
              help: did you mean `format`?
            `[[project]]` cannot be worked with
        "#]],
    );
}

#[test]
fn a_value_of_the_wrong_kind_is_told_at_the_value() {
    check(
        "name = 5\ndialect = ['sqlite']\nschema = { file = 'x' }\nmigrations = true\nformat = 1.5\ndrizzle = 1979-05-27\n",
        expect![[r#"
            1 `5` config/invalid: `name` is a number, not a string
              help: write it in quotes
            2 `['sqlite']` config/invalid: `dialect` is a list, not a string
              help: one of postgresql, sqlite
            3 `{ file = 'x' }` config/invalid: `schema` is a table, not a path or a list of paths
              help: a file, a folder, a pattern or a list of them: `schema = ["db/schema.sql"]`
            4 `true` config/invalid: `migrations` is true or false, not a string
              help: write it in quotes
            5 `1.5` config/invalid: `format` is a number, not a string
              help: one of drizzle, drizzle-1, sqlx, diesel, plain, dbmate, golang-migrate, goose, supabase, flyway, prisma
            6 `1979-05-27` config/invalid: `drizzle` is a date, not a string
              help: write it in quotes
            `` cannot be worked with
        "#]],
    );
    check(
        "schema = ['a.sql', 3]\nmigrations = 'a\\b'\nname = ''\n",
        expect![[r#"
        1 `3` config/invalid: `schema` is a number, not a string
          help: write it in quotes
        2 `'a\b'` config/invalid: `migrations` has a backslash
          help: write `/` between folders
        3 `''` config/invalid: `name` is empty
          help: say it or leave it out
        `` cannot be worked with
    "#]],
    );
    check(
        "schema = []\nmigrations = 'm'\n",
        expect![[r#"
        1 `[]` config/invalid: `schema` is an empty list
          help: a file, a folder, a pattern or a list of them: `schema = ["db/schema.sql"]`
        `` cannot be worked with
    "#]],
    );
    check(
        "project = 3\n",
        expect![[r#"
        1 `project` config/invalid: `project` is a number, not a list of projects
          help: write `[[project]]` with two brackets
    "#]],
    );
    check(
        "project = [1]\n",
        expect![[r#"
        1 `1` config/invalid: a project is a number, not a table
          help: write `[[project]]` and its keys below
    "#]],
    );
    check(
        "[project]\nmigrations = 'm'\n",
        expect![[r#"
        1 `project` config/invalid: `project` is a table, not a list of projects
          help: write `[[project]]` with two brackets
    "#]],
    );
}

#[test]
fn an_unknown_word_is_told_with_those_there_are() {
    check(
        "migrations = 'm'\ndialect = 'postgres'\nformat = 'golang_migrate'\n",
        expect![[r#"
        2 `'postgres'` config/invalid: there is no dialect `postgres`
          help: did you mean `postgresql`? One of postgresql, sqlite
        3 `'golang_migrate'` config/invalid: there is no format `golang_migrate`
          help: did you mean `golang-migrate`? One of drizzle, drizzle-1, sqlx, diesel, plain, dbmate, golang-migrate, goose, supabase, flyway, prisma
        `` cannot be worked with
    "#]],
    );
    check(
        "migrations = 'm'\ndialect = 'mysql'\nformat = 'liquibase'\n",
        expect![[r#"
        2 `'mysql'` config/invalid: there is no dialect `mysql`
          help: one of postgresql, sqlite
        3 `'liquibase'` config/invalid: there is no format `liquibase`
          help: one of drizzle, drizzle-1, sqlx, diesel, plain, dbmate, golang-migrate, goose, supabase, flyway, prisma
        `` cannot be worked with
    "#]],
    );
}

#[test]
fn entries_that_say_the_same_twice_are_told() {
    check(
        "schema = 'a.sql'\ndrizzle = 'drizzle.config.ts'\nmigrations = 'm'\n",
        expect![[r#"
        2 `'drizzle.config.ts'` config/invalid: `drizzle` and `schema` both say what the schema should be
          help: leave one of them out
        `` cannot be worked with
    "#]],
    );
    check(
        "dialect = 'sqlite'\ndrizzle = 'drizzle.config.ts'\n",
        expect![[r#"
        1 `'sqlite'` config/invalid: `dialect` comes from the Drizzle configuration
          help: leave it out
        `` cannot be worked with
    "#]],
    );
    check(
        "dialect = 'sqlite'\nmigrations = 'a'\n[[project]]\nmigrations = 'm'\n",
        expect![[r#"
        1 `dialect` config/invalid: `dialect` stands beside `[[project]]`: a file has one project or a list of them
          help: move it below the `[[project]]` it belongs to
        2 `migrations` config/invalid: `migrations` stands beside `[[project]]`: a file has one project or a list of them
          help: move it below the `[[project]]` it belongs to
        `[[project]]` - None schema [] drizzle - migrations m None
    "#]],
    );
}

#[test]
fn a_project_without_a_migrations_folder_is_told_where_it_begins() {
    check(
        "[[project]]\nmigrations = 'm'\n[[project]]\nschema = 'a.sql'\n",
        expect![[r#"
        3 `[[project]]` config/invalid: the project has no `migrations`
          help: add `migrations = "…"`: the folder, relative to this file
        `[[project]]` - None schema [] drizzle - migrations m None
        `[[project]]` cannot be worked with
    "#]],
    );
    check(
        "",
        expect![[r#"
        1 `` config/invalid: the project has no `migrations`
          help: add `migrations = "…"`: the folder, relative to this file
        `` cannot be worked with
    "#]],
    );
}

#[test]
fn broken_toml_is_told_where_it_breaks() {
    check(
        "migrations = \nschema = 'a.sql'\n",
        expect![[r#"
        1 `` config/unreadable: this is not TOML: string values must be quoted, expected literal string
          help: nothing in its projects is checked until the file is whole
    "#]],
    );
    check(
        "migrations = 'm'\nmigrations = 'n'\n",
        expect![[r#"
        2 `migrations` config/unreadable: this is not TOML: duplicate key
          help: nothing in its projects is checked until the file is whole
    "#]],
    );
    check(
        "[[project]\nmigrations = 'm'\n",
        expect![[r#"
        1 `` config/unreadable: this is not TOML: unclosed array table, expected `]`
          help: nothing in its projects is checked until the file is whole
    "#]],
    );
    check(
        "migrations = 'm\n",
        expect![[r#"
        1 `` config/unreadable: this is not TOML: invalid literal string, expected `'`
          help: nothing in its projects is checked until the file is whole
    "#]],
    );
    check(
        &format!("x = {}", "[".repeat(5_000)),
        expect![[r#"
            1 `[` config/unreadable: this is not TOML: cannot recurse further; max recursion depth met
              help: nothing in its projects is checked until the file is whole
        "#]],
    );
}

#[test]
fn a_byte_order_mark_moves_no_place() {
    check(
        "\u{feff}migrations = 'm'\nnam = 'é'\n",
        expect![[r#"
        2 `nam` config/invalid: there is no key `nam`
          help: did you mean `name`?
        `` cannot be worked with
    "#]],
    );
}

#[test]
fn every_prefix_of_a_file_is_read_with_places_inside_it() {
    let text = "[[project]]\nname = \"é\"\nschema = [\"a.sql\", 'b']\nmigrations = \"m\"\nformat = \"sqlx\"\n";
    let file: FilePath = Arc::from(Path::new("/p/driftlens.toml"));
    for end in (0..=text.len()).filter(|end| text.is_char_boundary(*end)) {
        let mut files = MemoryFiles::new("");
        files.set("/p/driftlens.toml", &text[..end]);
        let reading = read(&file, &files);
        let of_projects = reading.projects.iter().flat_map(|project| &project.diagnostics);
        for diagnostic in reading.diagnostics.iter().chain(of_projects) {
            let span = diagnostic.location.span;
            assert!(span.end as usize <= end && text.is_char_boundary(span.start as usize), "{end} {diagnostic:?}");
        }
    }
}

#[test]
fn a_file_that_cannot_be_read_is_told() {
    let file: FilePath = Arc::from(Path::new("/p/driftlens.toml"));
    let reading = read(&file, &MemoryFiles::new(""));
    assert_eq!(reading.diagnostics[0].message, "the configuration cannot be read: there is no such file");
}
