//! Columns: their definitions, and what ALTER TABLE does with them. (lang_altertable.html)

use schema::{Column, Deferral, Dialect, ForeignKey, ForeignKeyAction, Form, Scalar};

use super::{backquoted, unqualified};
use crate::lexer::{self, Kind, Token};
use crate::quote_identifier;
use crate::sql_text::{in_parentheses, is_one_group};
use crate::sqlite::create_table::default_text;

/// `references` is the foreign key of the new column, if it has one: behind the column it can be said in place.
pub fn add_column(table: &str, column: &Column, references: Option<&ForeignKey>) -> String {
    let references = references.map(references_clause).unwrap_or_default();
    format!("ALTER TABLE {} ADD {}{references};", backquoted(table), definition(column, ""))
}

/// `ALTER TABLE … DROP COLUMN`.
pub fn drop_column(table: &str, column: &str) -> String {
    format!("ALTER TABLE {} DROP COLUMN {};", backquoted(table), backquoted(column))
}

/// `ALTER TABLE … RENAME COLUMN`, with the names in double quotes, as drizzle-kit has it.
pub fn rename_column(table: &str, from: &str, to: &str) -> String {
    let [from, to] = [from, to].map(|name| quote_identifier(Dialect::Sqlite, name));
    format!("ALTER TABLE {} RENAME COLUMN {from} TO {to};", backquoted(table))
}

/// `key` stands behind the type.
pub(super) fn definition(column: &Column, key: &str) -> String {
    let mut text = backquoted(&column.name);
    let sql_type = column.sql_type.text.trim();
    if !sql_type.is_empty() {
        text.push_str(&format!(" {sql_type}"));
    }
    text.push_str(key);
    if let Some(collation) = &column.collation {
        text.push_str(&format!(" COLLATE {collation}"));
    }
    if let Some(default) = &column.default {
        text.push_str(&format!(" DEFAULT {}", default_text(default)));
    }
    if let Some(generated) = &column.generated {
        let storage = if generated.stored { "STORED" } else { "VIRTUAL" };
        let expression = in_one_pair_of_parentheses(&unqualified(&generated.expression.text));
        text.push_str(&format!(" GENERATED ALWAYS AS {expression} {storage}"));
    }
    if column.not_null {
        text.push_str(" NOT NULL");
    }
    text
}

/// A snapshot has the parentheses, a schema file does not.
fn in_one_pair_of_parentheses(text: &str) -> String {
    match lexer::tokens(Dialect::Sqlite, text) {
        Some(tokens) if is_one_group(&tokens) => text.trim().to_owned(),
        _ => in_parentheses(Dialect::Sqlite, text),
    }
}

/// drizzle-kit writes the names as they are and leaves the actions out: here names are quoted where they need it, and the actions are said.
fn references_clause(key: &ForeignKey) -> String {
    let mut text = format!(" REFERENCES {}", plain(&key.to.name));
    if !key.to_columns.is_empty() {
        let columns: Vec<String> = key.to_columns.iter().map(|name| plain(name)).collect();
        text.push_str(&format!("({})", columns.join(",")));
    }
    for (event, action) in [("UPDATE", key.on_update), ("DELETE", key.on_delete)] {
        if action != ForeignKeyAction::NoAction {
            text.push_str(&format!(" ON {event} {}", action.as_str()));
        }
    }
    text.push_str(&match_and_deferral(key));
    text
}

fn plain(name: &str) -> String {
    let is_simple = crate::postgres::names::is_simple(name) && crate::sqlite::names::identifier(name) == name;
    match is_simple && !crate::sqlite::names::is_reserved(name) {
        true => name.to_owned(),
        false => backquoted(name),
    }
}

pub(super) fn match_and_deferral(key: &ForeignKey) -> String {
    let matched = if key.match_full { " MATCH FULL" } else { "" };
    match key.deferral {
        Deferral::Immediate => matched.to_owned(),
        deferral => format!("{matched} {}", deferral.as_str()),
    }
}

/// True for a default that ADD COLUMN takes where the table has rows: one literal, with or without a sign or parentheses. SQLite takes
/// some more, such as a CAST.
pub fn has_constant_default(default: &Scalar) -> bool {
    if default.form != Form::Sql {
        return true;
    }
    lexer::tokens(Dialect::Sqlite, &default.text).is_some_and(|tokens| is_constant(&tokens))
}

fn is_constant(tokens: &[Token<'_>]) -> bool {
    match tokens {
        [open, inner @ .., close] if open.text == "(" && close.text == ")" => match inner {
            // A bare word in parentheses would be a column.
            [only] if only.kind == Kind::Word => is_truth_word(only.text),
            inner => is_constant(inner),
        },
        [only] => match only.kind {
            Kind::Text | Kind::Number | Kind::QuotedName => true,
            Kind::Word => !only.text.to_ascii_lowercase().starts_with("current_"),
            _ => false,
        },
        [sign, number] => matches!(sign.text, "-" | "+") && number.kind == Kind::Number,
        _ => false,
    }
}

fn is_truth_word(word: &str) -> bool {
    ["true", "false", "null"].iter().any(|it| it.eq_ignore_ascii_case(word))
}
