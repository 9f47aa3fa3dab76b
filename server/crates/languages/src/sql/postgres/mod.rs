//! PostgreSQL's text to our statements, through squawk-syntax.

use super::statement::Statement;

pub(super) fn statements(_text: &str) -> Vec<Statement> {
    Vec::new()
}
