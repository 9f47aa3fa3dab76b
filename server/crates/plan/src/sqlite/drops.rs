//! Tables and indexes that go: when, so that no name is taken twice, and no row refers to a table that goes.

use std::collections::BTreeSet;

use dialects::sqlite_statements as sql;
use schema::{ForeignKeyAction, Name, ObjectKind, ObjectPath, Schema, Table};

use super::changes::{Changes, TableChange};
use super::sequence::Draft;
use super::{hazards, without_keys};

pub(super) struct Drops {
    /// Tables and indexes whose names are needed.
    pub(super) early: Vec<Draft>,
    /// Indexes of tables that are altered in place: they would keep their columns from being dropped.
    pub(super) late_indexes: Vec<Draft>,
    pub(super) late_tables: Vec<Draft>,
    /// The names of the tables that go early.
    pub(super) gone: Vec<Name>,
}

pub(super) fn ordered(renamed: &Schema, after: &Schema, changes: &Changes) -> Drops {
    let needed = needed_names(after, changes);
    let is_needed = |name: &str| needed.contains(&name.to_ascii_lowercase());
    let gives_way = |table: &&Table| is_needed(&table.name.name) || table.indexes.keys().any(|name| is_needed(name));
    let tables = changes.dropped.iter().filter_map(|name| renamed.tables.get(name)).map(|table| &**table);
    let (early, late): (Vec<&Table>, Vec<&Table>) = tables.partition(gives_way);
    let gone = early.iter().map(|table| table.name.clone()).collect();
    let mut now: Vec<&Table> = renamed.tables.values().map(|table| &**table).collect();
    let mut early = drop_tables(early, &mut now);
    // What is left by then are the tables of `after`.
    let mut then: Vec<&Table> = after.tables.values().map(|table| &**table).chain(late.iter().copied()).collect();
    let late_tables = drop_tables(late, &mut then);
    let (early_indexes, late_indexes): (Vec<_>, Vec<_>) =
        dropped_indexes(renamed, changes, is_needed).into_iter().partition(|(name, _)| is_needed(name));
    early.extend(early_indexes.into_iter().map(|(_, draft)| draft));
    Drops { early, late_indexes: late_indexes.into_iter().map(|(_, draft)| draft).collect(), late_tables, gone }
}

/// Case does not count, and tables, views and indexes share one space of names.
pub(super) fn is_taken(schema: &Schema, name: &str) -> bool {
    let is_it = |other: &str| other.eq_ignore_ascii_case(name);
    schema.tables.values().any(|table| is_it(&table.name.name) || table.indexes.keys().any(|index| is_it(index)))
        || schema.views.keys().any(|view| is_it(&view.name))
}

/// In lower case: what is made before the late drops.
fn needed_names(after: &Schema, changes: &Changes) -> BTreeSet<String> {
    changes
        .created
        .iter()
        .filter(|name| after.tables.contains_key(*name))
        .map(|it| it.name.to_ascii_lowercase())
        .collect()
}

/// Tables that refer to others go before these.
fn drop_tables<'a>(mut tables: Vec<&'a Table>, there: &mut Vec<&'a Table>) -> Vec<Draft> {
    let mut drafts = Vec::new();
    while !tables.is_empty() {
        let free = tables.iter().position(|table| !is_referenced(table, there));
        let table = tables.remove(free.unwrap_or_default());
        let draft = drop_table(there.iter().copied(), table);
        drafts.push(if free.is_some() { draft } else { without_keys(draft) });
        there.retain(|it| it.name != table.name);
    }
    drafts
}

/// True where dropping the table would be felt by rows: all of them are deleted first. A table that refers to itself feels it only where
/// the key forbids it at once.
fn is_referenced(table: &Table, there: &[&Table]) -> bool {
    let leads_here = |key: &&schema::ForeignKey| key.to.name.eq_ignore_ascii_case(&table.name.name);
    there.iter().any(|other| {
        let mut keys = other.foreign_keys.values().filter(leads_here);
        keys.any(|key| other.name != table.name || key.on_delete == ForeignKeyAction::Restrict)
    })
}

/// `there` are the tables there are by then.
pub(super) fn drop_table<'a>(there: impl IntoIterator<Item = &'a Table>, table: &Table) -> Draft {
    let draft =
        Draft::new(ObjectPath::new(ObjectKind::Table, &table.name), "drop_table", sql::drop_table(&table.name.name));
    draft.with(hazards::drop_table(table)).with(hazards::referring_rows(there, &table.name))
}

/// Those of a table that is made anew go with it, unless their names are needed before.
fn dropped_indexes(renamed: &Schema, changes: &Changes, is_needed: impl Fn(&str) -> bool) -> Vec<(String, Draft)> {
    let mut found = Vec::new();
    for (table, change) in &changes.altered {
        let Some(table) = renamed.tables.get(table) else { continue };
        let goes_with_it = |name: &str| *change == TableChange::Rebuild && !is_needed(name);
        for name in table.indexes.keys().filter(|name| !goes_with_it(name)) {
            let path = ObjectPath::part(ObjectKind::Index, &table.name, name.as_str());
            if changes.is_taken_away(&path) {
                found.push((name.clone(), Draft::new(path, "drop_index", sql::drop_index(name))));
            }
        }
    }
    found
}
