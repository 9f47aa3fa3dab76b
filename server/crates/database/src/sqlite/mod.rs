//! SQLite: it keeps the text of everything it holds, and that text is read as a schema file is.

mod statistics;

pub(crate) use statistics::{QUERY as STATISTICS_QUERY, statistics, statistics_of};

use languages::sql;
use schema::{Dialect, Schema};
use source::{FilePath, MemoryFiles};

use crate::connection::Connection;
use crate::error::Error;

/// Tables before what is about them. Shadow tables belong to a virtual table.
pub(crate) const CATALOG_QUERY: &str = "SELECT sql FROM sqlite_schema WHERE sql IS NOT NULL AND name NOT LIKE 'sqlite\\_%' ESCAPE '\\' \
    AND name NOT IN (SELECT name FROM pragma_table_list WHERE type = 'shadow') ORDER BY type <> 'table', rowid";

/// The name of the program and the texts of all statements, for [`catalog_schema`].
pub(crate) async fn catalog(connection: &mut Connection) -> Result<(String, String), Error> {
    let version = connection.value("SELECT sqlite_version()").await?.unwrap_or_default();
    let rows = connection.rows(CATALOG_QUERY).await?;
    let text: String = rows.into_iter().flatten().flatten().map(|statement| format!("{statement};\n")).collect();
    Ok((format!("SQLite {version}"), text))
}

pub(crate) fn catalog_schema(answer: &str) -> Schema {
    let path = FilePath::from(std::path::Path::new("/catalog.sql"));
    let mut files = MemoryFiles::new("");
    files.set(&path, answer);
    sql::read_schema(Dialect::Sqlite, std::slice::from_ref(&path), &files).schema
}
