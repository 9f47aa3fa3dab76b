//! `driftlens migrate` on real databases, and the migrators of other tools before and after it.
#![cfg(unix)]

use crate::databases::{block_on, column, database, drizzle, run_sql, server, sqlite, write_drizzle};
use crate::project::{Project, said};
use sqlx::Connection as _;
use std::fmt::Write as _;
use std::path::Path;
use std::process::{Child, Command, Stdio};
use std::time::Duration;

/// Drizzle's own migrator on the folder.
fn drizzle_orm(project: &Project, database: &str) -> (i32, String) {
    let script = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../../tests/oracle/migrate.mjs");
    let mut node = Command::new("node");
    node.arg(script).arg(server().socket()).arg(database).arg(project.path("drizzle")).arg("SELECT 1");
    said(node.output().unwrap())
}

#[test]
fn the_folder_is_applied_once_and_drizzle_goes_on_where_we_stopped() {
    let url = database("migrate_drizzle");
    let all = [
        "CREATE TABLE \"a\" (\"id\" integer PRIMARY KEY);\n--> statement-breakpoint\nCREATE INDEX \"ai\" ON \"a\" (\"id\");",
        "ALTER TABLE \"a\" ADD COLUMN \"b\" text;",
        "ALTER TABLE \"a\" ADD COLUMN \"c\" text;",
        "ALTER TABLE \"a\" ADD COLUMN \"d\" text;",
    ];
    let project = drizzle("postgresql", all.get(..2).unwrap());
    let (code, text) = project.run(&["migrate", "--url", &url, "--dry-run"]);
    assert!(code == 0 && text.contains("drizzle/0000_m0.sql\n") && text.contains("2 migrations to run"), "{text}");
    assert_eq!(column("migrate_drizzle", "SELECT count(*)::text FROM pg_namespace WHERE nspname = 'drizzle'"), "0");
    let (code, text) = project.run(&["migrate", "--url", &url]);
    assert!(code == 0 && text.contains("applied 0000_m0 (") && text.ends_with("applied 2 migrations\n"), "{text}");
    let (code, text) = project.run(&["migrate", "--url", &url]);
    assert!(code == 0 && text.contains("nothing to apply, all 2 migrations are"), "{text}");
    // Theirs after ours.
    assert_eq!(drizzle_orm(&project, "migrate_drizzle").0, 0);
    write_drizzle(&project, "postgresql", all.get(..3).unwrap());
    let (code, text) = drizzle_orm(&project, "migrate_drizzle");
    assert_eq!(code, 0, "{text}");
    // Ours after theirs.
    write_drizzle(&project, "postgresql", &all);
    let (code, text) = project.run(&["migrate", "--url", &url, "--format", "json"]);
    assert!(code == 0 && text.contains("\"done\": 1"), "{text}");
    let columns = "SELECT attname::text FROM pg_attribute WHERE attrelid = 'a'::regclass AND attnum > 0 ORDER BY 1";
    assert_eq!(column("migrate_drizzle", columns), "b,c,d,id");
    assert_eq!(column("migrate_drizzle", "SELECT count(*)::text FROM drizzle.__drizzle_migrations"), "4");
    assert_eq!(drizzle_orm(&project, "migrate_drizzle").0, 0);
}

