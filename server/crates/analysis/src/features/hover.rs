//! What is known of the object under the cursor.

use source::Span;

/// Markdown about an object, and the span it is about.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Hover {
    pub markdown: String,
    pub span: Span,
}
