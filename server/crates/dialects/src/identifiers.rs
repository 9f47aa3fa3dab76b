//! The names inside an expression: which columns it is about, and the same expression after one of them was renamed.

use schema::Dialect;

use crate::lexer::{self, Kind, Token};
use crate::postgres::implicit_names::{MAX_NAME_BYTES, clipped};
use crate::{postgres, sqlite};

/// True where the expression names the column: a word or quoted name of its own that is not called, not a namespace and not a type.
/// A text that cannot be read names nothing.
pub fn names_column(dialect: Dialect, text: &str, column: &str) -> bool {
    if !text.to_ascii_lowercase().contains(&column.to_ascii_lowercase()) && !column.contains(['"', '`', ']']) {
        return false;
    }
    let tokens = lexer::tokens(dialect, text).unwrap_or_default();
    (0..tokens.len()).any(|at| is_column(dialect, &tokens, at, column))
}

/// The expression with the column renamed, everything else as it was.
pub fn rename_column(dialect: Dialect, text: &str, from: &str, to: &str) -> String {
    let Some(tokens) = lexer::tokens(dialect, text) else { return text.to_owned() };
    let mut renamed = String::with_capacity(text.len() + to.len());
    let mut copied = 0;
    for at in (0..tokens.len()).filter(|at| is_column(dialect, &tokens, *at, from)) {
        let Some(token) = tokens.get(at) else { continue };
        let start = (token.text.as_ptr() as usize).saturating_sub(text.as_ptr() as usize);
        renamed.push_str(text.get(copied..start).unwrap_or_default());
        renamed.push_str(&crate::quote_identifier(dialect, to));
        copied = start + token.text.len();
    }
    renamed.push_str(text.get(copied..).unwrap_or_default());
    renamed
}

fn is_column(dialect: Dialect, tokens: &[Token<'_>], at: usize, column: &str) -> bool {
    let text = |at: Option<usize>| at.and_then(|at| tokens.get(at)).map_or("", |token| token.text);
    let Some(token) = tokens.get(at).filter(|token| matches!(token.kind, Kind::Word | Kind::QuotedName)) else {
        return false;
    };
    let is_same = match dialect {
        // The server reads no more of a name than it keeps.
        Dialect::Postgres => clipped(&postgres::names::unquoted(token.text), MAX_NAME_BYTES) == column,
        Dialect::Sqlite => sqlite::names::unquoted(token.text).eq_ignore_ascii_case(column),
    };
    let before = at.checked_sub(1);
    is_same && !matches!(text(Some(at + 1)), "(" | ".") && text(before) != "::"
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_column_is_told_from_calls_types_and_strings() {
        let table = [
            ("a > 0", "a", true),
            ("\"t\".\"a\" > 0", "a", true),
            ("lower(a) = 'x'", "lower", false),
            ("'a' = b", "a", false),
            ("b::a", "a", false),
            ("a.b = 1", "a", false),
            ("\"A\" = 1", "a", false),
            ("A = 1", "a", true),
            ("ab = 1", "a", false),
            ("'unterminated a", "a", false),
        ];
        for (text, column, expected) in table {
            assert_eq!(names_column(Dialect::Postgres, text, column), expected, "{text} {column}");
        }
        assert!(names_column(Dialect::Sqlite, "[A] = 1", "a"));
    }

    #[test]
    fn a_column_is_renamed_where_it_is_named() {
        let renamed = rename_column(Dialect::Postgres, "(a > 0) AND \"t\".\"a\" <> 'a' -- a", "a", "b c");
        assert_eq!(renamed, "(\"b c\" > 0) AND \"t\".\"b c\" <> 'a' -- a");
    }
}
