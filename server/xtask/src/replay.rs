//! `cargo xtask replay FOLDER`: a project's migrations on a real PostgreSQL beside our replay of them.

use crate::arguments::Arguments;
use crate::install;
use crate::project::{Project, cargo};
use crate::run::run as run_command;
use anyhow::{Context, Result};
use std::process::ExitCode;

pub fn run(project: &Project, mut arguments: Arguments) -> Result<ExitCode> {
    let folder = arguments.plain().context("a folder of migrations is needed")?;
    let format = arguments.plain();
    arguments.finish()?;
    // Relative to where the person stands.
    let folder = std::path::absolute(folder)?;
    install::postgres(project)?;
    let mut command = project.command(cargo(), ".");
    run_command(
        command.args(["run", "--quiet", "--package", "tests", "--bin", "replay", "--"]).arg(folder).args(format),
    )?;
    Ok(ExitCode::SUCCESS)
}
