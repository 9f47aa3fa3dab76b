//! What the commands say where the network or the server fails, and what is there afterwards.
#![cfg(unix)]

use crate::databases::{column, database, drizzle, run_sql, server};
use crate::project;
use std::process::Stdio;
use std::time::{Duration, Instant};
use tests::postgres::{Fault, Proxy};

const FIRST: &str = "CREATE TABLE t (a integer);";
const SLOW: &str = "INSERT INTO t VALUES (1);\n--> statement-breakpoint\nSELECT pg_sleep(1), 'cut here';\n--> statement-breakpoint\nINSERT INTO t VALUES (2);";
const LAST: &str = "CREATE TABLE u (a integer);";

const APPLIED: &str = "SELECT count(*)::text FROM drizzle.__drizzle_migrations";

#[test]
fn a_connection_that_ends_in_the_middle_of_a_migration_leaves_nothing_of_it() {
    let project = drizzle("postgresql", &[FIRST, SLOW, LAST]);
    database("fault_cut");
    let proxy = Proxy::before(server());
    proxy.set(Fault::CutAt("cut here"));
    let url = proxy.url("postgres", "fault_cut");
    let (code, text) = project.run(&["migrate", "--url", &url]);
    assert!(code == 1 && text.contains("the connection was lost"), "{text}");
    assert!(text.contains("drizzle/0001_m1.sql:1:1") && text.contains("1 migration is applied"), "{text}");
    proxy.set(Fault::None);
    let (code, text) = project.run(&["migrate", "--url", &url]);
    assert_eq!(code, 0, "{text}");
    assert_eq!(column("fault_cut", "SELECT string_agg(a::text, ',') FROM t"), "1,2");
    assert_eq!(column("fault_cut", APPLIED), "3");
}

#[test]
fn a_server_that_is_started_anew_is_no_half_migration() {
    let project = drizzle("postgresql", &[FIRST, SLOW, LAST]);
    let url = database("fault_restart");
    let mut command = project.command(&["migrate", "--url", &url]);
    let child = command.stdout(Stdio::piped()).stderr(Stdio::piped()).spawn().unwrap();
    // What a server does with its clients when it goes down.
    let end = "SELECT count(pg_terminate_backend(pid))::text FROM pg_stat_activity WHERE datname = 'fault_restart' AND query LIKE '%cut here%' AND pid <> pg_backend_pid()";
    let start = Instant::now();
    while column("postgres", end) == "0" {
        assert!(start.elapsed() < Duration::from_secs(60), "it does not come to its statement");
        std::thread::sleep(Duration::from_millis(20));
    }
    let (code, text) = project::said(child.wait_with_output().unwrap());
    assert!(code == 1 && text.contains("terminating connection due to administrator command"), "{text}");
    assert_eq!(column("fault_restart", APPLIED), "1");
    let (code, text) = project.run(&["migrate", "--url", &url]);
    assert_eq!(code, 0, "{text}");
    assert_eq!(column("fault_restart", "SELECT string_agg(a::text, ',') FROM t"), "1,2");
}

#[test]
fn a_slow_network_is_waited_for() {
    let project = drizzle("postgresql", &[FIRST]);
    database("fault_slow");
    let proxy = Proxy::before(server());
    proxy.set(Fault::Latency(Duration::from_secs(2)));
    let (code, text) = project.run(&["migrate", "--url", &proxy.url("postgres", "fault_slow")]);
    assert_eq!(code, 0, "{text}");
    assert_eq!(column("fault_slow", APPLIED), "1");
}

#[test]
fn who_does_not_answer_or_does_not_let_us_in_is_told_with_the_reason() {
    let project = drizzle("postgresql", &[FIRST]);
    database("fault_door");
    run_sql("fault_door", "CREATE ROLE guarded LOGIN SUPERUSER PASSWORD 'right one'");
    let (open, hanging) = (Proxy::before(server()), Proxy::before(server()));
    hanging.set(Fault::Hang);
    let closed = std::net::TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap();
    let cases = [
        (
            format!("postgres://guarded:hush@{}/fault_door", open.address),
            "password authentication failed for user \"guarded\"",
        ),
        (format!("postgres://guarded:hush@{}/fault_door?sslmode=require", open.address), "TLS"),
        (format!("postgres://guarded:hush@{}/none_such", hanging.address), "no answer within 10 seconds"),
        (format!("postgres://guarded:hush@{closed}/fault_door"), "refused"),
        (format!("postgres://postgres:hush@{}/none_such", open.address), "database \"none_such\" does not exist"),
    ];
    for (url, reason) in &cases {
        for command in ["status", "migrate", "push", "rollback"] {
            let (code, text) = project.run(&[command, "--url", url]);
            let is_told = text.to_lowercase().contains(&reason.to_lowercase());
            // Without a schema to push nothing is connected to.
            assert!(code == 2 && is_told || command == "push" && code == 1, "{command} {reason}: {code} {text}");
            assert!(!text.contains("hush"), "{text}");
        }
    }
    let (code, text) =
        project.run(&["migrate", "--url", &format!("postgres://guarded:right%20one@{}/fault_door", open.address)]);
    assert!(code == 0 && !text.contains("right"), "{text}");
}
