//! The database that a project's compose file describes: found, started and stopped through the container engine, and nothing else of the file.

use std::path::{Path, PathBuf};
use std::process::Stdio;
use std::time::{Duration, Instant};

use anyhow::{Context as _, bail};
use database::{Access, Address, Error, connect};
use languages::configuration::compose::{ComposeService, FILE_NAMES, services};

use super::Engine;
use crate::environments::folders_up;

/// The port of PostgreSQL in a container.
const PORT: &str = "5432";
/// What a server gets to answer once its container runs: a first start makes its data.
const ANSWER_WITHIN: Duration = Duration::from_secs(60);
const POLL: Duration = Duration::from_millis(200);

/// A service that is a PostgreSQL, and who runs it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ComposeDatabase {
    pub engine: Engine,
    pub file: PathBuf,
    pub service: String,
}

/// What the compose files of a project have.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum ComposeFound {
    /// No file, or no PostgreSQL in it.
    Nothing,
    One {
        file: PathBuf,
        service: String,
    },
    /// Somebody has to say which.
    Several {
        file: PathBuf,
        services: Vec<String>,
    },
    /// The one that is asked for is not there, or is no PostgreSQL that is known.
    NoSuch {
        file: PathBuf,
        service: String,
    },
}

/// Looks for a PostgreSQL in the nearest compose file, from the project's folder up to the repository's.
pub fn find_compose(base: &Path, wanted: Option<&str>) -> ComposeFound {
    let files = folders_up(base).into_iter().filter_map(|folder| {
        let mut names = FILE_NAMES.iter().map(|name| folder.join(name));
        names.find(|file| file.is_file())
    });
    let mut last = None;
    for file in files {
        let all = services(&std::fs::read_to_string(&file).unwrap_or_default());
        let all: Vec<ComposeService> = all.into_iter().filter(ComposeService::is_postgres).collect();
        if let Some(wanted) = wanted {
            if all.iter().any(|service| service.name == wanted) {
                return ComposeFound::One { file, service: wanted.to_owned() };
            }
            last = Some(ComposeFound::NoSuch { file, service: wanted.to_owned() });
            continue;
        }
        let usual: Vec<&ComposeService> = all.iter().filter(|service| service.has_usual_name()).collect();
        let names = all.iter().map(|service| service.name.clone()).collect::<Vec<String>>();
        match (all.as_slice(), usual.as_slice()) {
            ([], _) => {}
            ([only], _) => return ComposeFound::One { file, service: only.name.clone() },
            (_, [only]) => return ComposeFound::One { file, service: only.name.clone() },
            _ => return ComposeFound::Several { file, services: names },
        }
    }
    last.unwrap_or(ComposeFound::Nothing)
}

impl ComposeDatabase {
    fn folder(&self) -> &Path {
        self.file.parent().unwrap_or(&self.file)
    }

    /// What a person types for it.
    pub fn words(&self, command: &str) -> String {
        format!("{} {command}", self.engine.name())
    }

    pub fn is_running(&self) -> bool {
        self.asked(&["ps", "-q", &self.service]).is_ok_and(|said| !said.trim().is_empty())
    }

    /// Starts it. What the engine says on the way goes to standard error: an image may have to be fetched.
    pub fn start(&self) -> anyhow::Result<()> {
        let mut arguments = vec!["up", "-d"];
        if self.engine.waits() {
            arguments.push("--wait");
        }
        arguments.push(&self.service);
        self.told(&arguments)
    }

    pub fn stop(&self) -> anyhow::Result<()> {
        self.told(&["stop", &self.service])
    }

    /// Takes away all services of the file with their volumes.
    pub fn remove(&self) -> anyhow::Result<()> {
        self.told(&["down", "--volumes"])
    }

    /// The services of the file, as the engine sees them.
    pub fn services(&self) -> anyhow::Result<Vec<String>> {
        Ok(services(&self.asked(&["config"])?).into_iter().map(|service| service.name).collect())
    }

    /// Where it is reached from here, once it runs.
    pub fn address(&self) -> anyhow::Result<Address> {
        let all = services(&self.asked(&["config"])?);
        let service = all.into_iter().find(|service| service.name == self.service);
        let service =
            service.with_context(|| format!("{} names no service `{}`", self.file.display(), self.service))?;
        let login = service.login().map_err(|why| {
            anyhow::anyhow!("{}: {why}, which is not read: write DATABASE_URL into .env yourself", self.file.display())
        })?;
        let published = self.asked(&["port", &self.service, PORT]).unwrap_or_default();
        let Some((host, port)) = published_at(&published) else {
            bail!(
                "{}: the service `{}` runs, and its port {PORT} is not published, so it is not reached from here: add `ports: [\"127.0.0.1:5432:5432\"]`",
                self.file.display(),
                self.service
            )
        };
        let address =
            Address::from_parts(&host, Some(port), Some(&login.user), login.password.as_deref(), &login.database, None);
        address.map_err(|error| anyhow::anyhow!("{}: {error}", self.file.display()))
    }

