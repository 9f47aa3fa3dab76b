//! `cargo xtask test`: installs what is missing, runs every suite, and says at the end what passed and what failed.
//!
//! A suite that cannot run is a failure, never a skip.

use crate::arguments::Arguments;
use crate::install;
use crate::project::{Project, cargo};
use crate::report::{Counts, Outcome, summary};
use crate::run::{run as run_command, stream};
use anyhow::{Context, Result, bail};
use std::process::ExitCode;
use std::time::Instant;

/// A suite counts what it ran, and may fail on top of that.
type Suite = fn(&Project, &mut Counts) -> Result<()>;

const SUITES: [(&str, Suite); 3] = [("cargo", cargo_suite), ("neovim", neovim_suite), ("vscode", vscode_suite)];

const NEOVIM_TEST: &str = "tests/editors/neovim/test.lua";
const VSCODE_FOLDER: &str = "vscode-extension";

pub fn run(project: &Project, mut arguments: Arguments) -> Result<ExitCode> {
    let only = arguments.choice("--only", &SUITES.map(|(name, _)| name))?;
    arguments.finish()?;
    let mut outcomes = Vec::new();
    for (suite, test) in SUITES {
        if only.as_deref().is_some_and(|only| only != suite) {
            continue;
        }
        println!("\n== {suite}");
        let (mut counts, started) = (Counts::default(), Instant::now());
        let problem = test(project, &mut counts).err().map(|error| format!("{error:#}"));
        outcomes.push(Outcome { suite, counts, duration: started.elapsed(), problem });
    }
    let (text, passed) = summary(&outcomes);
    print!("\n{text}");
    Ok(if passed { ExitCode::SUCCESS } else { ExitCode::FAILURE })
}

/// The tests of every crate, and of `tests/`, which asks the real drizzle-kit.
fn cargo_suite(project: &Project, counts: &mut Counts) -> Result<()> {
    install::npm_packages(project, "tests")?;
    let mut command = project.command(cargo(), ".");
    let (status, lines) = stream(command.args(["test", "--workspace", "--no-fail-fast"]))?;
    lines.iter().filter_map(|line| Counts::from_cargo_line(line)).for_each(|line| counts.add(line));
    if !status.success() && counts.failed == 0 {
        bail!("`cargo test` ended with {status}");
    }
    Ok(())
}

/// The server in a real Neovim.
fn neovim_suite(project: &Project, counts: &mut Counts) -> Result<()> {
    let neovim = install::neovim(project)?;
    run_command(project.command(cargo(), ".").args(["build", "--package", "driftlens"]))?;
    let mut command = project.command(neovim, ".");
    command.args(["--headless", "-u", "NONE", "-i", "NONE", "-n", "-l", NEOVIM_TEST]);
    let (status, lines) = stream(command.env("DRIFTLENS_BIN", project.driftlens("debug")))?;
    let last = lines.iter().rev().find_map(|line| Counts::from_plain_line(line));
    *counts = last.with_context(|| format!("{NEOVIM_TEST} ended with {status} before it said what passed"))?;
    if !status.success() && counts.failed == 0 {
        bail!("{NEOVIM_TEST} ended with {status}");
    }
    Ok(())
}

/// The extension for VS Code type-checks and packs; each is counted as a test.
fn vscode_suite(project: &Project, counts: &mut Counts) -> Result<()> {
    install::npm_packages(project, VSCODE_FOLDER)?;
    for script in ["check", "package"] {
        match run_command(project.command(install::npm(), VSCODE_FOLDER).args(["run", script])) {
            Ok(()) => counts.passed += 1,
            Err(error) => {
                println!("{error:#}");
                counts.failed += 1;
            }
        }
    }
    Ok(())
}
