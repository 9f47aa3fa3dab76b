//! drizzle-kit 0.x: `meta/_journal.json`, `meta/NNNN_snapshot.json`, `NNNN_name.sql`.
//!
//! The recorded state is the snapshot of the journal's last entry. Only that file is read whole: of the others the head is
//! enough, and a folder of 300 migrations holds hundreds of megabytes of them.

mod add;
mod folder;
mod integrity;
mod journal;
mod json_scan;
mod rebase;
mod rebuild;
pub mod snapshot;

pub(super) use add::{add, migration_text};
pub(super) use rebase::rebase;
pub(super) use rebuild::rebuild;

use schema::{Dialect, Schema};
use source::{Diagnostic, FilePath, Files, Location, ReadError, Span, codes};

use super::{Folder, Format, Migration, snapshot_text};
use folder::Listing;
use journal::{Journal, JournalEntry};

/// Reads a migrations folder.
pub(super) fn read(dialect: Dialect, path: &FilePath, files: &dyn Files) -> Folder {
    let mut folder = Folder::empty(Format::Drizzle, dialect, path);
    let listing = match Listing::read(path, files) {
        Ok(listing) => listing,
        Err(ReadError::NotFound) => return folder,
        Err(error) => return folder.given_up(super::unreadable_folder(path, &error)),
    };
    let text = match files.read(&listing.journal) {
        Ok(text) => text,
        Err(ReadError::NotFound) => return without_journal(folder, &listing),
        Err(error) => {
            folder.journal = Some(listing.journal.clone());
            return folder.given_up(unreadable_journal(&listing, Span::default(), &error.to_string()));
        }
    };
    folder.journal = Some(listing.journal.clone());
    match journal::parse(&text) {
        Ok(journal) => match other_dialect(dialect, &journal, &listing) {
            Some(finding) => folder.given_up(finding),
            None => {
                folder.migrations = journal.entries.iter().map(|entry| migration(entry, &listing)).collect();
                folder.diagnostics = integrity::check(&journal, &listing, files);
                folder
            }
        },
        Err(error) => folder.given_up(unreadable_journal(&listing, error.span, &error.message)),
    }
}

/// The edit that gives a journal's last migration a time after all before it: the place of its `when`, and the new one. `tag` is
/// where the journal names the migration. None where that is not the last.
pub fn retimed(journal_text: &str, tag: Span) -> Option<(Span, String)> {
    let journal = journal::parse(journal_text).ok()?;
    let (last, earlier) = journal.entries.split_last()?;
    let newest = earlier.iter().map(|entry| entry.when).max()?;
    let is_named_before = earlier.iter().any(|entry| entry.tag == last.tag);
    (last.span == tag && last.when <= newest && !is_named_before).then(|| (last.when_span, (newest + 1).to_string()))
}

/// The dialect that the journal names.
pub(super) fn recorded_dialect(path: &FilePath, files: &dyn Files) -> Option<String> {
    let text = files.read(&path.join("meta").join("_journal.json")).ok()?;
    journal::parse(&text).ok()?.dialect.map(|(name, _)| name)
}

fn migration(entry: &JournalEntry, listing: &Listing) -> Migration {
    Migration {
        tag: entry.tag.clone(),
        version: entry.when.to_string(),
        file: listing.sql_file(&entry.tag),
        listed_at: Location::new(&listing.journal, entry.span),
        when: Some(entry.when),
        snapshot: listing.snapshot_of(entry).cloned(),
        down: listing.way_back(&entry.tag),
        in_transaction: None,
    }
}

/// Reads the state that a snapshot records.
pub(super) fn read_snapshot(dialect: Dialect, file: &FilePath, files: &dyn Files) -> Result<Schema, Box<Diagnostic>> {
    let schema = snapshot_text::read(file, files).and_then(|text| match snapshot::read(&text)? {
        schema if schema.dialect == dialect => Ok(schema),
        schema => Err(snapshot_text::other_dialect(schema.dialect.as_str(), dialect.as_str())),
    });
    schema.map_err(|error| error.into_diagnostic(file))
}

/// SQL files that no journal names, or nothing yet.
fn without_journal(mut folder: Folder, listing: &Listing) -> Folder {
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

#[cfg(test)]
mod tests;
