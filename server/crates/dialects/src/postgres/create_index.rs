//! `CREATE INDEX`.

use schema::{Dialect, Index, IndexColumn, IndexKey, Name};

use super::create_table::storage_parameters;
use crate::lexer::{self, Kind};
use crate::parser;
use crate::quote_identifier;
use crate::sql_text::{closed, in_parentheses, is_whole_call, joined, names, quoted};

const DIALECT: Dialect = Dialect::Postgres;

pub(crate) fn create(table: &Name, index: &Index) -> String {
    let unique = if index.unique { "UNIQUE " } else { "" };
    let name = quote_identifier(DIALECT, &index.name);
    let method = if index.method.is_empty() { "btree" } else { index.method.as_str() };
    let keys = joined(index.columns.iter().map(|column| key(column, Nulls::AsNeeded)));
    let mut text = format!("CREATE {unique}INDEX {name} ON {} USING {method} ({keys})", quoted(DIALECT, table));
    if !index.include.is_empty() {
        text.push_str(&format!(" INCLUDE ({})", names(DIALECT, &index.include)));
    }
    if index.nulls_not_distinct {
        text.push_str(" NULLS NOT DISTINCT");
    }
    if !index.with.is_empty() {
        text.push_str(&format!(" WITH ({})", storage_parameters(&index.with)));
    }
    if let Some(predicate) = &index.predicate {
        text.push_str(&format!(" WHERE {}", closed(DIALECT, predicate.text.trim())));
    }
    text
}

/// How much is said of where NULLs go.
#[derive(Clone, Copy)]
pub(crate) enum Nulls {
    /// Only what does not go without saying.
    AsNeeded,
    /// drizzle-kit says it behind every DESC.
    Spelled,
}

pub(crate) fn key(column: &IndexColumn, nulls: Nulls) -> String {
    let mut text = match &column.key {
        IndexKey::Column(name) => quote_identifier(DIALECT, name),
        IndexKey::Expression(expression) => expression_key(expression.text.trim()),
    };
    if let Some(collation) = &column.collation {
        text.push_str(&format!(" COLLATE {collation}"));
    }
    if let Some(opclass) = &column.opclass {
        text.push_str(&format!(" {opclass}"));
    }
    if !column.ascending {
        text.push_str(" DESC");
    }
    // NULLs count as the largest values.
    match (column.ascending, column.nulls_first, nulls) {
        (true, true, _) | (false, true, Nulls::Spelled) => text.push_str(" NULLS FIRST"),
        (false, false, _) => text.push_str(" NULLS LAST"),
        _ => {}
    }
    text
}

/// All but a call wants parentheses.
fn expression_key(text: &str) -> String {
    if is_whole_call(DIALECT, text) || has_words_behind(text) {
        return closed(DIALECT, text).into_owned();
    }
    in_parentheses(DIALECT, text)
}

/// True for an element such as `lower(name) text_pattern_ops DESC`, which a Drizzle schema may write as one piece of SQL.
fn has_words_behind(text: &str) -> bool {
    let Some(tokens) = lexer::tokens(DIALECT, text) else { return false };
    let [.., before, last] = tokens.as_slice() else { return false };
    let is_operand = before.text == ")" || matches!(before.kind, Kind::QuotedName | Kind::Word);
    is_operand && last.kind == Kind::Word && parser::parse(DIALECT, &tokens).is_none()
}
