//! The texts that were read, kept so that an unchanged file is the same allocation.

use std::path::Path;
use std::sync::Arc;

use parking_lot::RwLock;
use rustc_hash::FxHashMap;
use source::{FilePath, ReadError};

use crate::read::{self, Stamp};

#[derive(Default)]
pub(crate) struct Texts {
    known: RwLock<FxHashMap<FilePath, Text>>,
    /// By their real paths, the files that are read through a symbolic link: a change may be reported by the real path.
    links: RwLock<FxHashMap<FilePath, Vec<FilePath>>>,
}

#[derive(Clone)]
struct Text {
    /// None where the file could not be read.
    stamp: Option<Stamp>,
    /// Written so shortly before it was read that another write may have left the same stamp.
    is_fresh: bool,
    text: Result<Arc<str>, ReadError>,
}

impl Texts {
    /// The text, read again where the file's stamp has changed.
    pub(crate) fn read_checking(&self, path: &Path) -> Result<Arc<str>, ReadError> {
        let known = self.known.read().get(path).cloned();
        match known {
            Some(known) if !known.is_fresh && known.stamp.is_some() && Stamp::of(path) == known.stamp => known.text,
            known => {
                let text = Text::read(path, known);
                self.known.write().insert(FilePath::from(path), text.clone());
                text.text
            }
        }
    }

    /// The text as it was first read. `n_changes` tells how many changes were reported so far.
    pub(crate) fn read_trusting(&self, path: &Path, n_changes: &dyn Fn() -> u64) -> Result<Arc<str>, ReadError> {
        if let Some(known) = self.known.read().get(path) {
            return known.text.clone();
        }
        let before = n_changes();
        self.remember_link(path);
        let text = Text::read(path, None);
        let mut known = self.known.write();
        // A change that was reported meanwhile may concern this file: what was read is not kept then.
        if n_changes() == before {
            known.insert(FilePath::from(path), text.clone());
        }
        text.text
    }

    /// True if there was such a file when it was last read.
    pub(crate) fn forget(&self, path: &Path) -> bool {
        let forgotten = self.known.write().remove(path);
        forgotten.is_some_and(|it| !matches!(it.text, Err(ReadError::NotFound | ReadError::IsDirectory)))
    }

    pub(crate) fn forget_below(&self, directory: &Path) {
        self.known.write().retain(|known, _| !known.starts_with(directory));
    }

    /// The other paths by which the file at this real path was read.
    pub(crate) fn links(&self, path: &Path) -> Vec<FilePath> {
        self.links.read().get(path).cloned().unwrap_or_default()
    }

    fn remember_link(&self, path: &Path) {
        let Ok(real) = path.canonicalize() else { return };
        if real != path {
            let mut links = self.links.write();
            let links = links.entry(FilePath::from(real)).or_default();
            if !links.iter().any(|link| &**link == path) {
                links.push(FilePath::from(path));
            }
        }
    }
}

impl Text {
    fn read(path: &Path, known: Option<Text>) -> Text {
        let (text, stamp) = match read::read_text(path) {
            Ok((text, stamp)) => (text, stamp),
            Err(error) => return Text { stamp: None, is_fresh: false, text: Err(error) },
        };
        // The same text keeps its allocation, and with it what was made of it.
        let text = match known.map(|known| known.text) {
            Some(Ok(kept)) if *kept == *text => kept,
            _ => Arc::from(text),
        };
        Text { stamp: Some(stamp), is_fresh: stamp.is_fresh(), text: Ok(text) }
    }
}
