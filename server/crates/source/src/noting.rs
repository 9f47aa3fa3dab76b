//! Which files somebody looks at.

use std::path::Path;
use std::sync::{Arc, Mutex, PoisonError};

use rustc_hash::FxHashSet;

use crate::{Entry, FilePath, Files, ReadError, Resolution};

/// A provider that notes which files are looked at.
pub struct Noting<'a> {
    files: &'a dyn Files,
    looked_at: Mutex<FxHashSet<FilePath>>,
}

impl<'a> Noting<'a> {
    pub fn new(files: &'a dyn Files) -> Noting<'a> {
        Noting { files, looked_at: Mutex::default() }
    }

    /// The files whose text was asked for, there or not.
    pub fn looked_at(self) -> FxHashSet<FilePath> {
        self.looked_at.into_inner().unwrap_or_else(PoisonError::into_inner)
    }

    fn note(&self, path: &Path) {
        let mut looked_at = self.looked_at.lock().unwrap_or_else(PoisonError::into_inner);
        if !looked_at.contains(path) {
            looked_at.insert(FilePath::from(path));
        }
    }
}

impl Files for Noting<'_> {
    fn read(&self, path: &Path) -> Result<Arc<str>, ReadError> {
        self.note(path);
        self.files.read(path)
    }

    fn read_head(&self, path: &Path, bytes: usize) -> Result<String, ReadError> {
        self.note(path);
        self.files.read_head(path, bytes)
    }

    fn read_large(&self, path: &Path) -> Result<String, ReadError> {
        self.note(path);
        self.files.read_large(path)
    }

    fn list(&self, directory: &Path) -> Result<Vec<Entry>, ReadError> {
        self.files.list(directory)
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
