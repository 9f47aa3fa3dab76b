//! `cargo xtask`: the tasks around the code. Each prints what it does, and ends with an error code when anything failed.

#![allow(clippy::print_stdout, clippy::print_stderr)]

mod arguments;
mod bench;
#[cfg(unix)]
mod bench_database;
mod bench_editors;
mod bench_replay;
#[cfg(test)]
mod editor_files;
mod install;
mod ledgers;
mod lsp_client;
mod project;
mod replay;
mod report;
mod run;
mod sample_project;
mod server;
mod test;

use anyhow::{Result, bail};
use arguments::Arguments;
use project::Project;
use std::process::ExitCode;

const USAGE: &str = "\
usage: cargo xtask <task>

  test    [--only SUITE]                        install what is missing, run every suite, print the sums; the suites are cargo
                                                (of it oracle, replay), postgres-18, neovim, emacs, zed, vscode and real-vscode
  bench   [--only PART] [--no-kit]              measure the release build beside drizzle-kit, psql and pg_dump: a check, a replay, a
                                                keystroke, a catalog, migrating, a reset, a hover; the parts are 300, 3000, replay,
                                                database and, only where it is named, editors
  ledgers [--only diesel|sqlx]                  let diesel_cli and sqlx-cli take turns with driftlens on one ledger, on PostgreSQL and on SQLite;
                                                the first time they are built, which takes minutes
  replay  FOLDER [FORMAT]                       run a folder of migrations on a real PostgreSQL, and compare our replay
";

fn main() -> ExitCode {
    match run(Arguments::new(std::env::args().skip(1))) {
        Ok(code) => code,
        Err(error) => {
            eprintln!("error: {error:#}");
            ExitCode::FAILURE
        }
    }
}

fn run(mut arguments: Arguments) -> Result<ExitCode> {
    match arguments.task().as_deref() {
        Some("test") => test::run(&Project::find()?, arguments),
        Some("bench") => bench::run(&Project::find()?, arguments),
        Some("ledgers") => ledgers::run(&Project::find()?, arguments),
        Some("replay") => replay::run(&Project::find()?, arguments),
        Some("help" | "--help" | "-h") => {
            print!("{USAGE}");
            Ok(ExitCode::SUCCESS)
        }
        Some(task) => bail!("there is no task {task:?}\n\n{USAGE}"),
        None => bail!("a task is needed\n\n{USAGE}"),
    }
}
