//! The table's name before a column's, in expressions that can name one table only.

use schema::Dialect;

use crate::lexer::{self, Kind, Token};
use crate::sqlite::names;

/// The expression without any table's name before a column's: SQLite forbids it in generated columns and in the keys of an index, where
/// Drizzle writes it. A text that cannot be read stays as it is.
pub fn unqualified(text: &str) -> String {
    let Some(tokens) = lexer::tokens(Dialect::Sqlite, text) else { return text.to_owned() };
    replaced(text, &tokens, |at| is_qualifier(&tokens, at).then_some(Part::Nothing))
}

/// The expression with the name of the table `from` before a column's replaced by `to`, in the same quotes.
pub fn requalified(text: &str, from: &str, to: &str) -> String {
    let Some(tokens) = lexer::tokens(Dialect::Sqlite, text) else { return text.to_owned() };
    replaced(text, &tokens, |at| {
        let token = tokens.get(at).filter(|token| names::unquoted(token.text).eq_ignore_ascii_case(from))?;
        is_qualifier(&tokens, at).then(|| Part::Name(in_quotes_of(token.text, to)))
    })
}

enum Part {
    /// The name and the point behind it go.
    Nothing,
    Name(String),
}

fn is_qualifier(tokens: &[Token<'_>], at: usize) -> bool {
    let is_name = tokens.get(at).is_some_and(|token| matches!(token.kind, Kind::Word | Kind::QuotedName));
    is_name && tokens.get(at + 1).is_some_and(|token| token.text == ".")
}

fn in_quotes_of(token: &str, name: &str) -> String {
    match token.chars().next() {
        Some('`') => super::backquoted(name),
        Some('[') if !name.contains(']') => format!("[{name}]"),
        Some('"' | '[') => names::quote(name),
        _ if crate::postgres::names::is_simple(&name.to_ascii_lowercase()) => name.to_owned(),
        _ => names::quote(name),
    }
}

fn replaced(text: &str, tokens: &[Token<'_>], part: impl Fn(usize) -> Option<Part>) -> String {
    let start = |token: &Token<'_>| (token.text.as_ptr() as usize).saturating_sub(text.as_ptr() as usize);
    let mut replaced = String::with_capacity(text.len());
    let mut copied = 0;
    for (at, token) in tokens.iter().enumerate() {
        let Some(part) = part(at) else { continue };
        replaced.push_str(text.get(copied..start(token)).unwrap_or_default());
        copied = start(token) + token.text.len();
        match part {
            Part::Name(name) => replaced.push_str(&name),
            Part::Nothing => copied = tokens.get(at + 1).map_or(copied, |point| start(point) + point.text.len()),
        }
    }
    replaced.push_str(text.get(copied..).unwrap_or_default());
    replaced
}
