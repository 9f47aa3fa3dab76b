//! Exporting what a schema file declares and drizzle-kit does not see.

use languages::drizzle::export_insertion;
use source::{FilePath, Span, codes};

use super::edit::FileEdit;
use crate::Analysis;

/// The edit for a finding `schema/not-exported` at this place. None where there is no such finding (any more), and where an `export`
/// would be wrong: in CommonJS, in a file that cannot be parsed, for what is only declared.
pub fn export_fix(analysis: &Analysis, file: &FilePath, span: Span) -> Option<FileEdit> {
    let is_found =
        analysis.projects.iter().flat_map(|project| project.all_diagnostics()).any(|found| {
            found.code == codes::NOT_EXPORTED && found.location.file == *file && found.location.span == span
        });
    let source = analysis.text(file).filter(|_| is_found)?;
    let (offset, text) = export_insertion(file, &source.text, span)?;
    Some(FileEdit { file: file.clone(), span: Span { start: offset, end: offset }, text })
}
