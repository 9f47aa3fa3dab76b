//! The texts of the files an analysis is about, with their line indexes, shared with the next analysis while they stay the same.

use rustc_hash::FxHashMap;
use source::{FilePath, Files, LineIndex};
use std::sync::Arc;

/// A file's text as it was when the analysis was made.
#[derive(Debug)]
pub struct SourceText {
    pub text: Arc<str>,
    pub lines: LineIndex,
}

pub(crate) type Texts = FxHashMap<FilePath, Arc<SourceText>>;

/// Adds a file unless it is there or cannot be read; `previous` spares indexing a text that is still the same.
pub(crate) fn add(texts: &mut Texts, previous: &Texts, file: &FilePath, files: &dyn Files) {
    if texts.contains_key(file) {
        return;
    }
    // A finding about a file that cannot be read is shown at its start: an empty text serves for that.
    let text = files.read(file).unwrap_or_else(|_| Arc::from(""));
    let kept = previous.get(file).filter(|known| Arc::ptr_eq(&known.text, &text) || known.text == text);
    let entry = kept.cloned().unwrap_or_else(|| Arc::new(SourceText { lines: LineIndex::new(&text), text }));
    texts.insert(file.clone(), entry);
}
