//! `CREATE VIEW`.

use schema::{Dialect, View};

use crate::sql_text::{closed, quoted};

const DIALECT: Dialect = Dialect::Sqlite;

/// None where the query is not known.
pub(crate) fn create(view: &View) -> Option<String> {
    let definition = view.definition.as_ref()?;
    Some(format!("CREATE VIEW {} AS\n{}", quoted(DIALECT, &view.name), closed(DIALECT, definition.text.trim())))
}
