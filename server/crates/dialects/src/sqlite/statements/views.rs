//! `CREATE VIEW` and `DROP VIEW`.

use schema::{Dialect, View};

use super::backquoted;
use crate::sql_text::closed;

/// None where the query is not known.
pub fn create_view(view: &View) -> Option<String> {
    let definition = view.definition.as_ref()?;
    let text = definition.text.trim().trim_end_matches(';');
    Some(format!("CREATE VIEW {} AS {};", backquoted(&view.name.name), closed(Dialect::Sqlite, text.trim_end())))
}

/// `DROP VIEW`.
pub fn drop_view(name: &str) -> String {
    format!("DROP VIEW {};", backquoted(name))
}
