//! A PostgreSQL for a measurement or a trial, brought up by the program itself.

use crate::run::run as run_command;
use anyhow::{Context, Result, ensure};
use std::fs;
use std::path::PathBuf;
use std::process::Command;

const SETTINGS: &str = "dialect = \"postgresql\"\nmigrations = \"migrations\"\nformat = \"plain\"\n";

/// A PostgreSQL that `driftlens up` brings up, gone when this is dropped.
pub struct Server {
    pub binary: PathBuf,
    pub folder: PathBuf,
    /// Up to the name of the database.
    url: String,
}

impl Server {
    /// Of this program, for a project in that folder.
    pub fn up(binary: PathBuf, folder: PathBuf) -> Result<Server> {
        fs::create_dir_all(folder.join("migrations"))?;
        fs::write(folder.join("driftlens.toml"), SETTINGS)?;
        let mut command = Command::new(&binary);
        run_command(command.args(["up", "--private", "--write-env"]).current_dir(&folder))?;
        let env = fs::read_to_string(folder.join(".env"))?;
        let url = env.lines().find_map(|line| line.strip_prefix("DATABASE_URL=")).context("`up` wrote no address")?;
        let (url, _) = url.trim_matches('"').rsplit_once('/').context("an address without a database")?;
        Ok(Server { binary, folder, url: url.to_owned() })
    }

    pub fn url(&self, database: &str) -> String {
        format!("{}/{database}", self.url)
    }

    /// An empty database in place of the one before it.
    pub fn make_anew(&self, name: &str) -> Result<()> {
        let (drop, create) =
            (format!("DROP DATABASE IF EXISTS {name} WITH (FORCE)"), format!("CREATE DATABASE {name}"));
        let mut command = Command::new("psql");
        command.args(["-qX", "-v", "ON_ERROR_STOP=1", "-d", &self.url("postgres"), "-c", &drop, "-c", &create]);
        let done = command.output().context("psql cannot be started")?;
        ensure!(done.status.success(), "{name} is not made: {}", String::from_utf8_lossy(&done.stderr).trim());
        Ok(())
    }
}

impl Drop for Server {
    fn drop(&mut self) {
        let mut command = Command::new(&self.binary);
        let _ = command.args(["down", "--volumes", "--yes"]).current_dir(&self.folder).output();
    }
}