#[test]
fn drizzle_1_goes_on_where_we_stopped_also_with_the_ledger_of_an_older_one() {
    let name = "migrate_drizzle_1";
    let url = database(name);
    let project = Project::new("postgresql", "export {};\n");
    let write = |tag: &str, sql: &str| {
        std::fs::create_dir_all(project.path("drizzle").join(tag)).unwrap();
        project.write(&format!("drizzle/{tag}/migration.sql"), sql);
    };
    let orm = || {
        let script = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../../tests/kit-1/migrate.mjs");
        let mut node = Command::new("node");
        node.arg(script).arg("postgres").arg(server().socket()).args([name]).arg(project.path("drizzle"));
        let (code, text) = said(node.arg("SELECT 1").output().unwrap());
        assert_eq!(code, 0, "{text}");
    };
    let first = ["CREATE TABLE a (id int);", "CREATE TABLE b (id int);"];
    write("20240101000000_a", first[0]);
    write("20240101000001_b", first[1]);
    // As 0.x left it: no names.
    let hash = |sql: &str| history::Format::Drizzle.checksum(sql).unwrap();
    run_sql(
        name,
        &format!(
            "{} {} CREATE SCHEMA drizzle; CREATE TABLE drizzle.__drizzle_migrations (id SERIAL PRIMARY KEY, hash text NOT NULL, created_at bigint); \
             INSERT INTO drizzle.__drizzle_migrations (hash, created_at) VALUES ('{}', 1704067200123), ('{}', 1704067201000), ('gone', 5)",
            first[0],
            first[1],
            hash(first[0]),
            hash(first[1])
        ),
    );
    write("20240101000002_c", "CREATE TABLE c (id int);");
    let (code, text) = project.run(&["migrate", "--url", &url]);
    assert!(code == 1 && text.contains("cannot be brought to 1.0"), "{text}");
    run_sql(name, "DELETE FROM drizzle.__drizzle_migrations WHERE hash = 'gone'");
    let (code, text) = project.run(&["migrate", "--url", &url]);
    assert!(code == 0 && text.ends_with("applied 1 migration\n"), "{text}");
    orm();
    let names = "SELECT coalesce(name, '-') FROM drizzle.__drizzle_migrations ORDER BY id";
    assert_eq!(column(name, names), "20240101000000_a,20240101000001_b,20240101000002_c");
    write("20240101000003_d", "CREATE TABLE d (id int);");
    orm();
    write("20240101000004_e", "CREATE TABLE e (id int);");
    let (code, text) = project.run(&["migrate", "--url", &url]);
    assert!(
        code == 0 && text.contains("applied 20240101000004_e") && text.ends_with("applied 1 migration\n"),
        "{text}"
    );
    orm();
    let (code, text) = project.run(&["rollback", "--url", &url]);
    assert!(code == 0 && text.contains("taken back 20240101000004_e"), "{text}");
    orm();
    assert_eq!(column(name, "SELECT to_regclass('e')::text"), "e", "it was run anew");
}

#[test]
fn a_migration_that_fails_is_taken_back_and_told_with_its_place() {
    let url = database("migrate_fails");
    let bad = "CREATE TABLE b (id int);\n--> statement-breakpoint\nSELECT 1;\nALTER TABLE nothing ADD COLUMN x int;";
    let project = drizzle("postgresql", &["CREATE TABLE a (id int);", bad]);
    let (code, text) = project.run(&["migrate", "--url", &url]);
    assert_eq!(code, 1, "{text}");
    for part in [
        "applied 0000_m0",
        "drizzle/0001_m1.sql:4:1: relation \"nothing\" does not exist",
        "  ALTER TABLE nothing ADD COLUMN x int",
        "1 migration is applied; nothing of 0001_m1 is there. Mend it, and `driftlens migrate` goes on from there",
    ] {
        assert!(text.contains(part), "{part}: {text}");
    }
    assert_eq!(column("migrate_fails", "SELECT coalesce(to_regclass('b')::text, '-')"), "-");
    let (code, text) = project.run(&["migrate", "--url", &url, "--format", "json"]);
    let value: serde_json::Value = serde_json::from_str(&text).unwrap();
    assert_eq!((code, &value["result"], &value["line"]), (1, &"failed".into(), &4.into()), "{text}");
    // All or nothing.
    let url = database("migrate_single");
    let (code, text) = project.run(&["migrate", "--url", &url, "--single-transaction"]);
    assert!(code == 1 && text.contains("no migration was applied"), "{text}");
    assert_eq!(column("migrate_single", "SELECT coalesce(to_regclass('a')::text, '-')"), "-");
    write_drizzle(&project, "postgresql", &["CREATE TABLE a (id int);", "CREATE TABLE b (id int);"]);
    let (code, text) = project.run(&["migrate", "--url", &url, "--single-transaction"]);
    assert!(code == 0 && text.ends_with("applied 2 migrations\n"), "{text}");
}

