//! `.sql` files: migrations and schema files.

use expect_test::{Expect, expect};
use std::fmt::Write as _;

use super::{check, offered};

const PROJECT: &str = r#"
//- /p/driftlens.toml
schema = "schema.sql"
migrations = "steps"
dialect = "postgresql"
//- /p/schema.sql
CREATE TABLE users (id bigint);
//- /p/steps/1_start.sql
CREATE TYPE role AS ENUM ('admin', 'it''s');
CREATE SCHEMA audit;
CREATE TABLE users (id bigserial PRIMARY KEY, email text NOT NULL, "Name" text, role role NOT NULL DEFAULT 'admin');
CREATE TABLE posts (id bigint PRIMARY KEY, author bigint REFERENCES users (id), title text);
CREATE TABLE audit.events (id bigint, at timestamptz DEFAULT now());
CREATE VIEW people AS SELECT id, email FROM users;
//- /p/steps/2_more.sql
SELECT 1;
//- /p/steps/3_later.sql
CREATE TABLE later (id int);
"#;

const CONFIG: &str = "/p/driftlens.toml";
const MIGRATION: &str = "/p/steps/2_more.sql";

fn migration(text: &str, expected: Expect) {
    check(PROJECT, CONFIG, MIGRATION, text, &expected);
}

/// The labels, on one line.
fn labels(text: &str) -> String {
    let (_, found, _) = offered(PROJECT, CONFIG, MIGRATION, text);
    found.iter().map(|item| item.label.as_str()).collect::<Vec<&str>>().join(" ")
}

/// Every text must offer nothing.
fn nothing(texts: &[&str]) {
    let mut wrong = String::new();
    for text in texts {
        let labels = labels(text);
        if !labels.is_empty() {
            let _ = writeln!(wrong, "{text}: {labels}");
        }
    }
    assert_eq!(wrong, "");
}

