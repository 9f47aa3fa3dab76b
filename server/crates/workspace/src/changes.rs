//! What was reported as changed, counted by folder: whether anything below a folder changed is one look-up.

use std::path::{Path, PathBuf};

use rustc_hash::FxHashMap;
use source::FilePath;

#[derive(Default)]
pub(crate) struct Changes {
    /// How many changes were reported so far.
    pub(crate) count: u64,
    /// The count at the last change below a folder.
    below: FxHashMap<PathBuf, u64>,
    /// The count when a path changed that is no file: it may have been a folder with all it held.
    trees: FxHashMap<FilePath, u64>,
    /// The count at the last change of each file.
    files: FxHashMap<FilePath, u64>,
    /// The count when a file or folder last came or went, or when the changes of files were last forgotten.
    structure: u64,
}

/// The changes of more files than this at once are no edits: after a checkout everything is looked at again.
const MAX_FILES: usize = 1_000;

impl Changes {
    pub(crate) fn add(&mut self, path: &Path, is_file: bool) {
        self.count += 1;
        for folder in path.ancestors().skip(1) {
            match self.below.get_mut(folder) {
                Some(count) => *count = self.count,
                None => {
                    self.below.insert(folder.to_path_buf(), self.count);
                }
            }
        }
        if !is_file {
            self.trees.insert(FilePath::from(path), self.count);
        }
        if self.files.len() >= MAX_FILES {
            self.files.clear();
            self.structure = self.count;
        }
        self.files.insert(FilePath::from(path), self.count);
    }

    /// A file or folder came or went, or what imports mean changed.
    pub(crate) fn add_structure(&mut self) {
        self.count += 1;
        self.structure = self.count;
    }

    /// The files below a folder that changed since it had this stamp; None where more than the texts of files did.
    pub(crate) fn since(&self, directory: &Path, stamp: u64) -> Option<Vec<FilePath>> {
        if self.structure > stamp {
            return None;
        }
        let changed = self.files.iter().filter(|(file, count)| **count > stamp && file.starts_with(directory));
        Some(changed.map(|(file, _)| file.clone()).collect())
    }

    /// A number that grows with every change below the folder.
    pub(crate) fn stamp(&self, directory: &Path) -> u64 {
        let below = self.below.get(directory).copied().unwrap_or_default();
        let trees = directory.ancestors().filter_map(|above| self.trees.get(above).copied());
        trees.fold(below, u64::max)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(changed: &str, is_file: bool, folder: &str, is_moved: bool) {
        let mut changes = Changes::default();
        let before = changes.stamp(Path::new(folder));
        changes.add(Path::new(changed), is_file);
        assert_eq!(changes.stamp(Path::new(folder)) > before, is_moved, "{changed} {folder}");
    }

    #[test]
    fn what_changed_since_is_told_until_a_file_comes_or_goes() {
        let mut changes = Changes::default();
        let out = Path::new("/p/out");
        changes.add(Path::new("/p/out/a.sql"), true);
        let stamp = changes.stamp(out);
        assert_eq!(changes.since(out, stamp), Some(Vec::new()));
        changes.add(Path::new("/p/out/b.sql"), true);
        changes.add(Path::new("/p/src/c.ts"), true);
        assert_eq!(changes.since(out, stamp), Some(vec![FilePath::from(Path::new("/p/out/b.sql"))]));
        changes.add_structure();
        assert_eq!(changes.since(out, stamp), None);
    }

    #[test]
    fn many_changes_at_once_are_not_told_one_by_one() {
        let mut changes = Changes::default();
        for file_idx in 0..=MAX_FILES {
            changes.add(&Path::new("/p").join(file_idx.to_string()), true);
        }
        assert_eq!(changes.since(Path::new("/p"), 0), None);
        assert!(changes.files.len() <= MAX_FILES);
    }

    #[test]
    fn a_file_moves_the_folders_above_it() {
        check("/p/out/meta/a.json", true, "/p/out", true);
        check("/p/out/meta/a.json", true, "/p/src", false);
        check("/p/out", true, "/p/out/meta", false);
    }

    #[test]
    fn a_folder_that_went_moves_the_folders_below_it_too() {
        check("/p/out", false, "/p/out/meta", true);
        check("/p/out", false, "/p/out", true);
        check("/p/out", false, "/p/outer", false);
    }
}
