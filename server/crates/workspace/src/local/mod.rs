//! The development database of a project: the one that `driftlens up` brings up, and how the other commands find it again.

mod compose;
mod dotenv;
mod engine;

pub use compose::{ComposeDatabase, ComposeFound, find_compose};
pub use dotenv::{ENV_FILE, UrlInFile, is_ignored_by_git, url_in_file, write_url};
pub use engine::Engine;

use std::fs;
use std::io;
use std::path::{Path, PathBuf};

use database::Address;
use database::local::{LocalServer, Lock, Started, write_private};
use schema::Dialect;
use serde_json::{Value, json};

use crate::DatabaseProject;

/// The folder of a project in which is kept what is this machine's alone.
pub const FOLDER: &str = ".driftlens";

/// Where the development database of a project is kept.
#[derive(Clone, Debug)]
pub struct DevelopmentDatabase {
    base: PathBuf,
    /// What the project is known as among those of its folder.
    key: String,
}

/// One that was brought up before. It need not run.
#[derive(Clone, Debug)]
pub(crate) struct Remembered {
    pub(crate) address: Address,
    pub(crate) said_by: String,
}

impl DevelopmentDatabase {
    pub fn of(project: &DatabaseProject<'_>) -> DevelopmentDatabase {
        let base = project.source.parent().unwrap_or(project.source).to_path_buf();
        // A `driftlens.toml` that names a Drizzle configuration is no other project than that.
        let key = match project.drizzle {
            Some(drizzle) => drizzle.strip_prefix(&base).unwrap_or(drizzle).to_string_lossy().replace('\\', "/"),
            None => {
                let name = project.source.file_name().unwrap_or_default().to_string_lossy();
                if project.index == 0 { name.into_owned() } else { format!("{name}#{}", project.index) }
            }
        };
        DevelopmentDatabase { base, key }
    }

    /// The folder that the project's files are meant from.
    pub fn base(&self) -> &Path {
        &self.base
    }

    /// The server of the project's own, which need not be there.
    pub fn server(&self) -> LocalServer {
        LocalServer::new(self.base.join(FOLDER).join("postgres"))
    }

    /// Makes the folder, out of git's sight.
    pub fn prepare(&self) -> io::Result<()> {
        let folder = self.base.join(FOLDER);
        fs::create_dir_all(&folder)?;
        let ignored = folder.join(".gitignore");
        if ignored.exists() { Ok(()) } else { fs::write(ignored, "*\n") }
    }

    /// Has the server of the project's own run, with its database in it.
    pub async fn start(&self, lock: &Lock) -> Result<Started, database::local::LocalError> {
        let name = self.base.file_name().unwrap_or_default().to_string_lossy().into_owned();
        let started = self.server().start(lock, &self.key, &name).await?;
        // The last one that was brought up is the one that is found.
        let _ = fs::remove_file(self.compose_file());
        Ok(started)
    }

    fn compose_file(&self) -> PathBuf {
        self.base.join(FOLDER).join("compose.json")
    }

    /// Notes which service was brought up, and whether it ran before: then it is somebody else's to stop. It holds the password, as the
    /// compose file does, for its owner only.
    pub fn remember(&self, compose: &ComposeDatabase, address: &Address, ran: bool) -> io::Result<()> {
        let is_ours = !ran || self.remembered_compose().is_some_and(|(known, is_ours)| known == *compose && is_ours);
        let value = json!({
            "project": self.key,
            "engine": compose.engine.name(),
            "file": compose.file.display().to_string(),
            "service": compose.service,
            "address": address.for_a_command(),
            "ours": is_ours,
        });
        write_private(&self.compose_file(), &format!("{value:#}\n"))
    }

    /// The service that was brought up, and not taken down since; true where it was started by that.
    pub fn remembered_compose(&self) -> Option<(ComposeDatabase, bool)> {
        let value = self.noted()?;
        let text = |key: &str| value.get(key).and_then(Value::as_str).map(str::to_owned);
        let (engine, file, service) =
            (Engine::named(&text("engine")?)?, PathBuf::from(text("file")?), text("service")?);
        let is_ours = value.get("ours").and_then(Value::as_bool).unwrap_or_default();
        Some((ComposeDatabase { engine, file, service }, is_ours))
    }

    pub fn forget_compose(&self) {
        // Where that fails it is found again, and told that it does not answer.
        let _ = fs::remove_file(self.compose_file());
    }

    fn noted(&self) -> Option<Value> {
        let value: Value = serde_json::from_str(&fs::read_to_string(self.compose_file()).ok()?).ok()?;
        (value.get("project")?.as_str()? == self.key).then_some(value)
    }

    /// The address of the project's database on its own server; None where none was made.
    pub(crate) fn own_address(&self) -> Option<Address> {
        self.server().address(&self.key)
    }

    /// What was brought up last.
    pub(crate) fn remembered(&self) -> Option<Remembered> {
        if let Some(value) = self.noted()
            && let Some(url) = value.get("address").and_then(Value::as_str)
            && let Ok(address) = Address::parse(url, Dialect::Postgres, &self.base)
        {
            return Some(Remembered { address, said_by: String::from("`driftlens up`, by the compose file") });
        }
        Some(Remembered { address: self.own_address()?, said_by: String::from("`driftlens up`") })
    }
}
