//! What is recorded of what was done to a database: `driftlens history`, and going on with what was left in the middle.
#![cfg(unix)]

use crate::databases;
use crate::databases::{column, database, drizzle, run_sql, sqlite, write_drizzle};
use crate::project;
use std::process::Stdio;
use std::time::{Duration, Instant};

const FIRST: &str =
    "CREATE TABLE t (a integer, b integer);\n--> statement-breakpoint\nINSERT INTO t VALUES (1, 1), (1, 2);";

#[test]
fn a_migration_that_failed_in_its_middle_is_gone_on_with() {
    let alone = "CREATE INDEX CONCURRENTLY by_b ON t (b);\n--> statement-breakpoint\nCREATE UNIQUE INDEX CONCURRENTLY by_a ON t (a);";
    let project = drizzle("postgresql", &[FIRST, alone]);
    let url = database("history_middle");
    let run = |arguments: &[&str]| project.run(&[arguments, &["--url", &url]].concat());

    let (code, text) = run(&["migrate"]);
    assert!(code == 1 && text.contains("the first statement is there for good") && text.contains("--resume"), "{text}");
    // What the server leaves of such an index is taken away.
    assert_eq!(column("history_middle", "SELECT count(*)::text FROM pg_index WHERE NOT indisvalid"), "0");

    let (code, text) = run(&["migrate"]);
    assert!(
        code == 1 && text.contains("nothing was changed: 0001_m1, which is no transaction, was left in the middle"),
        "{text}"
    );
    assert!(text.contains("1 of its 2 statements ran") && text.contains("--from-start"), "{text}");

    // The statements that ran are what counts: the rest may be mended.
    write_drizzle(&project, "postgresql", &[FIRST, &alone.replace("by_b", "by_other")]);
    let (code, text) = run(&["migrate", "--resume"]);
    assert!(code == 1 && text.contains("They were changed in the file since"), "{text}");
    write_drizzle(&project, "postgresql", &[FIRST, &alone.replace("UNIQUE ", "")]);
    let (code, text) = run(&["migrate", "--resume"]);
    assert_eq!(code, 0, "{text}");
    let indexes =
        "SELECT indexrelid::regclass::text FROM pg_index WHERE indrelid = 't'::regclass AND indisvalid ORDER BY 1";
    assert_eq!(column("history_middle", indexes), "by_a,by_b");
    let (code, text) = run(&["migrate", "--resume"]);
    assert!(code == 0 && text.contains("nothing to apply"), "{text}");

    let (code, text) = project.run(&["history"]);
    assert_eq!(code, 0, "{text}");
    let lines: Vec<&str> = text.lines().collect();
    assert_eq!(lines.len(), 2, "{text}");
    assert!(lines[0].contains("migrate   done ") && lines[0].contains("1 step: 0001_m1"), "{text}");
    assert!(lines[1].contains("migrate   failed") && lines[1].contains("could not create unique index"), "{text}");
    let (code, text) = project.run(&["history", "1"]);
    assert!(
        code == 0 && text.contains("0000_m0  (") && text.contains("0001_m1  (begun, not known to have ended)"),
        "{text}"
    );
    let (code, text) = project.run(&["history", "77"]);
    assert!(code == 2 && text.contains("there is no operation 77"), "{text}");
    let (code, text) = project.run(&["history", "drizzle.config.ts"]);
    assert!(code == 0 && text.lines().count() == 2, "{text}");
    let (code, text) = project.run(&["history", "one", "."]);
    assert!(code == 2 && text.contains("one is not the number of an operation"), "{text}");
}

#[test]
fn a_killed_migration_is_told_of_and_gone_on_with() {
    let alone = "CREATE INDEX CONCURRENTLY by_a ON t (a);\n--> statement-breakpoint\nSELECT pg_sleep(60);\n--> statement-breakpoint\nCREATE INDEX CONCURRENTLY by_b ON t (b);";
    let project = drizzle("postgresql", &[FIRST, alone]);
    let url = database("history_killed");
    let mut command = project.command(&["migrate", "--url", &url]);
    let mut child = command.stdout(Stdio::null()).stderr(Stdio::null()).spawn().unwrap();
    let sleeping = "SELECT count(*)::text FROM pg_stat_activity WHERE datname = 'history_killed' AND query LIKE 'SELECT pg_sleep(60)%' AND state = 'active'";
    let start = Instant::now();
    while column("history_killed", sleeping) != "1" {
        assert!(start.elapsed() < Duration::from_secs(60), "it does not come to its second statement");
        std::thread::sleep(Duration::from_millis(50));
    }
    let (code, text) = project.run(&["history"]);
    assert!(code == 0 && text.contains("running"), "{text}");
    child.kill().unwrap();
    child.wait().unwrap();
    run_sql(
        "history_killed",
        "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE query LIKE 'SELECT pg_sleep(60)%' AND pid <> pg_backend_pid()",
    );

    let (code, text) = project.run(&["history"]);
    assert!(code == 0 && text.contains("killed"), "{text}");
    let (code, text) = project.run(&["migrate", "--url", &url]);
    assert!(code == 1 && text.contains("was killed during 0001_m1"), "{text}");
    assert!(
        text.contains("1 of its 3 statements ran, and whether the next one ended is not known: SELECT pg_sleep(60)"),
        "{text}"
    );
    // It is said once.
    write_drizzle(&project, "postgresql", &[FIRST, &alone.replace("pg_sleep(60)", "1")]);
    let (code, text) = project.run(&["migrate", "--resume", "--url", &url]);
    assert!(code == 0 && !text.contains("was killed"), "{text}");
    assert_eq!(
        column("history_killed", "SELECT count(*)::text FROM pg_index WHERE indrelid = 't'::regclass AND indisvalid"),
        "2"
    );
}

