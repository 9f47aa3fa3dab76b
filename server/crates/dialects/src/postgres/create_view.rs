//! `CREATE VIEW` and `CREATE MATERIALIZED VIEW`.

use schema::{Dialect, View};

use crate::quote_identifier;
use crate::sql_text::{closed, joined, quoted, scalar};

const DIALECT: Dialect = Dialect::Postgres;

/// None where the query is not known.
pub(crate) fn create(view: &View) -> Option<String> {
    let definition = view.definition.as_ref()?;
    let materialized = if view.materialized { "MATERIALIZED " } else { "" };
    let mut text = format!("CREATE {materialized}VIEW {}", quoted(DIALECT, &view.name));
    if let Some(method) = &view.using {
        text.push_str(&format!(" USING {}", quote_identifier(DIALECT, method)));
    }
    if !view.with.is_empty() {
        let options =
            view.with.iter().map(|(name, value)| format!("{} = {}", sql_option(name), scalar(DIALECT, value)));
        text.push_str(&format!(" WITH ({})", joined(options)));
    }
    if let Some(tablespace) = &view.tablespace {
        text.push_str(&format!(" TABLESPACE {}", quote_identifier(DIALECT, tablespace)));
    }
    text.push_str(&format!(" AS\n{}", closed(DIALECT, definition.text.trim())));
    if view.with_no_data == Some(true) {
        text.push_str("\nWITH NO DATA");
    }
    Some(text)
}

/// `securityInvoker` is `security_invoker` in SQL.
pub fn sql_option(name: &str) -> String {
    let mut spelled = String::with_capacity(name.len() + 4);
    for letter in name.chars() {
        if letter.is_ascii_uppercase() {
            spelled.push('_');
        }
        spelled.push(letter.to_ascii_lowercase());
    }
    spelled
}
