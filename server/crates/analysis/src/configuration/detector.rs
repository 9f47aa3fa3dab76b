//! What migrations folders are, looked at again only where something that tells it has changed.

use history::Format;
use history::formats::detect::{self, FoundDialect};
use rustc_hash::FxHashMap;
use source::{FilePath, Files, Memo};

/// Keeps what it found of each folder.
#[derive(Default)]
pub(crate) struct Detector {
    formats: FxHashMap<FilePath, Memo<Option<Format>>>,
    dialects: FxHashMap<(FilePath, Format), Memo<Option<FoundDialect>>>,
}

impl Detector {
    /// The format of a folder; None where nothing in it is a migration.
    pub(crate) fn format(&mut self, folder: &FilePath, files: &dyn Files) -> Option<Format> {
        let memo = self.formats.entry(folder.clone()).or_default();
        *memo.get(folder, files, |files| detect::detect(folder, files))
    }

    /// The database that a folder of this format is for; None where nothing tells.
    pub(crate) fn dialect(&mut self, format: Format, folder: &FilePath, files: &dyn Files) -> Option<FoundDialect> {
        let memo = self.dialects.entry((folder.clone(), format)).or_default();
        memo.get(folder, files, |files| detect::detect_dialect(format, folder, files)).clone()
    }
}
