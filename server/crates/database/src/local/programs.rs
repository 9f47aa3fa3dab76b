//! Where PostgreSQL's programs are on this machine.

use std::ffi::OsStr;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

use super::LocalError;

/// Names the folder of PostgreSQL's programs; then no other is looked at.
pub const PROGRAMS_VARIABLE: &str = "DRIFTLENS_PG_BIN";
/// Older catalogs lack columns that ours reads.
const OLDEST: u32 = 13;
const NEEDED: [&str; 3] = ["initdb", "pg_ctl", "postgres"];

/// Folders that hold a folder for each version, and where in that the programs are.
const VERSIONED: [(&str, &str); 7] = [
    ("/usr/lib/postgresql", "bin"),
    ("/usr", "bin"),
    ("/opt/homebrew/opt", "bin"),
    ("/usr/local/opt", "bin"),
    ("/usr/local", "bin"),
    ("/Applications/Postgres.app/Contents/Versions", "bin"),
    ("C:\\Program Files\\PostgreSQL", "bin"),
];

/// The programs of one version.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Programs {
    pub bin: PathBuf,
    pub major: u32,
}

impl Programs {
    /// Those that are named, else the first on the PATH, else the newest that is found; of this version where one is wanted. `near` are
    /// folders that may have them too.
    pub fn find(wanted: Option<u32>, near: &[PathBuf]) -> Result<Programs, LocalError> {
        let named = std::env::var_os(PROGRAMS_VARIABLE).filter(|it| !it.is_empty()).map(PathBuf::from);
        let fits = |found: &Programs| found.major >= OLDEST && wanted.is_none_or(|major| found.major == major);
        if let Some(folder) = named {
            let found = Programs::in_folder(&folder).filter(fits);
            return found.ok_or(LocalError::NoPrograms { wanted, named: Some(folder) });
        }
        let on_path: Vec<PathBuf> = std::env::var_os("PATH").iter().flat_map(std::env::split_paths).collect();
        let mut others = on_path.iter().find_map(|folder| told_by_pg_config(folder)).into_iter().collect::<Vec<_>>();
        others.extend(VERSIONED.iter().flat_map(|(outer, inner)| below(Path::new(outer), inner)));
        others.extend(near.iter().cloned());
        let first = on_path.iter().filter_map(|folder| Programs::in_folder(folder)).find(fits);
        let newest =
            || others.iter().filter_map(|folder| Programs::in_folder(folder)).filter(fits).max_by_key(|it| it.major);
        first.or_else(newest).ok_or(LocalError::NoPrograms { wanted, named: None })
    }

    /// None where the folder lacks one of them.
    pub fn in_folder(bin: &Path) -> Option<Programs> {
        let name = |program: &str| bin.join(format!("{program}{}", std::env::consts::EXE_SUFFIX));
        if !NEEDED.iter().all(|program| name(program).is_file()) {
            return None;
        }
        let output = Command::new(name("postgres")).arg("--version").stdin(Stdio::null()).output().ok()?;
        // The programs may be links from a folder of all programs: who starts them there finds the rest.
        Some(Programs { bin: bin.to_owned(), major: major(&String::from_utf8_lossy(&output.stdout))? })
    }

    pub(super) fn program(&self, name: &str) -> PathBuf {
        self.bin.join(format!("{name}{}", std::env::consts::EXE_SUFFIX))
    }
}

/// `postgres (PostgreSQL) 15.8 (Debian 15.8-0+deb12u1)`.
fn major(text: &str) -> Option<u32> {
    let version = text.split_once(") ")?.1;
    version.split(|it: char| !it.is_ascii_digit()).next()?.parse().ok()
}

fn told_by_pg_config(folder: &Path) -> Option<PathBuf> {
    let program = folder.join(format!("pg_config{}", std::env::consts::EXE_SUFFIX));
    if !program.is_file() {
        return None;
    }
    let output = Command::new(program).arg("--bindir").stdin(Stdio::null()).output().ok()?;
    output.status.success().then(|| PathBuf::from(String::from_utf8_lossy(&output.stdout).trim()))
}

/// The folder `inner` of every folder in `outer` that is named for PostgreSQL or for a version.
fn below(outer: &Path, inner: &str) -> Vec<PathBuf> {
    let is_version = |name: &OsStr| {
        let name = name.to_string_lossy();
        name.starts_with("postgres") || name.starts_with("pgsql") || name.starts_with(|it: char| it.is_ascii_digit())
    };
    let entries = std::fs::read_dir(outer).into_iter().flatten().flatten();
    let mut folders: Vec<PathBuf> =
        entries.filter(|entry| is_version(&entry.file_name())).map(|entry| entry.path().join(inner)).collect();
    folders.sort();
    folders
}

/// The npm package that holds the programs for this machine, with its version; None where there is none. It brings the server without
/// anything of the system around it.
pub fn packaged_server() -> Option<(String, &'static str)> {
    let system = match std::env::consts::OS {
        "macos" => "darwin",
        "linux" => "linux",
        "windows" => "windows",
        _ => return None,
    };
    let machine = match std::env::consts::ARCH {
        "x86_64" => "x64",
        "aarch64" if system != "windows" => "arm64",
        _ => return None,
    };
    Some((format!("@embedded-postgres/{system}-{machine}"), "18.4.0-beta.17"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn versions_are_read() {
        assert_eq!(major("postgres (PostgreSQL) 15.8 (Debian 15.8-0+deb12u1)\n"), Some(15));
        assert_eq!(major("postgres (PostgreSQL) 18beta1\n"), Some(18));
        assert_eq!(major("postgres: command not found"), None);
    }

    #[test]
    fn a_folder_without_all_of_them_is_none() {
        let folder = tempfile::tempdir().unwrap();
        std::fs::write(folder.path().join("postgres"), "").unwrap();
        assert_eq!(Programs::in_folder(folder.path()), None);
    }
}
