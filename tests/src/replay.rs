//! `cargo xtask replay FOLDER [FORMAT]`: a project's migrations run by a real PostgreSQL and replayed, compared after each of them.
//!
//! For projects that are no part of this repository. It says after which migrations something starts to differ, and what differs in the end.

#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::print_stdout,
    reason = "it says so by failing"
)]

use std::path::Path;
use std::process::ExitCode;

use history::formats::{FORMATS, Format, Migration, detect, read};
use schema::Dialect;
use source::{FilePath, Files};

fn main() -> ExitCode {
    let mut arguments = std::env::args().skip(1);
    let folder = arguments.next().expect("a folder is needed");
    let disk = workspace::Disk::new();
    let folder: FilePath = workspace::Disk::normalize(Path::new(&folder));
    let format = match arguments.next() {
        Some(name) => {
            FORMATS.iter().find(|(it, _)| *it == name).unwrap_or_else(|| panic!("there is no format {name}")).1
        }
        None => detect::detect(&folder, &disk).unwrap_or(Format::Plain),
    };
    let contents = read(format, Dialect::Postgres, &folder, &disk);
    println!("{} migrations as {format:?} has them", contents.migrations.len());
    let texts: Vec<(Migration, String)> =
        contents.migrations.into_iter().map(|it| with_text(it, format, &disk)).collect();
    if texts.is_empty() {
        println!("nothing to replay in {}", folder.display());
        return ExitCode::FAILURE;
    }
    run(ledger(format), &texts)
}

/// The table that the tool makes before the first migration: some migrations alter it.
fn ledger(format: Format) -> &'static str {
    match format {
        Format::Diesel => {
            "CREATE TABLE __diesel_schema_migrations (version varchar(50) PRIMARY KEY, run_on timestamp DEFAULT now() NOT NULL)"
        }
        Format::Sqlx => {
            "CREATE TABLE _sqlx_migrations (version bigint PRIMARY KEY, description text NOT NULL, \
             installed_on timestamptz DEFAULT now() NOT NULL, success boolean NOT NULL, checksum bytea NOT NULL, \
             execution_time bigint NOT NULL)"
        }
        _ => "",
    }
}

fn with_text(migration: Migration, format: Format, files: &dyn Files) -> (Migration, String) {
    let text = files.read(&migration.file).unwrap_or_else(|error| panic!("{}: {error}", migration.file.display()));
    let up = format.up(&text);
    let text = text.get(up.start as usize..up.end as usize).unwrap().to_owned();
    (migration, text)
}

#[cfg(not(unix))]
fn run(_ledger: &str, _texts: &[(Migration, String)]) -> ExitCode {
    println!("a server of one's own is started on Unix only");
    ExitCode::FAILURE
}

#[cfg(unix)]
fn run(ledger: &str, texts: &[(Migration, String)]) -> ExitCode {
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap();
    let n_differing = runtime.block_on(compare(ledger, texts));
    if n_differing == 0 { ExitCode::SUCCESS } else { ExitCode::FAILURE }
}

/// How many things differ in the end.
#[cfg(unix)]
async fn compare(ledger: &str, texts: &[(Migration, String)]) -> usize {
    use std::collections::BTreeSet;
    use tests::interpreter::{Replayed, Replaying};
    use tests::postgres::{Server, Session, of_the_machine};

    let server = Server::start(&of_the_machine());
    server.create_database("replay").await;
    let mut session = Session::new(&server, "replay").await;
    let mut replaying = Replaying::new(Dialect::Postgres);
    session.run(ledger).await.unwrap();
    replaying.apply(ledger);
    let mut known: BTreeSet<String> = BTreeSet::new();
    let mut last = tests::postgres::Compared::default();
    for (migration, text) in texts {
        for part in text.split("--> statement-breakpoint") {
            if let Err(message) = session.run(part).await {
                println!("\n{}: the server does not take it: {message}", migration.tag);
                return 1;
            }
        }
        session.run("RESET ALL").await.unwrap();
        replaying.apply(text);
        let replayed = Replayed { schema: replaying.schema().clone(), findings: replaying.take_findings() };
        last = session.compare(replayed, &[text]).await;
        session.run("ROLLBACK").await.unwrap();
        let now: BTreeSet<String> = last.failures.iter().cloned().collect();
        let new: Vec<&String> = now.difference(&known).collect();
        if !new.is_empty() {
            println!("\n--- {}", migration.tag);
            new.iter().for_each(|failure| println!("  {failure}"));
        }
        known = now;
    }
    println!("\n== after the last of {} migrations, {} things differ", texts.len(), last.failures.len());
    last.failures.iter().for_each(|failure| println!("  {failure}"));
    println!(
        "{:?}\n{} opaque tables, {} unknown names",
        last.settled, last.left_out.n_opaque_tables, last.left_out.n_unknown
    );
    last.failures.len()
}
