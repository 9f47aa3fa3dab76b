//! `driftlens status`, `rollback` and `reset` on real databases.
#![cfg(unix)]

use crate::databases::{column, database, drizzle, run_sql, sqlite, write_drizzle};
use crate::project;
use crate::project::Project;

const SCHEMA: &str = "import { pgTable, integer, text } from 'drizzle-orm/pg-core';
export const users = pgTable('users', { id: integer('id').primaryKey(), email: text('email') });\n";
const FIRST: &str = "CREATE TABLE \"users\" (\"id\" integer PRIMARY KEY NOT NULL);";
const SECOND: &str = "ALTER TABLE \"users\" ADD COLUMN \"email\" text;";

/// `driftlens status --format json`, and its exit code with `--check`.
fn status(project: &Project, url: &str) -> (i32, serde_json::Value) {
    let (code, text) = project.run(&["status", "--url", url, "--check", "--format", "json"]);
    (code, serde_json::from_str(&text).unwrap_or_else(|_| panic!("{text}")))
}

#[test]
fn status_says_what_is_open_and_nothing_where_nothing_is() {
    let url = database("status");
    let project = drizzle("postgresql", &[FIRST, SECOND]);
    project.write("schema.ts", SCHEMA);
    let (code, found) = status(&project, &url);
    assert_eq!((code, &found["migrations"]["unapplied"][1]), (1, &"0001_m1".into()), "{found}");
    assert_eq!(project.run(&["migrate", "--url", &url]).0, 0);
    let (code, found) = status(&project, &url);
    assert_eq!((code, &found["open"], &found["drift"]), (0, &false.into(), &serde_json::json!([])), "{found}");
    let (code, text) = project.run(&["status", "--url", &url]);
    assert!(code == 0 && text.contains("2 of 2 applied (drizzle.__drizzle_migrations)"), "{text}");
    assert!(text.contains("drift:      none") && text.contains("every change is in a migration"), "{text}");
    // By hand.
    run_sql("status", "ALTER TABLE users ALTER email SET NOT NULL; CREATE TABLE extra (id integer)");
    let (code, text) = project.run(&["status", "--url", &url, "--check"]);
    assert!(code == 1 && text.contains("not what the applied migrations make"), "{text}");
    assert!(text.contains("\"email\" SET NOT NULL") && text.contains("CREATE TABLE \"extra\""), "{text}");
    run_sql("status", "ALTER TABLE users ALTER email DROP NOT NULL; DROP TABLE extra");
    // Pushed, and not generated.
    project.write("schema.ts", &SCHEMA.replace("email: text('email')", "email: text('email'), age: integer('age')"));
    assert_eq!(project.run(&["push", "--url", &url]).0, 0);
    let (code, found) = status(&project, &url);
    assert_eq!((code, &found["pushed"], found["pending"].as_array().unwrap().len()), (1, &true.into(), 1), "{found}");
    let (_, text) = project.run(&["status", "--url", &url]);
    assert!(text.contains("it was pushed") && text.contains("1 change in no migration"), "{text}");
    // A changed file: what is applied is not known for certain, so no drift is claimed.
    project.write("schema.ts", SCHEMA);
    project.write("drizzle/0000_m0.sql", &format!("{FIRST}\n-- more"));
    let (code, found) = status(&project, &url);
    assert_eq!((code, &found["migrations"]["modified"][0]), (1, &"0000_m0".into()), "{found}");
    assert_eq!(found["drift"], serde_json::Value::Null);
    // Nobody there, no such environment, no configuration.
    let refused = std::net::TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap();
    let (code, text) = project.run(&["status", "--url", &format!("postgres://me:hush@{refused}/app")]);
    assert!(code == 2 && text.contains("cannot be reached") && !text.contains("hush"), "{text}");
    let (code, text) = project.run(&["status", "--env", "nowhere"]);
    assert!(code == 2 && text.contains("there is no environment `nowhere`"), "{text}");
}

