//! `cargo xtask ledgers`: the real diesel_cli and sqlx-cli take turns with `driftlens` on one database and one folder of migrations.
//!
//! After each turn three answers must be the same: what the tool lists, what `driftlens status --check` says, and what the database holds.

use crate::arguments::Arguments;
use crate::install;
use crate::project::Project;
use crate::server::Server;
use crate::test::build_driftlens;
use anyhow::{Context, Result, ensure};
use serde_json::Value;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::{Command, ExitCode};

const DIESEL_VERSION: &str = "2.3.14";
const SQLX_VERSION: &str = "0.9.0";
const NAME: &str = "ledgers";
/// This migration is no transaction.
const ALONE: usize = 4;

/// What a SQLite file holds of the migrations.
const ASK_SQLITE: &str = "import sqlite3, sys\n\
    rows = sqlite3.connect(sys.argv[1]).execute(\"SELECT name FROM sqlite_master WHERE name LIKE 'step%' ORDER BY name\")\n\
    print(','.join(name for (name,) in rows))";

#[derive(Clone, Copy, PartialEq, Eq, Debug)]
enum Who {
    First,
    Second,
}

#[derive(Clone, Copy, Debug)]
enum Deed {
    /// All that is pending.
    Run,
    /// So many are taken back.
    Revert(usize),
    /// The newest is taken back and run again.
    Redo,
}

/// So many migrations are written, one of the two does something, and so many are applied.
struct Turn(usize, Who, Deed, usize);

/// The one who begins makes the ledger. All is played twice, each beginning once.
const TURNS: [Turn; 17] = [
    Turn(1, Who::First, Deed::Run, 1),
    Turn(2, Who::Second, Deed::Run, 2),
    Turn(4, Who::First, Deed::Run, 4),
    Turn(4, Who::Second, Deed::Run, 4),
    Turn(4, Who::Second, Deed::Revert(1), 3),
    Turn(4, Who::Second, Deed::Run, 4),
    Turn(6, Who::Second, Deed::Run, 6),
    Turn(6, Who::First, Deed::Revert(2), 4),
    Turn(6, Who::Second, Deed::Revert(2), 2),
    Turn(6, Who::First, Deed::Run, 6),
    Turn(6, Who::First, Deed::Redo, 6),
    Turn(6, Who::Second, Deed::Redo, 6),
    Turn(7, Who::First, Deed::Run, 7),
    Turn(7, Who::Second, Deed::Run, 7),
    Turn(7, Who::First, Deed::Redo, 7),
    Turn(7, Who::Second, Deed::Revert(7), 0),
    Turn(7, Who::First, Deed::Run, 7),
];

#[derive(Clone, Copy, PartialEq, Eq)]
enum Tool {
    Diesel,
    Sqlx,
}

pub fn run(project: &Project, mut arguments: Arguments) -> Result<ExitCode> {
    let only = arguments.choice("--only", &["diesel", "sqlx"])?;
    arguments.finish()?;
    install::postgres(project)?;
    let mut tools = Vec::new();
    if only.as_deref() != Some("sqlx") {
        install::libpq(project)?;
        let bin = install::cargo_program(project, "diesel_cli", DIESEL_VERSION, "postgres,sqlite-bundled")?;
        tools.push((Tool::Diesel, bin.join(format!("diesel{}", std::env::consts::EXE_SUFFIX))));
    }
    if only.as_deref() != Some("diesel") {
        let bin = install::cargo_program(project, "sqlx-cli", SQLX_VERSION, "postgres,sqlite")?;
        tools.push((Tool::Sqlx, bin.join(format!("sqlx{}", std::env::consts::EXE_SUFFIX))));
    }
    build_driftlens(project)?;
    let server = Server::up(project.driftlens("debug"), project.cache.join("ledgers/server"))?;
    for (tool, program) in &tools {
        for is_sqlite in [false, true] {
            for we_begin in [false, true] {
                let folder = project.cache.join("ledgers/project");
                let trial = Trial { tool: *tool, program, server: &server, folder, is_sqlite };
                trial.play(we_begin)?;
            }
        }
    }
    println!("\nall answers agree");
    Ok(ExitCode::SUCCESS)
}

/// A tool and `driftlens` on a database.
struct Trial<'a> {
    tool: Tool,
    program: &'a Path,
    server: &'a Server,
    folder: PathBuf,
    is_sqlite: bool,
}

