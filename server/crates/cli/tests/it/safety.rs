//! Nothing is lost without a word: each command that can destroy something, in each kind of environment, with each answer.
#![cfg(unix)]

use crate::databases;
use crate::databases::{column, drizzle, run_sql, sqlite, write_drizzle};
use crate::project::Project;
use portable_pty::{CommandBuilder, PtySize, native_pty_system};
use std::io::{Read as _, Write as _};
use std::process::Stdio;
use std::time::{Duration, Instant};

const KINDS: [&str; 3] = ["development", "shared", "production"];

/// What can destroy something. Each is set up so that it would take a row with it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Act {
    Push,
    PushSafe,
    Migrate,
    Rollback,
    Reset,
}

const ACTS: [Act; 5] = [Act::Push, Act::PushSafe, Act::Migrate, Act::Rollback, Act::Reset];

impl Act {
    fn arguments(self) -> &'static [&'static str] {
        match self {
            Act::Push => &["push"],
            Act::PushSafe => &["push", "--safe"],
            Act::Migrate => &["migrate"],
            Act::Rollback => &["rollback"],
            Act::Reset => &["reset"],
        }
    }
}

/// What is said to the question, and how.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Given {
    /// Nobody is there: no terminal, no input.
    Silence,
    /// A yes that comes through a pipe is nobody's.
    PipedYes,
    /// Asked for JSON, nobody is asked.
    Json,
    /// In a terminal: no, the Enter key alone, the end of the input, the terminal going away, yes.
    No,
    Enter,
    Interrupt,
    HangUp,
    Yes,
    /// The name of the environment, typed.
    Name,
    /// The flag that says yes.
    Flag,
    /// The flag, and the name of the environment.
    NameFlag,
}

const GIVEN: [Given; 11] = [
    Given::Silence,
    Given::PipedYes,
    Given::Json,
    Given::No,
    Given::Enter,
    Given::Interrupt,
    Given::HangUp,
    Given::Yes,
    Given::Name,
    Given::Flag,
    Given::NameFlag,
];

/// The only ways in which something is lost.
fn is_lost(act: Act, kind: &str, given: Given) -> bool {
    let is_development = kind == "development";
    match act {
        Act::Push => is_development && matches!(given, Given::Yes | Given::Flag),
        // It asks about each step, and a flag is no answer to that.
        Act::PushSafe => false,
        Act::Migrate => matches!(given, Given::Yes | Given::Flag),
        Act::Rollback if kind == "production" => matches!(given, Given::Name | Given::NameFlag),
        Act::Rollback => matches!(given, Given::Yes | Given::Flag | Given::NameFlag),
        Act::Reset => is_development && matches!(given, Given::Yes | Given::Flag),
    }
}

fn flags(act: Act, kind: &str, given: Given) -> Vec<String> {
    let name = format!("the_{kind}");
    let flags: Vec<&str> = match (act, given) {
        (Act::Reset, Given::Flag) => vec!["--confirm"],
        (_, Given::Flag) => vec!["--yes"],
        (Act::Rollback, Given::NameFlag) => vec!["--yes", "--confirm", &name],
        (Act::Reset, Given::Json) | (_, Given::NameFlag) => vec![],
        (_, Given::Json) => vec!["--format", "json"],
        _ => vec![],
    };
    flags.into_iter().map(String::from).collect()
}

/// Runs it to its end in a terminal of its own, and types where it waits for an answer.
fn in_a_terminal(project: &Project, arguments: &[String], given: Given, kind: &str) {
    let terminal = native_pty_system().openpty(PtySize { rows: 40, cols: 200, ..PtySize::default() }).unwrap();
    let mut command = CommandBuilder::new(env!("CARGO_BIN_EXE_driftlens"));
    command.cwd(project.path("."));
    command.env("DRIFTLENS_STATE", project.path(".state"));
    command.env("TERM", "xterm");
    command.args(arguments);
    let mut child = terminal.slave.spawn_command(command).unwrap();
    drop(terminal.slave);
    let (mut reader, mut writer) =
        (terminal.master.try_clone_reader().unwrap(), terminal.master.take_writer().unwrap());
    let (said, heard) = std::sync::mpsc::channel();
    std::thread::spawn(move || {
        let mut buffer = [0; 4096];
        while let Ok(n @ 1..) = reader.read(&mut buffer) {
            let _ = said.send(String::from_utf8_lossy(&buffer[..n]).into_owned());
        }
    });
    let mut text = String::new();
    let start = Instant::now();
    let mut has_answered = false;
    while child.try_wait().unwrap().is_none() {
        assert!(start.elapsed() < Duration::from_secs(60), "{arguments:?} {given:?}: it does not end: {text}");
        text.extend(heard.recv_timeout(Duration::from_millis(50)));
        let is_asking = ["above?", "anew?", "to go on", "apply\u{1b}", "skip, with everything"]
            .iter()
            .any(|question| text.contains(question));
        if !is_asking || has_answered {
            continue;
        }
        has_answered = true;
        let typed: &[u8] = match given {
            Given::No => b"n\r",
            Given::Enter => b"\r",
            Given::Interrupt => b"\x03",
            Given::Yes => b"y\r",
            Given::Name if kind == "production" => b"the_production\r",
            Given::Name => b"the_development\r",
            Given::HangUp => {
                // SIGHUP, as from a terminal whose window is closed.
                child.kill().unwrap();
                continue;
            }
            _ => b"",
        };
        writer.write_all(typed).unwrap();
        writer.flush().unwrap();
    }
}

