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
}

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
