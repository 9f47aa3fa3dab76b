//! Constraints as SQL: the clauses that CREATE TABLE and ADD take.

use schema::{Check, Deferral, Dialect, Exclusion, ForeignKey, ForeignKeyAction, Name, PrimaryKey, Table, Unique};
use std::collections::HashSet;

use super::implicit_names;
use crate::quote_identifier;
use crate::sql_text::{closed, in_parentheses, names, quoted};

const DIALECT: Dialect = Dialect::Postgres;

/// `ALTER TABLE … ADD` of a clause.
pub(crate) fn add(table: &Name, clause: &str) -> String {
    format!("ALTER TABLE {} ADD {clause}", quoted(DIALECT, table))
}

/// The clauses for CREATE TABLE, and those that only mean the same when they are added to a table that is there:
/// a CHECK of a new table is valid, and a UNIQUE that repeats another key makes no index of its own.
pub(crate) fn clauses(table: &Table, is_own: impl Fn(&Check) -> bool) -> (Vec<String>, Vec<String>) {
    let (mut inside, mut later) = (Vec::new(), Vec::new());
    if let Some(key) = table.primary_key.as_ref().filter(|key| !is_inline(&table.name, key)) {
        inside.push(primary_key(&table.name, key));
    }
    let key = table.primary_key.as_ref();
    let mut seen: HashSet<(&[String], &[String], bool, Deferral)> =
        key.map(|key| (key.columns.as_slice(), key.include.as_slice(), false, key.deferral)).into_iter().collect();
    for it in table.uniques.values() {
        let facts = (it.columns.as_slice(), it.include.as_slice(), it.nulls_not_distinct, it.deferral);
        if seen.insert(facts) {
            inside.push(unique(it));
        } else {
            later.push(unique(it));
        }
    }
    for it in table.checks.values().filter(|it| is_own(it)) {
        if it.not_valid {
            later.push(format!("{} NOT VALID", check(it)));
        } else {
            inside.push(check(it));
        }
    }
    inside.extend(table.exclusions.values().map(exclusion));
    (inside, later)
}

/// True for a key that its column's own `PRIMARY KEY` says in full.
pub(crate) fn is_inline(table: &Name, key: &PrimaryKey) -> bool {
    key.columns.len() == 1 && key.include.is_empty() && key.deferral.is_immediate() && stated_name(table, key).is_none()
}

/// The name, unless it is the one that the server makes by itself.
fn stated_name<'a>(table: &Name, key: &'a PrimaryKey) -> Option<&'a str> {
    let usual = || implicit_names::choose(&table.name, "", "pkey", |_| false);
    let kept = || key.server_name.as_deref().filter(|name| *name != usual());
    key.name.as_deref().or_else(kept)
}

fn primary_key(table: &Name, key: &PrimaryKey) -> String {
    let name = stated_name(table, key).map(constraint).unwrap_or_default();
    let columns = names(DIALECT, &key.columns);
    format!("{name}PRIMARY KEY ({columns}){}{}", include(&key.include), deferral(key.deferral))
}

fn unique(unique: &Unique) -> String {
    let nulls = if unique.nulls_not_distinct { " NULLS NOT DISTINCT" } else { "" };
    let columns = names(DIALECT, &unique.columns);
    let (include, deferral) = (include(&unique.include), deferral(unique.deferral));
    format!("{}UNIQUE{nulls} ({columns}){include}{deferral}", constraint(&unique.name))
}

pub(crate) fn check(check: &Check) -> String {
    let no_inherit = if check.no_inherit { " NO INHERIT" } else { "" };
    format!("{}CHECK {}{no_inherit}", constraint(&check.name), in_parentheses(DIALECT, &check.expression.text))
}

pub(crate) fn exclusion(exclusion: &Exclusion) -> String {
    format!("{}EXCLUDE {}", constraint(&exclusion.name), closed(DIALECT, exclusion.definition.text.trim()))
}

pub(crate) fn foreign_key(key: &ForeignKey) -> String {
    let mut text = format!(
        "{}FOREIGN KEY ({}) REFERENCES {}",
        constraint(&key.name),
        names(DIALECT, &key.columns),
        quoted(DIALECT, &key.to)
    );
    if !key.to_columns.is_empty() {
        text.push_str(&format!(" ({})", names(DIALECT, &key.to_columns)));
    }
    if key.match_full {
        text.push_str(" MATCH FULL");
    }
    text.push_str(&action("ON DELETE", key.on_delete));
    text.push_str(&action("ON UPDATE", key.on_update));
    text.push_str(&deferral(key.deferral));
    if key.not_valid {
        text.push_str(" NOT VALID");
    }
    text
}

fn action(event: &str, action: ForeignKeyAction) -> String {
    match action {
        ForeignKeyAction::NoAction => String::new(),
        action => format!(" {event} {}", action.as_str().to_ascii_uppercase()),
    }
}

pub(crate) fn constraint(name: &str) -> String {
    format!("CONSTRAINT {} ", quote_identifier(DIALECT, name))
}

pub(crate) fn include(columns: &[String]) -> String {
    if columns.is_empty() { String::new() } else { format!(" INCLUDE ({})", names(DIALECT, columns)) }
}

pub(crate) fn deferral(deferral: Deferral) -> String {
    if deferral.is_immediate() { String::new() } else { format!(" {}", deferral.as_str()) }
}
