//! What is said of a database: below hovers, beside columns, above tables. `|` marks the place in the fixture of the migrations.

use std::fmt::Write as _;
use std::path::Path;
use std::sync::Arc;

use expect_test::{Expect, expect};
use history::MigrationState;
use history::MigrationState::{Applied, Unapplied};
use schema::{Dialect, Name, ObjectKind, ObjectPath, Schema};
use source::{FilePath, MemoryFiles, Span};

use super::migrations::analyze;
use crate::{Analysis, Host, LivePicture, LiveState, Statistics, TableStatistics, live_block, live_hints, live_tables};

/// What all migrations of the fixture make.
const ALL: &str = "CREATE TYPE role AS ENUM ('admin', 'member');
CREATE TABLE users (id serial PRIMARY KEY NOT NULL, email text NOT NULL, age integer DEFAULT 0 NOT NULL, role role);
CREATE TABLE articles (id serial PRIMARY KEY NOT NULL, author_id integer REFERENCES users (id) ON DELETE CASCADE);
CREATE INDEX posts_author_idx ON articles (author_id);";

const FIRST_TWO: &str = "CREATE TYPE role AS ENUM ('admin', 'member');
CREATE TABLE users (id serial PRIMARY KEY NOT NULL, email text NOT NULL);
CREATE TABLE posts (id serial PRIMARY KEY NOT NULL, author_id integer, old text);";

fn live(sql: &str) -> Schema {
    let file: FilePath = Arc::from(Path::new("/live.sql"));
    let mut files = MemoryFiles::new("");
    files.set(&*file, sql);
    languages::sql::read_schema(Dialect::Postgres, &[file], &files).schema
}

fn picture(sql: &str) -> LivePicture {
    let mut statistics = Statistics::default();
    let users = TableStatistics { rows: Some(12_345), bytes: Some(4_300_000), analyzed: None };
    statistics.tables.insert(Name::new("public", "users"), users);
    LivePicture {
        server: String::from("PostgreSQL 15.8"),
        schema: Arc::new(live(sql)),
        statistics: Arc::new(statistics),
    }
}

/// The lines below a hover on a database of this SQL, with the migrations in these states.
fn check(file: &str, wanted: &str, sql: &str, states: &[MigrationState], expected: Expect) {
    let (analysis, path, offset) = analyze(file, wanted);
    let hover = analysis.hover(&path, offset).expect("a hover");
    let state = LiveState::Connected {
        environment: String::from("development"),
        picture: picture(sql),
        unproved: Vec::new(),
        age: 12,
    };
    expected.assert_eq(&live_block(&analysis.projects[0], &hover.about, &state, states));
}

