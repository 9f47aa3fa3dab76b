//! Which projects a set of files is, and what is said of them.

use std::fmt::Write as _;
use std::path::Path;
use std::sync::Arc;

use expect_test::{Expect, expect};
use source::{FilePath, MemoryFiles};

use super::DesiredSource;
use crate::{Analysis, Host};

fn analyze(fixture: &str, sources: &[&str]) -> Analysis {
    let sources: Vec<FilePath> = sources.iter().map(|source| Arc::from(Path::new(source))).collect();
    Host::new().analyze(&sources, &MemoryFiles::new(fixture))
}

/// Each project with where it is read from, then its pending changes and findings.
fn told(analysis: &Analysis) -> String {
    let mut told = String::new();
    for project in &analysis.projects {
        let name = project.name.as_ref().map(|name| format!(" [{name}]")).unwrap_or_default();
        let _ = write!(told, "{}{name}", project.source().display());
        if let Some(config) = &project.config {
            let desired = match &config.desired {
                DesiredSource::Drizzle(config) => format!("drizzle {}", config.file.display()),
                DesiredSource::Sql { files, .. } => {
                    files.iter().map(|file| file.display().to_string()).collect::<Vec<_>>().join(" ")
                }
                DesiredSource::None => String::from("no schema"),
            };
            let folder = config.migrations.display();
            let _ = write!(told, ": {desired} | {folder} {:?} {}", config.format, config.dialect_word);
        }
        let migrations = project.history.as_ref().map_or(0, |history| history.folder.migrations.len());
        let _ = writeln!(told, " | {migrations} migrations, {} tables", project.tables());
        for diagnostic in project.all_diagnostics() {
            let location = &diagnostic.location;
            let text = analysis.text(&location.file).map(|source| location.span.text(&source.text)).unwrap_or_default();
            let name = location.file.file_name().unwrap_or_default().to_string_lossy().into_owned();
            let text = text.lines().next().unwrap_or_default();
            let _ = writeln!(told, "  {name} `{text}` {}: {}", diagnostic.code, diagnostic.message);
            let _ = writeln!(told, "    help: {}", diagnostic.help.as_deref().unwrap_or("none"));
        }
    }
    told
}

fn check(fixture: &str, sources: &[&str], expected: Expect) {
    expected.assert_eq(&told(&analyze(fixture, sources)));
}

const USERS: &str = "CREATE TABLE users (id bigserial PRIMARY KEY, email varchar(255) NOT NULL);";

fn with_users(fixture: &str) -> String {
    fixture.replace("USERS", USERS)
}

