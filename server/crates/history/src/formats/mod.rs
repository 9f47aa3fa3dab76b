//! One file or folder a migrations-folder format: which migrations there are, in which order the tool runs them, what is wrong with the folder.
//!
//! A format does not interpret SQL; it says which part of a file is run, and what the tool's ledger would call it.

pub mod drizzle;
mod drizzle_1;
mod snapshot_text;

use schema::{Dialect, Schema};
use source::{Diagnostic, FilePath, Files, Location, ReadError, Span, codes};

/// The formats that are understood.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Format {
    /// drizzle-kit 0.x: a journal, a file a migration, snapshots.
    Drizzle,
    /// drizzle-kit 1.0: a folder a migration, with its snapshot.
    Drizzle1,
}

/// One recorded migration.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Migration {
    /// What a person calls it: the file's name without its ending, or the folder's name, such as `0003_brave_hulk`.
    pub tag: String,
    /// What the tool orders by and its ledger holds, such as `20240102030405`; the tag where the tool has nothing shorter.
    pub version: String,
    /// The `.sql` file, whether it exists or not.
    pub file: FilePath,
    /// Where it is listed: the journal's entry; the start of the file where the folder itself is the list.
    pub listed_at: Location,
    /// Milliseconds since 1970, where the tool orders by them.
    pub when: Option<u64>,
    /// Of the state after this migration.
    pub snapshot: Option<FilePath>,
}

/// A migrations folder as its format has it.
#[derive(Clone, Debug)]
pub struct Folder {
    pub format: Format,
    pub dialect: Dialect,
    pub path: FilePath,
    /// In the order in which the tool runs them on an empty database.
    pub migrations: Vec<Migration>,
    pub diagnostics: Vec<Diagnostic>,
    /// The journal, where the format has one and the folder holds it.
    pub journal: Option<FilePath>,
    /// True where it cannot be told which migrations there are (an unreadable journal).
    pub unreadable: bool,
}

impl Folder {
    /// A folder without migrations.
    pub fn empty(format: Format, dialect: Dialect, path: &FilePath) -> Folder {
        Folder {
            format,
            dialect,
            path: path.clone(),
            migrations: Vec::new(),
            diagnostics: Vec::new(),
            journal: None,
            unreadable: false,
        }
    }

    /// The state that the snapshot of the migration at `position` records; None where it has none.
    pub fn read_snapshot(&self, position: usize, files: &dyn Files) -> Option<Result<Schema, Diagnostic>> {
        let file = self.migrations.get(position)?.snapshot.as_ref()?;
        let schema = match self.format {
            Format::Drizzle => drizzle::read_snapshot(self.dialect, file, files),
            Format::Drizzle1 => drizzle_1::read_snapshot(self, position, files),
        };
        Some(schema.map_err(|finding| *finding))
    }

    /// The folder as one whose migrations cannot be told.
    fn given_up(mut self, finding: Diagnostic) -> Folder {
        self.diagnostics.push(finding);
        self.unreadable = true;
        self
    }
}

impl Format {
    /// The part of a migration's text that is run to apply it.
    pub fn up(self, text: &str) -> Span {
        match self {
            Format::Drizzle | Format::Drizzle1 => Span::new(0, text.len()),
        }
    }

    /// What the tool's ledger holds to notice a changed file; None where it holds nothing of the kind.
    pub fn checksum(self, text: &str) -> Option<String> {
        match self {
            // drizzle-orm/src/migrator.ts: sha256 of the whole text, in hexadecimal.
            Format::Drizzle | Format::Drizzle1 => {
                use sha2::{Digest, Sha256};
                Some(Sha256::digest(text).iter().map(|byte| format!("{byte:02x}")).collect())
            }
        }
    }

    /// False where the tool runs the migration outside of a transaction.
    pub fn is_in_transaction(self, _text: &str) -> bool {
        match self {
            Format::Drizzle | Format::Drizzle1 => true,
        }
    }
}

/// Reads a folder. Never fails: what is wrong with it is in the diagnostics. One that does not exist is an empty one.
pub fn read(format: Format, dialect: Dialect, folder: &FilePath, files: &dyn Files) -> Folder {
    match format {
        Format::Drizzle => drizzle::read(dialect, folder, files),
        Format::Drizzle1 => drizzle_1::read(dialect, folder, files),
    }
}

/// The format of a Drizzle project's `out` folder, by what lies there: 1.0 refuses a folder with a journal, and 0.x knows no
/// folder a migration.
pub fn drizzle_format(folder: &FilePath, files: &dyn Files) -> Format {
    if files.read_head(&folder.join("meta/_journal.json"), 1).is_ok() {
        return Format::Drizzle;
    }
    let entries = files.list(folder).unwrap_or_default();
    match entries.iter().any(|entry| drizzle_1::dated_migration(entry, files).is_some()) {
        true => Format::Drizzle1,
        false => Format::Drizzle,
    }
}

/// A migrations folder that cannot be listed.
fn unreadable_folder(path: &FilePath, error: &ReadError) -> Diagnostic {
    Diagnostic::new(codes::UNREADABLE_JOURNAL, Location::start_of(path), format!("the migrations folder {error}"))
        .with_help("Check the `out` entry of the Drizzle configuration and the folder's permissions.")
}
