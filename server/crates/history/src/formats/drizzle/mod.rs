//! drizzle-kit 0.x: `meta/_journal.json`, `meta/NNNN_snapshot.json`, `NNNN_name.sql`.
//!
//! The recorded state is the snapshot of the journal's last entry. Only that file is read whole: of the others the head is
//! enough, and a folder of 300 migrations holds hundreds of megabytes of them.

mod folder;
mod integrity;
mod journal;
mod json_scan;
pub mod snapshot;

use schema::Dialect;
use source::{Diagnostic, FilePath, Files, Location, ReadError, Span, codes};

use crate::{History, Migration};
use folder::Folder;
use journal::{Journal, JournalEntry};

/// Reads a migrations folder. Never fails: what is wrong with it is in the diagnostics. A folder that does not exist is an empty history.
pub fn read(dialect: Dialect, folder: &FilePath, files: &dyn Files) -> History {
    let mut history = History::empty(dialect);
    let folder = match Folder::list(folder, files) {
        Ok(folder) => folder,
        Err(ReadError::NotFound) => return history,
        Err(error) => {
            let finding = Diagnostic::new(
                codes::UNREADABLE_JOURNAL,
                Location::start_of(folder),
                format!("the migrations folder {error}"),
            )
            .with_help("Check the `out` entry of the Drizzle configuration and the folder's permissions.");
            return give_up(history, finding);
        }
    };
    let text = match files.read(&folder.journal) {
        Ok(text) => text,
        Err(ReadError::NotFound) => return without_journal(history, &folder, files),
        Err(error) => {
            return give_up(
                with_journal(history, &folder),
                unreadable_journal(&folder, Span::default(), &error.to_string()),
            );
        }
    };
    history = with_journal(history, &folder);
    match journal::parse(&text) {
        Ok(journal) => match other_dialect(dialect, &journal, &folder) {
            Some(finding) => give_up(history, finding),
            None => replay(history, &journal, &folder, files),
        },
        Err(error) => give_up(history, unreadable_journal(&folder, error.span, &error.message)),
    }
}

fn with_journal(history: History, folder: &Folder) -> History {
    History { journal: Some(folder.journal.clone()), ..history }
}

fn give_up(mut history: History, finding: Diagnostic) -> History {
    history.diagnostics.push(finding);
    history.unreadable = true;
    history
}

/// Fills in the migrations, the findings about them and the recorded state.
fn replay(mut history: History, journal: &Journal, folder: &Folder, files: &dyn Files) -> History {
    let migration = |entry: &JournalEntry| Migration {
        tag: entry.tag.clone(),
        index: entry.idx,
        when: entry.when,
        file: folder.sql_file(&entry.tag),
        journal_span: entry.span,
        has_snapshot: folder.snapshot_of(entry).is_some(),
    };
    history.migrations = journal.entries.iter().map(migration).collect();
    history.diagnostics = integrity::check(journal, folder, files);
    let base = journal.entries.iter().enumerate().rev().find_map(|(position, entry)| {
        let snapshot = folder.snapshot_of(entry)?;
        Some((position, snapshot.clone()))
    });
    let replayed = base.as_ref().map_or(0, |(position, _)| position + 1);
    let later = journal.entries.get(replayed..).unwrap_or_default();
    if let Some(finding) = partly_unknown(later, folder, base.as_ref().map(|(_, snapshot)| snapshot)) {
        history.diagnostics.push(finding);
    }
    history.not_replayed = later.iter().filter_map(|entry| sql_of(&folder.sql_file(&entry.tag), files)).collect();
    match base {
        Some((_, snapshot)) => read_state(history, snapshot, files),
        None => history,
    }
}

/// Reads the recorded state from `file`.
fn read_state(mut history: History, file: FilePath, files: &dyn Files) -> History {
    let unreadable = |at: usize, message: String, help: String| {
        Diagnostic::new(codes::UNREADABLE_SNAPSHOT, Location::new(&file, Span::new(at, at)), message).with_help(help)
    };
    let text = match files.read_large(&file) {
        Ok(text) => text,
        Err(error) => {
            let help = String::from("Restore the file from version control.");
            return give_up(history, unreadable(0, format!("the snapshot {error}"), help));
        }
    };
    match snapshot::read(&text) {
        Ok(schema) if schema.dialect == history.schema.dialect => {
            history.schema = schema;
            history.snapshot = Some(file);
            history
        }
        Ok(schema) => {
            let (found, wanted) = (schema.dialect.as_str(), history.schema.dialect.as_str());
            let message = format!("the snapshot is of {found}, the configuration of {wanted}");
            let help = String::from("Give each dialect an `out` folder of its own.");
            give_up(history, unreadable(0, message, help))
        }
        Err(error) => {
            let finding =
                unreadable(error.offset.unwrap_or_default(), format!("the snapshot {}", error.message), error.help);
            give_up(history, finding)
        }
    }
}

