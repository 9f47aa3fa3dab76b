//! `cargo xtask test`: installs what is missing, runs every suite, and says at the end what passed and what failed.
//!
//! A suite that cannot run is a failure, never a skip.

use crate::arguments::Arguments;
use crate::install::{self, VSCODE_FOLDER};
use crate::project::{Project, cargo};
use crate::report::{Counts, Outcome, summary};
use crate::run::{run as run_command, stream};
use anyhow::{Context, Result, bail};
use std::process::{Command, ExitCode};
use std::time::Instant;

/// A suite counts what it ran, and may fail on top of that.
type Suite = fn(&Project, &mut Counts) -> Result<()>;

const SUITES: [(&str, Suite); 7] = [
    ("cargo", cargo_suite),
    ("postgres-18", postgres_18_suite),
    ("neovim", neovim_suite),
    ("emacs", emacs_suite),
    ("zed", zed_suite),
    ("vscode", vscode_suite),
    ("real-vscode", real_vscode_suite),
];

/// Parts of a suite, run only where they are named.
const PARTS: [(&str, Suite); 2] = [("oracle", oracle_part), ("replay", replay_part)];

/// The modules of tests that start the PostgreSQL which `DRIFTLENS_PG_BIN` names.
const DATABASE_TESTS: [&str; 11] = [
    "push::",
    "migrate::",
    "killed::",
    "live::",
    "workflow::",
    "pull::",
    "generate_postgres::",
    "history::",
    "faults::",
    "witnesses::",
    "operations::",
];
const NEOVIM_TESTS: [&str; 2] = ["tests/editors/neovim/test.lua", "tests/editors/neovim/plugin.lua"];
const EMACS_FOLDER: &str = "editors/emacs";
const EMACS_TESTS: [&str; 3] =
    ["tests/editors/emacs/tidy.el", "tests/editors/emacs/eglot.el", "tests/editors/emacs/lsp-mode.el"];
const ZED_FOLDER: &str = "editors/zed";
const VSCODE_TEST: &str = "tests/editors/vscode/test.mjs";

pub fn run(project: &Project, mut arguments: Arguments) -> Result<ExitCode> {
    let all: Vec<(&str, Suite)> = SUITES.into_iter().chain(PARTS).collect();
    let names: Vec<&str> = all.iter().map(|(name, _)| *name).collect();
    let only = arguments.choice("--only", &names)?;
    arguments.finish()?;
    let chosen = match only {
        Some(only) => all.into_iter().filter(|(name, _)| *name == only).collect(),
        None => SUITES.to_vec(),
    };
    let mut outcomes = Vec::new();
    for (suite, test) in chosen {
        println!("\n== {suite}");
        let (mut counts, started) = (Counts::default(), Instant::now());
        let problem = test(project, &mut counts).err().map(|error| format!("{error:#}"));
        outcomes.push(Outcome { suite, counts, duration: started.elapsed(), problem });
    }
    let (text, passed) = summary(&outcomes);
    print!("\n{text}");
    Ok(if passed { ExitCode::SUCCESS } else { ExitCode::FAILURE })
}

/// The tests of every crate, and of `tests/`, which asks the real drizzle-kit and real databases.
fn cargo_suite(project: &Project, counts: &mut Counts) -> Result<()> {
    install::postgres(project)?;
    cargo_test(project, counts, &["--workspace", "--no-fail-fast"])
}

/// What the commands and the editor do to a database, once more with the newest PostgreSQL: the suite before this one has the machine's own.
fn postgres_18_suite(project: &Project, counts: &mut Counts) -> Result<()> {
    install::npm_packages(project, "tests")?;
    let programs = install::newest_postgres(project)?;
    let mut command = project.command(cargo(), ".");
    command.args(["test", "--workspace", "--no-fail-fast", "--test", "it", "--"]).args(DATABASE_TESTS);
    counted_by_cargo(command.env(install::POSTGRES_VARIABLE, programs), counts)
}

/// Only what is asked of the real drizzle-kit.
fn oracle_part(project: &Project, counts: &mut Counts) -> Result<()> {
    cargo_test(project, counts, &["--package", "tests", "--test", "it", "oracle::"])
}

/// Only what is asked of real databases.
fn replay_part(project: &Project, counts: &mut Counts) -> Result<()> {
    install::postgres(project)?;
    cargo_test(project, counts, &["--package", "tests", "--test", "it", "replay_"])
}

fn cargo_test(project: &Project, counts: &mut Counts, arguments: &[&str]) -> Result<()> {
    install::npm_packages(project, "tests")?;
    install::npm_packages(project, "tests/kit-1")?;
    counted_by_cargo(project.command(cargo(), ".").arg("test").args(arguments), counts)
}

