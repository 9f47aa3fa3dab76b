//! What migrations folders are, looked at again only where something in them has changed.

use history::Format;
use history::formats::detect::{self, FoundDialect};
use rustc_hash::FxHashMap;
use source::{FilePath, Files};

/// Keeps what it found of each folder.
#[derive(Default)]
pub(crate) struct Detector {
    kept: FxHashMap<FilePath, Kept>,
}

struct Kept {
    stamp: u64,
    format: Option<Format>,
    /// By the format that was asked for.
    dialect: Option<(Format, Option<FoundDialect>)>,
}

impl Detector {
    /// The format of a folder; None where nothing in it is a migration.
    pub(crate) fn format(&mut self, folder: &FilePath, files: &dyn Files) -> Option<Format> {
        let stamp = files.folder_stamp(folder);
        if let Some(kept) = self.kept.get(folder)
            && Some(kept.stamp) == stamp
        {
            return kept.format;
        }
        let format = detect::detect(folder, files);
        match stamp {
            Some(stamp) => {
                self.kept.insert(folder.clone(), Kept { stamp, format, dialect: None });
            }
            None => {
                self.kept.remove(folder);
            }
        }
        format
    }

    /// The database that a folder of this format is for; None where nothing tells.
    pub(crate) fn dialect(&mut self, format: Format, folder: &FilePath, files: &dyn Files) -> Option<FoundDialect> {
        // Looks whether the folder is still the same, too.
        self.format(folder, files);
        if let Some(kept) = self.kept.get(folder)
            && let Some((of, dialect)) = &kept.dialect
            && *of == format
        {
            return dialect.clone();
        }
        let dialect = detect::detect_dialect(format, folder, files);
        if let Some(kept) = self.kept.get_mut(folder) {
            kept.dialect = Some((format, dialect.clone()));
        }
        dialect
    }
}
