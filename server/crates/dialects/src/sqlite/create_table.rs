//! `CREATE TABLE`, with everything that belongs to the table but its indexes. (lang_createtable.html)

use schema::{Column, Dialect, Form, PrimaryKey, Scalar, Table};

use super::constraints;
use crate::lexer::{self, Kind};
use crate::quote_identifier;
use crate::sql_text::{element_lines, in_parentheses, is_one_group, note, quoted, scalar};

const DIALECT: Dialect = Dialect::Sqlite;

pub(crate) fn create(table: &Table) -> String {
    let mut elements: Vec<(String, Option<String>)> = Vec::new();
    for column in table.columns.values() {
        elements.push((column_text(table, column), note(column.unknown)));
    }
    elements.extend(constraints::clauses(table).into_iter().map(|clause| (clause, None)));
    let mut text = format!("CREATE TABLE {} ({})", quoted(DIALECT, &table.name), element_lines(&elements, &[]));
    // The only options there are: `strict` and `without rowid`.
    let options: Vec<String> = table.options.keys().map(|option| option.to_ascii_uppercase()).collect();
    if !options.is_empty() {
        text.push_str(&format!(" {}", options.join(", ")));
    }
    text
}

fn column_text(table: &Table, column: &Column) -> String {
    let mut text = quote_identifier(DIALECT, &column.name);
    let sql_type = column.sql_type.text.trim();
    if !sql_type.is_empty() {
        text.push_str(&format!(" {sql_type}"));
    }
    if let Some(key) =
        table.primary_key.as_ref().filter(|key| is_inline(table, key) && key.columns.contains(&column.name))
    {
        text.push_str(&format!(" {}PRIMARY KEY", key.name.as_deref().map(constraints::named).unwrap_or_default()));
        if column.autoincrement {
            text.push_str(" AUTOINCREMENT");
        }
    }
    if let Some(collation) = &column.collation {
        text.push_str(&format!(" COLLATE {collation}"));
    }
    if let Some(default) = &column.default {
        text.push_str(&format!(" DEFAULT {}", default_text(default)));
    }
    if let Some(generated) = &column.generated {
        let storage = if generated.stored { "STORED" } else { "VIRTUAL" };
        let expression = in_parentheses(DIALECT, &generated.expression.text);
        text.push_str(&format!(" GENERATED ALWAYS AS {expression} {storage}"));
    }
    if column.not_null {
        text.push_str(" NOT NULL");
    }
    text
}

/// True for a key that stands at its column: AUTOINCREMENT can be said nowhere else.
pub(crate) fn is_inline(table: &Table, key: &PrimaryKey) -> bool {
    let [only] = key.columns.as_slice() else { return false };
    key.name.is_none() || table.columns.get(only).is_some_and(|column| column.autoincrement)
}

/// A literal as it is, anything else in the parentheses that SQLite demands.
pub(crate) fn default_text(default: &Scalar) -> String {
    if default.form != Form::Sql || is_literal(&default.text) {
        return scalar(DIALECT, default).into_owned();
    }
    in_parentheses(DIALECT, &default.text)
}

fn is_literal(text: &str) -> bool {
    let tokens = lexer::tokens(DIALECT, text).unwrap_or_default();
    let is_value = |kind: Kind| matches!(kind, Kind::Text | Kind::Number | Kind::Word | Kind::QuotedName);
    match tokens.as_slice() {
        [only] => is_value(only.kind),
        [sign, number] => matches!(sign.text, "-" | "+") && number.kind == Kind::Number,
        tokens => is_one_group(tokens),
    }
}
