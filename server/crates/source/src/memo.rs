//! What was made of a folder, kept until something changes that it was made of.

use std::path::Path;
use std::sync::{Arc, Mutex, PoisonError};

use rustc_hash::FxHashSet;

use crate::{Entry, FilePath, Files, ReadError, Resolution};

/// Keeps one value that was made of a folder's files.
#[derive(Debug)]
pub struct Memo<T> {
    kept: Option<Kept<T>>,
}

#[derive(Debug)]
struct Kept<T> {
    /// The folder's when the value was made; None where the provider cannot tell.
    stamp: Option<u64>,
    looked_at: FxHashSet<FilePath>,
    value: T,
}

impl<T> Default for Memo<T> {
    fn default() -> Memo<T> {
        Memo { kept: None }
    }
}

impl<T> Memo<T> {
    /// The value, made anew where a file that `make` looked at may have changed, or where a file below the folder came or went.
    pub fn get(&mut self, directory: &Path, files: &dyn Files, make: impl FnOnce(&dyn Files) -> T) -> &T {
        let stamp = files.folder_stamp(directory);
        if !self.kept.as_ref().is_some_and(|kept| kept.is_current(directory, stamp, files)) {
            self.kept = None;
        }
        let kept = self.kept.get_or_insert_with(|| {
            let noting = Noting { files, looked_at: Mutex::default() };
            let value = make(&noting);
            let looked_at = noting.looked_at.into_inner().unwrap_or_else(PoisonError::into_inner);
            Kept { stamp, looked_at, value }
        });
        kept.stamp = stamp;
        &kept.value
    }
}

impl<T> Kept<T> {
    fn is_current(&self, directory: &Path, now: Option<u64>, files: &dyn Files) -> bool {
        let (Some(then), Some(now)) = (self.stamp, now) else { return false };
        let is_other = |file: &FilePath| !self.looked_at.contains(file);
        then == now || files.changed_since(directory, then).is_some_and(|changed| changed.iter().all(is_other))
    }
}

/// A provider that notes which files are looked at.
struct Noting<'a> {
    files: &'a dyn Files,
    looked_at: Mutex<FxHashSet<FilePath>>,
}

impl Noting<'_> {
    fn note(&self, path: &Path) {
        self.looked_at.lock().unwrap_or_else(PoisonError::into_inner).insert(FilePath::from(path));
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
