//! The migrations folder: formats, order, integrity, snapshots, replay.

pub mod formats;

pub use formats::{Folder, Format, Migration};

use schema::{Dialect, Schema};
use source::{Diagnostic, FilePath, Files, codes};

/// What the team has recorded.
#[derive(Clone, Debug)]
pub struct History {
    pub folder: Folder,
    pub schema: Schema,
    pub diagnostics: Vec<Diagnostic>,
    /// The snapshot that `schema` was read from.
    pub snapshot: Option<FilePath>,
    /// SQL of migrations recorded after that snapshot, lower-cased: a change whose object one of them names may already be made.
    pub not_replayed: Vec<String>,
    /// True where the history cannot be told at all (an unreadable journal or snapshot): nothing is pending then.
    pub unreadable: bool,
}

/// Reads a migrations folder and the state it records.
pub fn read(format: Format, dialect: Dialect, path: &FilePath, files: &dyn Files) -> History {
    let folder = formats::read(format, dialect, path, files);
    let mut history = History {
        schema: Schema::new(dialect),
        diagnostics: folder.diagnostics.clone(),
        snapshot: None,
        not_replayed: Vec::new(),
        unreadable: folder.unreadable,
        folder,
    };
    let base = history.folder.migrations.iter().rposition(|migration| migration.snapshot.is_some());
    let later = history.folder.migrations.get(base.map_or(0, |position| position + 1)..).unwrap_or_default();
    if let Some(first) = later.first() {
        let tags: Vec<&str> = later.iter().map(|migration| migration.tag.as_str()).collect();
        let message = format!("{} have no snapshot", tags.join(", "));
        history.diagnostics.push(Diagnostic::new(codes::PARTLY_UNKNOWN, first.listed_at.clone(), message));
    }
    history.not_replayed =
        later.iter().filter_map(|it| files.read(&it.file).ok()).map(|text| text.to_lowercase()).collect();
    if let Some(position) = base {
        match history.folder.read_snapshot(position, files) {
            Some(Ok(schema)) => {
                history.schema = schema;
                history.snapshot = history.folder.migrations.get(position).and_then(|it| it.snapshot.clone());
            }
            Some(Err(finding)) => {
                history.diagnostics.push(finding);
                history.unreadable = true;
            }
            None => {}
        }
    }
    history
}
