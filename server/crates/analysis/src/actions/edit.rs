//! Edits of files as data, and the project's files as they are after them.

use rustc_hash::FxHashMap;
use source::{Entry, FilePath, Files, ReadError, Resolution, Span};
use std::path::Path;
use std::sync::Arc;

/// A text in place of another.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct FileEdit {
    pub file: FilePath,
    pub span: Span,
    pub text: String,
}

/// A text after the edits of it that are among these; no two of them overlap.
pub(super) fn edited(file: &Path, text: &str, edits: &[FileEdit]) -> String {
    let mut own: Vec<&FileEdit> = edits.iter().filter(|edit| *edit.file == *file).collect();
    own.sort_by_key(|edit| std::cmp::Reverse(edit.span));
    let mut text = text.to_owned();
    for edit in own {
        let range = edit.span.start as usize..edit.span.end as usize;
        if text.get(range.clone()).is_some() {
            text.replace_range(range, &edit.text);
        }
    }
    text
}

/// Files of which some have another text.
pub(super) struct Edited<'f> {
    pub(super) files: &'f dyn Files,
    pub(super) texts: FxHashMap<FilePath, Arc<str>>,
}

impl Files for Edited<'_> {
    fn read(&self, path: &Path) -> Result<Arc<str>, ReadError> {
        self.texts.get(path).map_or_else(|| self.files.read(path), |text| Ok(text.clone()))
    }

    fn read_head(&self, path: &Path, bytes: usize) -> Result<String, ReadError> {
        match self.texts.get(path) {
            Some(text) => Ok(text.get(..text.floor_char_boundary(bytes)).unwrap_or_default().to_owned()),
            None => self.files.read_head(path, bytes),
        }
    }

    fn read_large(&self, path: &Path) -> Result<String, ReadError> {
        self.texts.get(path).map_or_else(|| self.files.read_large(path), |text| Ok(text.to_string()))
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

    fn folder_stamp(&self, _directory: &Path) -> Option<u64> {
        None
    }

    fn changed_since(&self, _directory: &Path, _stamp: u64) -> Option<Vec<FilePath>> {
        None
    }
}
