//! `driftlens push` on real databases.
#![cfg(unix)]

use crate::databases::block_on;
use crate::project::{Project, said};
use database::{Access, connect};
use std::path::Path;
use std::process::Stdio;
use std::sync::OnceLock;
use std::time::Duration;
use tests::plan_specs;
use tests::postgres::{Server, of_the_machine};

const PG: &str = "import { pgTable, integer, text, serial, check, index, varchar } from 'drizzle-orm/pg-core';\nimport { sql } from 'drizzle-orm';\n";
const USERS: &str = "export const users = pgTable('users', { id: serial('id').primaryKey(), name: text('name').notNull().default('x') }, (t) => [check('long', sql`length(${t.name}) > 0`), index('by_name').on(sql`lower(${t.name})`)]);\n";

/// Apart from that of the other tests: the specs make roles, which belong to the whole server.
fn server() -> &'static Server {
    static SERVER: OnceLock<Server> = OnceLock::new();
    SERVER.get_or_init(|| Server::start(&of_the_machine()))
}

/// An empty database of that name.
fn database(name: &str) {
    block_on(server().create_database(name));
}

fn sql(name: &str, text: &str) {
    block_on(async {
        let mut connection = connect(&server().address(name), Access::Write).await.unwrap();
        connection.execute(text).await.unwrap();
        connection.close().await;
    });
}

fn value(name: &str, question: &str) -> Option<String> {
    block_on(async {
        let mut connection = connect(&server().address(name), Access::Write).await.unwrap();
        let value = connection.value(question).await.unwrap();
        connection.close().await;
        value
    })
}

fn tables(name: &str) -> String {
    value(name, "SELECT coalesce(string_agg(relname, ' ' ORDER BY relname), '') FROM pg_class WHERE relkind = 'r' AND relnamespace = 'public'::regnamespace").unwrap()
}

/// `driftlens push` on that database.
fn push(project: &Project, name: &str, more: &[&str]) -> (i32, String) {
    let url = server().url(name);
    let mut arguments = vec!["push", "--url", &url];
    arguments.extend(more);
    project.run(&arguments)
}

#[test]
fn push_makes_what_the_schema_says_and_a_second_push_finds_nothing() {
    database("push_twice");
    let project = Project::new("postgresql", &format!("{PG}{USERS}"));
    let (code, text) = push(&project, "push_twice", &["--dry-run"]);
    assert!(code == 0 && text.contains("CREATE TABLE \"users\"") && text.contains("as --dry-run asks"), "{text}");
    assert_eq!(tables("push_twice"), "");
    let (code, text) = push(&project, "push_twice", &[]);
    assert!(code == 0 && text.contains("pushed "), "{text}");
    assert_eq!(tables("push_twice"), "users");
    let (code, text) = push(&project, "push_twice", &[]);
    assert!(code == 0 && text.contains("nothing to push"), "{text}");
    let (code, text) = push(&project, "push_twice", &["--format", "json"]);
    assert!(code == 0 && text.contains("\"result\": \"nothing\""), "{text}");
}

#[test]
fn status_does_not_send_to_migrate_where_all_is_there_already() {
    database("pushed_status");
    let project = Project::new("postgresql", &format!("{PG}{USERS}"));
    assert_eq!(project.run(&["generate"]).0, 0);
    assert_eq!(push(&project, "pushed_status", &[]).0, 0);
    project.write(
        "driftlens.toml",
        "drizzle = \"drizzle.config.ts\"\n[environments.dev]\nurl = \"${APP_URL}\"\nkind = \"development\"\n[environments.live]\nurl = \"${APP_URL}\"\nkind = \"production\"\n",
    );
    project.write(".env", &format!("APP_URL={}\n", server().url("pushed_status")));
    for (environment, recommends) in [("dev", true), ("live", false)] {
        let (code, text) = project.run(&["status", "--env", environment]);
        assert!(code == 0 && text.contains("not noted as applied, though the database is what"), "{text}");
        assert_eq!(text.contains("`driftlens reset --confirm`"), recommends, "{text}");
        assert!(!text.contains("`driftlens migrate`"), "{text}");
    }
}

