//! SQLite: it keeps the text of everything it holds, and that text is read as a schema file is.

mod statistics;

pub(crate) use statistics::statistics;

use languages::sql;
use schema::Dialect;
use source::{FilePath, MemoryFiles};

use crate::connection::{Catalog, Connection};
use crate::error::Error;

/// Tables before what is about them. Shadow tables belong to a virtual table.
const QUERY: &str = "SELECT sql FROM sqlite_schema WHERE sql IS NOT NULL AND name NOT LIKE 'sqlite\\_%' ESCAPE '\\' \
    AND name NOT IN (SELECT name FROM pragma_table_list WHERE type = 'shadow') ORDER BY type <> 'table', rowid";

pub(crate) async fn catalog(connection: &mut Connection) -> Result<Catalog, Error> {
    let version = connection.value("SELECT sqlite_version()").await?.unwrap_or_default();
    let rows = connection.rows(QUERY).await?;
    let text: String = rows.into_iter().flatten().flatten().map(|statement| format!("{statement};\n")).collect();
    let path = FilePath::from(std::path::Path::new("/catalog.sql"));
    let mut files = MemoryFiles::new("");
    files.set(&path, text.as_str());
    let read = sql::read_schema(Dialect::Sqlite, std::slice::from_ref(&path), &files);
    Ok(Catalog { schema: read.schema, server: format!("SQLite {version}") })
}
