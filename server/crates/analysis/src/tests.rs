//! What an editor asks, over projects in memory. `<CURSOR>` marks the place in the fixture.

mod code;
mod live;
mod migrations;

use std::fmt::Write as _;
use std::path::Path;
use std::sync::Arc;

use expect_test::{Expect, expect};
use source::{FilePath, Files, Location, MemoryFiles};

use crate::{Analysis, Host};

const SHOP: &str = "
//- /p/drizzle.config.ts
export default { dialect: 'postgresql', schema: './src/*.ts', out: './drizzle' };
//- /p/src/columns.ts
import { timestamp } from 'drizzle-orm/pg-core';
export const stamps = {
  createdAt: timestamp('created_at').notNull().defaultNow(),
};
//- /p/src/users.ts
import { pgEnum, pgTable, serial, varchar } from 'drizzle-orm/pg-core';
import { stamps } from './columns';
export const role = pgEnum('role', ['admin', 'member']);
export const users = pgTable('users', {
  id: serial('id').primaryKey(),
  email: varchar('email', { length: 255 }).notNull().unique(),
  role: role('role').default('member'),
  ...stamps,
});
//- /p/src/posts.ts
import { index, integer, pgTable, serial } from 'drizzle-orm/pg-core';
import { users } from './users';
export const posts = pgTable('posts', {
  id: serial('id').primaryKey(),
  author: integer('author_id').references(() => users.id, { onDelete: 'cascade' }),
}, (t) => [index('posts_author_idx').on(t.author)]);
";

/// The analysis of a fixture with `before` replaced by `after`, which holds the cursor; and the cursor.
fn analyze(file: &str, before: &str, after: &str) -> (Analysis, FilePath, u32) {
    let mut files = MemoryFiles::new(SHOP);
    let path: FilePath = Arc::from(Path::new(file));
    let text = files.read(&path).unwrap().replacen(before, after, 1);
    let offset = text.find("<CURSOR>").expect("the fixture has a cursor");
    files.set(path.as_ref(), text.replace("<CURSOR>", ""));
    let config: FilePath = Arc::from(Path::new("/p/drizzle.config.ts"));
    let analysis = Host::new().analyze(&[config], &files);
    (analysis, path, u32::try_from(offset).unwrap())
}

fn shown(analysis: &Analysis, locations: &[Location]) -> String {
    let mut text = String::new();
    for location in locations {
        let source = analysis.text(&location.file).unwrap();
        let line = source.lines.line_column(location.span.start).line + 1;
        let name = location.file.file_name().unwrap().to_string_lossy();
        let _ = writeln!(text, "{name}:{line} `{}`", location.span.text(&source.text));
    }
    text
}

fn check_hover(file: &str, before: &str, after: &str, expected: Expect) {
    let (analysis, path, offset) = analyze(file, before, after);
    expected.assert_eq(&analysis.hover(&path, offset).map(|hover| hover.markdown).unwrap_or_default());
}