fn partly_unknown(later: &[JournalEntry], folder: &Folder, base: Option<&FilePath>) -> Option<Diagnostic> {
    let first = later.first()?;
    let tags: Vec<&str> = later.iter().map(|entry| entry.tag.as_str()).collect();
    let name = |file: &FilePath| file.file_name().unwrap_or_default().to_string_lossy().into_owned();
    let base = base.map_or_else(|| String::from("an empty database"), name);
    let message = format!("no snapshot follows {base}: what {} made is known only by name", tags.join(", "));
    let help = "drizzle-kit compares with the last snapshot, so its next `generate` repeats the changes of these files where the schema has them. \
                Objects they name are not reported as missing a migration. `drizzle-kit generate --custom` writes a snapshot with a hand-written migration.";
    Some(Diagnostic::new(codes::PARTLY_UNKNOWN, Location::new(&folder.journal, first.span), message).with_help(help))
}

fn sql_of(file: &FilePath, files: &dyn Files) -> Option<String> {
    let text = match files.read(file) {
        Err(ReadError::TooLarge(_)) => files.read_large(file).ok()?,
        other => other.ok()?.to_string(),
    };
    Some(text.to_lowercase())
}

/// A folder of drizzle-kit 1.0, SQL files that no journal names, or nothing yet.
fn without_journal(mut history: History, folder: &Folder, files: &dyn Files) -> History {
    if let Some(file) = folder.migration_of_1_0(files) {
        let message = "this folder is in the format of drizzle-kit 1.0, which Driftlens does not read yet";
        let finding = Diagnostic::new(codes::UNSUPPORTED_FORMAT, Location::start_of(&file), message).with_help(
            "Nothing is reported as missing a migration here. Driftlens reads the folders of drizzle-kit 0.20 to 0.31.",
        );
        return give_up(history, finding);
    }
    if let Some((first, rest)) = folder.sql_files.split_first() {
        let message = "this folder has .sql files but no meta/_journal.json, so no migrator runs them";
        let help = "Restore meta/ from version control, or move the files elsewhere: the next `drizzle-kit generate` starts from an empty database.";
        let finding = Diagnostic::new(codes::UNLISTED_FILE, Location::start_of(&first.path), message).with_help(help);
        let related = |finding: Diagnostic, entry: &source::Entry| {
            finding.with_related(Location::start_of(&entry.path), "not in a journal either")
        };
        history.diagnostics.push(rest.iter().fold(finding, related));
    }
    history
}

fn unreadable_journal(folder: &Folder, span: Span, what: &str) -> Diagnostic {
    Diagnostic::new(codes::UNREADABLE_JOURNAL, Location::new(&folder.journal, span), format!("the migrations journal {what}"))
        .with_help("Restore meta/_journal.json from version control, or repair it: without it neither drizzle-kit nor the migrator knows the migrations.")
}

fn other_dialect(dialect: Dialect, journal: &Journal, folder: &Folder) -> Option<Diagnostic> {
    let (name, span) = journal.dialect.as_ref()?;
    let is_same = match dialect {
        Dialect::Postgres => matches!(name.as_str(), "postgresql" | "pg"),
        Dialect::Sqlite => matches!(name.as_str(), "sqlite" | "turso"),
    };
    let message = format!("the migrations journal is of {name}, the configuration of {}", dialect.as_str());
    let location = Location::new(&folder.journal, *span);
    (!is_same).then(|| {
        Diagnostic::new(codes::UNREADABLE_JOURNAL, location, message)
            .with_help("Give each dialect an `out` folder of its own, or start a new folder after a change of dialect.")
    })
}

/// The byte at which serde_json found a text wrong: it counts lines and bytes from 1, and stands behind the byte it complains about.
fn offset_of(text: &str, error: &serde_json::Error) -> usize {
    let line_start: usize = text.split_inclusive('\n').take(error.line().saturating_sub(1)).map(str::len).sum();
    text.floor_char_boundary(line_start + error.column().saturating_sub(1))
}

/// True where git left a conflict in the text.
fn has_merge_markers(text: &str) -> bool {
    text.lines().any(|line| line.starts_with("<<<<<<< "))
}

#[cfg(test)]
mod tests;
