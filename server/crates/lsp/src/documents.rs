//! The buffers the client has open, by normalised path. Each keeps the client's own spelling of its URI.

use crate::encoding::PositionEncoding;
use source::{FilePath, LineIndex};
use std::collections::HashMap;
use std::path::Path;
use tower_lsp::lsp_types::{TextDocumentContentChangeEvent, TextDocumentItem, Url};

/// An open buffer.
#[derive(Debug)]
pub(crate) struct Document {
    pub(crate) uri: Url,
    pub(crate) version: i32,
    pub(crate) text: String,
    /// The count of all changes when this one last changed.
    pub(crate) revision: u64,
    /// The same count when it was opened.
    pub(crate) opened_at: u64,
}

/// All open buffers, and a count of everything that happened which an analysis has to take in.
#[derive(Debug, Default)]
pub(crate) struct Documents {
    open: HashMap<FilePath, Document>,
    revision: u64,
}

impl Documents {
    pub(crate) fn revision(&self) -> u64 {
        self.revision
    }

    /// Counts something that happened to no open buffer.
    pub(crate) fn touch(&mut self) -> u64 {
        self.revision += 1;
        self.revision
    }

    pub(crate) fn get(&self, file: &Path) -> Option<&Document> {
        self.open.get(file)
    }

    pub(crate) fn texts(&self) -> impl Iterator<Item = (&FilePath, &str)> {
        self.open.iter().map(|(file, document)| (file, document.text.as_str()))
    }

    pub(crate) fn open(&mut self, file: &FilePath, item: TextDocumentItem) {
        let revision = self.touch();
        let document =
            Document { uri: item.uri, version: item.version, text: item.text, revision, opened_at: revision };
        self.open.insert(file.clone(), document);
    }

    /// Applies changes in order, each to what the one before it left. False where the file is not open.
    pub(crate) fn change(
        &mut self,
        file: &Path,
        version: i32,
        encoding: PositionEncoding,
        changes: Vec<TextDocumentContentChangeEvent>,
    ) -> bool {
        let revision = self.revision + 1;
        let Some(document) = self.open.get_mut(file) else { return false };
        self.revision = revision;
        document.revision = revision;
        document.version = version;
        for change in changes {
            match change.range {
                None => document.text = change.text,
                Some(range) => {
                    let bytes = encoding.bytes(&document.text, &LineIndex::new(&document.text), range);
                    document.text.replace_range(bytes, &change.text);
                }
            }
        }
        true
    }

    /// False where the file is not open.
    pub(crate) fn close(&mut self, file: &Path) -> bool {
        let was_open = self.open.remove(file).is_some();
        if was_open {
            self.touch();
        }
        was_open
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::sync::Arc;
    use tower_lsp::lsp_types::{Position, Range};

    fn change(start: (u32, u32), end: (u32, u32), text: &str) -> TextDocumentContentChangeEvent {
        let range = Range::new(Position::new(start.0, start.1), Position::new(end.0, end.1));
        TextDocumentContentChangeEvent { range: Some(range), range_length: None, text: text.to_owned() }
    }

    /// The text after the changes.
    fn check(text: &str, changes: Vec<TextDocumentContentChangeEvent>, expected: &str) {
        let file: FilePath = Arc::from(Path::new("/a.ts"));
        let uri = Url::parse("file:///a.ts").unwrap();
        let mut documents = Documents::default();
        documents.open(&file, TextDocumentItem::new(uri, "typescript".to_owned(), 1, text.to_owned()));
        assert!(documents.change(&file, 2, PositionEncoding::Utf16, changes));
        let document = documents.get(&file).unwrap();
        assert_eq!((document.text.as_str(), document.version, document.revision), (expected, 2, 2));
    }

    #[test]
    fn each_change_is_about_the_text_the_one_before_left() {
        check("ab\ncd", vec![change((0, 1), (1, 1), "\n\n"), change((2, 0), (2, 1), "x")], "a\n\nx");
    }

    #[test]
    fn line_breaks_of_every_kind_are_kept() {
        check("a\r\nb\rc\n", vec![change((1, 0), (1, 1), "B"), change((0, 1), (0, 9), "1")], "a1\r\nB\rc\n");
    }

    #[test]
    fn a_change_outside_the_text_is_brought_inside() {
        check("a😀", vec![change((0, 2), (7, 7), "!"), change((9, 0), (0, 1), "?")], "a?");
    }

    #[test]
    fn a_change_of_a_file_that_is_not_open_says_so() {
        let mut documents = Documents::default();
        assert!(!documents.change(Path::new("/b.ts"), 2, PositionEncoding::Utf16, Vec::new()));
        assert!(!documents.close(Path::new("/b.ts")));
        assert_eq!(documents.revision(), 0);
    }
}