#[test]
fn tables_follow_the_words_that_name_one() {
    migration(
        "SELECT * FROM |",
        expect![[r#"
            posts (Table) 3 columns
            users (Table) 4 columns
            people (View) view
            audit.events (Table) 2 columns
        "#]],
    );
    let tables = "posts users people audit.events";
    for text in [
        "SELECT * FROM |",
        "SELECT * FROM us|",
        "SELECT * FROM users JOIN |",
        "SELECT * FROM users u, |",
        "INSERT INTO |",
        "DELETE FROM |;\nSELECT 1;",
        "SELECT (SELECT id FROM |) FROM users",
    ] {
        assert_eq!(labels(text), tables, "{text}");
    }
    let tables = "posts users audit.events";
    for text in [
        "UPDATE |",
        "ALTER TABLE |",
        "ALTER TABLE IF EXISTS |",
        "ALTER TABLE ONLY |",
        "DROP TABLE |",
        "DROP TABLE posts, |",
        "TRUNCATE |",
        "CREATE INDEX ON |",
        "CREATE UNIQUE INDEX x ON | (id)",
        "ALTER TABLE posts ADD FOREIGN KEY (author) REFERENCES |",
        "CREATE TABLE x (user_id bigint REFERENCES |)",
        "COMMENT ON TABLE |",
        "CREATE POLICY p ON |",
    ] {
        assert_eq!(labels(text), tables, "{text}");
    }
    assert_eq!(labels("SELECT * FROM audit.|"), "events");
    assert_eq!(labels("DROP VIEW |"), "people");
}

#[test]
fn columns_of_the_tables_of_the_statement() {
    let users = "id email Name role";
    for text in [
        "SELECT | FROM users",
        "SELECT em| FROM users",
        "SELECT id, lower(|) FROM users",
        "SELECT * FROM users WHERE |",
        "SELECT * FROM users WHERE id = 1 AND |",
        "SELECT * FROM users ORDER BY |",
        "SELECT u.| FROM users u",
        "SELECT users.| FROM users",
        "UPDATE users SET |",
        "UPDATE users SET email = 'x', |",
        "UPDATE users SET email = |",
        "DELETE FROM users WHERE |",
        "INSERT INTO users (|",
        "INSERT INTO users (id) VALUES (1) ON CONFLICT (|",
        "INSERT INTO users (id) VALUES (1) ON CONFLICT (id) DO UPDATE SET email = excluded.|",
        "INSERT INTO users (id) VALUES (1) RETURNING |",
        "ALTER TABLE users DROP COLUMN |",
        "ALTER TABLE users ALTER |",
        "ALTER TABLE users ADD COLUMN x int, DROP COLUMN |",
        "ALTER TABLE users RENAME COLUMN |",
        "ALTER TABLE users ADD CONSTRAINT c UNIQUE (|",
        "ALTER TABLE users ADD CONSTRAINT c CHECK (|",
        "ALTER TABLE posts ADD FOREIGN KEY (author) REFERENCES users (|",
        "CREATE TABLE x (a bigint REFERENCES users (|))",
        "CREATE INDEX x ON users (|",
        "CREATE INDEX x ON users USING gin (lower(|",
        "CREATE INDEX x ON users (id) WHERE |",
        "CREATE POLICY p ON users USING (|",
        "COMMENT ON COLUMN users.|",
        "SELECT 1 FROM posts WHERE EXISTS (SELECT 1 FROM users us WHERE us.|)",
    ] {
        assert_eq!(labels(text), users, "{text}");
    }
    assert_eq!(labels("INSERT INTO users (id, role, |"), "email Name");
    assert_eq!(labels("CREATE INDEX x ON users (email, |)"), "id Name role");
    // What the query of a view gives is not known.
    assert_eq!(labels("SELECT p.| FROM people p"), "");
    assert_eq!(labels("CREATE TABLE x (a int, b text, PRIMARY KEY (|"), "a b");
    assert_eq!(labels("CREATE TABLE x (a int, b text, CHECK (| > 0))"), "a b");
    // What both tables have has to be told apart.
    assert_eq!(labels("SELECT | FROM users u JOIN posts p ON true"), "email Name role author title u p");
    assert_eq!(labels("SELECT * FROM users u JOIN posts p ON p.|"), "id author title");
    assert_eq!(labels("SELECT * FROM users u JOIN posts p ON p.author = u.|"), "id email Name role");
    migration(
        "SELECT | FROM users",
        expect![[r#"
        id (Column) bigserial NOT NULL
        email (Column) text NOT NULL
        Name (Column) text [ -> "Name"]
        role (Column) role NOT NULL DEFAULT 'admin'
    "#]],
    );
}

#[test]
fn quotes_are_kept_and_set_where_they_are_needed() {
    migration(
        "SELECT \"| FROM users",
        expect![[r#"
        id (Column) bigserial NOT NULL [" -> "id"]
        email (Column) text NOT NULL [" -> "email"]
        Name (Column) text [" -> "Name"]
        role (Column) role NOT NULL DEFAULT 'admin' [" -> "role"]
    "#]],
    );
    migration(
        "SELECT \"N|\" FROM users",
        expect![[r#"
        id (Column) bigserial NOT NULL ["N" -> "id"]
        email (Column) text NOT NULL ["N" -> "email"]
        Name (Column) text ["N" -> "Name"]
        role (Column) role NOT NULL DEFAULT 'admin' ["N" -> "role"]
    "#]],
    );
    migration(
        "INSERT INTO \"us|",
        expect![[r#"
        posts (Table) 3 columns ["us -> "posts"]
        users (Table) 4 columns ["us -> "users"]
        people (View) view ["us -> "people"]
        audit.events (Table) 2 columns ["us -> audit."events"]
    "#]],
    );
}

#[test]
fn types_follow_a_columns_name() {
    for text in [
        "CREATE TABLE x (a |",
        "CREATE TABLE x (a int, b |)",
        "ALTER TABLE users ADD COLUMN a |",
        "ALTER TABLE users ADD a |",
        "ALTER TABLE users ALTER COLUMN email TYPE |",
        "ALTER TABLE users ALTER COLUMN email SET DATA TYPE |",
        "SELECT CAST(email AS |) FROM users",
        "SELECT email::| FROM users",
    ] {
        let found = labels(text);
        assert!(found.starts_with("role bigint bigserial ") && found.ends_with("uuid varchar"), "{text}: {found}");
    }
    assert_eq!(labels("ALTER TYPE |"), "role");
}

#[test]
fn values_of_an_enum() {
    for text in [
        "SELECT * FROM users WHERE role = '|",
        "SELECT * FROM users u WHERE u.role <> '|'",
        "SELECT * FROM users WHERE role IN ('admin', '|')",
        "UPDATE users SET role = 'a|'",
        "INSERT INTO users (id, role) VALUES (1, '|')",
        "INSERT INTO users (id, role) VALUES (1, 'admin'), (2, '|",
        "ALTER TABLE users ALTER COLUMN role SET DEFAULT '|'",
        "ALTER TABLE users ADD COLUMN other role NOT NULL DEFAULT '|'",
        "CREATE TABLE x (r role DEFAULT '|')",
        "SELECT '|'::role",
        "ALTER TYPE role RENAME VALUE '|'",
    ] {
        assert_eq!(labels(text), "admin it's", "{text}");
    }
    migration(
        "SELECT * FROM users WHERE role = 'i|'",
        expect![[r#"
        admin (EnumValue) of role [i -> admin]
        it's (EnumValue) of role [i -> it''s]
    "#]],
    );
}

#[test]
fn nothing_where_nothing_is_certain() {
    nothing(&[
        "|",
        "SEL|",
        "SELECT * |",
        "SELECT id | FROM users",
        "SELECT * FROM users |",
        "SELECT * FROM users WHERE id |",
        "SELECT * FROM unknown WHERE |",
        "SELECT x.| FROM users u",
        "SELECT * FROM users -- FROM |",
        "/* FROM | */",
        "SELECT 'FROM |'",
        "SELECT * FROM users WHERE role = E'|'",
        "SELECT * FROM users WHERE email = '|'",
        "SELECT \"id\"| FROM users",
        "SELECT 'a'|",
        "DO $$ BEGIN SELECT * FROM | END $$",
        "CREATE TABLE |",
        "CREATE TABLE x (|",
        "CREATE TABLE x (a int, |",
        "CREATE TABLE x (a int |",
        "CREATE TABLE x (a varchar(|",
        "ALTER TABLE users |",
        "ALTER TABLE users ADD |",
        "ALTER TABLE users ADD CONSTRAINT |",
        "ALTER TABLE users RENAME COLUMN id TO |",
        "INSERT INTO users VALUES (|",
        "INSERT INTO users (id) VALUES (1, |",
        "GRANT SELECT ON users TO |",
        "REVOKE SELECT ON users FROM |",
        "SELECT id IS DISTINCT FROM | FROM users",
        "SELECT * FROM users WHERE email ->> |",
        "SELECT * FROM users LIMIT |",
        "WITH x AS (SELECT 1) SELECT x.| FROM x",
        "CREATE TABLE x (a int REFERENCES users ON UPDATE |",
        "SELECT 1|",
    ]);
    assert_eq!(labels("SELECT extract(year FROM |) FROM users"), "");
}

#[test]
fn a_migration_sees_what_came_before_it() {
    // Not the table of the next migration; but what its own statements made.
    assert_eq!(labels("CREATE TABLE mine (a int);\nSELECT * FROM |"), "mine posts users people audit.events");
    assert_eq!(
        labels("DROP TABLE posts;\nSELECT * FROM |\n;CREATE TABLE behind (a int);"),
        "users people audit.events"
    );
    assert_eq!(
        labels("ALTER TABLE users ADD COLUMN extra int;\n--> statement-breakpoint\nSELECT users.| FROM users"),
        "id email Name role extra"
    );
}

#[test]
fn a_schema_file_sees_what_all_schema_files_say() {
    check(
        PROJECT,
        CONFIG,
        "/p/schema.sql",
        "CREATE TABLE users (id bigint, \"Name\" text);\nCREATE TABLE posts (author bigint REFERENCES users (|",
        &expect![[r#"
        id (Column) bigint
        Name (Column) text [ -> "Name"]
    "#]],
    );
}

#[test]
fn sqlite_has_its_own_quotes_and_types() {
    let project = "
//- /p/driftlens.toml
schema = 'schema.sql'
migrations = 'steps'
dialect = 'sqlite'
//- /p/schema.sql
CREATE TABLE Users (id integer primary key, `full name` text);
//- /p/steps/1_start.sql
CREATE TABLE Users (id integer primary key, `full name` text);
//- /p/steps/2_more.sql
SELECT 1;
";
    let check = |text: &str, expected: Expect| check(project, CONFIG, MIGRATION, text, &expected);
    check(
        "SELECT * FROM `|",
        expect![[r#"
        Users (Table) 2 columns [` -> `Users`]
    "#]],
    );
    check(
        "SELECT | FROM users",
        expect![[r#"
        id (Column) integer
        full name (Column) text [ -> "full name"]
    "#]],
    );
    check(
        "SELECT [f|] FROM Users",
        expect![[r#"
        id (Column) integer [[f] -> [id]]
        full name (Column) text [[f] -> [full name]]
    "#]],
    );
    check(
        "CREATE TABLE x (a |",
        expect![[r#"
        blob (Type) 
        integer (Type) 
        numeric (Type) 
        real (Type) 
        text (Type) 
    "#]],
    );
}

#[test]
fn any_cut_of_a_statement_is_answered() {
    let text = "WITH x AS (SELECT u.id, 'é' FROM \"users\" u WHERE u.role IN ('admin') AND (u.id)::text <> $1) INSERT INTO posts (id, author) \
                SELECT id, id FROM x ON CONFLICT (id) DO UPDATE SET title = excluded.title RETURNING *;";
    for end in (0..=text.len()).filter(|end| text.is_char_boundary(*end)) {
        let cut = format!("{}|{}", &text[..end], &text[end..]);
        let (_, found, whole) = offered(PROJECT, CONFIG, MIGRATION, &cut);
        for item in found {
            assert!(item.span.touches(u32::try_from(end).unwrap()), "{cut}: {item:?}");
            assert!(whole.get(item.span.start as usize..item.span.end as usize).is_some(), "{cut}: {item:?}");
        }
    }
}

#[test]
fn the_documentation_tells_the_column() {
    let (analysis, found, _) = offered(PROJECT, CONFIG, MIGRATION, "SELECT users.r| FROM users");
    let item = found.iter().find(|item| item.label == "role").unwrap();
    expect![[r#"
        ```sql
        users.role role NOT NULL DEFAULT 'admin'
        ```
        - column: `role`
        - type: `role`
        - null: not allowed
        - default: `'admin'`
    "#]]
    .assert_eq(&analysis.completion_documentation(item.subject.as_ref().unwrap()).unwrap());
    let (analysis, found, _) = offered(PROJECT, CONFIG, MIGRATION, "SELECT * FROM |");
    let shown: Vec<String> =
        found.iter().map(|item| analysis.completion_documentation(item.subject.as_ref().unwrap()).unwrap()).collect();
    expect![[r#"
        ```sql
        table posts (id, author, title)
        ```
        ```sql
        table users (id, email, Name, role)
        ```
        ```sql
        view people AS SELECT id, email FROM users
        ```
        ```sql
        table audit.events (id, at)
        ```
    "#]]
    .assert_eq(&shown.concat());
}
