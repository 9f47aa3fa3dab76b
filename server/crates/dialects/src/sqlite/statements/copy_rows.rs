//! Rows of a table into the one that takes its place.

use schema::Dialect;

use super::backquoted;
use crate::quote_identifier;
use crate::sql_text::literal;

/// A column that is filled, and with what.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct CopiedColumn {
    pub name: String,
    /// None where it is the column of the same name.
    pub value: Option<String>,
}

/// `INSERT INTO … SELECT`, all rows of `from`.
pub fn copy_rows(from: &str, to: &str, columns: &[CopiedColumn]) -> String {
    let quoted = |name: &str| quote_identifier(Dialect::Sqlite, name);
    let names: Vec<String> = columns.iter().map(|column| quoted(&column.name)).collect();
    let values: Vec<String> =
        columns.iter().map(|column| column.value.clone().unwrap_or_else(|| quoted(&column.name))).collect();
    format!(
        "INSERT INTO {}({}) SELECT {} FROM {};",
        backquoted(to),
        names.join(", "),
        values.join(", "),
        backquoted(from)
    )
}

/// The number that AUTOINCREMENT has come to, so that none is given out twice. Goes before the rows: these only ever raise it.
pub fn keep_sequence(from: &str, to: &str) -> String {
    let (from, to) = (literal(from), literal(to));
    format!("INSERT INTO sqlite_sequence(name, seq) SELECT {to}, seq FROM sqlite_sequence WHERE name = {from};")
}