/// However much of a file is sent at once, and whether the server says where in it or only that.
#[test]
fn the_statement_that_fails_is_found() {
    const MARK: &str = "--> statement-breakpoint";
    let first = "CREATE TABLE a (id int PRIMARY KEY, b int UNIQUE DEFERRABLE INITIALLY DEFERRED);";
    for (position, (bad, place)) in [
        (format!("SELECT 'é';\n{MARK}\nSELECT 2;\n{MARK}\nINSERT INTO a VALUES (1), (1);"), "5:1: duplicate key"),
        (format!("SELECT 'é';\n{MARK}\nSELECT 2;\n{MARK}\nSELECT nothing FROM a;"), "5:8: column \"nothing\""),
        (format!("SELECT 'é';\n{MARK}\nSELECT 2 3;\n{MARK}\nSELECT 4;"), "3:10: syntax error"),
        (format!("SELECT 1\n{MARK}\nSELECT 2\n{MARK}\nINSERT INTO a VALUES (1), (1)"), "5:1: duplicate key"),
        (format!("SELECT 1;\n{MARK}\nSELECT 'a;\n{MARK}\nSELECT 'b';"), "3:8: unterminated quoted string"),
        (format!("SELECT 1;\n{MARK}\nINSERT INTO a VALUES (1, 1), (2, 1);"), "1:1: duplicate key"),
    ]
    .into_iter()
    .enumerate()
    {
        let name = format!("migrate_place_{position}");
        let url = database(&name);
        let project = drizzle("postgresql", &[first, &bad]);
        let (code, text) = project.run(&["migrate", "--url", &url]);
        assert!(code == 1 && text.contains(&format!("drizzle/0001_m1.sql:{place}")), "{bad}\n{text}");
        assert!(text.contains("nothing of 0001_m1 is there"), "{bad}\n{text}");
        assert_eq!(column(&name, "SELECT count(*)::text FROM a"), "0", "{bad}");
        // The same in the migration that makes the ledger.
        let url = database(&format!("{name}_first"));
        let project = drizzle("postgresql", &[&format!("{first}\n{MARK}\n{bad}")]);
        let (line, rest) = place.split_once(':').unwrap();
        let line: usize = line.parse().unwrap();
        let line = if line == 1 { 1 } else { line + 2 };
        let (code, text) = project.run(&["migrate", "--url", &url]);
        assert!(code == 1 && text.contains(&format!("drizzle/0000_m0.sql:{line}:{rest}")), "{bad}\n{text}");
    }
}

/// PostgreSQL makes one index of the two, so the snapshot has a constraint that is nowhere.
#[test]
fn a_database_is_held_against_what_the_migrations_make_and_not_against_a_snapshot() {
    let url = database("migrate_diff");
    let schema = "import { pgTable, text } from 'drizzle-orm/pg-core';\n\
        export const users = pgTable('users', { id: text('id').primaryKey().unique() });\n";
    let project = Project::new("postgresql", schema);
    for command in [&["generate"][..], &["migrate", "--url", &url]] {
        let (code, text) = project.run(command);
        assert_eq!(code, 0, "{text}");
    }
    let diff = ["diff", "history", "live", "--url", &url];
    assert_eq!(project.run(&diff), (0, String::new()));
    column("migrate_diff", "ALTER TABLE users ADD COLUMN by_hand int; SELECT ''");
    let (code, text) = project.run(&diff);
    assert_eq!((code, text.as_str()), (1, "ALTER TABLE \"users\" ADD COLUMN \"by_hand\" integer;\n"));
}

#[test]
fn what_no_transaction_takes_runs_on_its_own() {
    let url = database("migrate_alone");
    let enumeration = "ALTER TYPE mood ADD VALUE 'new';\n--> statement-breakpoint\nINSERT INTO a VALUES (1, 'new');";
    let project = drizzle(
        "postgresql",
        &[
            "CREATE TYPE mood AS ENUM ('old');\n--> statement-breakpoint\nCREATE TABLE a (id int, m mood);",
            "CREATE INDEX CONCURRENTLY ai ON a (id);\n--> statement-breakpoint\nCREATE INDEX CONCURRENTLY am ON a (m);",
            enumeration,
        ],
    );
    let (code, text) = project.run(&["migrate", "--url", &url, "--single-transaction"]);
    assert!(code == 2 && text.contains("0001_m1 cannot be part of one: CREATE INDEX CONCURRENTLY"), "{text}");
    let (code, text) = project.run(&["migrate", "--url", &url, "--dry-run"]);
    assert!(code == 0 && text.contains("0001_m1.sql (outside of a transaction: CREATE INDEX CONCURRENTLY"), "{text}");
    let (code, text) = project.run(&["migrate", "--url", &url]);
    assert_eq!(code, 0, "{text}");
    assert_eq!(column("migrate_alone", "SELECT m::text FROM a"), "new");
    let bad = "CREATE INDEX CONCURRENTLY a1 ON a (id);\nCREATE INDEX CONCURRENTLY a2 ON a (nothing);";
    write_drizzle(&project, "postgresql", &["", "", enumeration, bad]);
    let (code, text) = project.run(&["migrate", "--url", &url]);
    assert!(code == 1 && text.contains("0003_m3.sql:2:1: column \"nothing\" does not exist"), "{text}");
    assert!(text.contains("the first statement is there for good: mend the rest"), "{text}");
}

