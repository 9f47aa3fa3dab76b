//! A migration on its way into its folder.
//!
//! Its files are written into a folder of their own first, then moved to their places, the one with which it counts last. Who is killed
//! in between leaves that folder behind: then what was moved already is not there yet for a reader, and the folder is as it was.

use std::path::Path;
use std::sync::Arc;

use rustc_hash::FxHashSet;
use serde::{Deserialize, Serialize};
use source::{Diagnostic, Entry, FilePath, Files, Location, ReadError, Resolution, codes};

use super::Addition;

/// The folder in the migrations folder.
pub const STAGED_FOLDER: &str = ".driftlens-new";
/// The list of files in it.
pub const STAGED_LIST: &str = "files.json";

/// What is on its way: paths below the migrations folder, with `/`.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Staged {
    /// In the order in which they are moved.
    pub new: Vec<String>,
    /// Those among them that take the place of an earlier one.
    pub replaced: Vec<String>,
    /// Files that go when the new ones are in place.
    #[serde(default)]
    pub removed: Vec<String>,
}

impl Staged {
    pub fn of(addition: &Addition, folder: &Path) -> Staged {
        let relative = |path: &Path| {
            let names: Vec<_> =
                path.strip_prefix(folder).unwrap_or(path).iter().map(|it| it.to_string_lossy()).collect();
            names.join("/")
        };
        let replaced = addition.files.iter().filter(|file| file.replaces);
        Staged {
            new: addition.files.iter().map(|file| relative(&file.path)).collect(),
            replaced: replaced.map(|file| relative(&file.path)).collect(),
            removed: addition.removed.iter().map(|path| relative(path)).collect(),
        }
    }

    /// What a killed process left; None where nothing did, or where all of it is in place.
    pub fn interrupted(folder: &Path, files: &dyn Files) -> Option<Staged> {
        let staged = folder.join(STAGED_FOLDER);
        let text = files.read_large(&staged.join(STAGED_LIST)).ok()?;
        let list: Staged = serde_json::from_str(&text).ok()?;
        let last = list.new.last()?;
        (list.is_completed() || files.read_head(&staged.join(last), 1).is_ok()).then_some(list)
    }

    /// True where whoever was interrupted is completed: what was replaced already cannot be brought back. Else it is taken back.
    pub fn is_completed(&self) -> bool {
        !self.removed.is_empty() || self.replaced.len() > 1
    }

    /// What a person has to know of it.
    pub(super) fn finding(&self, folder: &Path) -> Diagnostic {
        let list = FilePath::from(folder.join(STAGED_FOLDER).join(STAGED_LIST));
        let n_files = self.new.len();
        let (message, help) = match self.is_completed() {
            true => (
                format!("{n_files} files of the migrations folder were being replaced, and not all of them are"),
                "Run the command again, or `driftlens generate`: it brings the rest to its place first.",
            ),
            false => (
                format!("a migration of {n_files} files was being written and is not complete: it does not count"),
                "Run `driftlens generate` again: it takes away what was left and makes the migration anew.",
            ),
        };
        Diagnostic::new(codes::INTERRUPTED, Location::start_of(&list), message).with_help(help)
    }

    /// The files that were not there before, where they are to be taken back.
    pub fn added(&self) -> impl Iterator<Item = &str> {
        let new = self.new.iter().filter(|file| !self.is_completed() && !self.replaced.contains(file));
        new.map(String::as_str)
    }
}

/// The project's files without those that are on their way.
pub(super) struct WithoutStaged<'a> {
    files: &'a dyn Files,
    hidden: FxHashSet<FilePath>,
}

impl<'a> WithoutStaged<'a> {
    pub(super) fn new(files: &'a dyn Files, folder: &Path, staged: &Staged) -> WithoutStaged<'a> {
        WithoutStaged { files, hidden: staged.added().map(|file| FilePath::from(folder.join(file))).collect() }
    }

    fn visible(&self, path: &Path) -> Result<(), ReadError> {
        if self.hidden.contains(path) { Err(ReadError::NotFound) } else { Ok(()) }
    }
}

impl Files for WithoutStaged<'_> {
    fn read(&self, path: &Path) -> Result<Arc<str>, ReadError> {
        self.visible(path).and_then(|()| self.files.read(path))
    }

    fn read_head(&self, path: &Path, bytes: usize) -> Result<String, ReadError> {
        self.visible(path).and_then(|()| self.files.read_head(path, bytes))
    }

    fn read_large(&self, path: &Path) -> Result<String, ReadError> {
        self.visible(path).and_then(|()| self.files.read_large(path))
    }

    fn list(&self, directory: &Path) -> Result<Vec<Entry>, ReadError> {
        let mut entries = self.files.list(directory)?;
        // A folder that holds nothing but what is hidden is not there either.
        entries.retain(|entry| {
            let is_new_folder = || self.hidden.iter().any(|file| file.parent() == Some(&entry.path));
            let is_hidden_folder = entry.is_directory && entry.name != "meta" && is_new_folder();
            !self.hidden.contains(&entry.path) && !is_hidden_folder
        });
        Ok(entries)
    }

    fn glob(&self, base: &Path, pattern: &str) -> Vec<FilePath> {
        self.files.glob(base, pattern)
    }

    fn resolve(&self, importer: &Path, specifier: &str) -> Resolution {
        self.files.resolve(importer, specifier)
    }

    fn environment(&self, name: &str) -> Option<String> {
        self.files.environment(name)
    }

    fn folder_stamp(&self, directory: &Path) -> Option<u64> {
        self.files.folder_stamp(directory)
    }

    fn changed_since(&self, directory: &Path, stamp: u64) -> Option<Vec<FilePath>> {
        self.files.changed_since(directory, stamp)
    }
}
