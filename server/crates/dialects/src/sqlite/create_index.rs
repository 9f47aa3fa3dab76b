//! `CREATE INDEX`. (lang_createindex.html)

use schema::{Dialect, Index, IndexColumn, IndexKey, Name};

use crate::quote_identifier;
use crate::sql_text::{closed, joined, quoted};

const DIALECT: Dialect = Dialect::Sqlite;

pub(crate) fn create(table: &Name, index: &Index) -> String {
    let unique = if index.unique { "UNIQUE " } else { "" };
    // The namespace stands before the index's name.
    let name = quoted(DIALECT, &Name::new(table.namespace.as_str(), index.name.as_str()));
    let table = quote_identifier(DIALECT, &table.name);
    let mut text = format!("CREATE {unique}INDEX {name} ON {table} ({})", joined(index.columns.iter().map(key)));
    if let Some(predicate) = &index.predicate {
        text.push_str(&format!(" WHERE {}", closed(DIALECT, predicate.text.trim())));
    }
    text
}

/// Where NULLs stand cannot be said.
fn key(column: &IndexColumn) -> String {
    let mut text = match &column.key {
        IndexKey::Column(name) => quote_identifier(DIALECT, name),
        IndexKey::Expression(expression) => closed(DIALECT, expression.text.trim()).into_owned(),
    };
    if let Some(collation) = &column.collation {
        text.push_str(&format!(" COLLATE {collation}"));
    }
    if !column.ascending {
        text.push_str(" DESC");
    }
    text
}