fn run(project: &Project, act: Act, kind: &str, given: Given) {
    let name = format!("the_{kind}");
    let mut arguments: Vec<String> = act.arguments().iter().map(|it| (*it).to_owned()).collect();
    arguments.extend(["--env".to_owned(), name]);
    arguments.extend(flags(act, kind, given));
    match given {
        Given::Silence | Given::Json | Given::Flag | Given::NameFlag => {
            let arguments: Vec<&str> = arguments.iter().map(String::as_str).collect();
            project.run(&arguments);
        }
        Given::PipedYes => {
            let arguments: Vec<&str> = arguments.iter().map(String::as_str).collect();
            let mut command = project.command(&arguments);
            command.stdin(Stdio::piped()).stdout(Stdio::null()).stderr(Stdio::null());
            let mut child = command.spawn().unwrap();
            let _ = child.stdin.take().unwrap().write_all(b"y\ny\ny\n");
            child.wait().unwrap();
        }
        _ => in_a_terminal(project, &arguments, given, kind),
    }
}

/// A project whose first migration is applied, with a row in the table that the act would drop.
fn prepared(dialect: &str, act: Act, address: &str) -> Project {
    let (create, drop) = (
        "CREATE TABLE keep (a integer);\n--> statement-breakpoint\nCREATE TABLE lost (a integer);",
        "DROP TABLE lost;",
    );
    let project = drizzle(dialect, &[create]);
    let environments: String = KINDS
        .iter()
        .map(|kind| format!("[environments.the_{kind}]\nurl = \"{address}\"\nkind = \"{kind}\"\n"))
        .collect();
    project.write("driftlens.toml", &format!("drizzle = \"drizzle.config.ts\"\n{environments}"));
    let (package, function) = if dialect == "sqlite" { ("sqlite-core", "sqliteTable") } else { ("pg-core", "pgTable") };
    let keep = format!(
        "import {{ integer, {function} }} from 'drizzle-orm/{package}';\nexport const keep = {function}('keep', {{ a: integer('a') }});\n"
    );
    project.write("schema.ts", &keep);
    let (code, text) = project.run(&["migrate", "--env", "the_production"]);
    assert_eq!(code, 0, "{text}");
    if act == Act::Migrate {
        write_drizzle(&project, dialect, &[create, drop]);
    }
    project
}

#[test]
fn nothing_is_lost_on_sqlite_without_a_word() {
    let mut n_lost = 0;
    for act in ACTS {
        let project = prepared("sqlite", act, "file:./app.db");
        sqlite(&project, "INSERT INTO lost VALUES (1) RETURNING 'x'");
        let whole = std::fs::read(project.path("app.db")).unwrap();
        for kind in KINDS {
            for given in GIVEN {
                std::fs::write(project.path("app.db"), &whole).unwrap();
                let _ = std::fs::remove_file(project.path("app.db-journal"));
                run(&project, act, kind, given);
                let left = sqlite(&project, "SELECT count(*) || '' FROM sqlite_schema WHERE name = 'lost'") == "1"
                    && sqlite(&project, "SELECT count(*) || '' FROM lost") == "1";
                assert_eq!(!left, is_lost(act, kind, given), "{act:?} on {kind}, {given:?}");
                n_lost += usize::from(!left);
            }
        }
    }
    assert_eq!(n_lost, 2 + 6 + 3 + 3 + 2 + 2);
}

#[test]
fn nothing_is_lost_on_postgresql_without_a_word() {
    for act in ACTS {
        let url = databases::database("safety");
        let project = prepared("postgresql", act, &url);
        run_sql("safety", "INSERT INTO lost VALUES (1)");
        for kind in KINDS {
            for given in [Given::Silence, Given::No, Given::HangUp, Given::Yes, Given::Flag] {
                run_sql(
                    "postgres",
                    "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname IN ('safety', 'safety_now')",
                );
                run_sql("postgres", "DROP DATABASE IF EXISTS safety_now");
                run_sql("postgres", "CREATE DATABASE safety_now TEMPLATE safety");
                let now = std::fs::read_to_string(project.path("driftlens.toml")).unwrap();
                project.write("driftlens.toml", &now.replace("/safety?", "/safety_now?"));
                run(&project, act, kind, given);
                let left = column("safety_now", "SELECT count(*)::text FROM pg_class WHERE relname = 'lost'") == "1"
                    && column("safety_now", "SELECT count(*)::text FROM lost") == "1";
                assert_eq!(!left, is_lost(act, kind, given), "{act:?} on {kind}, {given:?}");
            }
        }
    }
}