#[test]
fn rollback_takes_back_what_was_written_for_it_or_what_the_migration_did() {
    let url = database("rollback");
    let renames = "ALTER TABLE \"users\" RENAME COLUMN \"email\" TO \"mail\";\n--> statement-breakpoint\nCREATE INDEX \"by_mail\" ON \"users\" (\"mail\");";
    let project = drizzle("postgresql", &[FIRST, SECOND, renames]);
    let (code, text) = project.run(&["rollback", "--url", &url]);
    assert!(code == 0 && text.contains("nothing to take back"), "{text}");
    assert_eq!(project.run(&["migrate", "--url", &url]).0, 0);
    run_sql("rollback", "INSERT INTO users VALUES (1, 'a@b')");
    let (code, text) = project.run(&["rollback", "--url", &url, "--dry-run"]);
    assert!(
        code == 0 && text.contains("DROP INDEX \"by_mail\"") && text.contains("RENAME COLUMN \"mail\" TO \"email\""),
        "{text}"
    );
    assert_eq!(column("rollback", "SELECT mail FROM users"), "a@b");
    let (code, text) = project.run(&["rollback", "--url", &url]);
    assert!(code == 0 && text.contains("taken back 0002_m2"), "{text}");
    assert_eq!(column("rollback", "SELECT email FROM users"), "a@b");
    // What the migration made holds something now.
    let (code, text) = project.run(&["rollback", "--url", &url]);
    assert!(code == 1 && text.contains("column `users.email` (1 row)") && text.contains("--yes"), "{text}");
    assert_eq!(column("rollback", "SELECT email FROM users"), "a@b");
    let (code, text) = project.run(&["rollback", "--url", &url, "--yes"]);
    assert!(code == 0 && text.ends_with("took back 1 migration\n"), "{text}");
    assert_eq!(column("rollback", "SELECT count(*)::text FROM drizzle.__drizzle_migrations"), "1");
    let (code, text) = project.run(&["migrate", "--url", &url]);
    assert!(code == 0 && text.ends_with("applied 2 migrations\n"), "{text}");
    let (code, text) = project.run(&["rollback", "--url", &url, "--to", "0000_m0", "--yes"]);
    assert!(code == 0 && text.ends_with("took back 2 migrations\n"), "{text}");
    let (code, text) = project.run(&["rollback", "--url", &url, "--to", "0001_m1"]);
    assert!(code == 1 && text.contains("0001_m1 is not applied"), "{text}");
    // A function is kept with its text, a rule by its name only.
    let function = "CREATE FUNCTION f() RETURNS int LANGUAGE sql AS 'SELECT 1';";
    let rule = "CREATE OR REPLACE FUNCTION f() RETURNS int LANGUAGE sql AS 'SELECT 2';\n--> statement-breakpoint\nCREATE RULE r AS ON DELETE TO users DO INSTEAD NOTHING;";
    write_drizzle(&project, "postgresql", &[FIRST, function, rule]);
    assert_eq!(project.run(&["migrate", "--url", &url]).0, 0);
    let (code, text) = project.run(&["rollback", "--url", &url]);
    assert!(code == 1 && text.contains("only the names are known"), "{text}");
    assert_eq!(column("rollback", "SELECT f()::text"), "2");
    write_drizzle(&project, "postgresql", &[FIRST, function, rule.split("-->").next().unwrap()]);
    let (code, text) = project.run(&["rollback", "--url", &url]);
    assert!(code == 0 && text.contains("CREATE OR REPLACE FUNCTION"), "{text}");
    assert_eq!(column("rollback", "SELECT f()::text"), "1");
}

#[test]
fn production_is_rolled_back_only_by_its_name() {
    let url = database("rollback_production");
    let project = drizzle("postgresql", &[FIRST, SECOND]);
    project.write(
        "driftlens.toml",
        "drizzle = \"drizzle.config.ts\"\n[environments.live]\nurl = \"${LIVE}\"\nkind = \"production\"\n",
    );
    project.write(".env", &format!("LIVE={url}\n"));
    assert_eq!(project.run(&["migrate", "--env", "live"]).0, 0);
    for more in [&[][..], &["--yes"], &["--confirm", "other"], &["--yes", "--format", "json"]] {
        let (code, text) = project.run(&[&["rollback", "--env", "live"], more].concat());
        assert_eq!(code, 1, "{more:?}: {text}");
        assert_eq!(column("rollback_production", "SELECT count(*)::text FROM drizzle.__drizzle_migrations"), "2");
    }
    let (code, text) = project.run(&["rollback", "--env", "live", "--confirm", "live"]);
    assert!(code == 0 && text.ends_with("took back 1 migration\n"), "{text}");
}

