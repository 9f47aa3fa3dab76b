//! What is kept of a server of our own beside its data: its port, its password, and which database belongs to which project.

use std::collections::BTreeMap;
use std::fs;
use std::io::{self, Write as _};
use std::path::Path;

use serde_json::{Value, json};

use super::LocalError;

/// What stays the same between runs.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(super) struct State {
    /// None until it was started once.
    pub(super) port: Option<u16>,
    /// The database of each project, by what the project is known as.
    pub(super) databases: BTreeMap<String, String>,
}

impl State {
    /// What cannot be read counts as nothing: a port is chosen again, and the databases keep their names.
    pub(super) fn read(path: &Path) -> State {
        let value: Value =
            fs::read_to_string(path).ok().and_then(|text| serde_json::from_str(&text).ok()).unwrap_or_default();
        let port = value.get("port").and_then(Value::as_u64).and_then(|port| u16::try_from(port).ok());
        let databases = value.get("databases").and_then(Value::as_object).into_iter().flatten();
        let databases = databases.filter_map(|(key, name)| Some((key.clone(), name.as_str()?.to_owned())));
        State { port, databases: databases.collect() }
    }

    pub(super) fn write(&self, path: &Path) -> Result<(), LocalError> {
        let value = json!({ "port": self.port, "databases": self.databases });
        write_private(path, &format!("{value:#}\n")).map_err(LocalError::io(path, "written"))
    }

    /// The name of a project's database, given once.
    pub(super) fn name_of(&mut self, key: &str, wanted: &str) -> String {
        if let Some(name) = self.databases.get(key) {
            return name.clone();
        }
        let first = database_name(wanted);
        let mut name = first.clone();
        for number in 2.. {
            if !self.databases.values().any(|taken| *taken == name) {
                break;
            }
            name = format!("{first}_{number}");
        }
        self.databases.insert(key.to_owned(), name.clone());
        name
    }
}

/// A name for a database that needs no quotes anywhere.
fn database_name(wanted: &str) -> String {
    const LONGEST: usize = 40;
    let plain: String =
        wanted.to_lowercase().chars().map(|it| if it.is_ascii_alphanumeric() { it } else { '_' }).collect();
    let name: String = plain.trim_matches('_').chars().take(LONGEST).collect();
    match name.as_str() {
        "" => String::from("app"),
        "postgres" | "template0" | "template1" => format!("{name}_dev"),
        _ if name.starts_with(|it: char| it.is_ascii_digit()) => format!("app_{name}"),
        _ => name,
    }
}

/// Gives a file a text at once, readable by its owner only; one that is there keeps its rights.
pub fn write_private(path: &Path, text: &str) -> io::Result<()> {
    let mut name = path.file_name().unwrap_or_default().to_owned();
    name.push(format!(".{}.tmp", std::process::id()));
    let unfinished = path.with_file_name(name);
    let written = (|| {
        let _ = fs::remove_file(&unfinished);
        let mut options = fs::File::options();
        options.write(true).create_new(true);
        #[cfg(unix)]
        std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
        let mut file = options.open(&unfinished)?;
        file.write_all(text.as_bytes())?;
        file.sync_all()?;
        if let Ok(there) = fs::metadata(path) {
            fs::set_permissions(&unfinished, there.permissions())?;
        }
        fs::rename(&unfinished, path)
    })();
    if written.is_err() {
        let _ = fs::remove_file(&unfinished);
    }
    written
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_project_keeps_the_name_of_its_database() {
        let mut state = State::default();
        assert_eq!(state.name_of("drizzle.config.ts", "My Shop-2"), "my_shop_2");
        assert_eq!(state.name_of("other.config.ts", "my-shop-2"), "my_shop_2_2");
        assert_eq!(state.name_of("drizzle.config.ts", "renamed"), "my_shop_2");
        for (wanted, name) in [("postgres", "postgres_dev"), ("7up", "app_7up"), ("--", "app"), ("größe", "gr__e")] {
            assert_eq!(database_name(wanted), name);
        }
    }

    #[test]
    fn what_is_written_comes_back_and_is_nobody_elses_to_read() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("state.json");
        assert_eq!(State::read(&path), State::default());
        let mut state = State { port: Some(23456), ..State::default() };
        state.name_of("a", "a");
        state.write(&path).unwrap();
        assert_eq!(State::read(&path), state);
        #[cfg(unix)]
        {
            use std::os::unix::fs::PermissionsExt as _;
            assert_eq!(fs::metadata(&path).unwrap().permissions().mode() & 0o777, 0o600);
        }
        fs::write(&path, "{ broken").unwrap();
        assert_eq!(State::read(&path), State::default());
    }
}