#[test]
fn what_only_the_migrations_make_is_named_where_a_push_fails_without_it() {
    database("lacks_function");
    let schema = "import { pgTable, text } from 'drizzle-orm/pg-core';\nimport { sql } from 'drizzle-orm';\n\
        export const users = pgTable('users', { id: text('id').default(sql`made_id()`) });\n";
    let project = Project::new("postgresql", schema);
    let (code, text) = project.run(&["generate", "--custom", "--name", "functions"]);
    assert_eq!(code, 0, "{text}");
    let file = project.names("drizzle").into_iter().find(|name| name.ends_with(".sql")).unwrap();
    project
        .write(&format!("drizzle/{file}"), "CREATE FUNCTION made_id() RETURNS text LANGUAGE sql AS $$ SELECT 'x' $$;");
    let (code, text) = push(&project, "lacks_function", &[]);
    assert!(code == 1 && text.contains("made_id() does not exist"), "{text}");
    assert!(
        text.contains("the migrations make what the schema files do not name (")
            && text.contains("`driftlens migrate`"),
        "{text}"
    );
    sql("lacks_function", "CREATE FUNCTION made_id() RETURNS text LANGUAGE sql AS $$ SELECT 'x' $$");
    let (code, text) = push(&project, "lacks_function", &[]);
    assert!(code == 0 && !text.contains("the migrations make"), "{text}");
}

#[test]
fn a_function_in_statements_that_reads_something_else_is_found() {
    database("push_statements");
    let project = Project::new("postgresql", "export {};\n");
    let toml = "dialect = \"postgresql\"\nschema = \"schema.sql\"\nmigrations = \"steps\"\nformat = \"plain\"\n";
    std::fs::remove_file(project.path("drizzle.config.ts")).unwrap();
    project.write("driftlens.toml", toml);
    let write = |table: &str| {
        let counted = format!("CREATE FUNCTION n() RETURNS bigint BEGIN ATOMIC SELECT count(*) FROM {table}; END;\n");
        project.write("schema.sql", &format!("CREATE TABLE t (id integer);\nCREATE TABLE u (id integer);\n{counted}"));
    };
    write("t");
    assert_eq!(push(&project, "push_statements", &[]).0, 0);
    // The server prints it in its own words, which mean the same.
    let (code, text) = push(&project, "push_statements", &[]);
    assert!(code == 0 && text.contains("nothing to push"), "{text}");
    write("u");
    let (code, text) = push(&project, "push_statements", &[]);
    assert!(code == 0 && text.contains("CREATE OR REPLACE FUNCTION \"n\"()"), "{text}");
    assert!(value("push_statements", "SELECT pg_get_functiondef('n()'::regprocedure)").unwrap().contains("FROM u"));
    let (code, text) = push(&project, "push_statements", &[]);
    assert!(code == 0 && text.contains("nothing to push"), "{text}");
}