#[test]
fn a_bare_folder_is_its_history_and_nothing_is_pending() {
    check(
        &with_users(
            "\n//- /p/Cargo.toml\n//- /p/migrations/1_users.sql\nUSERS\n//- /p/migrations/2_drop.sql\nDROP TABLE nothing;\n",
        ),
        &["/p/migrations"],
        expect![[r#"
            /p/migrations: no schema | /p/migrations Sqlx postgresql | 2 migrations, 1 tables
              2_drop.sql `nothing` sql/contradiction: table `nothing` does not exist at this point, so this statement fails
                help: No earlier statement makes it, or one drops it. Nothing is told about it from here on.
        "#]],
    );
}

#[test]
fn a_schema_file_by_hand_beside_a_bare_folder_is_what_is_wanted_and_a_dump_is_not() {
    let migrations = "\n//- /p/db/migrations/1_users.sql\nUSERS\n";
    let by_hand = "//- /p/db/schema.sql\nCREATE TABLE users (id bigserial PRIMARY KEY, email varchar(255) NOT NULL, name text);\n";
    check(
        &with_users(&format!("{migrations}{by_hand}")),
        &["/p/db/migrations"],
        expect![[r#"
            /p/db/migrations: /p/db/schema.sql | /p/db/migrations Plain postgresql | 1 migrations, 1 tables
              schema.sql `name` schema/missing-migration: column `users.name` (text) is in no migration
                help: run `driftlens generate`
        "#]],
    );
    let dump = by_hand.replace("\nCREATE", "\n-- PostgreSQL database dump\nCREATE");
    check(
        &with_users(&format!("{migrations}{dump}")),
        &["/p/db/migrations"],
        expect![[r#"
            /p/db/migrations: no schema | /p/db/migrations Plain postgresql | 1 migrations, 1 tables
        "#]],
    );
}

#[test]
fn a_folder_that_is_no_migrations_folder_is_no_project() {
    check("\n//- /p/migrations/readme.sql\nSELECT 1;\n", &["/p/migrations", "/p/none"], expect![""]);
}

const TWO: &str = "
//- /p/driftlens.toml
[[project]]
name = \"api\"
schema = [\"api/*.sql\"]
migrations = \"api/migrations\"

[[project]]
migrations = \"jobs/migrations\"
dialect = \"sqlite\"
//- /p/api/schema.sql
CREATE TABLE users (id bigserial PRIMARY KEY, mail varchar(255) NOT NULL);
CREATE TABLE posts (id bigint PRIMARY KEY);
//- /p/api/migrations/1_users.up.sql
USERS
CREATE TABLE old (id bigint PRIMARY KEY);
//- /p/jobs/migrations/1_jobs.sql
CREATE TABLE jobs (id integer PRIMARY KEY);
";

#[test]
fn the_projects_of_a_driftlens_toml_are_compared_each_by_itself() {
    check(
        &with_users(TWO),
        &["/p/driftlens.toml", "/p/api/migrations", "/p/jobs/migrations"],
        expect![[r#"
            /p/driftlens.toml [api]: /p/api/schema.sql | /p/api/migrations GolangMigrate postgresql | 1 migrations, 2 tables
              schema.sql `posts` schema/missing-migration: table `posts` is in no migration
                help: it looks like a rename of table `old` to table `posts` (76 % alike): `driftlens generate` will ask
              driftlens.toml `["api/*.sql"]` schema/missing-migration: table `old` is gone from the schema, but no migration drops it
                help: it looks like a rename of table `old` to table `posts` (76 % alike): `driftlens generate` will ask
              schema.sql `mail` schema/missing-migration: column `users.mail` (varchar(255) NOT NULL) is in no migration
                help: it looks like a rename of column `users.email` to column `users.mail` (94 % alike): `driftlens generate` will ask
              schema.sql `users` schema/missing-migration: column `users.email` is gone from the schema, but no migration drops it
                help: it looks like a rename of column `users.email` to column `users.mail` (94 % alike): `driftlens generate` will ask
            /p/driftlens.toml [jobs/migrations]: no schema | /p/jobs/migrations Plain sqlite | 1 migrations, 1 tables
        "#]],
    );
}

#[test]
fn a_path_that_names_nothing_is_told_and_nothing_counts_as_dropped() {
    check(
        &with_users(TWO).replace("[\"api/*.sql\"]", "[\"api/schema.sql\", \"api/more/*.sql\"]"),
        &["/p/driftlens.toml"],
        expect![[r#"
            /p/driftlens.toml [api]: /p/api/schema.sql | /p/api/migrations GolangMigrate postgresql | 1 migrations, 2 tables
              schema.sql `posts` schema/missing-migration: table `posts` is in no migration
                help: run `driftlens generate`
              schema.sql `mail` schema/missing-migration: column `users.mail` (varchar(255) NOT NULL) is in no migration
                help: run `driftlens generate`
              driftlens.toml `"api/more/*.sql"` config/no-schema-files: `api/more/*.sql` names no SQL file
                help: the path is relative to this file's folder; name a file, a folder or a pattern
            /p/driftlens.toml [jobs/migrations]: no schema | /p/jobs/migrations Plain sqlite | 1 migrations, 1 tables
        "#]],
    );
}

#[test]
fn what_cannot_be_told_of_a_folder_is_asked_for_where_it_is_named() {
    let toml = |text: &str| {
        format!(
            "\n//- /p/driftlens.toml\n{text}\n//- /p/m/1_x.sql\nCREATE TABLE t (id integer);\n//- /p/odd/x.sql\nSELECT 1;\n//- /p/my/1_x.sql\nCREATE TABLE `t` (`id` int NOT NULL AUTO_INCREMENT) ENGINE=InnoDB;\n//- /p/s.sql\nCREATE TABLE t (id integer);\n"
        )
    };
    let source = ["/p/driftlens.toml"];
    check(
        &toml("migrations = 'm'"),
        &source,
        expect![[r#"
        /p/driftlens.toml | 0 migrations, 0 tables
          driftlens.toml `'m'` config/invalid: the database of the migrations in `m` cannot be told
            help: add `dialect = "postgresql"` or `"sqlite"`
    "#]],
    );
    check(
        &toml("migrations = 'none'"),
        &source,
        expect![[r#"
        /p/driftlens.toml | 0 migrations, 0 tables
          driftlens.toml `'none'` config/invalid: `none` is no folder
            help: name the migrations folder, relative to this file
    "#]],
    );
    check(
        &toml("migrations = 'odd'\ndialect = 'sqlite'"),
        &source,
        expect![[r#"
        /p/driftlens.toml | 0 migrations, 0 tables
          driftlens.toml `'odd'` config/invalid: what wrote the migrations in `odd` cannot be told
            help: add `format = "…"`: the tool that runs them
    "#]],
    );
    check(
        &toml("migrations = 'my'"),
        &source,
        expect![[r#"
        /p/driftlens.toml | 0 migrations, 0 tables
          driftlens.toml `'my'` config/unsupported-dialect: the migrations in `my` are for mysql, which is not read yet: nothing in this project is checked
            help: postgresql and sqlite are read
    "#]],
    );
    check(
        &toml("migrations = 'none'\nschema = 's.sql'\ndialect = 'sqlite'"),
        &source,
        expect![[r#"
            /p/driftlens.toml: /p/s.sql | /p/none Plain sqlite | 0 migrations, 1 tables
              s.sql `t` schema/missing-migration: table `t` is in no migration
                help: run `driftlens generate`
        "#]],
    );
    check(
        &toml("migrations = 3"),
        &source,
        expect![[r#"
        /p/driftlens.toml | 0 migrations, 0 tables
          driftlens.toml `3` config/invalid: `migrations` is a number, not a string
            help: write it in quotes
    "#]],
    );
    check(
        &toml("migrations = "),
        &source,
        expect![[r#"
        /p/driftlens.toml | 0 migrations, 0 tables
          driftlens.toml `` config/unreadable: this is not TOML: string values must be quoted, expected literal string
            help: nothing in its projects is checked until the file is whole
    "#]],
    );
    check(
        &toml("drizzle = 'drizzle.config.ts'"),
        &source,
        expect![[r#"
        /p/driftlens.toml | 0 migrations, 0 tables
          driftlens.toml `'drizzle.config.ts'` config/invalid: `drizzle.config.ts` is no file that can be read
            help: name a drizzle.config.ts, relative to this file
    "#]],
    );
}

const DRIZZLE: &str = "
//- /p/drizzle.config.ts
export default { dialect: 'postgresql', schema: './schema.ts', out: './supabase/migrations' };
//- /p/schema.ts
import { bigserial, pgTable, varchar } from 'drizzle-orm/pg-core';
export const users = pgTable('users', {
  id: bigserial('id', { mode: 'number' }).primaryKey(),
  email: varchar('email', { length: 255 }).notNull(),
  name: varchar('name'),
});
//- /p/supabase/config.toml
project_id = \"p\"
//- /p/supabase/migrations/20240101000000_users.sql
USERS
";

#[test]
fn a_folder_that_a_drizzle_configuration_names_is_no_project_of_its_own() {
    check(
        &with_users(DRIZZLE),
        &["/p/drizzle.config.ts", "/p/supabase/config.toml", "/p/supabase/migrations"],
        expect![[r#"
            /p/drizzle.config.ts: drizzle /p/drizzle.config.ts | /p/supabase/migrations Drizzle postgresql | 0 migrations, 1 tables
              schema.ts `users` schema/missing-migration: table `users` is in no migration
                help: run `driftlens generate`
              20240101000000_users.sql `` history/unlisted-file: this folder has .sql files but no meta/_journal.json, so no migrator runs them
                help: Restore meta/ from version control, or move the files elsewhere: the next `drizzle-kit generate` starts from an empty database.
        "#]],
    );
}

#[test]
fn a_driftlens_toml_takes_over_a_drizzle_configuration_that_it_names() {
    let toml = "//- /p/driftlens.toml\ndrizzle = 'drizzle.config.ts'\nmigrations = 'supabase/migrations'\n";
    check(
        &with_users(&format!("{DRIZZLE}{toml}")),
        &["/p/driftlens.toml", "/p/drizzle.config.ts", "/p/supabase/config.toml"],
        expect![[r#"
            /p/driftlens.toml: drizzle /p/drizzle.config.ts | /p/supabase/migrations Supabase postgresql | 1 migrations, 1 tables
              schema.ts `name` schema/missing-migration: column `users.name` (varchar) is in no migration
                help: run `driftlens generate`
        "#]],
    );
}

#[test]
fn a_supabase_folder_is_compared_with_its_schema_files() {
    let fixture = "
//- /p/supabase/config.toml
[db.migrations]
schema_paths = [\"./schemas/*.sql\"]
//- /p/supabase/schemas/users.sql
CREATE TABLE users (id bigserial PRIMARY KEY, email varchar(255) NOT NULL, name text);
//- /p/supabase/migrations/20240101000000_users.sql
USERS
";
    check(
        &with_users(fixture),
        &["/p/supabase/config.toml"],
        expect![[r#"
            /p/supabase/config.toml: /p/supabase/schemas/users.sql | /p/supabase/migrations Supabase postgresql | 1 migrations, 1 tables
              users.sql `name` schema/missing-migration: column `users.name` (text) is in no migration
                help: run `driftlens generate`
        "#]],
    );
    let without = with_users(fixture).replace("//- /p/supabase/schemas/users.sql", "//- /p/other/users.sql");
    check(
        &without,
        &["/p/supabase/config.toml"],
        expect![[r#"
            /p/supabase/config.toml: no schema | /p/supabase/migrations Supabase postgresql | 1 migrations, 1 tables
        "#]],
    );
}

#[test]
fn a_diesel_toml_names_its_folder() {
    let fixture = "
//- /p/diesel.toml
[migrations_directory]
dir = \"db/steps\"
//- /p/db/steps/2024-01-01-000000_users/up.sql
USERS
//- /p/db/steps/2024-01-01-000000_users/down.sql
DROP TABLE users;
";
    check(
        &with_users(fixture),
        &["/p/diesel.toml"],
        expect![[r#"
            /p/diesel.toml: no schema | /p/db/steps Diesel postgresql | 1 migrations, 1 tables
        "#]],
    );
    check("\n//- /p/diesel.toml\n\n", &["/p/diesel.toml"], expect![[""]]);
}

#[test]
fn sqlc_names_a_history_or_a_schema() {
    let files = "
//- /p/db/migrations/000001_users.up.sql
USERS
//- /p/db/migrations/000001_users.down.sql
DROP TABLE users;
//- /p/db/schema.sql
CREATE TABLE users (id bigserial PRIMARY KEY, email varchar(255) NOT NULL, name text);
//- /p/sqlc.yaml
";
    let sqlc = |schema: &str| format!("{files}version: 2\nsql:\n  - engine: postgresql\n    schema: {schema}\n");
    let sources = ["/p/sqlc.yaml"];
    check(
        &with_users(&sqlc("db/migrations")),
        &sources,
        expect![[r#"
            /p/sqlc.yaml: no schema | /p/db/migrations GolangMigrate postgresql | 1 migrations, 1 tables
        "#]],
    );
    check(
        &with_users(&sqlc("db/schema.sql")),
        &sources,
        expect![[r#"
            /p/sqlc.yaml: /p/db/schema.sql | /p/db/migrations GolangMigrate postgresql | 1 migrations, 1 tables
              schema.sql `name` schema/missing-migration: column `users.name` (text) is in no migration
                help: run `driftlens generate`
        "#]],
    );
    check(&with_users(&sqlc("db/schema.sql").replace("postgresql", "mysql")), &sources, expect![[""]]);
    check(&with_users(&sqlc("db/none.sql")), &sources, expect![[""]]);
}

#[test]
fn an_edit_of_a_schema_file_or_a_configuration_is_seen() {
    let fixture = with_users(TWO);
    let mut files = MemoryFiles::new(&fixture);
    let source: FilePath = Arc::from(Path::new("/p/driftlens.toml"));
    let mut host = Host::new();
    let count = |analysis: &Analysis| analysis.projects.iter().map(|it| it.pending.len()).collect::<Vec<_>>();
    let first = host.analyze(std::slice::from_ref(&source), &files);
    let again = host.analyze(std::slice::from_ref(&source), &files);
    let desired = |analysis: &Analysis| analysis.projects[0].desired.clone().unwrap();
    assert!(Arc::ptr_eq(&desired(&first), &desired(&again)), "nothing changed, nothing is read again");
    files.set("/p/api/schema.sql", format!("{USERS}\nCREATE TABLE old (id bigint PRIMARY KEY);\n"));
    assert_eq!(count(&host.analyze(std::slice::from_ref(&source), &files)), [0, 0]);
    files.set("/p/driftlens.toml", "migrations = 'api/migrations'\n");
    assert_eq!(count(&host.analyze(&[source], &files)), [0]);
}