#[test]
fn a_name_that_stays_has_the_facts_of_its_object() {
    check(
        "/p/drizzle/0004_more.sql",
        "TABLE \"us|ers\"",
        ALL,
        &[Applied; 5],
        expect![[r#"

        ---
        *Database* `development` (PostgreSQL 15.8, 12 s ago)

        - rows: about 12 345, 4.1 MB
        - columns: 4
    "#]],
    );
    check(
        "/p/drizzle/0001_email.sql",
        "COLUMN \"em|ail\" SET",
        &ALL.replace("email text NOT NULL", "email varchar(200)"),
        &[Applied; 5],
        expect![[r#"

            ---
            *Database* `development` (PostgreSQL 15.8, 12 s ago)

            - type: `varchar(200)`
            - rows: about 12 345
            - **differs from the schema:** `character varying(200)` there, `text` here; NULL is allowed there, not here
        "#]],
    );
    check(
        "/p/drizzle/0000_first.sql",
        "\"ro|le\" AS ENUM",
        ALL,
        &[],
        expect![[r#"

        ---
        *Database* `development` (PostgreSQL 15.8, 12 s ago)

        - values: `admin`, `member`
    "#]],
    );
}

#[test]
fn an_old_name_has_the_facts_of_what_the_object_is_called_now() {
    let again = format!("{ALL} CREATE TABLE posts (id uuid); ALTER TABLE users ADD COLUMN mail uuid;");
    check(
        "/p/drizzle/0000_first.sql",
        "TABLE \"po|sts\"",
        &again,
        &[Applied; 5],
        expect![[r#"

        ---
        *Database* `development` (PostgreSQL 15.8, 12 s ago)

        - now called `articles`, by `0003_articles`
        - columns: 2
        - index `posts_author_idx`
    "#]],
    );
    check(
        "/p/drizzle/0000_first.sql",
        "\"ma|il\" text",
        &again,
        &[Applied; 5],
        expect![[r#"

        ---
        *Database* `development` (PostgreSQL 15.8, 12 s ago)

        - now called `users.email`, by `0001_email`
        - type: `text NOT NULL`
        - rows: about 12 345
    "#]],
    );
    check(
        "/p/drizzle/0001_email.sql",
        "\"ma|il\" TO",
        &again,
        &[],
        expect![[r#"

        ---
        *Database* `development` (PostgreSQL 15.8, 12 s ago)

        - called `users.email` there
        - type: `text NOT NULL`
        - rows: about 12 345
    "#]],
    );
}

#[test]
fn what_is_dropped_has_no_facts_though_something_else_has_its_name() {
    let again = format!("{ALL} ALTER TABLE articles ADD COLUMN old uuid;");
    check(
        "/p/drizzle/0000_first.sql",
        "\"o|ld\" text",
        &again,
        &[Applied; 5],
        expect![[r#"

        ---
        *Database* `development` (PostgreSQL 15.8, 12 s ago)

        - dropped by `0002_posts`: what may have the name there now is another object
    "#]],
    );
    check(
        "/p/drizzle/0002_posts.sql",
        "COLUMN \"o|ld\"",
        &again,
        &[Applied; 5],
        expect![[r#"

        ---
        *Database* `development` (PostgreSQL 15.8, 12 s ago)

        - dropped by `0002_posts`: what may have the name there now is another object
    "#]],
    );
}

#[test]
fn a_migration_that_is_not_applied_is_about_what_the_database_has_yet() {
    let states = [Applied, Applied, Unapplied, Unapplied, Unapplied];
    check(
        "/p/drizzle/0003_articles.sql",
        "TO \"arti|cles\"",
        FIRST_TWO,
        &states,
        expect![[r#"

        ---
        *Database* `development` (PostgreSQL 15.8, 12 s ago)

        - `0003_articles` is not applied there; called `posts` there
        - columns: 3
    "#]],
    );
    check(
        "/p/drizzle/0002_posts.sql",
        "COLUMN \"o|ld\"",
        FIRST_TWO,
        &states,
        expect![[r#"

        ---
        *Database* `development` (PostgreSQL 15.8, 12 s ago)

        - `0002_posts` is not applied there
        - type: `text`
    "#]],
    );
    check(
        "/p/drizzle/0000_first.sql",
        "TABLE \"po|sts\"",
        FIRST_TWO,
        &states,
        expect![[r#"

        ---
        *Database* `development` (PostgreSQL 15.8, 12 s ago)

        - columns: 3
    "#]],
    );
    check(
        "/p/drizzle/0004_more.sql",
        "COLUMN \"a|ge\"",
        FIRST_TWO,
        &states,
        expect![[r#"

        ---
        *Database* `development` (PostgreSQL 15.8, 12 s ago)

        - not there yet: `0004_more` makes it, and is not applied there
    "#]],
    );
    let gap = [Applied, Applied, Unapplied, Applied, Unapplied];
    check(
        "/p/drizzle/0002_posts.sql",
        "ON \"po|sts\" USING",
        FIRST_TWO,
        &gap,
        expect![[r#"

        ---
        *Database* `development` (PostgreSQL 15.8, 12 s ago)

        - `0002_posts` is not applied there, and what follows it is
    "#]],
    );
}

#[test]
fn a_reference_in_a_schema_file_has_the_facts_of_what_it_names() {
    check(
        "/p/schema.ts",
        "=> users.i|d",
        ALL,
        &[],
        expect![[r#"

        ---
        *Database* `development` (PostgreSQL 15.8, 12 s ago)

        - type: `serial NOT NULL`
        - rows: about 12 345
    "#]],
    );
    check(
        "/p/schema.ts",
        "=> us|ers.id",
        ALL,
        &[],
        expect![[r#"

        ---
        *Database* `development` (PostgreSQL 15.8, 12 s ago)

        - rows: about 12 345, 4.1 MB
        - columns: 4
    "#]],
    );
}

#[test]
fn what_could_not_be_proved_is_said_of_its_object_and_of_no_other() {
    let (analysis, path, offset) = analyze("/p/schema.ts", "=> us|ers.id");
    let hover = analysis.hover(&path, offset).expect("a hover");
    for (unproved, is_said) in [("users", true), ("posts", false)] {
        let state = LiveState::Connected {
            environment: String::from("development"),
            picture: picture(ALL),
            unproved: vec![ObjectPath::new(ObjectKind::Table, &Name::new("public", unproved))],
            age: 0,
        };
        let block = live_block(&analysis.projects[0], &hover.about, &state, &[]);
        assert_eq!(block.contains("- **unproved:** an expression of it is spelled otherwise"), is_said, "{block}");
    }
}

/// The hints in a schema file, each behind the text that it follows.
fn hints(analysis: &Analysis, path: &FilePath, sql: &str) -> String {
    let text = &analysis.text(path).unwrap().text;
    let whole = Span::new(0, text.len());
    let mut shown = String::new();
    for hint in live_hints(&analysis.projects[0], path, whole, &picture(sql)) {
        let before = text[..hint.at as usize].lines().last().unwrap().trim();
        let _ = writeln!(shown, "{before} <{}> {}", hint.label, hint.differs);
    }
    shown
}

fn check_hints(sql: &str, expected: Expect) {
    let (analysis, path, _) = analyze("/p/schema.ts", "users = |pgTable");
    expected.assert_eq(&hints(&analysis, &path, sql));
}

#[test]
fn a_schema_file_in_sql_has_the_facts_and_hints_too() {
    let files = MemoryFiles::new(
        "//- /p/driftlens.toml
dialect = \"postgresql\"
schema = \"schema.sql\"
migrations = \"migrations\"
//- /p/schema.sql
CREATE TABLE users (id integer PRIMARY KEY, email text NOT NULL);
CREATE TABLE posts (author integer REFERENCES users (id));
",
    );
    let analysis = Host::new().analyze(&[Arc::from(Path::new("/p/driftlens.toml"))], &files);
    let path: FilePath = Arc::from(Path::new("/p/schema.sql"));
    let sql = "CREATE TABLE users (id integer PRIMARY KEY, email varchar(200) NOT NULL); CREATE TABLE posts (author integer);";
    let text = &analysis.text(&path).unwrap().text;
    let state = LiveState::Connected {
        environment: String::from("development"),
        picture: picture(sql),
        unproved: Vec::new(),
        age: 0,
    };
    for (wanted, expected) in
        [("email text", "- type: `varchar(200) NOT NULL`"), ("users (id)", "- rows: about 12 345")]
    {
        let offset = u32::try_from(text.find(wanted).unwrap()).unwrap();
        let hover = analysis.hover(&path, offset).unwrap();
        let block = live_block(&analysis.projects[0], &hover.about, &state, &[]);
        assert!(block.contains(expected), "{wanted}: {block}");
    }
    expect![[r#"
        CREATE TABLE users (id integer PRIMARY KEY, email <live: varchar(200)> `character varying(200)` there, `text` here
    "#]].assert_eq(&hints(&analysis, &path, sql));
}

#[test]
fn a_hint_behind_a_spread_names_its_column_and_what_is_unknown_has_none() {
    let files = MemoryFiles::new(
        "//- /p/drizzle.config.ts
export default { dialect: 'postgresql', schema: './schema.ts', out: './drizzle' };
//- /p/schema.ts
import { customType, pgTable, text } from 'drizzle-orm/pg-core';
import { other } from 'some-package';
const stamps = { made: text(), changed: text() };
const odd = customType({ dataType() { return other(); } });
export const users = pgTable('users', { ...stamps, odd: odd(), value: text().default(other) });
",
    );
    let analysis = Host::new().analyze(&[Arc::from(Path::new("/p/drizzle.config.ts"))], &files);
    let path: FilePath = Arc::from(Path::new("/p/schema.ts"));
    let sql = "CREATE TABLE users (made date, changed text NOT NULL, odd inet, value text DEFAULT 'x');";
    expect![[r#"
        export const users = pgTable('users', { ...stamps <live: changed text NOT NULL> NULL is allowed here, not there
        export const users = pgTable('users', { ...stamps <live: made date> `date` there, `text` here
    "#]]
    .assert_eq(&hints(&analysis, &path, sql));
}

#[test]
fn a_column_that_is_otherwise_in_the_database_has_a_hint_and_no_other() {
    check_hints(ALL, expect![[r#""#]]);
    let other = ALL.replace("email text NOT NULL", "email character varying(200)");
    let other = other.replace("age integer DEFAULT 0 NOT NULL", "age integer DEFAULT 18 NOT NULL");
    check_hints(
        &other.replace("author_id integer", "author_id bigint NOT NULL"),
        expect![[r#"
        email: text('email').notNull() <live: character varying(200) NULL> `character varying(200)` there, `text` here; NULL is allowed there, not here
        age: integer('age').notNull().default(0) <live: integer DEFAULT 18> default `18` there, `0` here
        author: integer('author_id').references(() => users.id, { onDelete: 'cascade' }) <live: bigint NOT NULL> `bigint` there, `integer` here; NULL is allowed here, not there
    "#]],
    );
    check_hints(
        &ALL.replace("age integer DEFAULT 0 NOT NULL", "age integer NOT NULL"),
        expect![[r#"
        age: integer('age').notNull().default(0) <live: integer without a default> default none there, `0` here
    "#]],
    );
    check_hints(FIRST_TWO, expect![[r#""#]]);
}

#[test]
fn a_table_has_one_line_with_its_rows_size_and_drift() {
    let (analysis, path, _) = analyze("/p/schema.ts", "users = |pgTable");
    let text = &analysis.text(&path).unwrap().text;
    let lines = |sql: &str, drifted: &[ObjectPath]| {
        let found = live_tables(&analysis.projects[0], &path, "development", &picture(sql), drifted);
        found.iter().map(|it| format!("{}: {}\n", it.span.text(text), it.line)).collect::<String>()
    };
    expect![[r#"
        users: ≈ 12 300 rows · 4.1 MB · in development
        articles: in development
    "#]]
    .assert_eq(&lines(ALL, &[]));
    let users = Name::new("public", "users");
    let column = |name: &str| ObjectPath::part(ObjectKind::Column, &users, name);
    let articles = ObjectPath::new(ObjectKind::Table, &Name::new("public", "articles"));
    expect![[r#"
        users: ≈ 12 300 rows · 4.1 MB · in development · drift: column email
        articles: in development · drift
    "#]]
    .assert_eq(&lines(ALL, &[column("email"), column("email"), articles]));
    expect![[r#"
        users: ≈ 12 300 rows · 4.1 MB · in development · drift in 2 places
        articles: not in development
    "#]]
    .assert_eq(&lines(FIRST_TWO, &[column("email"), column("age")]));
}

#[test]
fn a_change_of_the_estimate_that_nobody_sees_is_none() {
    let with_rows = |rows: Option<u64>| {
        let mut statistics = Statistics::default();
        let found = TableStatistics { rows, bytes: Some(8_192), analyzed: rows.map(|rows| rows.to_string()) };
        statistics.tables.insert(Name::new("public", "users"), found);
        statistics
    };
    assert!(with_rows(Some(12_345)).shows_the_same(&with_rows(Some(12_346))));
    assert!(!with_rows(Some(12_345)).shows_the_same(&with_rows(Some(12_445))));
    assert!(!with_rows(None).shows_the_same(&with_rows(Some(0))));
    assert!(!with_rows(Some(0)).shows_the_same(&Statistics::default()));
}