#[test]
fn what_is_older_is_named_and_what_is_lost_takes_a_yes() {
    let url = database("migrate_order");
    let project = Project::new("postgresql", "export {};\n");
    std::fs::remove_file(project.path("drizzle.config.ts")).unwrap();
    project.write("driftlens.toml", "dialect = \"postgresql\"\nmigrations = \"migrations\"\nformat = \"plain\"\n");
    std::fs::create_dir(project.path("migrations")).unwrap();
    project.write("migrations/1_a.sql", "CREATE TABLE a (id int, b text); INSERT INTO a VALUES (1, 'x');");
    project.write("migrations/3_c.sql", "CREATE TABLE c (id int);");
    let (code, text) = project.run(&["migrate", "--url", &url]);
    assert_eq!(code, 0, "{text}");
    project.write("migrations/2_b.sql", "CREATE TABLE b (id int);");
    let (code, text) = project.run(&["migrate", "--url", &url]);
    assert!(code == 1 && text.contains("not applied: 2_b. `driftlens migrate --allow-out-of-order` applies"), "{text}");
    let (code, text) = project.run(&["migrate", "--url", &url, "--allow-out-of-order"]);
    assert!(code == 0 && text.contains("applied 2_b"), "{text}");
    project.write("migrations/4_d.sql", "ALTER TABLE a DROP COLUMN b; DROP TABLE c;");
    let (code, text) = project.run(&["migrate", "--url", &url]);
    assert!(code == 1 && text.contains("column `a.b` (1 row)") && text.contains("--yes"), "{text}");
    assert!(!text.contains("table `c`"), "an empty table loses nothing: {text}");
    assert_eq!(column("migrate_order", "SELECT b FROM a"), "x");
    let (code, text) = project.run(&["migrate", "--url", &url, "--yes"]);
    assert!(code == 0 && text.contains("applied 4_d"), "{text}");
    // A changed file is told; a name that is none, and a line for psql.
    project.write("migrations/1_a.sql", "CREATE TABLE a (id int);");
    let (code, text) = project.run(&["migrate", "--url", &url]);
    assert!(code == 0 && text.contains("1_a: its file was changed after it was applied"), "{text}");
    let (code, text) = project.run(&["migrate", "--url", &url, "--to", "9_x"]);
    assert!(code == 2 && text.contains("there is no migration `9_x`"), "{text}");
    project.write("migrations/5_e.sql", "SELECT 1;\n\\connect other\n");
    let (code, text) = project.run(&["migrate", "--url", &url]);
    assert!(code == 1 && text.contains("migrations/5_e.sql:2:1: nothing was changed: a line for psql"), "{text}");
}

#[test]
fn sqlx_goes_on_where_we_stopped_and_the_other_way_round() {
    let url = database("migrate_sqlx");
    let project = Project::new("postgresql", "export {};\n");
    std::fs::remove_file(project.path("drizzle.config.ts")).unwrap();
    project.write("driftlens.toml", "dialect = \"postgresql\"\nmigrations = \"migrations\"\nformat = \"sqlx\"\n");
    std::fs::create_dir(project.path("migrations")).unwrap();
    let sqlx = || {
        block_on(async {
            let migrator = sqlx::migrate::Migrator::new(project.path("migrations")).await?;
            migrator.run(&mut sqlx::PgConnection::connect(&url).await?).await
        })
    };
    project.write("migrations/1_first.sql", "CREATE TABLE a (id int);");
    assert_eq!(project.run(&["migrate", "--url", &url]).0, 0);
    sqlx().unwrap();
    project.write("migrations/2_second_step.sql", "CREATE TABLE b (id int);");
    sqlx().unwrap();
    project.write("migrations/3_third.sql", "-- no-transaction\nCREATE INDEX CONCURRENTLY bi ON b (id);");
    let (code, text) = project.run(&["migrate", "--url", &url]);
    assert!(code == 0 && text.contains("applied 3_third") && text.ends_with("applied 1 migration\n"), "{text}");
    sqlx().unwrap();
    let rows = "SELECT concat(version, ' ', description, ' ', success) FROM _sqlx_migrations ORDER BY version";
    assert_eq!(column("migrate_sqlx", rows), "1 first t,2 second step t,3 third t");
    // What was begun and did not end is told.
    run_sql("migrate_sqlx", "UPDATE _sqlx_migrations SET success = false WHERE version = 3");
    let (code, text) = project.run(&["migrate", "--url", &url]);
    assert!(code == 1 && text.contains("begun and did not end: 3_third"), "{text}");
}

