//! Why a server of our own could not be had, for a person, with what to do.

use std::fmt;
use std::io;
use std::path::{Path, PathBuf};

use super::programs::PROGRAMS_VARIABLE;
use crate::Error;

/// Why a server of our own could not be made, started or stopped.
#[derive(Debug)]
pub enum LocalError {
    /// No programs of PostgreSQL, or none of the version that the data is of.
    NoPrograms {
        wanted: Option<u32>,
        named: Option<PathBuf>,
    },
    /// We are root, which PostgreSQL refuses to be run by, and nobody else is there.
    NoAccount,
    /// The account that the server is run by may not enter a folder on the way to its own.
    Closed {
        folder: PathBuf,
        account: String,
    },
    /// A program ended badly; what it said.
    Failed {
        program: &'static str,
        said: String,
    },
    /// A server runs of which it cannot be told whether it uses this data.
    Unclear {
        pid: u32,
        file: PathBuf,
    },
    /// It did not end in time.
    StillRuns {
        pid: u32,
    },
    /// No port is free.
    NoPort,
    Io {
        path: PathBuf,
        doing: &'static str,
        error: io::Error,
    },
    /// The server runs, and something is wrong with it.
    Database(Error),
}

impl LocalError {
    pub(super) fn io(path: &Path, doing: &'static str) -> impl FnOnce(io::Error) -> LocalError {
        move |error| LocalError::Io { path: path.to_owned(), doing, error }
    }
}

impl From<Error> for LocalError {
    fn from(error: Error) -> LocalError {
        LocalError::Database(error)
    }
}

impl fmt::Display for LocalError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            LocalError::NoPrograms { wanted, named: Some(folder) } => {
                let version = wanted.map(|major| format!(" of version {major}, as the data is,")).unwrap_or_default();
                write!(
                    f,
                    "{PROGRAMS_VARIABLE} names {}, and the programs initdb, pg_ctl and postgres{version} are not there",
                    folder.display()
                )
            }
            LocalError::NoPrograms { wanted: Some(major), named: None } => {
                write!(
                    f,
                    "the data is of PostgreSQL {major}, and the programs of that version are not found: {}",
                    how(Some(*major))
                )
            }
            LocalError::NoPrograms { wanted: None, named: None } => {
                write!(f, "PostgreSQL is not found on this machine: {}", how(None))
            }
            LocalError::NoAccount => f.write_str(
                "PostgreSQL does not run as root, and there is no account `postgres` or `nobody` to run it as: add one \
                 (useradd --system postgres), or run this as another user",
            ),
            LocalError::Closed { folder, account } => write!(
                f,
                "PostgreSQL does not run as root, and the account `{account}`, which it would be run as, may not enter {0}: allow it \
                 (chmod o+x {0}), or run this as another user",
                folder.display()
            ),
            LocalError::Failed { program, said } => write!(f, "{program} failed: {}", said.trim()),
            LocalError::Unclear { pid, file } => write!(
                f,
                "a PostgreSQL runs as process {pid}, and it cannot be told whether it uses this data: end it, or remove {} if it does not",
                file.display()
            ),
            LocalError::StillRuns { pid } => {
                write!(f, "the server (process {pid}) was told to end, and still runs after a minute")
            }
            LocalError::NoPort => f.write_str("no port is free on 127.0.0.1"),
            LocalError::Io { path, doing, error } => write!(f, "{} cannot be {doing}: {error}", path.display()),
            LocalError::Database(error) => error.fmt(f),
        }
    }
}

impl std::error::Error for LocalError {}

/// How to get the programs on this system.
fn how(major: Option<u32>) -> String {
    let version = major.map(|major| major.to_string());
    let install = match (std::env::consts::OS, version) {
        ("macos", version) => format!("install them (brew install postgresql@{})", version.as_deref().unwrap_or("17")),
        ("windows", _) => String::from("install them from postgresql.org"),
        (_, None) => String::from("install it (apt install postgresql, dnf install postgresql-server)"),
        (_, Some(version)) => format!("install them (apt install postgresql-{version})"),
    };
    format!("{install}, or name the folder of initdb, pg_ctl and postgres in {PROGRAMS_VARIABLE}")
}