#[test]
fn hover_on_a_column_shows_what_the_schema_says() {
    check_hover(
        "/p/src/users.ts",
        "email: varchar",
        "em<CURSOR>ail: varchar",
        expect![[r#"
        ```sql
        users.email varchar(255) NOT NULL
        ```
        - column: `email`
        - type: `varchar(255)`
        - null: not allowed
        - default: none
        - unique: `users_email_unique`
    "#]],
    );
}

#[test]
fn hover_on_a_reference_shows_the_column_it_names() {
    check_hover(
        "/p/src/posts.ts",
        "users.id",
        "users.i<CURSOR>d",
        expect![[r#"
        ```sql
        users.id serial NOT NULL
        ```
        - column: `id`
        - type: `serial`
        - null: not allowed
        - default: none
        - key: primary key
    "#]],
    );
}

#[test]
fn hover_on_the_table_of_a_reference_shows_the_table() {
    check_hover(
        "/p/src/posts.ts",
        "users.id",
        "us<CURSOR>ers.id",
        expect![[r#"
        ```sql
        table users
        ```
        - columns: 4
        - primary key: `id`
        - pending changes: 1

        **Pending:** table `users` is in no migration
    "#]],
    );
}

#[test]
fn hover_on_an_enum_used_as_a_column_shows_its_values() {
    check_hover(
        "/p/src/users.ts",
        "role: role(",
        "role: ro<CURSOR>le(",
        expect![[r#"
        ```sql
        enum role
        ```
        - values: `admin`, `member`

        **Pending:** enum `role` is in no migration
    "#]],
    );
}

#[test]
fn hover_on_nothing_is_nothing() {
    check_hover("/p/src/users.ts", "import { pgEnum", "imp<CURSOR>ort { pgEnum", expect![[r#""#]]);
}

#[test]
fn definition_leads_from_a_reference_to_the_column() {
    let (analysis, path, offset) = analyze("/p/src/posts.ts", "users.id", "users.<CURSOR>id");
    expect![[r#"
        users.ts:5 `id`
    "#]]
    .assert_eq(&shown(&analysis, &analysis.definition(&path, offset)));
}

#[test]
fn definition_leads_from_a_spread_to_the_helper() {
    let (analysis, path, offset) = analyze("/p/src/users.ts", "...stamps", "...sta<CURSOR>mps");
    expect![[r#"
        columns.ts:3 `createdAt`
    "#]]
    .assert_eq(&shown(&analysis, &analysis.definition(&path, offset)));
}

#[test]
fn references_of_a_column_are_found_in_every_file() {
    let (analysis, path, offset) = analyze("/p/src/users.ts", "id: serial", "<CURSOR>id: serial");
    expect![[r#"
        posts.ts:5 `id`
        users.ts:5 `id`
    "#]]
    .assert_eq(&shown(&analysis, &analysis.references(&path, offset, true)));
    expect![[r#"
        posts.ts:5 `id`
    "#]]
    .assert_eq(&shown(&analysis, &analysis.references(&path, offset, false)));
}

#[test]
fn symbols_are_tables_with_their_columns_and_enums_with_their_values() {
    let (analysis, path, _) = analyze("/p/src/users.ts", "id: serial", "<CURSOR>id: serial");
    let mut text = String::new();
    for symbol in analysis.document_symbols(&path) {
        let _ = writeln!(text, "{:?} {} {}", symbol.kind, symbol.name, symbol.detail);
        for child in &symbol.children {
            let _ = writeln!(text, "  {:?} {} {}", child.kind, child.name, child.detail);
        }
    }
    expect![[r#"
        Enum role 
          EnumValue admin 
          EnumValue member 
        Table users 4 columns
          Column id serial NOT NULL
          Column email varchar(255) NOT NULL
          Column role role DEFAULT 'member'
          Column created_at timestamp NOT NULL DEFAULT now()
    "#]]
    .assert_eq(&text);
}

#[test]
fn workspace_symbols_rank_what_starts_with_the_query_first() {
    let (analysis, ..) = analyze("/p/src/users.ts", "id: serial", "<CURSOR>id: serial");
    let names = |query: &str| {
        let found = analysis.workspace_symbols(query, 5);
        found
            .iter()
            .map(|symbol| format!("{} in {}", symbol.name, symbol.container))
            .collect::<Vec<String>>()
            .join(", ")
    };
    expect!["users in "].assert_eq(&names("us"));
    expect!["author_id in posts"].assert_eq(&names("author"));
    expect![[r#""#]].assert_eq(&names("zzz"));
}

#[test]
fn status_counts_what_a_status_bar_shows() {
    let (analysis, ..) = analyze("/p/src/users.ts", "id: serial", "<CURSOR>id: serial");
    expect![[r#"
        [
            ProjectStatus {
                config: "/p/drizzle.config.ts",
                name: None,
                dialect: Some(
                    "postgresql",
                ),
                tables: 2,
                migrations: 0,
                pending: 3,
                unknown: 0,
                errors: 0,
                warnings: 0,
                in_sync: false,
            },
        ]
    "#]]
    .assert_eq(&format!("{:#?}\n", analysis.status().projects));
}

#[test]
fn an_edit_keeps_what_does_not_depend_on_it() {
    let mut files = MemoryFiles::new(SHOP);
    let config: FilePath = Arc::from(Path::new("/p/drizzle.config.ts"));
    let mut host = Host::new();
    let before = host.analyze(std::slice::from_ref(&config), &files);
    let posts = files.read(Path::new("/p/src/posts.ts")).unwrap().replace("'author_id'", "'writer_id'");
    files.set("/p/src/posts.ts", posts);
    let after = host.analyze(&[config], &files);
    let table = |analysis: &Analysis, name: &str| {
        analysis.projects[0].desired.as_ref().unwrap().schema.tables[&schema::Name::new("public", name)].clone()
    };
    assert!(Arc::ptr_eq(&table(&before, "users"), &table(&after, "users")));
    assert!(table(&after, "posts").columns.contains_key("writer_id"));
    // A change of what a table reads from another file reaches the table.
    let users = files.read(Path::new("/p/src/columns.ts")).unwrap().replace("'created_at'", "'made_at'");
    files.set("/p/src/columns.ts", users);
    let config: FilePath = Arc::from(Path::new("/p/drizzle.config.ts"));
    let last = host.analyze(&[config], &files);
    assert!(table(&last, "users").columns.contains_key("made_at"));
}
