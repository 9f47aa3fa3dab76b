//! The project's files as they are after edits that nobody has written yet.

use std::path::Path;
use std::sync::Arc;

use rustc_hash::FxHashMap;

use crate::{Entry, FilePath, Files, ReadError, Resolution};

/// Files of which some have another text, or are there only so.
pub struct EditedFiles<'f> {
    files: &'f dyn Files,
    texts: FxHashMap<FilePath, Arc<str>>,
}

impl<'f> EditedFiles<'f> {
    pub fn new(files: &'f dyn Files, texts: FxHashMap<FilePath, Arc<str>>) -> EditedFiles<'f> {
        EditedFiles { files, texts }
    }
}

impl Files for EditedFiles<'_> {
    fn read(&self, path: &Path) -> Result<Arc<str>, ReadError> {
        self.texts.get(path).map_or_else(|| self.files.read(path), |text| Ok(text.clone()))
    }

    fn read_head(&self, path: &Path, bytes: usize) -> Result<String, ReadError> {
        let head = |text: &str| text.get(..text.floor_char_boundary(bytes)).unwrap_or(text).to_owned();
        self.texts.get(path).map_or_else(|| self.files.read_head(path, bytes), |text| Ok(head(text)))
    }

    fn read_large(&self, path: &Path) -> Result<String, ReadError> {
        self.texts.get(path).map_or_else(|| self.files.read_large(path), |text| Ok(text.to_string()))
    }

    fn list(&self, directory: &Path) -> Result<Vec<Entry>, ReadError> {
        let mut entries = self.files.list(directory).or_else(|error| {
            let is_made = self.texts.keys().any(|file| file.parent() == Some(directory));
            if is_made { Ok(Vec::new()) } else { Err(error) }
        })?;
        for file in self.texts.keys() {
            let Ok(inside) = file.strip_prefix(directory) else { continue };
            let mut parts = inside.iter();
            let Some(name) = parts.next() else { continue };
            let path = FilePath::from(directory.join(name));
            if !entries.iter().any(|entry| entry.path == path) {
                let (name, is_directory) = (name.to_string_lossy().into_owned(), parts.next().is_some());
                entries.push(Entry { name, path, is_directory });
            }
        }
        entries.sort();
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

    fn folder_stamp(&self, _directory: &Path) -> Option<u64> {
        None
    }

    fn changed_since(&self, _directory: &Path, _stamp: u64) -> Option<Vec<FilePath>> {
        None
    }
}