impl Trial<'_> {
    fn play(&self, we_begin: bool) -> Result<()> {
        let (tool, database) = (self.name(), self.dialect());
        println!("\n== {tool} and driftlens on {database}; {} begins", if we_begin { "driftlens" } else { tool });
        self.make_anew()?;
        for (position, Turn(n_written, who, deed, n_applied)) in TURNS.iter().enumerate() {
            let are_we = (*who == Who::First) == we_begin;
            let what = format!(
                "{:>2}. {} of {n_written}: {deed:?} by {}",
                position + 1,
                n_applied,
                if are_we { "driftlens" } else { tool }
            );
            self.write(*n_written)?;
            let done = if are_we { self.ours(*deed) } else { self.theirs(*deed) };
            done.and_then(|()| self.agree(*n_written, *n_applied))
                .with_context(|| format!("{tool} and driftlens on {database}, {what}"))?;
            println!("{what}");
        }
        Ok(())
    }

    fn name(&self) -> &'static str {
        match self.tool {
            Tool::Diesel => "diesel",
            Tool::Sqlx => "sqlx",
        }
    }

    fn dialect(&self) -> &'static str {
        if self.is_sqlite { "sqlite" } else { "postgresql" }
    }

    fn url(&self) -> String {
        let file = self.folder.join("app.db");
        match (self.is_sqlite, self.tool) {
            (false, _) => self.server.url(NAME),
            (true, Tool::Diesel) => file.display().to_string(),
            (true, Tool::Sqlx) => format!("sqlite://{}?mode=rwc", file.display()),
        }
    }

    /// An empty database and a folder without migrations.
    fn make_anew(&self) -> Result<()> {
        self.server.make_anew(NAME)?;
        if self.folder.exists() {
            fs::remove_dir_all(&self.folder).with_context(|| format!("{} cannot be removed", self.folder.display()))?;
        }
        fs::create_dir_all(self.folder.join("migrations"))?;
        let (dialect, format) = (self.dialect(), self.name());
        let settings = format!("dialect = \"{dialect}\"\nmigrations = \"migrations\"\nformat = \"{format}\"\n");
        Ok(fs::write(self.folder.join("driftlens.toml"), settings)?)
    }

    /// The first so many migrations.
    fn write(&self, n_written: usize) -> Result<()> {
        for n in 1..=n_written {
            let (up, down) = match (n == ALONE, self.is_sqlite) {
                (false, _) => (format!("CREATE TABLE step{n} (id integer);\n"), format!("DROP TABLE step{n};\n")),
                (true, true) => (format!("CREATE INDEX step{n} ON step1 (id);\n"), format!("DROP INDEX step{n};\n")),
                (true, false) => (
                    format!("CREATE INDEX CONCURRENTLY step{n} ON step1 (id);\n"),
                    format!("DROP INDEX CONCURRENTLY step{n};\n"),
                ),
            };
            let migrations = self.folder.join("migrations");
            match self.tool {
                Tool::Diesel => {
                    let folder = migrations.join(format!("2024-01-0{n}-000000_step"));
                    fs::create_dir_all(&folder)?;
                    fs::write(folder.join("up.sql"), up)?;
                    fs::write(folder.join("down.sql"), down)?;
                    if n == ALONE {
                        fs::write(folder.join("metadata.toml"), "run_in_transaction = false\n")?;
                    }
                }
                Tool::Sqlx => {
                    let head = if n == ALONE { "-- no-transaction\n" } else { "" };
                    fs::write(migrations.join(format!("{n}_step.up.sql")), format!("{head}{up}"))?;
                    fs::write(migrations.join(format!("{n}_step.down.sql")), format!("{head}{down}"))?;
                }
            }
        }
        Ok(())
    }

    fn ours(&self, deed: Deed) -> Result<()> {
        match deed {
            Deed::Run => self.driftlens(&["migrate"]).map(drop),
            Deed::Revert(n) => self.driftlens(&["rollback", "--yes", "--steps", &n.to_string()]).map(drop),
            Deed::Redo => self.ours(Deed::Revert(1)).and_then(|()| self.ours(Deed::Run)),
        }
    }

    fn theirs(&self, deed: Deed) -> Result<()> {
        match (deed, self.tool) {
            (Deed::Run, _) => self.asked("run").map(drop),
            (Deed::Revert(n), _) => (0..n).try_for_each(|_| self.asked("revert").map(drop)),
            (Deed::Redo, Tool::Diesel) => self.asked("redo").map(drop),
            (Deed::Redo, Tool::Sqlx) => self.theirs(Deed::Revert(1)).and_then(|()| self.theirs(Deed::Run)),
        }
    }

    /// The first of the written migrations are applied and the others are not: whoever is asked.
    fn agree(&self, n_written: usize, n_applied: usize) -> Result<()> {
        let listed = match self.tool {
            Tool::Diesel => self.asked("list")?,
            Tool::Sqlx => self.asked("info")?,
        };
        let expected: Vec<bool> = (1..=n_written).map(|n| n <= n_applied).collect();
        let found: Vec<bool> = listed.lines().filter_map(|line| self.is_applied(line)).collect();
        ensure!(found == expected, "{} lists other migrations as applied:\n{listed}", self.name());

        let text = self.driftlens(&["status", "--format", "json"])?;
        let status: Value = serde_json::from_str(&text).context("the status is no JSON")?;
        for (state, expected) in [
            ("applied", n_applied),
            ("unapplied", n_written - n_applied),
            ("skipped", 0),
            ("modified", 0),
            ("failed", 0),
            ("missing", 0),
        ] {
            let n = status.pointer(&format!("/migrations/{state}")).and_then(Value::as_array).map(Vec::len);
            ensure!(n == Some(expected), "`driftlens status` does not say that {expected} are {state}:\n{text}");
        }
        // Of a database on which nothing is applied it is not told.
        let drift = if n_applied == 0 { Value::Null } else { Value::Array(Vec::new()) };
        ensure!(status.get("drift") == Some(&drift), "`driftlens status` finds drift:\n{text}");
        let is_closed = self.output(self.our_command(&["status", "--check"]))?.0 == Some(0);
        ensure!(is_closed == (n_applied == n_written), "`driftlens status --check` says otherwise:\n{text}");

        let held = self.held()?;
        let expected: Vec<String> = (1..=n_applied).map(|n| format!("step{n}")).collect();
        ensure!(held == expected.join(","), "the database holds {held:?}");
        Ok(())
    }

    /// What a line of the tool's list says; None for another line.
    fn is_applied(&self, line: &str) -> Option<bool> {
        match self.tool {
            Tool::Diesel => line.trim().strip_prefix('[')?.chars().next().map(|mark| mark == 'X'),
            Tool::Sqlx => line.split_once('/').map(|(_, state)| state.trim() == "installed step"),
        }
    }

    /// The tables and indexes of the migrations, by name.
    fn held(&self) -> Result<String> {
        let mut command = if self.is_sqlite {
            let mut python = Command::new("python3");
            python.args(["-c", ASK_SQLITE]).arg(self.folder.join("app.db"));
            python
        } else {
            let question = "SELECT coalesce(string_agg(relname, ',' ORDER BY relname), '') FROM pg_class WHERE relname LIKE 'step%'";
            let mut psql = Command::new("psql");
            psql.args(["-qXAt", "-d", &self.url(), "-c", question]);
            psql
        };
        command.current_dir(&self.folder);
        Ok(self.well(command)?.trim().to_owned())
    }

    fn asked(&self, word: &str) -> Result<String> {
        let mut command = Command::new(self.program);
        command.current_dir(&self.folder).env("DATABASE_URL", self.url());
        match self.tool {
            Tool::Diesel => command.args(["migration", word, "--migration-dir", "migrations"]),
            Tool::Sqlx => command.args(["migrate", word, "--source", "migrations"]),
        };
        self.well(command)
    }

    fn driftlens(&self, words: &[&str]) -> Result<String> {
        self.well(self.our_command(words))
    }

    fn our_command(&self, words: &[&str]) -> Command {
        let url = if self.is_sqlite { String::from("file:./app.db") } else { self.url() };
        let mut command = Command::new(&self.server.binary);
        command.current_dir(&self.folder).env("DRIFTLENS_STATE", self.folder.join("state"));
        command.args(words).args(["--url", &url]);
        command
    }

    /// What it prints; an exit code other than 0 is an error.
    fn well(&self, command: Command) -> Result<String> {
        let line = shown(&command);
        let (code, text) = self.output(command)?;
        ensure!(code == Some(0), "{line} ended with {code:?}:\n{text}");
        Ok(text)
    }

    fn output(&self, mut command: Command) -> Result<(Option<i32>, String)> {
        let output = command.output().with_context(|| format!("{} cannot be started", shown(&command)))?;
        let text = [output.stdout, output.stderr].concat();
        Ok((output.status.code(), String::from_utf8_lossy(&text).into_owned()))
    }
}

/// Its words, without an address, which has a password.
fn shown(command: &Command) -> String {
    let words = std::iter::once(command.get_program()).chain(command.get_args());
    let words = words.map(|word| word.to_string_lossy()).filter(|word| !word.contains("://"));
    words.collect::<Vec<_>>().join(" ")
}
