//! From a configuration file or a migrations folder to the projects that it says there are.

use history::Format;
use schema::Dialect;
use source::{Diagnostic, FilePath, Files, Location};
use std::path::Path;

use super::{Detector, ProjectId, detected, driftlens};
use languages::configuration::driftlens_toml;

/// A project as its source has it, before the Drizzle configuration and the folder that it names are looked at.
#[derive(Clone, Debug)]
pub(crate) struct Entry {
    pub(crate) id: ProjectId,
    pub(crate) name: Option<String>,
    pub(crate) origin: Origin,
    pub(crate) says: Says,
    pub(crate) diagnostics: Vec<Diagnostic>,
}

/// What kind of source a project comes from. Where two lay claim to one folder, the first in this order has it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum Origin {
    /// `driftlens.toml` or a Drizzle configuration: what they name is meant, whoever else names it.
    Declared,
    /// The configuration of a tool that runs migrations.
    Tool,
    /// sqlc's, which only reads them.
    Reader,
    /// A folder, found by its name and its files.
    Folder,
}

/// What an entry says of its project.
#[derive(Clone, Debug)]
pub(crate) enum Says {
    /// Nothing that can be worked with; the diagnostics say why.
    Nothing,
    Drizzle {
        config: FilePath,
        /// The folder and its format in place of those of the configuration.
        migrations: Option<FilePath>,
        format: Option<Format>,
    },
    Sql {
        schema: Option<SqlFiles>,
        migrations: FilePath,
        dialect: Option<Dialect>,
        format: Option<Format>,
        /// Where a finding about the folder is shown; for a folder that stands for itself None.
        named_at: Option<Location>,
    },
}

/// SQL files that say what the schema should be.
#[derive(Clone, Debug)]
pub(crate) struct SqlFiles {
    pub(crate) files: Vec<FilePath>,
    pub(crate) is_whole: bool,
    /// Where a finding about the schema as a whole is shown.
    pub(crate) location: Location,
}

/// The projects of a source. A file that nothing marks as another's is a Drizzle configuration.
pub(crate) fn entries(source: &FilePath, detector: &mut Detector, files: &dyn Files) -> Vec<Entry> {
    let name = source.file_name().and_then(|name| name.to_str()).unwrap_or_default();
    let parent = source.parent().unwrap_or(Path::new(""));
    match name {
        driftlens_toml::FILE_NAME => driftlens::entries(source, files),
        "diesel.toml" => detected::diesel(source, detector, files),
        "sqlc.yaml" | "sqlc.yml" | "sqlc.json" => detected::sqlc(source, detector, files),
        "config.toml" if parent.file_name().is_some_and(|folder| folder == "supabase") => {
            detected::supabase(source, parent, detector, files)
        }
        // A folder with an ending is where a file was: the reader of Drizzle configurations says so.
        _ if source.extension().is_none() && files.read(source).is_err() => detected::folder(source, detector, files),
        _ => vec![drizzle(source)],
    }
}

fn drizzle(source: &FilePath) -> Entry {
    Entry {
        id: ProjectId { source: source.clone(), index: 0 },
        name: None,
        origin: Origin::Declared,
        says: Says::Drizzle { config: source.clone(), migrations: None, format: None },
        diagnostics: Vec::new(),
    }
}