#[test]
fn a_sqlite_file_is_told_about_and_rolled_back() {
    let first = "CREATE TABLE `users` (`id` integer PRIMARY KEY NOT NULL);";
    let second = "ALTER TABLE `users` ADD `email` text;";
    let project = drizzle("sqlite", &[first, second]);
    let url = "file:./app.db";
    let (code, found) = status(&project, url);
    assert!(code == 1 && !project.path("app.db").exists(), "{found}");
    assert_eq!(project.run(&["migrate", "--url", url]).0, 0);
    let (code, text) = project.run(&["rollback", "--url", url]);
    assert!(code == 0 && text.contains("taken back 0001_m1"), "{text}");
    assert_eq!(sqlite(&project, "SELECT group_concat(name) FROM pragma_table_info('users')"), "id");
    assert_eq!(status(&project, url).1["drift"], serde_json::json!([]));
    // A table is made anew on the way back, and the rows that refer to it stay.
    let third = "CREATE TABLE `__new_users` (`id` integer PRIMARY KEY NOT NULL, `email` text NOT NULL DEFAULT 'x');\n--> statement-breakpoint\n\
        INSERT INTO `__new_users` (`id`) SELECT `id` FROM `users`;\n--> statement-breakpoint\nDROP TABLE `users`;\n\
        --> statement-breakpoint\nALTER TABLE `__new_users` RENAME TO `users`;";
    let posts = "CREATE TABLE `posts` (`user` integer NOT NULL REFERENCES `users`(`id`) ON DELETE CASCADE);";
    write_drizzle(&project, "sqlite", &[first, posts, third]);
    assert_eq!(project.run(&["migrate", "--url", url]).0, 0);
    sqlite(&project, "INSERT INTO users VALUES (1, 'a@b')");
    sqlite(&project, "INSERT INTO posts VALUES (1)");
    let (code, text) = project.run(&["rollback", "--url", url]);
    assert!(code == 1 && text.contains("column `users.email` (1 row)"), "{text}");
    let (code, text) = project.run(&["rollback", "--url", url, "--yes"]);
    assert_eq!(code, 0, "{text}");
    assert_eq!(sqlite(&project, "SELECT (SELECT count(*) FROM users) || ' ' || (SELECT count(*) FROM posts)"), "1 1");
    assert_eq!(status(&project, url).1["drift"], serde_json::json!([]));
}

#[test]
fn reset_sets_a_development_database_up_anew() {
    let url = database("reset");
    let project = drizzle("postgresql", &[FIRST, SECOND]);
    project.write("schema.ts", SCHEMA);
    run_sql(
        "reset",
        "CREATE EXTENSION citext; CREATE TABLE old (c citext); INSERT INTO old VALUES ('x'); GRANT USAGE ON SCHEMA public TO pg_monitor",
    );
    // Without a word nothing is done.
    let (code, text) = project.run(&["reset", "--url", &url]);
    assert!(code == 1 && text.contains("table `old` (1 row)") && text.contains("--confirm"), "{text}");
    assert_eq!(column("reset", "SELECT c::text FROM old"), "x");
    let (code, text) = project.run(&["reset", "--url", &url, "--confirm"]);
    assert!(code == 0 && text.contains("2 migrations marked as applied"), "{text}");
    let names = "SELECT relname::text FROM pg_class WHERE relkind = 'r' AND relnamespace = 'public'::regnamespace";
    assert_eq!(column("reset", names), "users");
    assert_eq!(column("reset", "SELECT extname::text FROM pg_extension WHERE extname = 'citext'"), "citext");
    assert_eq!(column("reset", "SELECT has_schema_privilege('pg_monitor', 'public', 'USAGE')::text"), "true");
    assert_eq!(
        column("reset", "SELECT nspowner::regrole::text FROM pg_namespace WHERE nspname = 'public'"),
        "pg_database_owner"
    );
    for (command, said) in
        [("push", "nothing to push"), ("migrate", "nothing to apply"), ("status", "drift:      none")]
    {
        let (code, text) = project.run(&[command, "--url", &url]);
        assert!(code == 0 && text.contains(said), "{text}");
    }
    // The folder instead, by a word or because it makes what the schema files do not name.
    let (code, text) = project.run(&["reset", "--url", &url, "--confirm", "--via-migrations"]);
    assert!(code == 0 && text.contains("emptied, applied 2 migrations"), "{text}");
    let function = "CREATE FUNCTION f() RETURNS int LANGUAGE sql AS 'SELECT 1';";
    write_drizzle(&project, "postgresql", &[FIRST, SECOND, function]);
    let (code, text) = project.run(&["reset", "--url", &url, "--confirm"]);
    assert_eq!(code, 0, "{text}");
    assert_eq!(column("reset", "SELECT f()::text"), "1", "{text}");
    // What fails leaves all as it was.
    project.write(
        "schema.ts",
        &SCHEMA
            .replace("email: text('email')", "email: text('email').default(sql`nothing()`)")
            .replace("from 'drizzle-orm/pg-core';", "from 'drizzle-orm/pg-core';\nimport { sql } from 'drizzle-orm';"),
    );
    write_drizzle(&project, "postgresql", &[FIRST, SECOND]);
    run_sql("reset", "INSERT INTO users VALUES (7)");
    let (code, text) = project.run(&["reset", "--url", &url, "--confirm"]);
    assert!(code == 1 && text.contains("nothing was changed") && text.contains("nothing()"), "{text}");
    assert_eq!(column("reset", "SELECT id::text FROM users"), "7");
}