#[test]
fn what_is_lost_takes_a_yes_and_silence_is_none() {
    database("push_losses");
    sql(
        "push_losses",
        "CREATE TABLE users (id serial PRIMARY KEY, name text NOT NULL DEFAULT 'x', mail text); CREATE TABLE old (id integer); CREATE SCHEMA drizzle; CREATE TABLE drizzle.__drizzle_migrations (id serial PRIMARY KEY); \
         INSERT INTO users (mail) VALUES ('a'), (NULL), ('b'); INSERT INTO old SELECT generate_series(1, 7)",
    );
    let project = Project::new("postgresql", &format!("{PG}{USERS}"));
    let (code, text) = push(&project, "push_losses", &[]);
    assert_eq!(code, 1, "{text}");
    assert!(text.contains("public.users.mail are gone. (2 rows)") && text.contains("(7 rows)"), "{text}");
    assert!(text.contains("nothing was changed; --yes says"), "{text}");
    assert_eq!(tables("push_losses"), "old users");
    let url = server().url("push_losses");
    let mut closed = project.command(&["push", "--url", &url]);
    closed.stdin(Stdio::piped());
    let mut child = closed.stdout(Stdio::piped()).stderr(Stdio::piped()).spawn().unwrap();
    drop(child.stdin.take());
    let (code, text) = said(child.wait_with_output().unwrap());
    assert!(code == 1 && text.contains("nothing was changed"), "{text}");
    let (code, text) = push(&project, "push_losses", &["--yes"]);
    assert_eq!(code, 0, "{text}");
    assert_eq!(tables("push_losses"), "users");
    assert_eq!(value("push_losses", "SELECT count(*)::text FROM users").as_deref(), Some("3"));
    let ledger = "SELECT to_regclass('drizzle.__drizzle_migrations')::text";
    assert!(value("push_losses", ledger).is_some(), "the ledger is nobody's to drop");
}

#[test]
fn renames_are_asked_about_as_generate_does() {
    database("push_renames");
    sql("push_renames", "CREATE TABLE people (id integer, mail text); INSERT INTO people VALUES (1, 'a')");
    let schema = "export const people = pgTable('people', { id: integer('id'), email: text('email') });\n";
    let project = Project::new("postgresql", &format!("{PG}{schema}"));
    let (code, text) = push(&project, "push_renames", &[]);
    assert!(code == 3 && text.contains("--rename public.people.mail=email"), "{text}");
    let answers = "-- driftlens: rename public.people.mail=email\n";
    project.write("driftlens.answers.sql", answers);
    let (code, text) = push(&project, "push_renames", &[]);
    assert_eq!(code, 0, "{text}");
    assert_eq!(value("push_renames", "SELECT email FROM people").as_deref(), Some("a"));
    let kept = std::fs::read_to_string(project.path("driftlens.answers.sql")).unwrap();
    assert_eq!(kept, answers, "the migration has yet to be made with it");
}

#[test]
fn other_places_than_development_are_refused() {
    let project = Project::new("postgresql", &format!("{PG}{USERS}"));
    let (code, text) = project.run(&["push", "--url", "postgres://me:hush@db.example.org/app", "--yes"]);
    assert!(code == 1 && text.contains("shared database") && text.contains("driftlens generate"), "{text}");
    assert!(!text.contains("hush"), "{text}");
    let toml = "[environments.production]\nurl = \"postgres://me:hush@localhost:1/app\"\nkind = \"production\"\n";
    project.write("driftlens.toml", &format!("drizzle = \"drizzle.config.ts\"\n{toml}"));
    let named = ["push", "--config", "driftlens.toml", "--env", "production", "--yes"];
    let (code, text) = project.run(&named);
    assert!(code == 1 && text.contains("production database") && !text.contains("hush"), "{text}");
}

#[test]
fn what_cannot_be_done_is_said_and_changes_nothing() {
    let project = Project::new("postgresql", &format!("{PG}{USERS}"));
    let (code, text) = project.run(&["push", "--url", "postgres://me:hush@127.0.0.1:1/app"]);
    assert!(code == 2 && text.contains("cannot be reached") && !text.contains("hush"), "{text}");
    database("push_fails");
    let (code, text) = push(&project, "push_fails", &["--safe"]);
    assert!(code == 2 && text.contains("no terminal"), "{text}");
    let unknown = "export const t = pgTable(process.argv[2], { id: integer('id') });\n";
    project.write("schema.ts", &format!("{PG}{USERS}{unknown}"));
    let (code, text) = push(&project, "push_fails", &["--yes"]);
    assert!(code == 1 && text.contains("schema/not-static"), "{text}");
    assert_eq!(tables("push_fails"), "");
    // A statement that the rows do not allow takes the others back.
    sql("push_fails", "CREATE TABLE users (id serial PRIMARY KEY, name text); INSERT INTO users (name) VALUES (NULL)");
    let more = "export const more = pgTable('more', { id: integer('id') });\n";
    project.write("schema.ts", &format!("{PG}{USERS}{more}"));
    let (code, text) = push(&project, "push_fails", &[]);
    assert!(code == 1 && text.contains("contains null values") && text.contains("was taken back"), "{text}");
    assert_eq!(tables("push_fails"), "users");
}

