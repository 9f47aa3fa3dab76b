//! Edits of files as data.

use source::{FilePath, Span};
use std::path::Path;

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
