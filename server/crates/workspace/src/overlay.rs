//! The open buffers: they count as files, and the folders they need count as folders, whether or not the disk has them.

use std::collections::BTreeMap;
use std::path::Path;
use std::sync::Arc;

use parking_lot::RwLock;
use rustc_hash::FxHashMap;
use source::{Entry, FilePath};

#[derive(Default)]
pub(crate) struct Overlay {
    texts: RwLock<FxHashMap<FilePath, Arc<str>>>,
}

impl Overlay {
    /// True if the file was open before.
    pub(crate) fn insert(&self, path: FilePath, text: Arc<str>) -> bool {
        self.texts.write().insert(path, text).is_some()
    }

    /// True if the file was open.
    pub(crate) fn remove(&self, path: &Path) -> bool {
        self.texts.write().remove(path).is_some()
    }

    pub(crate) fn text(&self, path: &Path) -> Option<Arc<str>> {
        self.texts.read().get(path).cloned()
    }

    pub(crate) fn is_file(&self, path: &Path) -> bool {
        self.texts.read().contains_key(path)
    }

    pub(crate) fn is_directory(&self, path: &Path) -> bool {
        self.texts.read().keys().any(|open| open.starts_with(path) && &**open != path)
    }

    /// The names that the open buffers add to a folder.
    pub(crate) fn entries(&self, directory: &Path) -> BTreeMap<String, Entry> {
        let mut entries = BTreeMap::new();
        for open in self.texts.read().keys() {
            let Ok(below) = open.strip_prefix(directory) else { continue };
            let mut components = below.components();
            let Some(name) = components.next().and_then(|it| it.as_os_str().to_str()) else { continue };
            let is_directory = components.next().is_some();
            let path = FilePath::from(directory.join(name));
            entries.insert(name.to_owned(), Entry { name: name.to_owned(), path, is_directory });
        }
        entries
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(open: &[&str], directory: &str, expected: &[(&str, bool)]) {
        let overlay = Overlay::default();
        for path in open {
            overlay.insert(FilePath::from(Path::new(path)), Arc::from(""));
        }
        let entries = overlay.entries(Path::new(directory));
        let found: Vec<_> = entries.values().map(|entry| (entry.name.as_str(), entry.is_directory)).collect();
        assert_eq!(found, expected);
    }

    #[test]
    fn an_open_file_makes_its_folders() {
        check(&["/p/out/1/up.sql", "/p/a.ts", "/q/b.ts"], "/p", &[("a.ts", false), ("out", true)]);
    }
}
