//! The text of a snapshot or journal, whatever its shape: how it is read, and where it breaks.

use source::{Diagnostic, FilePath, Files, Location, Span, codes};

/// Why a snapshot cannot be read, with the byte offset where that is known.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SnapshotError {
    pub message: String,
    /// What to do about it.
    pub help: String,
    pub offset: Option<usize>,
}

impl SnapshotError {
    /// The finding in the snapshot `file`.
    pub(super) fn into_diagnostic(self, file: &FilePath) -> Box<Diagnostic> {
        let at = self.offset.unwrap_or_default();
        let finding = Diagnostic::new(
            codes::UNREADABLE_SNAPSHOT,
            Location::new(file, Span::new(at, at)),
            format!("the snapshot {}", self.message),
        );
        Box::new(finding.with_help(self.help))
    }
}

/// The whole text of a snapshot.
pub(super) fn read(file: &FilePath, files: &dyn Files) -> Result<String, SnapshotError> {
    files.read_large(file).map_err(|error| SnapshotError {
        message: error.to_string(),
        help: String::from("Restore the file from version control."),
        offset: None,
    })
}

/// A snapshot of another dialect than the project's.
pub(super) fn other_dialect(found: &str, wanted: &str) -> SnapshotError {
    SnapshotError {
        message: format!("is of {found}, the configuration of {wanted}"),
        help: String::from("Give each dialect an `out` folder of its own."),
        offset: None,
    }
}

/// serde_json's finding in `part`, a piece of `text`, with the byte of `text` it is about.
pub(super) fn malformed(text: &str, part: &str, error: &serde_json::Error) -> SnapshotError {
    let message = match has_merge_markers(text) {
        true => String::from("holds the markers of an unresolved merge"),
        false => format!("cannot be read: {}", what(error)),
    };
    SnapshotError {
        message,
        help: String::from("Restore the file from version control, or repair it at this place."),
        offset: Some(start_in(text, part) + offset_of(part, error)),
    }
}

/// serde_json's words without its place.
pub(super) fn what(error: &serde_json::Error) -> String {
    let full = error.to_string();
    full.rsplit_once(" at line ").map_or(full.as_str(), |(what, _)| what).to_owned()
}

/// The byte at which serde_json found a text wrong: it counts lines and bytes from 1, and stands behind the byte it complains about.
pub(super) fn offset_of(text: &str, error: &serde_json::Error) -> usize {
    let line_start: usize = text.split_inclusive('\n').take(error.line().saturating_sub(1)).map(str::len).sum();
    text.floor_char_boundary(line_start + error.column().saturating_sub(1))
}

/// Where a borrowed piece of `text` starts in it: serde_json hands out slices of its input.
pub(super) fn start_in(text: &str, part: &str) -> usize {
    (part.as_ptr() as usize).saturating_sub(text.as_ptr() as usize).min(text.len())
}

/// True where git left a conflict in the text.
pub(super) fn has_merge_markers(text: &str) -> bool {
    text.lines().any(|line| line.starts_with("<<<<<<< "))
}
