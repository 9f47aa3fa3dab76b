//! Places in files: half-open ranges of UTF-8 byte offsets.

use std::path::Path;
use std::sync::Arc;

/// An absolute path, cheap to clone. Two paths are one file when they are equal: whoever makes one normalises it first.
pub type FilePath = Arc<Path>;

/// A half-open range of UTF-8 byte offsets into one file.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct Span {
    pub start: u32,
    pub end: u32,
}

impl Span {
    pub fn new(start: usize, end: usize) -> Span {
        let start = u32::try_from(start).unwrap_or(u32::MAX);
        let end = u32::try_from(end).unwrap_or(u32::MAX);
        Span { start, end: end.max(start) }
    }

    /// True where `offset` is inside the span or at its end, as a cursor behind the last character is.
    pub fn touches(self, offset: u32) -> bool {
        self.start <= offset && offset <= self.end
    }

    pub fn contains(self, other: Span) -> bool {
        self.start <= other.start && other.end <= self.end
    }

    pub fn len(self) -> u32 {
        self.end - self.start
    }

    pub fn is_empty(self) -> bool {
        self.start == self.end
    }

    /// The smallest span that holds both.
    pub fn cover(self, other: Span) -> Span {
        Span { start: self.start.min(other.start), end: self.end.max(other.end) }
    }

    /// The text of the span; empty where the span does not fit `text`.
    pub fn text(self, text: &str) -> &str {
        text.get(self.start as usize..self.end as usize).unwrap_or_default()
    }
}

/// A span in a file.
#[derive(Clone, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct Location {
    pub file: FilePath,
    pub span: Span,
}

impl Location {
    pub fn new(file: &FilePath, span: Span) -> Location {
        Location { file: file.clone(), span }
    }

    /// The start of a file: where a finding about the whole file is shown.
    pub fn start_of(file: &FilePath) -> Location {
        Location::new(file, Span::default())
    }
}
