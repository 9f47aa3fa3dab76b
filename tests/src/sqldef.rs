//! sqldef's test cases, where this machine has them: pairs of schemas, and the SQL that leads from one to the other.

use std::path::{Path, PathBuf};

use serde::Deserialize;

/// Roles that sqldef's cases take for granted.
pub const ROLES: [&str; 13] = [
    "psqldef_user",
    "readonly_user",
    "app_user",
    "admin_role",
    "user1",
    "user2",
    "user3",
    "user4",
    "user-with-dash",
    "user.with.dot",
    "user@domain.com",
    "test_user",
    "postgres_user",
];

/// A case. `current` then `up` leads to what `desired` makes of nothing.
#[derive(Clone, Debug, Deserialize)]
pub struct Case {
    pub name: String,
    pub file: String,
    pub current: String,
    pub desired: String,
    pub up: Option<String>,
    pub flags: Flags,
}

/// What a case asks of the database before it.
#[derive(Clone, Debug, Deserialize)]
pub struct Flags {
    /// A user whose search path is `foo, public`.
    pub user: Option<String>,
    /// The oldest PostgreSQL that knows the syntax, such as `18.0`.
    pub min_version: Option<String>,
    /// An extension or a fork that the case is about.
    pub flavor: Option<String>,
    /// True for what no server is asked about.
    #[serde(default)]
    pub offline: bool,
}

impl Case {
    /// The name by which a list of known cases tells it.
    pub fn full_name(&self) -> String {
        format!("{}: {}", self.file, self.name)
    }

    /// True where a stock PostgreSQL of this version can be asked.
    pub fn runs_on(&self, major: u32) -> bool {
        let oldest = self.flags.min_version.as_deref().and_then(|version| version.split('.').next()?.parse().ok());
        oldest.is_none_or(|oldest: u32| oldest <= major) && self.flags.flavor.is_none() && !self.flags.offline
    }

    /// Its texts, each with a word for it, as they are to be run on an empty database.
    pub fn texts(&self) -> Vec<(&'static str, Vec<&str>)> {
        let mut texts = vec![("desired", vec![self.desired.as_str()])];
        if !self.current.trim().is_empty() {
            texts.push(("current", vec![self.current.as_str()]));
        }
        if let Some(up) = &self.up {
            texts.push(("current + up", vec![self.current.as_str(), up.as_str()]));
        }
        texts
    }
}

/// The cases of a file (`sqldef_pg.json`), by file and name; None where this machine does not have them.
///
/// They are looked for in the folder that DRIFTLENS_CONFORMANCE names, in `sqldef` in it, and beside the checkout.
pub fn cases(file: &str) -> Option<Vec<Case>> {
    #[derive(Deserialize)]
    struct Contents {
        cases: Vec<Case>,
    }
    let path = folders().into_iter().map(|folder| folder.join(file)).find(|path| path.is_file())?;
    let contents: Contents = serde_json::from_str(&std::fs::read_to_string(path).unwrap()).unwrap();
    Some(contents.cases)
}

fn folders() -> Vec<PathBuf> {
    let folder = match std::env::var_os("DRIFTLENS_CONFORMANCE") {
        Some(folder) => PathBuf::from(folder),
        None => Path::new(env!("CARGO_MANIFEST_DIR")).join("../../shared/conformance/sqldef"),
    };
    vec![folder.clone(), folder.join("sqldef"), folder.join("../sqldef")]
}
