//! What was made of a folder, kept until something changes that it was made of.

use rustc_hash::FxHashSet;
use std::path::Path;

use crate::{FilePath, Files, Noting};

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
            let noting = Noting::new(files);
            let value = make(&noting);
            Kept { stamp, looked_at: noting.looked_at(), value }
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