    /// Waits until the server lets us in.
    pub async fn wait_for(&self, address: &Address) -> Result<(), Error> {
        let start = Instant::now();
        loop {
            match connect(address, Access::Read).await {
                Ok(connection) => {
                    connection.close().await;
                    return Ok(());
                }
                // While it starts, it says so.
                Err(Error::Refused { reason, .. }) if reason.contains("starting up") => {}
                Err(Error::Unreachable { .. } | Error::Lost { .. }) if start.elapsed() < ANSWER_WITHIN => {}
                Err(error) => return Err(error),
            }
            tokio::time::sleep(POLL).await;
        }
    }

    fn told(&self, arguments: &[&str]) -> anyhow::Result<()> {
        let words = self.words(&arguments.join(" "));
        let status = self.engine.command(self.folder()).args(arguments).stdout(Stdio::null()).status();
        let status = status.with_context(|| format!("`{words}` does not start"))?;
        if !status.success() {
            bail!("`{words}` in {} ended with {status}", self.folder().display());
        }
        Ok(())
    }

    fn asked(&self, arguments: &[&str]) -> anyhow::Result<String> {
        let words = self.words(&arguments.join(" "));
        let output = self.engine.command(self.folder()).args(arguments).output();
        let output = output.with_context(|| format!("`{words}` does not start"))?;
        if !output.status.success() {
            let said = String::from_utf8_lossy(&output.stderr);
            bail!("`{words}` in {} ended with {}: {}", self.folder().display(), output.status, said.trim());
        }
        Ok(String::from_utf8_lossy(&output.stdout).into_owned())
    }
}

/// `0.0.0.0:5433`, `[::]:5433`, `127.0.0.1:5433`: an address of all is reached on this machine.
fn published_at(text: &str) -> Option<(String, u16)> {
    let line = text.lines().find(|line| !line.trim().is_empty())?;
    let (host, port) = line.trim().rsplit_once(':')?;
    let host = match host {
        "0.0.0.0" | "[::]" | "::" | "" => "127.0.0.1",
        host => host,
    };
    Some((host.to_owned(), port.parse().ok().filter(|port| *port > 0)?))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn published_ports_are_read() {
        assert_eq!(published_at("0.0.0.0:5433\n[::]:5433\n"), Some((String::from("127.0.0.1"), 5433)));
        assert_eq!(published_at("192.168.1.5:6000"), Some((String::from("192.168.1.5"), 6000)));
        assert_eq!(published_at("0.0.0.0:0\n"), None);
        assert_eq!(published_at(""), None);
    }

    fn check(files: &[(&str, &str)], wanted: Option<&str>) -> String {
        let folder = tempfile::tempdir().unwrap();
        std::fs::create_dir(folder.path().join(".git")).unwrap();
        for (name, text) in files {
            let path = folder.path().join(name);
            std::fs::create_dir_all(path.parent().unwrap()).unwrap();
            std::fs::write(path, text).unwrap();
        }
        let base = folder.path().join("packages/db");
        std::fs::create_dir_all(&base).unwrap();
        let name = |file: PathBuf| file.strip_prefix(folder.path()).unwrap().display().to_string();
        match find_compose(&base, wanted) {
            ComposeFound::Nothing => String::from("nothing"),
            ComposeFound::One { file, service } => format!("{service} of {}", name(file)),
            ComposeFound::Several { file, services } => format!("{} of {}", services.join(" or "), name(file)),
            ComposeFound::NoSuch { file, service } => format!("no {service} in {}", name(file)),
        }
    }

    #[test]
    fn the_nearest_file_with_a_database_counts_up_to_the_repository() {
        let one = "services: { pg: { image: \"postgres:16\" } }\n";
        let redis = "services: { redis: { image: redis } }\n";
        assert_eq!(check(&[("compose.yaml", one)], None), "pg of compose.yaml");
        assert_eq!(
            check(&[("compose.yaml", one), ("packages/db/docker-compose.yml", one)], None),
            "pg of packages/db/docker-compose.yml"
        );
        assert_eq!(check(&[("compose.yaml", one), ("packages/db/compose.yml", redis)], None), "pg of compose.yaml");
        assert_eq!(check(&[("compose.yaml", redis)], None), "nothing");
        assert_eq!(check(&[], None), "nothing");
    }

    #[test]
    fn of_several_the_usual_name_or_the_one_that_is_said() {
        let image = "{ image: \"postgres:16\" }";
        let usual = format!("services: {{ db: {image}, db-test: {image} }}\n");
        assert_eq!(check(&[("compose.yaml", &usual)], None), "db of compose.yaml");
        assert_eq!(check(&[("compose.yaml", &usual)], Some("db-test")), "db-test of compose.yaml");
        assert_eq!(check(&[("compose.yaml", &usual)], Some("cache")), "no cache in compose.yaml");
        let unclear = format!("services: {{ one: {image}, two: {image} }}\n");
        assert_eq!(check(&[("compose.yaml", &unclear)], None), "one or two of compose.yaml");
    }
}