#[test]
fn a_sqlite_file_is_made_and_migrated() {
    let rebuild = "PRAGMA foreign_keys=OFF;\n--> statement-breakpoint\nCREATE TABLE `__new_a` (`id` integer PRIMARY KEY, `n` text NOT NULL);\n\
        --> statement-breakpoint\nINSERT INTO `__new_a` SELECT `id`, `n` FROM `a`;\n--> statement-breakpoint\nDROP TABLE `a`;\n\
        --> statement-breakpoint\nALTER TABLE `__new_a` RENAME TO `a`;\n--> statement-breakpoint\nPRAGMA foreign_keys=ON;";
    let first = "CREATE TABLE `a` (`id` integer PRIMARY KEY, `n` text);\n--> statement-breakpoint\n\
        CREATE TABLE `b` (`a` integer REFERENCES `a`(`id`) ON DELETE CASCADE);\n--> statement-breakpoint\n\
        INSERT INTO `a` VALUES (1, 'x');\n--> statement-breakpoint\nINSERT INTO `b` VALUES (1);";
    let project = drizzle("sqlite", &[first, rebuild]);
    let url = "file:./app.db";
    let (code, text) = project.run(&["migrate", "--url", url, "--dry-run"]);
    assert!(code == 0 && text.contains("2 migrations to run") && !project.path("app.db").exists(), "{text}");
    let (code, text) = project.run(&["migrate", "--url", url]);
    assert_eq!(code, 0, "{text}");
    // drizzle-kit's PRAGMA does nothing in its transaction, and the rows of `b` would be gone with the old table.
    assert_eq!(sqlite(&project, "SELECT (SELECT count(*) FROM a) || ' ' || (SELECT count(*) FROM b)"), "1 1");
    write_drizzle(&project, "sqlite", &[first, rebuild, "DELETE FROM `a`;", "CREATE TABLE `c` (`id` integer);"]);
    let (code, text) = project.run(&["migrate", "--url", url]);
    assert!(code == 1 && text.contains("a row of b would refer to no row of a"), "{text}");
    write_drizzle(&project, "sqlite", &[first, rebuild, "INSERT INTO x VALUES (1);"]);
    let (code, text) = project.run(&["migrate", "--url", url]);
    assert!(code == 1 && text.contains("drizzle/0002_m2.sql:1:1: no such table: x"), "{text}");
    assert_eq!(sqlite(&project, "SELECT count(*) || '' FROM __drizzle_migrations"), "2");
}

/// Each adds a row, so that one that runs twice is seen.
fn counting(n: usize) -> Vec<String> {
    let mut all = vec![String::from("CREATE TABLE log (n integer);")];
    all.extend(
        (1..n).map(|n| {
            format!("CREATE TABLE t{n} (id integer);\n--> statement-breakpoint\nINSERT INTO log VALUES ({n});")
        }),
    );
    all
}

