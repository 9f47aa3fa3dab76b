//! What lies in a migrations folder: SQL files, snapshots, and which belongs to which journal entry.

use std::collections::HashMap;

use source::{Entry, FilePath, Files, ReadError};

use super::journal::JournalEntry;

/// How a snapshot's file name ends; before it stands the migration's prefix, nothing with `prefix: none`.
const SNAPSHOT: &str = "_snapshot.json";

/// How the name of a file ends that takes a migration back.
pub(super) const WAY_BACK: &str = ".down.sql";

/// A migrations folder's names, as listed once.
#[derive(Debug)]
pub(super) struct Listing {
    path: FilePath,
    pub(super) journal: FilePath,
    /// The `.sql` files directly in the folder, sorted.
    pub(super) sql_files: Vec<Entry>,
    /// Every snapshot, sorted by name: drizzle-kit takes the last for the state.
    pub(super) snapshots: Vec<FilePath>,
    by_prefix: HashMap<String, FilePath>,
    by_number: HashMap<u64, FilePath>,
    directories: Vec<Entry>,
}

impl Listing {
    pub(super) fn read(path: &FilePath, files: &dyn Files) -> Result<Listing, ReadError> {
        let (directories, rest): (Vec<Entry>, Vec<Entry>) =
            files.list(path)?.into_iter().partition(|entry| entry.is_directory);
        let mut folder = Listing {
            sql_files: rest.into_iter().filter(|entry| entry.name.ends_with(".sql")).collect(),
            directories,
            ..Listing::empty(path)
        };
        folder.take_snapshots(files.list(&path.join("meta")).unwrap_or_default());
        Ok(folder)
    }

    /// Of a folder that does not exist yet.
    pub(super) fn empty(path: &FilePath) -> Listing {
        Listing {
            path: path.clone(),
            journal: FilePath::from(path.join("meta").join("_journal.json")),
            sql_files: Vec::new(),
            snapshots: Vec::new(),
            by_prefix: HashMap::new(),
            by_number: HashMap::new(),
            directories: Vec::new(),
        }
    }

    pub(super) fn in_meta(&self, name: &str) -> FilePath {
        FilePath::from(self.path.join("meta").join(name))
    }

    fn take_snapshots(&mut self, entries: Vec<Entry>) {
        for entry in entries.into_iter().filter(|entry| !entry.is_directory) {
            let Some(prefix) = entry.name.strip_suffix(SNAPSHOT) else { continue };
            if let Ok(number) = prefix.parse() {
                self.by_number.entry(number).or_insert_with(|| entry.path.clone());
            }
            self.by_prefix.insert(prefix.to_owned(), entry.path.clone());
            self.snapshots.push(entry.path);
        }
    }

    /// The SQL file of a tag, whether it exists or not.
    pub(super) fn sql_file(&self, tag: &str) -> FilePath {
        FilePath::from(self.path.join(format!("{tag}.sql")))
    }

    /// Where the way back of a tag is kept, beside its SQL file. No migrator reads it: they follow the journal.
    pub(super) fn down_file(&self, tag: &str) -> FilePath {
        FilePath::from(self.path.join(format!("{tag}{WAY_BACK}")))
    }

    /// The way back of a tag, where it has one.
    pub(super) fn way_back(&self, tag: &str) -> Option<FilePath> {
        let is_it = |entry: &&Entry| entry.name.strip_suffix(WAY_BACK) == Some(tag);
        self.sql_files.iter().find(is_it).map(|entry| entry.path.clone())
    }

    /// The snapshot of a journal entry: by its number, then by the tag's prefix. Entries are not always in the order of file
    /// names, and a renamed migration keeps its number.
    pub(super) fn snapshot_of(&self, entry: &JournalEntry) -> Option<&FilePath> {
        let prefix = entry.tag.split_once('_').map_or(entry.tag.as_str(), |(prefix, _)| prefix);
        self.by_number.get(&entry.idx).or_else(|| self.by_prefix.get(prefix))
    }

    /// The first migration of a folder that drizzle-kit 1.0 wrote.
    pub(super) fn migration_of_1_0(&self, files: &dyn Files) -> Option<FilePath> {
        self.directories.iter().find_map(|entry| crate::formats::drizzle_1::dated_migration(entry, files))
    }
}