#[test]
fn a_lock_that_is_not_had_is_said() {
    database("push_locked");
    sql("push_locked", "CREATE TABLE users (id serial PRIMARY KEY)");
    let project = Project::new("postgresql", &format!("{PG}{USERS}"));
    let runtime = tokio::runtime::Builder::new_multi_thread().worker_threads(1).enable_all().build().unwrap();
    let mut holder = runtime.block_on(connect(&server().address("push_locked"), Access::Write)).unwrap();
    runtime.block_on(holder.execute("BEGIN; LOCK TABLE users IN SHARE MODE")).unwrap();
    let (code, text) = push(&project, "push_locked", &[]);
    assert!(code == 1 && text.contains("attempt 4 of 4") && text.contains("lock timeout"), "{text}");
    runtime.block_on(holder.execute("ROLLBACK; BEGIN; LOCK TABLE users")).unwrap();
    let (code, text) = push(&project, "push_locked", &[]);
    assert!(code == 1 && text.contains("nothing was changed") && text.contains("lock"), "{text}");
    runtime.block_on(holder.execute("ROLLBACK")).unwrap();
    let (code, text) = push(&project, "push_locked", &[]);
    assert_eq!(code, 0, "{text}");
}

#[test]
fn a_database_that_changes_meanwhile_is_left_alone() {
    database("push_changed");
    let project = Project::new("postgresql", &format!("{PG}{USERS}"));
    let runtime = tokio::runtime::Builder::new_multi_thread().worker_threads(1).enable_all().build().unwrap();
    let mut holder = runtime.block_on(connect(&server().address("push_changed"), Access::Write)).unwrap();
    assert!(runtime.block_on(holder.lock(Duration::ZERO, &mut || {})).unwrap());
    let url = server().url("push_changed");
    let mut command = project.command(&["push", "--url", &url]);
    let child = command.stdout(Stdio::piped()).stderr(Stdio::piped()).spawn().unwrap();
    let waits = "SELECT count(*)::text FROM pg_stat_activity WHERE datname = 'push_changed' AND query LIKE '%pg_try_advisory_lock%' AND application_name = 'driftlens' AND pid <> pg_backend_pid() AND state = 'idle'";
    for _ in 0..200 {
        if runtime.block_on(holder.value(waits)).unwrap().as_deref() != Some("0") {
            break;
        }
        std::thread::sleep(Duration::from_millis(50));
    }
    runtime.block_on(holder.execute("CREATE TABLE users (id serial PRIMARY KEY)")).unwrap();
    runtime.block_on(holder.close());
    let (code, text) = said(child.wait_with_output().unwrap());
    assert!(code == 1 && text.contains("waiting for it") && text.contains("is not what it was"), "{text}");
    let columns = "SELECT count(*)::text FROM pg_attribute WHERE attrelid = 'users'::regclass AND attnum > 0";
    assert_eq!(value("push_changed", columns).as_deref(), Some("1"));
}