#[test]
fn what_was_sent_and_may_have_ended_is_no_error_when_it_is_there() {
    let alone =
        "CREATE INDEX CONCURRENTLY by_a ON t (a);\n--> statement-breakpoint\nCREATE INDEX CONCURRENTLY by_b ON t (b);";
    let project = drizzle("postgresql", &[FIRST, alone]);
    let url = database("history_there");
    // Another transaction keeps the first index from being finished; meanwhile its process is killed.
    let (code, text) = project.run(&["migrate", "--to", "0000_m0", "--url", &url]);
    assert_eq!(code, 0, "{text}");
    let runtime = tokio::runtime::Runtime::new().unwrap();
    let mut holder = runtime.block_on(databases::server().connect("history_there"));
    runtime.block_on(async {
        sqlx::raw_sql("BEGIN; INSERT INTO t VALUES (5, 5)").execute(&mut holder).await.unwrap();
    });
    let mut command = project.command(&["migrate", "--url", &url]);
    let mut child = command.stdout(Stdio::null()).stderr(Stdio::null()).spawn().unwrap();
    let building = "SELECT count(*)::text FROM pg_stat_activity WHERE datname = 'history_there' AND query LIKE 'CREATE INDEX%' AND wait_event_type = 'Lock'";
    let start = Instant::now();
    while column("history_there", building) != "1" {
        assert!(start.elapsed() < Duration::from_secs(60), "it does not wait for the other transaction");
        std::thread::sleep(Duration::from_millis(50));
    }
    child.kill().unwrap();
    child.wait().unwrap();
    // The server goes on without its client and ends the statement.
    runtime.block_on(async {
        sqlx::raw_sql("COMMIT").execute(&mut holder).await.unwrap();
    });
    let (code, text) = project.run(&["migrate", "--resume", "--url", &url]);
    assert_eq!(code, 0, "{text}");
    assert_eq!(
        column("history_there", "SELECT count(*)::text FROM pg_index WHERE indrelid = 't'::regclass AND indisvalid"),
        "2"
    );
}

#[test]
fn a_database_that_was_made_anew_was_not_left_in_the_middle() {
    let alone =
        "CREATE INDEX CONCURRENTLY by_b ON t (b);\n--> statement-breakpoint\nCREATE INDEX CONCURRENTLY by_c ON t (c);";
    let project = drizzle("postgresql", &[FIRST, alone]);
    let url = database("history_anew");
    let (code, _) = project.run(&["migrate", "--url", &url]);
    assert_eq!(code, 1);
    database("history_anew");
    write_drizzle(&project, "postgresql", &[FIRST, &alone.replace("(c)", "(a)")]);
    let (code, text) = project.run(&["migrate", "--url", &url]);
    assert_eq!(code, 0, "{text}");
}

#[test]
fn sqlite_files_and_pushes_are_recorded_too() {
    let project = drizzle(
        "sqlite",
        &["CREATE TABLE t (a integer);", "VACUUM;\n--> statement-breakpoint\nCREATE TABLE t (a integer);"],
    );
    let url = "file:./app.db";
    let (code, text) = project.run(&["migrate", "--url", url]);
    assert!(code == 1 && text.contains("--resume"), "{text}");
    write_drizzle(
        &project,
        "sqlite",
        &["CREATE TABLE t (a integer);", "VACUUM;\n--> statement-breakpoint\nCREATE TABLE u (a integer);"],
    );
    let (code, text) = project.run(&["migrate", "--from-start", "--url", url]);
    assert_eq!(code, 0, "{text}");
    assert_eq!(sqlite(&project, "SELECT count(*) || '' FROM __drizzle_migrations"), "2");

    project.link_packages("node_modules");
    project.write("schema.ts", "import { integer, sqliteTable } from 'drizzle-orm/sqlite-core';\nexport const t = sqliteTable('t', { a: integer('a') });\nexport const u = sqliteTable('u', { a: integer('a'), b: integer('b') });\n");
    let (code, text) = project.run(&["push", "--url", url]);
    assert_eq!(code, 0, "{text}");
    let (code, text) = project.run(&["history", "--format", "json"]);
    assert_eq!(code, 0, "{text}");
    let found: serde_json::Value = serde_json::from_str(&text).unwrap();
    let newest = &found["operations"][0];
    assert!(newest["command"] == "push" && newest["outcome"] == "done", "{text}");
    assert_eq!(newest["steps"][0]["name"], "column `u.b`", "{text}");
    assert!(found["operations"].as_array().unwrap().len() == 3, "{text}");
}

#[test]
fn where_nothing_can_be_recorded_the_work_goes_on_and_that_is_said() {
    let project = drizzle("sqlite", &["CREATE TABLE t (a integer);"]);
    project.write("taken", "a file");
    let mut command = project.command(&["migrate", "--url", "file:./app.db"]);
    let (code, text) = project::said(command.env("DRIFTLENS_STATE", project.path("taken/state")).output().unwrap());
    assert!(code == 0 && text.contains("what is done is not recorded"), "{text}");
}
