//! Constraints as SQL. SQLite keeps no names for those that are declared without one; the model's stand-ins for them are not said.

use schema::{Check, Deferral, Dialect, ForeignKey, ForeignKeyAction, Table, Unique};

use super::create_table::is_inline;
use crate::quote_identifier;
use crate::sql_text::{in_parentheses, names, quoted};

const DIALECT: Dialect = Dialect::Sqlite;

/// The table's clauses behind its columns.
pub(crate) fn clauses(table: &Table) -> Vec<String> {
    let mut clauses = Vec::new();
    if let Some(key) = table.primary_key.as_ref().filter(|key| !is_inline(table, key)) {
        let name = key.name.as_deref().map(named).unwrap_or_default();
        clauses.push(format!("{name}PRIMARY KEY ({})", names(DIALECT, &key.columns)));
    }
    clauses.extend(table.uniques.values().map(unique));
    clauses.extend(table.checks.values().map(check));
    clauses.extend(table.foreign_keys.values().map(foreign_key));
    clauses
}

/// `CONSTRAINT "c" `.
pub(crate) fn named(name: &str) -> String {
    format!("CONSTRAINT {} ", quote_identifier(DIALECT, name))
}

fn unique(unique: &Unique) -> String {
    let is_unnamed = unique.name == format!("unique ({})", unique.columns.join(", "));
    let name = if is_unnamed { String::new() } else { named(&unique.name) };
    format!("{name}UNIQUE ({})", names(DIALECT, &unique.columns))
}

fn check(check: &Check) -> String {
    let is_unnamed = check.name == format!("check ({})", check.expression.canonical);
    let name = if is_unnamed { String::new() } else { named(&check.name) };
    format!("{name}CHECK {}", in_parentheses(DIALECT, &check.expression.text))
}

fn foreign_key(key: &ForeignKey) -> String {
    let name = if key.unnamed { String::new() } else { named(&key.name) };
    // A key cannot lead out of its database, so the namespace is not said.
    let to = quoted(DIALECT, &schema::Name::new("", key.to.name.as_str()));
    let mut text = format!("{name}FOREIGN KEY ({}) REFERENCES {to}", names(DIALECT, &key.columns));
    if !key.to_columns.is_empty() {
        text.push_str(&format!(" ({})", names(DIALECT, &key.to_columns)));
    }
    for (event, action) in [("ON DELETE", key.on_delete), ("ON UPDATE", key.on_update)] {
        if action != ForeignKeyAction::NoAction {
            text.push_str(&format!(" {event} {}", action.as_str().to_ascii_uppercase()));
        }
    }
    if key.match_full {
        text.push_str(" MATCH FULL");
    }
    if key.deferral != Deferral::Immediate {
        text.push_str(&format!(" {}", key.deferral.as_str()));
    }
    text
}