#[test]
fn a_push_on_sqlite_keeps_rows_and_references() {
    let imports = "import { sqliteTable, integer, text } from 'drizzle-orm/sqlite-core';\n";
    let first = "export const a = sqliteTable('a', { id: integer('id').primaryKey(), n: text('n') });\nexport const b = sqliteTable('b', { id: integer('id').primaryKey(), a: integer('a').references(() => a.id, { onDelete: 'cascade' }) });\n";
    let project = Project::new("sqlite", &format!("{imports}{first}"));
    let url = format!("file:{}", project.path("app.db").display());
    let (code, text) = project.run(&["push", "--url", &url, "--dry-run"]);
    assert!(code == 0 && !project.path("app.db").exists(), "{text}");
    let (code, text) = project.run(&["push", "--url", &url]);
    assert_eq!(code, 0, "{text}");
    let address = database::Address::parse(&url, schema::Dialect::Sqlite, Path::new("/")).unwrap();
    let run = |text: &str| block_on(async { connect(&address, Access::Write).await.unwrap().value(text).await });
    run("INSERT INTO a VALUES (1, 'one'), (2, 'two')").unwrap();
    run("INSERT INTO b VALUES (1, 1), (2, 2)").unwrap();
    // Made anew: without care the rows of b would go with the old table.
    project.write("schema.ts", &format!("{imports}{}", first.replace("text('n')", "text('n').notNull()")));
    let (code, text) = project.run(&["push", "--url", &url]);
    assert_eq!(code, 0, "{text}");
    assert_eq!(run("SELECT CAST(count(*) AS text) FROM b").unwrap().as_deref(), Some("2"));
    let (code, text) = project.run(&["push", "--url", &url]);
    assert!(code == 0 && text.contains("nothing to push"), "{text}");
    // Rows that do not fit: all is as it was.
    run("INSERT INTO a VALUES (3, 'x')").unwrap();
    let checked = first.replace(
        "id: integer('id').primaryKey(), n: text('n')",
        "id: integer('id').primaryKey(), n: text('n').unique()",
    );
    run("INSERT INTO a VALUES (4, 'x')").unwrap();
    project.write("schema.ts", &format!("{imports}{checked}"));
    let (code, text) = project.run(&["push", "--url", &url]);
    assert!(code == 1 && text.contains("UNIQUE") && text.contains("was taken back"), "{text}");
    assert_eq!(run("SELECT CAST(count(*) AS text) FROM a").unwrap().as_deref(), Some("4"));
}

/// Every spec's both sides, as a project of SQL files: pushed to an empty database, nothing is left; pushed from one to the other, neither.
#[test]
fn a_second_push_of_every_spec_finds_nothing() {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../../tests/specs/plan/postgres");
    let project = Project::new("postgresql", "");
    std::fs::create_dir(project.path("steps")).unwrap();
    std::fs::remove_file(project.path("drizzle.config.ts")).unwrap();
    project.write(
        "driftlens.toml",
        "dialect = \"postgresql\"\nschema = \"schema.sql\"\nmigrations = \"steps\"\nformat = \"plain\"\n",
    );
    let (mut n_pushed, mut n_impossible, mut failed) = (0, 0, Vec::new());
    for case in plan_specs::read_folder(&folder) {
        if case.fence("text obstacles").is_some() {
            continue;
        }
        block_on(server().create_database("push_specs"));
        for side in ["sql before", "sql after"] {
            project.write("schema.sql", case.fence(side).unwrap_or_default());
            let (code, text) = push(&project, "push_specs", &["--yes", "--no-renames"]);
            if code != 0 {
                n_impossible += 1;
                println!("{}, {side}: {text}", case.full_name());
                break;
            }
            n_pushed += 1;
            let (code, text) = push(&project, "push_specs", &["--yes", "--no-renames"]);
            if code != 0 || !text.contains("nothing to push") {
                failed.push(format!("{}, {side}: {text}", case.full_name()));
            }
        }
    }
    println!(
        "{n_pushed} pushes of specs, {} of them find something again; {n_impossible} cannot be done",
        failed.len()
    );
    assert!(failed.is_empty(), "{}", failed.join("\n\n"));
    assert!(n_pushed > 200, "only {n_pushed} pushes");
}
