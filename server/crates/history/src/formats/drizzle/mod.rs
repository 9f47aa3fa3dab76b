//! drizzle-kit 0.x: `meta/_journal.json`, `meta/NNNN_snapshot.json`, `NNNN_name.sql`.
//!
//! The recorded state is the snapshot of the journal's last entry. Only that file is read whole: of the others the head is
//! enough, and a folder of 300 migrations holds hundreds of megabytes of them.

mod folder;
mod integrity;
mod journal;
mod json_scan;
pub mod snapshot;

use schema::{Dialect, Schema};
use source::{Diagnostic, FilePath, Files, Location, ReadError, Span, codes};

use super::{Folder, Format, Migration};
use folder::Listing;
use journal::{Journal, JournalEntry};

/// Reads a migrations folder.
pub(super) fn read(dialect: Dialect, path: &FilePath, files: &dyn Files) -> Folder {
    let mut folder = Folder::empty(Format::Drizzle, dialect, path);
    let listing = match Listing::read(path, files) {
        Ok(listing) => listing,
        Err(ReadError::NotFound) => return folder,
        Err(error) => {
            let finding = Diagnostic::new(
                codes::UNREADABLE_JOURNAL,
                Location::start_of(path),
                format!("the migrations folder {error}"),
            )
            .with_help("Check the `out` entry of the Drizzle configuration and the folder's permissions.");
            return give_up(folder, finding);
        }
    };
    let text = match files.read(&listing.journal) {
        Ok(text) => text,
        Err(ReadError::NotFound) => return without_journal(folder, &listing, files),
        Err(error) => {
            folder.journal = Some(listing.journal.clone());
            return give_up(folder, unreadable_journal(&listing, Span::default(), &error.to_string()));
        }
    };
    folder.journal = Some(listing.journal.clone());
    match journal::parse(&text) {
        Ok(journal) => match other_dialect(dialect, &journal, &listing) {
            Some(finding) => give_up(folder, finding),
            None => {
                folder.migrations = journal.entries.iter().map(|entry| migration(entry, &listing)).collect();
                folder.diagnostics = integrity::check(&journal, &listing, files);
                folder
            }
        },
        Err(error) => give_up(folder, unreadable_journal(&listing, error.span, &error.message)),
    }
}

/// The dialect that the journal names.
pub(super) fn recorded_dialect(path: &FilePath, files: &dyn Files) -> Option<String> {
    let text = files.read(&path.join("meta").join("_journal.json")).ok()?;
    journal::parse(&text).ok()?.dialect.map(|(name, _)| name)
}

fn give_up(mut folder: Folder, finding: Diagnostic) -> Folder {
    folder.diagnostics.push(finding);
    folder.unreadable = true;
    folder
}

fn migration(entry: &JournalEntry, listing: &Listing) -> Migration {
    Migration {
        tag: entry.tag.clone(),
        version: entry.when.to_string(),
        file: listing.sql_file(&entry.tag),
        listed_at: Location::new(&listing.journal, entry.span),
        when: Some(entry.when),
        snapshot: listing.snapshot_of(entry).cloned(),
        down: None,
        in_transaction: None,
    }
}

/// Reads the state that a snapshot records.
pub(super) fn read_snapshot(dialect: Dialect, file: &FilePath, files: &dyn Files) -> Result<Schema, Diagnostic> {
    let unreadable = |at: usize, message: String, help: String| {
        Diagnostic::new(codes::UNREADABLE_SNAPSHOT, Location::new(file, Span::new(at, at)), message).with_help(help)
    };
    let text = files.read_large(file).map_err(|error| {
        unreadable(0, format!("the snapshot {error}"), String::from("Restore the file from version control."))
    })?;
    match snapshot::read(&text) {
        Ok(schema) if schema.dialect == dialect => Ok(schema),
        Ok(schema) => {
            let (found, wanted) = (schema.dialect.as_str(), dialect.as_str());
            let message = format!("the snapshot is of {found}, the configuration of {wanted}");
            Err(unreadable(0, message, String::from("Give each dialect an `out` folder of its own.")))
        }
        Err(error) => {
            Err(unreadable(error.offset.unwrap_or_default(), format!("the snapshot {}", error.message), error.help))
        }
    }
}

/// A folder of drizzle-kit 1.0, SQL files that no journal names, or nothing yet.
fn without_journal(mut folder: Folder, listing: &Listing, files: &dyn Files) -> Folder {
    if let Some(file) = listing.migration_of_1_0(files) {
        let message = "this folder is in the format of drizzle-kit 1.0, which Driftlens does not read yet";
        let finding = Diagnostic::new(codes::UNSUPPORTED_FORMAT, Location::start_of(&file), message).with_help(
            "Nothing is reported as missing a migration here. Driftlens reads the folders of drizzle-kit 0.20 to 0.31.",
        );
        return give_up(folder, finding);
    }
    if let Some((first, rest)) = listing.sql_files.split_first() {
        let message = "this folder has .sql files but no meta/_journal.json, so no migrator runs them";
        let help = "Restore meta/ from version control, or move the files elsewhere: the next `drizzle-kit generate` starts from an empty database.";
        let finding = Diagnostic::new(codes::UNLISTED_FILE, Location::start_of(&first.path), message).with_help(help);
        let related = |finding: Diagnostic, entry: &source::Entry| {
            finding.with_related(Location::start_of(&entry.path), "not in a journal either")
        };
        folder.diagnostics.push(rest.iter().fold(finding, related));
    }
    folder
}

fn unreadable_journal(listing: &Listing, span: Span, what: &str) -> Diagnostic {
    Diagnostic::new(codes::UNREADABLE_JOURNAL, Location::new(&listing.journal, span), format!("the migrations journal {what}"))
        .with_help("Restore meta/_journal.json from version control, or repair it: without it neither drizzle-kit nor the migrator knows the migrations.")
}

fn other_dialect(dialect: Dialect, journal: &Journal, listing: &Listing) -> Option<Diagnostic> {
    let (name, span) = journal.dialect.as_ref()?;
    let is_same = match dialect {
        Dialect::Postgres => matches!(name.as_str(), "postgresql" | "pg"),
        Dialect::Sqlite => matches!(name.as_str(), "sqlite" | "turso"),
    };
    let message = format!("the migrations journal is of {name}, the configuration of {}", dialect.as_str());
    let location = Location::new(&listing.journal, *span);
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
