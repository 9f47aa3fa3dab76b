//! Whether a text has a name, and what a trigger is after a column of its table was renamed.

use schema::{Definition, Dialect, OpaqueObject};

use crate::definition::{Create, create_object, definition};
use crate::lexer::{self, Kind};
use crate::postgres::implicit_names::{MAX_NAME_BYTES, clipped};
use crate::{postgres, rename_column, sqlite};

/// True where a text has the name as a word or quoted name of its own, whatever it means there.
pub fn mentions(dialect: Dialect, text: &str, name: &str) -> bool {
    if !text.to_ascii_lowercase().contains(&name.to_ascii_lowercase()) && !name.contains(['"', '`', ']']) {
        return false;
    }
    // What cannot be read may name anything.
    let Some(tokens) = lexer::tokens(dialect, text) else { return true };
    let is_name = |token: &lexer::Token<'_>| matches!(token.kind, Kind::Word | Kind::QuotedName);
    tokens.iter().any(|token| is_name(token) && is_same(dialect, token.text, name))
}

/// True where a text has the name before a parenthesis: where it calls a function of the name.
pub fn mentions_call(dialect: Dialect, text: &str, name: &str) -> bool {
    if !mentions(dialect, text, name) {
        return false;
    }
    let Some(tokens) = lexer::tokens(dialect, text) else { return true };
    let is_call = |pair: &[lexer::Token<'_>]| match pair {
        [called, open] => {
            matches!(called.kind, Kind::Word | Kind::QuotedName)
                && is_same(dialect, called.text, name)
                && open.text == "("
        }
        _ => false,
    };
    tokens.windows(2).any(is_call)
}

fn is_same(dialect: Dialect, token: &str, name: &str) -> bool {
    match dialect {
        Dialect::Postgres => {
            let found = postgres::names::unquoted(token);
            // A key word names something only in quotes; and the server reads no more of a name than it keeps.
            let is_word = !token.starts_with('"') && postgres::names::is_reserved(&found);
            !is_word && clipped(&found, MAX_NAME_BYTES) == name
        }
        Dialect::Sqlite => sqlite::names::unquoted(token).eq_ignore_ascii_case(name),
    }
}

/// The trigger's definition with a column of its table under another name; None where it cannot be told what a name in its body means.
pub fn with_renamed_column(dialect: Dialect, trigger: &OpaqueObject, from: &str, to: &str) -> Option<Definition> {
    let before = trigger.definition.as_deref()?;
    let mut text = String::with_capacity(before.text.len() + to.len());
    let mut copied = 0;
    let tokens = lexer::tokens(dialect, &before.text)?;
    for (at, token) in tokens.iter().enumerate() {
        let is_name = matches!(token.kind, Kind::Word | Kind::QuotedName) && is_same(dialect, token.text, from);
        if !is_name {
            continue;
        }
        let earlier = |back: usize| at.checked_sub(back).and_then(|at| tokens.get(at)).map_or("", |it| it.text);
        let of_row = earlier(1) == "." && ["old", "new"].iter().any(|row| earlier(2).eq_ignore_ascii_case(row));
        if !of_row {
            match dialect {
                // The rest names functions, tables and arguments.
                Dialect::Postgres => continue,
                Dialect::Sqlite => return None,
            }
        }
        let start = (token.text.as_ptr() as usize).saturating_sub(before.text.as_ptr() as usize);
        text.push_str(before.text.get(copied..start).unwrap_or_default());
        text.push_str(&crate::quote_identifier(dialect, to));
        copied = start + token.text.len();
    }
    text.push_str(before.text.get(copied..).unwrap_or_default());
    let events = rename_column(dialect, &before.events, from, to);
    let renamed =
        OpaqueObject { definition: Some(Definition { text, events, ..before.clone() }.into()), ..trigger.clone() };
    definition(dialect, trigger.key.kind, &create_object(dialect, &renamed, Create::New)?)
}
