//! SQLite's text to our statements, by a lexer and a reader of our own: SQLite's data definition is small and closed, spans must be
//! exact, and what SQLite takes must be read.
//!
//! A text is cut where the database or drizzle-kit would cut it. The first word of a statement tells whether it is read; expressions,
//! queries and bodies of triggers are found by their parentheses and words, never parsed, so depth costs nothing.

mod alter;
mod column;
mod control;
mod create;
mod create_table;
mod drop;
mod keys;
pub(super) mod lexer;
mod mentioned;
mod reader;
mod reads;
mod references;
mod split;
mod view;
mod words;

use super::statement::Statement;
use lexer::Lexer;

/// drizzle-kit cuts a file at this text, wherever it stands. (drizzle-orm, `migrator.ts`.)
const BREAKPOINT: &str = "--> statement-breakpoint";

pub(super) fn statements(text: &str) -> Vec<Statement> {
    let mut statements = Vec::new();
    let mut tokens = Vec::new();
    let mut start = 0;
    let ends = text.match_indices(BREAKPOINT).map(|(end, _)| end);
    for end in ends.chain(std::iter::once(text.len())) {
        let mut lexer = Lexer::new(text, start, end);
        while let Some(statement) = split::next(text, &mut lexer, &mut tokens) {
            statements.push(statement);
        }
        start = end + BREAKPOINT.len();
    }
    statements
}

#[cfg(test)]
mod tests;
