//! `CREATE VIEW` and `CREATE MATERIALIZED VIEW`.

use schema::View;

use super::{DIALECT, full_name, scalar};
use crate::quote_identifier;
use crate::sql_text::{closed, joined};

pub use crate::postgres::create_view::sql_option as view_option;

/// None where the query is not known.
pub fn create_view(view: &View) -> Option<String> {
    let definition = view.definition.as_ref()?;
    let materialized = if view.materialized { "MATERIALIZED " } else { "" };
    let mut text = format!("CREATE {materialized}VIEW {}", full_name(&view.name));
    if let Some(method) = &view.using {
        text.push_str(&format!(" USING {}", quote_identifier(DIALECT, method)));
    }
    if !view.with.is_empty() {
        let options = view.with.iter().map(|(name, value)| format!("{} = {}", view_option(name), scalar(value)));
        text.push_str(&format!(" WITH ({})", joined(options)));
    }
    if let Some(tablespace) = &view.tablespace {
        let tablespace = crate::quoted_name(DIALECT, &schema::Name::new("", tablespace.as_str()));
        text.push_str(&format!(" TABLESPACE {tablespace}"));
    }
    text.push_str(&format!(" AS ({})", closed(DIALECT, definition.text.trim())));
    if view.with_no_data == Some(true) {
        text.push_str(" WITH NO DATA");
    }
    Some(text + ";")
}
