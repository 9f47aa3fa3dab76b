//! Where PostgreSQL's programs are on this machine.

use std::path::{Path, PathBuf};
use std::process::Command;

/// Names folders of PostgreSQL's programs, divided as those of PATH are. They go before all others.
const VARIABLE: &str = "DRIFTLENS_PG_BIN";
/// Older catalogs lack columns that ours reads.
const OLDEST: u32 = 15;
const NPM_PACKAGE: &str = "@embedded-postgres";
const NEWEST: u32 = 18;

/// The programs of one version.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Installed {
    pub bin: PathBuf,
    pub major: u32,
    /// True for the npm package, which brings the server without anything of the system around it.
    pub is_from_npm: bool,
}

/// The first installation of each major version, the oldest version first.
pub fn installed() -> Vec<Installed> {
    let mut found: Vec<Installed> = Vec::new();
    for (bin, is_from_npm) in candidates() {
        let Some(major) = major(&bin) else { continue };
        if major >= OLDEST && found.iter().all(|it| it.major != major) {
            found.push(Installed { bin, major, is_from_npm });
        }
    }
    found.sort_by_key(|it| it.major);
    found
}

/// The one that the environment names, else the oldest version that the machine has by itself. Fails the test where there is none.
pub fn of_the_machine() -> Installed {
    let is_from_npm = |bin: &Path| bin.components().any(|part| part.as_os_str() == NPM_PACKAGE);
    let named = named().into_iter().find_map(|bin| Some((major(&bin)?, is_from_npm(&bin), bin)));
    if let Some((major, is_from_npm, bin)) = named {
        return Installed { bin, major, is_from_npm };
    }
    let found = installed();
    found.iter().find(|it| !it.is_from_npm).or(found.first()).cloned().unwrap_or_else(|| panic!("{}", how_to_get()))
}

/// Version 18, which npm brings. Fails the test where it is not there.
pub fn newest() -> Installed {
    let newest = installed().into_iter().find(|it| it.major == NEWEST);
    newest.unwrap_or_else(|| {
        panic!("no PostgreSQL {NEWEST}: run cargo xtask test, which installs it from npm, or set {VARIABLE} to its programs")
    })
}

fn how_to_get() -> String {
    format!(
        "no PostgreSQL {OLDEST} or newer: run cargo xtask test, which installs one where apt-get does; elsewhere install one \
         (brew install postgresql@17, dnf install postgresql-server), or set {VARIABLE} to the folder of initdb, pg_ctl and postgres"
    )
}

fn candidates() -> Vec<(PathBuf, bool)> {
    let mut folders = named();
    if let Ok(output) = Command::new("pg_config").arg("--bindir").output() {
        folders.push(PathBuf::from(String::from_utf8_lossy(&output.stdout).trim()));
    }
    folders.extend(below("/usr/lib/postgresql", "bin"));
    folders.extend(below("/opt/homebrew/opt", "bin"));
    folders.extend(std::env::var_os("PATH").iter().flat_map(std::env::split_paths));
    let of_npm = Path::new(env!("CARGO_MANIFEST_DIR")).join("node_modules").join(NPM_PACKAGE);
    let of_npm = below(&of_npm, "native/bin");
    folders.into_iter().map(|folder| (folder, false)).chain(of_npm.into_iter().map(|folder| (folder, true))).collect()
}

fn named() -> Vec<PathBuf> {
    std::env::var_os(VARIABLE).iter().flat_map(std::env::split_paths).collect()
}

/// The folder `inner` in every folder of `outer`, by name.
fn below(outer: impl AsRef<Path>, inner: &str) -> Vec<PathBuf> {
    let entries = std::fs::read_dir(outer).into_iter().flatten().flatten();
    let mut folders: Vec<PathBuf> = entries.map(|entry| entry.path().join(inner)).collect();
    folders.sort();
    folders
}

/// None where the folder lacks one of the programs.
fn major(bin: &Path) -> Option<u32> {
    if !["initdb", "pg_ctl", "postgres"].iter().all(|program| bin.join(program).is_file()) {
        return None;
    }
    let output = Command::new(bin.join("postgres")).arg("--version").output().ok()?;
    let text = String::from_utf8_lossy(&output.stdout).into_owned();
    text.strip_prefix("postgres (PostgreSQL) ")?.split(|it: char| !it.is_ascii_digit()).next()?.parse().ok()
}