#[test]
fn reset_is_refused_where_others_work_and_runs_the_seed_where_it_is_done() {
    let url = database("reset_places");
    let project = drizzle("postgresql", &[FIRST, SECOND]);
    project.write("schema.ts", SCHEMA);
    project.write(
        "driftlens.toml",
        "drizzle = \"drizzle.config.ts\"\n[environments.dev]\nurl = \"${AT}\"\nkind = \"development\"\nseed = \"echo $DATABASE_URL > seeded; exit ${SEED_CODE:-0}\"\n\
         [environments.team]\nurl = \"${AT}\"\nkind = \"shared\"\n[environments.live]\nurl = \"${AT}\"\nkind = \"production\"\n",
    );
    project.write(".env", &format!("AT={url}\n"));
    assert_eq!(project.run(&["migrate", "--env", "dev"]).0, 0);
    run_sql("reset_places", "INSERT INTO users VALUES (1)");
    for (environment, kind) in [("team", "shared"), ("live", "production")] {
        for more in [&[][..], &["--confirm"], &["--confirm", "--via-migrations"]] {
            let (code, text) = project.run(&[&["reset", "--env", environment], more].concat());
            assert!(code == 1 && text.contains(&format!("is a {kind} database: reset is for development")), "{text}");
            assert_eq!(column("reset_places", "SELECT count(*)::text FROM users"), "1");
        }
    }
    let (code, text) = project.run(&["reset", "--env", "dev", "--confirm"]);
    assert!(code == 0 && text.contains("seed: echo"), "{text}");
    assert!(std::fs::read_to_string(project.path("seeded")).unwrap().starts_with("postgres://"));
    std::fs::remove_file(project.path("seeded")).unwrap();
    assert_eq!(project.run(&["reset", "--env", "dev", "--confirm", "--no-seed"]).0, 0);
    assert!(!project.path("seeded").exists());
    let mut failing = project.command(&["reset", "--env", "dev", "--confirm"]);
    let (code, text) = project::said(failing.env("SEED_CODE", "3").output().unwrap());
    assert!(code == 1 && text.contains("the seed command ended with"), "{text}");
}

#[test]
fn a_sqlite_file_is_reset() {
    let project = drizzle("sqlite", &["CREATE TABLE `users` (`id` integer PRIMARY KEY NOT NULL);"]);
    project.write(
        "schema.ts",
        "import { sqliteTable, integer } from 'drizzle-orm/sqlite-core';\nexport const users = sqliteTable('users', { id: integer('id').primaryKey() });\n",
    );
    let url = "file:./app.db";
    let (code, text) = project.run(&["reset", "--url", url, "--confirm"]);
    assert!(code == 0 && text.contains("1 migration marked as applied"), "{text}");
    project.write("add.sql", "");
    assert_eq!(sqlite(&project, "INSERT INTO users VALUES (1) RETURNING 'x'"), "x");
    sqlite(&project, "CREATE TABLE more (id INTEGER PRIMARY KEY AUTOINCREMENT)");
    sqlite(&project, "CREATE VIEW seen AS SELECT * FROM more");
    let (code, text) = project.run(&["reset", "--url", url, "--confirm"]);
    assert_eq!(code, 0, "{text}");
    let names = "SELECT group_concat(name) FROM (SELECT name FROM sqlite_schema WHERE type IN ('table', 'view') AND name <> 'sqlite_sequence' ORDER BY name)";
    assert_eq!(sqlite(&project, names), "__drizzle_migrations,users");
    assert_eq!(sqlite(&project, "SELECT count(*) || '' FROM users"), "0");
}
