//! `cargo xtask bench --only editors`: how long a keystroke waits in real editors, with the release build.

use crate::install;
use crate::project::Project;
use crate::run::run as run_command;
use crate::sample_project::SIZES;
use anyhow::{Context, Result};
use std::process::Command;

/// Behind the first of these in the file a letter is typed.
const TEXT: &str = "text('title";

const NEOVIM: &str = "tests/editors/neovim/latency.lua";
const VSCODE: &str = "tests/editors/vscode/latency.mjs";

/// Each prints its medians.
pub fn run(project: &Project) -> Result<()> {
    let [size, ..] = SIZES;
    let folder = size.project(project)?;
    println!("\n== keystrokes in editors, {} tables in {} files", size.n_tables, size.n_files);
    let binary = project.driftlens("release");
    let measure = |mut command: Command| {
        run_command(command.arg(&folder).arg(size.middle_file()).arg(TEXT).env("DRIFTLENS_BIN", &binary))
    };
    let mut neovim = project.command(install::neovim(project)?, ".");
    neovim.args(["--headless", "-u", "NONE", "-i", "NONE", "-n", "-l", NEOVIM]);
    measure(neovim).context("Neovim")?;
    let vsix = install::vscode_extension(project)?;
    let mut vscode = project.command("node", ".");
    vscode.arg(VSCODE).arg(&project.cache).arg(vsix);
    measure(vscode).context("VS Code")
}