#[test]
fn fifty_at_once_apply_each_migration_once() {
    let mut all = counting(12);
    // One that is no transaction.
    all.insert(6, String::from("VACUUM;\n--> statement-breakpoint\nCREATE TABLE alone (id integer);"));
    let all: Vec<&str> = all.iter().map(String::as_str).collect();
    for dialect in ["postgresql", "sqlite"] {
        let project = drizzle(dialect, &all);
        let url = if dialect == "sqlite" { String::from("file:./app.db") } else { database("migrate_crowd") };
        let start = |_| -> Child {
            let mut command = project.command(&["migrate", "--url", &url]);
            command.stdout(Stdio::piped()).stderr(Stdio::piped()).spawn().unwrap()
        };
        let running: Vec<Child> = (0..50).map(start).collect();
        for child in running {
            let (code, text) = said(child.wait_with_output().unwrap());
            assert_eq!(code, 0, "{dialect}: {text}");
        }
        let question = "SELECT CAST(count(*) AS text) || ' ' || CAST(count(DISTINCT n) AS text) FROM log";
        let found = if dialect == "sqlite" { sqlite(&project, question) } else { column("migrate_crowd", question) };
        assert_eq!(found, "11 11", "{dialect}");
    }
}

#[test]
fn a_server_without_a_free_place_is_asked_again() {
    let project = drizzle("postgresql", &["CREATE TABLE t (id integer);"]);
    let url = database("migrate_full").replace("postgres://postgres@", "postgres://lonely@");
    run_sql("postgres", "CREATE ROLE lonely LOGIN CONNECTION LIMIT 1; ALTER DATABASE migrate_full OWNER TO lonely");
    block_on(async {
        let taken = sqlx::PgConnection::connect(&url).await.unwrap();
        let mut command = project.command(&["migrate", "--url", &url]);
        let child = command.stdout(Stdio::piped()).stderr(Stdio::piped()).spawn().unwrap();
        tokio::time::sleep(Duration::from_secs(2)).await;
        taken.close().await.unwrap();
        let (code, text) = said(child.wait_with_output().unwrap());
        assert_eq!(code, 0, "{text}");
    });
    assert_eq!(column("migrate_full", "SELECT count(*)::text FROM drizzle.__drizzle_migrations"), "1");
}

#[test]
fn other_tools_ledgers_are_kept_as_they_keep_them() {
    let down = "-- migrate:up\nCREATE TABLE a (id int);\n-- migrate:down\nDROP TABLE a;\n";
    let goose = "-- +goose Up\nCREATE TABLE a (id int);\n-- +goose Down\nDROP TABLE a;\n";
    let up = "CREATE TABLE a (id int);\n";
    let cases: [(&str, &str, &str, &str, &str); 7] = [
        ("dbmate", "20240101000000_a.sql", down, "SELECT version::text FROM schema_migrations", "20240101000000"),
        ("goose", "00001_a.sql", goose, "SELECT version_id::text FROM goose_db_version ORDER BY id", "0,1"),
        ("golang-migrate", "1_a.up.sql", up, "SELECT concat(version, dirty) FROM schema_migrations", "1f"),
        (
            "diesel",
            "2024-01-01-000000_a/up.sql",
            up,
            "SELECT version::text FROM __diesel_schema_migrations",
            "20240101000000",
        ),
        (
            "supabase",
            "20240101000000_a.sql",
            up,
            "SELECT concat(version, name, statements) FROM supabase_migrations.schema_migrations",
            "20240101000000a{\"CREATE TABLE a (id int)\"}",
        ),
        (
            "prisma",
            "20240101000000_a/migration.sql",
            up,
            "SELECT concat(migration_name, applied_steps_count, finished_at IS NULL) FROM _prisma_migrations",
            "20240101000000_a1f",
        ),
        ("plain", "1_a.sql", up, "SELECT name FROM _driftlens_migrations", "1_a"),
    ];
    for (format, file, sql, question, expected) in cases {
        let project = Project::new("postgresql", "export {};\n");
        std::fs::remove_file(project.path("drizzle.config.ts")).unwrap();
        let mut config = String::from("dialect = \"postgresql\"\nmigrations = \"m\"\n");
        let _ = writeln!(config, "format = \"{format}\"");
        project.write("driftlens.toml", &config);
        std::fs::create_dir_all(project.path("m").join(file).parent().unwrap()).unwrap();
        project.write(&format!("m/{file}"), sql);
        let name = format!("ledger_{}", format.replace('-', "_"));
        let url = database(&name);
        for said in ["applied 1 migration\n", "nothing to apply"] {
            let (code, text) = project.run(&["migrate", "--url", &url]);
            assert!(code == 0 && text.contains(said), "{format}: {text}");
        }
        assert_eq!(column(&name, question), expected, "{format}");
    }
}
