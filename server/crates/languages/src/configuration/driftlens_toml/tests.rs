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
        expect![[""]],
    );
    check("migrations = 'migrations'\n", expect![[""]]);
}

#[test]
fn several_projects_stand_in_a_list() {
    check(
        "[[project]]\nname = \"api\"\nschema = [\"a.sql\", \"b/*.sql\"]\nmigrations = \"m\"\n\n[[project]]\ndrizzle = \"drizzle.config.ts\"\n",
        expect![[""]],
    );
    check("project = [{ migrations = 'a' }, { migrations = 'b', format = 'drizzle-1' }]\n", expect![[""]]);
}

#[test]
fn an_unknown_key_is_told_with_the_one_that_was_meant() {
    check("migration = 'm'\nshema = 'x'\nurl = 'postgres://'\n", expect![[""]]);
    check("[[project]]\nmigrations = 'm'\nFormat = 'sqlx'\n[tool]\nx = 1\n", expect![[""]]);
}

#[test]
fn a_value_of_the_wrong_kind_is_told_at_the_value() {
    check(
        "name = 5\ndialect = ['sqlite']\nschema = { file = 'x' }\nmigrations = true\nformat = 1.5\ndrizzle = 1979-05-27\n",
        expect![[""]],
    );
    check("schema = ['a.sql', 3]\nmigrations = 'a\\b'\nname = ''\n", expect![[""]]);
    check("schema = []\nmigrations = 'm'\n", expect![[""]]);
    check("project = 3\n", expect![[""]]);
    check("project = [1]\n", expect![[""]]);
    check("[project]\nmigrations = 'm'\n", expect![[""]]);
}

#[test]
fn an_unknown_word_is_told_with_those_there_are() {
    check("migrations = 'm'\ndialect = 'postgres'\nformat = 'golang_migrate'\n", expect![[""]]);
    check("migrations = 'm'\ndialect = 'mysql'\nformat = 'liquibase'\n", expect![[""]]);
}

#[test]
fn entries_that_say_the_same_twice_are_told() {
    check("schema = 'a.sql'\ndrizzle = 'drizzle.config.ts'\nmigrations = 'm'\n", expect![[""]]);
    check("dialect = 'sqlite'\ndrizzle = 'drizzle.config.ts'\n", expect![[""]]);
    check("dialect = 'sqlite'\nmigrations = 'a'\n[[project]]\nmigrations = 'm'\n", expect![[""]]);
}

#[test]
fn a_project_without_a_migrations_folder_is_told_where_it_begins() {
    check("[[project]]\nmigrations = 'm'\n[[project]]\nschema = 'a.sql'\n", expect![[""]]);
    check("", expect![[""]]);
}

#[test]
fn broken_toml_is_told_where_it_breaks() {
    check("migrations = \nschema = 'a.sql'\n", expect![[""]]);
    check("migrations = 'm'\nmigrations = 'n'\n", expect![[""]]);
    check("[[project]\nmigrations = 'm'\n", expect![[""]]);
    check("migrations = 'm\n", expect![[""]]);
    check(&format!("x = {}", "[".repeat(5_000)), expect![[""]]);
}

#[test]
fn a_byte_order_mark_moves_no_place() {
    check("\u{feff}migrations = 'm'\nnam = 'é'\n", expect![[""]]);
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
    assert_eq!(reading.diagnostics[0].message, "the configuration cannot be read: it no such file");
}