fn counted_by_cargo(command: &mut Command, counts: &mut Counts) -> Result<()> {
    let (status, lines) = stream(command)?;
    lines.iter().filter_map(|line| Counts::from_cargo_line(line)).for_each(|line| counts.add(line));
    if !status.success() && counts.failed == 0 {
        bail!("`cargo test` ended with {status}");
    }
    Ok(())
}

/// The program that the editors and the ledgers' trial run: the one that the tests of all crates build. Built for itself it would be compiled anew with all that
/// is below it, because Cargo chooses other features of the dependencies then.
pub fn build_driftlens(project: &Project) -> Result<()> {
    run_command(project.command(cargo(), ".").args(["test", "--workspace", "--no-run", "--quiet"]))
}

/// The server and its plugin in a real Neovim, with a real PostgreSQL that it brings up.
fn neovim_suite(project: &Project, counts: &mut Counts) -> Result<()> {
    install::postgres(project)?;
    let neovim = install::neovim(project)?;
    build_driftlens(project)?;
    for test in NEOVIM_TESTS {
        let mut command = project.command(&neovim, ".");
        command.args(["--headless", "-u", "NONE", "-i", "NONE", "-n", "-l", test]);
        counted(command.env("DRIFTLENS_BIN", project.driftlens("debug")), test, counts)?;
    }
    Ok(())
}

/// The server in a real Emacs, with Eglot and with lsp-mode.
fn emacs_suite(project: &Project, counts: &mut Counts) -> Result<()> {
    install::emacs(project)?;
    let lsp_mode = install::lsp_mode(project)?;
    build_driftlens(project)?;
    for test in EMACS_TESTS {
        let mut command = project.command("emacs", ".");
        command.args(["--batch", "-Q"]);
        for folder in &lsp_mode {
            command.arg("-L").arg(folder);
        }
        command.args(["-L", EMACS_FOLDER, "-l", test]);
        counted(command.env("DRIFTLENS_BIN", project.driftlens("debug")), test, counts)?;
    }
    Ok(())
}

/// The extension for Zed is formatted and compiles to WebAssembly; where that target cannot be had, it type-checks. Each is counted as a test.
fn zed_suite(project: &Project, counts: &mut Counts) -> Result<()> {
    run_command(project.command(cargo(), ZED_FOLDER).args(["fmt", "--check"]))?;
    counts.passed += 1;
    let target = project.target.join("zed");
    let build = |words: &[&str]| {
        let mut command = project.command(cargo(), ZED_FOLDER);
        command.args(words).args(["--locked", "--target-dir"]).arg(&target);
        run_command(&mut command)
    };
    if install::zed_target(project) {
        build(&["build", "--target", install::ZED_TARGET])?;
    } else {
        println!("{} cannot be had: the extension is only type-checked", install::ZED_TARGET);
        build(&["check"])?;
    }
    counts.passed += 1;
    Ok(())
}

/// Runs tests that say at their end what passed.
fn counted(command: &mut Command, test: &str, counts: &mut Counts) -> Result<()> {
    let (status, lines) = stream(command)?;
    let last = lines.iter().rev().find_map(|line| Counts::from_plain_line(line));
    let found = last.with_context(|| format!("{test} ended with {status} before it said what passed"))?;
    counts.add(found);
    if !status.success() && found.failed == 0 {
        bail!("{test} ended with {status}");
    }
    Ok(())
}

/// The extension for VS Code type-checks, keeps to its lints and packs; each is counted as a test. Then its own tests.
fn vscode_suite(project: &Project, counts: &mut Counts) -> Result<()> {
    install::npm_packages(project, VSCODE_FOLDER)?;
    for script in ["check", "lint", "package"] {
        match run_command(project.command(install::npm(), VSCODE_FOLDER).args(["run", script])) {
            Ok(()) => counts.passed += 1,
            Err(error) => {
                println!("{error:#}");
                counts.failed += 1;
            }
        }
    }
    counted(project.command(install::npm(), VSCODE_FOLDER).args(["run", "test"]), VSCODE_FOLDER, counts)
}

/// The packed extension in a real VS Code (code-server and Chromium), which the test installs into the cache, with a real PostgreSQL, which
/// it brings up with `driftlens up`.
fn real_vscode_suite(project: &Project, counts: &mut Counts) -> Result<()> {
    install::postgres(project)?;
    let vsix = install::vscode_extension(project)?;
    build_driftlens(project)?;
    let mut command = project.command("node", ".");
    command.arg(VSCODE_TEST).arg(&project.cache).arg(vsix).env("DRIFTLENS_BIN", project.driftlens("debug"));
    counted(&mut command, VSCODE_TEST, counts)
}
