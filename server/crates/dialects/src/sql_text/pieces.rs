//! Small pieces of statements that both databases spell the same way.

use schema::{ColumnFacts, Dialect, Form, Name, Scalar};
use std::borrow::Cow;

use crate::lexer::{self, Kind, Token};
use crate::quote_identifier;
use crate::unescaped::with_doubled_quotes;

/// In quotes, with the namespace unless that is the default one.
pub(crate) fn quoted(dialect: Dialect, name: &Name) -> String {
    let own = quote_identifier(dialect, &name.name);
    if name.namespace.is_empty() || name.namespace == dialect.default_namespace() {
        return own;
    }
    format!("{}.{own}", quote_identifier(dialect, &name.namespace))
}

/// `"a", "b"`.
pub(crate) fn names<'a>(dialect: Dialect, names: impl IntoIterator<Item = &'a String>) -> String {
    joined(names.into_iter().map(|name| quote_identifier(dialect, name)))
}

/// Separated by commas.
pub(crate) fn joined(parts: impl IntoIterator<Item = String>) -> String {
    parts.into_iter().collect::<Vec<_>>().join(", ")
}

/// A string constant.
pub(crate) fn literal(text: &str) -> String {
    format!("'{}'", text.replace('\'', "''"))
}

/// A default or an option's value, as SQL.
pub(crate) fn scalar(dialect: Dialect, scalar: &Scalar) -> Cow<'_, str> {
    match scalar.form {
        Form::Null => Cow::Borrowed("NULL"),
        Form::Sql => match with_doubled_quotes(dialect, scalar.text.trim()) {
            Cow::Borrowed(text) => closed(dialect, text),
            Cow::Owned(text) => Cow::Owned(text),
        },
        Form::Number | Form::Boolean => closed(dialect, scalar.text.trim()),
    }
}

/// A text behind which more can stand: one that ends in a line comment gets an end of line.
pub(crate) fn closed(dialect: Dialect, text: &str) -> Cow<'_, str> {
    let may_be_comment = text.rsplit('\n').next().is_some_and(|line| line.contains("--"));
    if may_be_comment && ends_in_comment(dialect, text) {
        return Cow::Owned(format!("{text}\n"));
    }
    Cow::Borrowed(text)
}

/// True also where it cannot be told.
fn ends_in_comment(dialect: Dialect, text: &str) -> bool {
    let Some(tokens) = lexer::tokens(dialect, text) else { return true };
    let end =
        |token: &Token<'_>| (token.text.as_ptr() as usize + token.text.len()).saturating_sub(text.as_ptr() as usize);
    let behind = text.get(tokens.last().map_or(0, end)..).unwrap_or(text);
    behind.contains("--")
}

pub(crate) fn in_parentheses(dialect: Dialect, text: &str) -> String {
    format!("({})", closed(dialect, text.trim()))
}

/// True where the text is one call of a function: `lower(name)`.
pub(crate) fn is_whole_call(dialect: Dialect, text: &str) -> bool {
    let tokens = lexer::tokens(dialect, text).unwrap_or_default();
    let is_name = |token: &Token<'_>| match token.kind {
        Kind::Word => !crate::postgres::names::is_reserved(&token.text.to_ascii_lowercase()),
        kind => kind == Kind::QuotedName,
    };
    let Some(open) = tokens.iter().position(|token| token.text == "(") else { return false };
    let is_path = tokens.iter().take(open).enumerate().all(|(at, token)| match at % 2 {
        0 => is_name(token),
        _ => token.text == ".",
    });
    open % 2 == 1 && is_path && tokens.get(open..).is_some_and(is_one_group)
}

/// True where the parenthesis at the start closes at the end.
pub(crate) fn is_one_group(tokens: &[Token<'_>]) -> bool {
    let mut depth = 0_usize;
    let end = tokens.iter().position(|token| {
        match token.text {
            "(" => depth += 1,
            ")" => depth = depth.saturating_sub(1),
            _ => {}
        }
        depth == 0
    });
    tokens.len() > 1 && end.is_some_and(|end| end + 1 == tokens.len())
}

/// What is not known of a column, for a person.
pub(crate) fn note(unknown: ColumnFacts) -> Option<String> {
    let facts = [
        (unknown.sql_type, "type"),
        (unknown.not_null, "NOT NULL"),
        (unknown.default, "default"),
        (unknown.generated, "generated expression"),
        (unknown.identity, "identity"),
        (unknown.autoincrement, "autoincrement"),
    ];
    let words: Vec<&str> = facts.into_iter().filter_map(|(is_unknown, word)| is_unknown.then_some(word)).collect();
    (!words.is_empty()).then(|| format!("not known: {}", words.join(", ")))
}

/// A line an element, its note behind the comma; comments at the end.
pub(crate) fn element_lines(elements: &[(String, Option<String>)], comments: &[String]) -> String {
    let mut text = String::new();
    for (at, (element, note)) in elements.iter().enumerate() {
        let comma = if at + 1 < elements.len() { "," } else { "" };
        let note = note.as_ref().map(|note| format!(" -- {note}")).unwrap_or_default();
        text.push_str(&format!("\n  {element}{comma}{note}"));
    }
    for comment in comments {
        text.push_str(&format!("\n  -- {}", comment.replace(['\n', '\r'], " ")));
    }
    if !text.is_empty() {
        text.push('\n');
    }
    text
}
