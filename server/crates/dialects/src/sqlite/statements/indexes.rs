//! `CREATE INDEX` and `DROP INDEX`.

use schema::{Dialect, Index, IndexColumn, IndexKey};

use super::{backquoted, unqualified};
use crate::sql_text::closed;

/// `CREATE INDEX` on the table of this name.
pub fn create_index(table: &str, index: &Index) -> String {
    let unique = if index.unique { "UNIQUE " } else { "" };
    let keys: Vec<String> = index.columns.iter().map(key).collect();
    let predicate = index.predicate.as_ref().map(|it| format!(" WHERE {}", closed(Dialect::Sqlite, it.text.trim())));
    format!(
        "CREATE {unique}INDEX {} ON {} ({}){};",
        backquoted(&index.name),
        backquoted(table),
        keys.join(","),
        predicate.unwrap_or_default()
    )
}

/// `DROP INDEX`.
pub fn drop_index(name: &str) -> String {
    format!("DROP INDEX {};", backquoted(name))
}

fn key(column: &IndexColumn) -> String {
    let mut text = match &column.key {
        IndexKey::Column(name) => backquoted(name),
        // SQLite forbids a table's name in here, which Drizzle writes.
        IndexKey::Expression(expression) => closed(Dialect::Sqlite, unqualified(&expression.text).trim()).into_owned(),
    };
    if let Some(collation) = &column.collation {
        text.push_str(&format!(" COLLATE {collation}"));
    }
    if !column.ascending {
        text.push_str(" DESC");
    }
    text
}
