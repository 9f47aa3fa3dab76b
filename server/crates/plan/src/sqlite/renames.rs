//! Renames of tables and columns, and what they make of the schema. Nothing else has a name that SQLite can change.

use dialects::sqlite_statements as sql;
use languages::sql::{State, apply, statements};
use schema::{Dialect, Name, ObjectKind, ObjectPath, Schema};

use super::drops;
use super::sequence::{Draft, Keys};
use crate::Rename;

/// The steps of the renames, and what there is behind them.
pub(super) struct Renamings {
    pub(super) drafts: Vec<Draft>,
    pub(super) schema: Schema,
    /// Tables that were renamed, by both names, and those of which a column was.
    pub(super) touched: Vec<Name>,
    /// Views that had a name that a table gets.
    pub(super) dropped_views: Vec<Name>,
}

/// Two names that differ in case alone are one for SQLite: such a table or column is renamed without being asked about.
pub(super) fn renamings(before: &Schema, after: &Schema, renames: &[Rename]) -> Renamings {
    let mut renaming = Renaming {
        state: State::from_schema(before.clone()),
        drafts: Vec::new(),
        touched: Vec::new(),
        dropped_views: Vec::new(),
    };
    let tables = table_renames(before, after, renames);
    renaming.tables(tables.clone());
    let names: Vec<Name> = renaming.state.schema().tables.keys().cloned().collect();
    for name in names {
        let from = tables.iter().find(|(_, to)| *to == name).map_or(&name, |(from, _)| from);
        let columns = column_renames(renaming.state.schema(), after, renames, from, &name);
        renaming.columns(&name, columns);
    }
    let Renaming { state, drafts, touched, dropped_views } = renaming;
    Renamings { drafts, schema: state.into_schema(), touched, dropped_views }
}

fn table_renames(before: &Schema, after: &Schema, renames: &[Rename]) -> Vec<(Name, Name)> {
    let mut found: Vec<(Name, Name)> = Vec::new();
    let is_free = |found: &[(Name, Name)], from: &Name, to: &Name| found.iter().all(|(a, b)| a != from && b != to);
    for Rename { from, to } in renames.iter().filter(|it| it.from.kind == ObjectKind::Table) {
        let is_there = before.tables.contains_key(&from.name) && after.tables.contains_key(&to.name);
        if is_there && from.name != to.name && is_free(&found, &from.name, &to.name) {
            found.push((from.name.clone(), to.name.clone()));
        }
    }
    for from in before.tables.keys().filter(|name| !after.tables.contains_key(*name)) {
        let to = after.tables.keys().find(|to| to.name.eq_ignore_ascii_case(&from.name) && to != &from);
        if let Some(to) = to.filter(|to| !before.tables.contains_key(*to) && is_free(&found, from, to)) {
            found.push((from.clone(), to.clone()));
        }
    }
    found
}

/// `from` is the table's name in `before`, `table` that in `after`.
fn column_renames(
    schema: &Schema,
    after: &Schema,
    renames: &[Rename],
    from: &Name,
    table: &Name,
) -> Vec<(String, String)> {
    let (Some(old), Some(new)) = (schema.tables.get(table), after.tables.get(table)) else { return Vec::new() };
    let mut found: Vec<(String, String)> = Vec::new();
    let is_free =
        |found: &[(String, String)], from: &String, to: &String| found.iter().all(|(a, b)| a != from && b != to);
    let of_table = |it: &&Rename| it.from.kind == ObjectKind::Column && it.from.name == *from && it.to.name == *table;
    for rename in renames.iter().filter(of_table) {
        let (Some(from), Some(to)) = (&rename.from.part, &rename.to.part) else { continue };
        let is_there = old.columns.contains_key(from) && new.columns.contains_key(to);
        if is_there && from != to && is_free(&found, from, to) {
            found.push((from.clone(), to.clone()));
        }
    }
    for from in old.columns.keys().filter(|name| !new.columns.contains_key(*name)) {
        let to = new.columns.keys().find(|to| to.eq_ignore_ascii_case(from));
        if let Some(to) = to.filter(|to| !old.columns.contains_key(*to) && is_free(&found, from, to)) {
            found.push((from.clone(), to.clone()));
        }
    }
    found
}

struct Renaming {
    state: State,
    drafts: Vec<Draft>,
    touched: Vec<Name>,
    dropped_views: Vec<Name>,
}

impl Renaming {
    /// In an order in which each name is free when it is needed; where names are swapped, by a passing one.
    fn tables(&mut self, mut pending: Vec<(Name, Name)>) {
        self.touched.extend(pending.iter().flat_map(|(from, to)| [from.clone(), to.clone()]));
        while !pending.is_empty() {
            let is_free = |(_, to): &(Name, Name)| !drops::is_taken(self.state.schema(), &to.name);
            if let Some(at) = pending.iter().position(is_free) {
                let (from, to) = pending.remove(at);
                self.table(&from, &to);
                continue;
            }
            let Some((from, to)) = pending.first().cloned() else { return };
            let is_pending = pending.iter().any(|(from, _)| from.name.eq_ignore_ascii_case(&to.name));
            if is_pending {
                let passing = Name::new(from.namespace.as_str(), passing_name(self.state.schema(), &from.name));
                self.table(&from, &passing);
                if let Some(first) = pending.first_mut() {
                    first.0 = passing;
                }
            } else {
                self.make_way(&to.name);
            }
        }
    }

    fn table(&mut self, from: &Name, to: &Name) {
        let path = ObjectPath::new(ObjectKind::Table, from);
        self.run(Draft::new(path, "rename_table", sql::rename_table(&from.name, &to.name)));
    }

    /// Drops what has the name: nothing in `after` goes on from it.
    fn make_way(&mut self, name: &str) {
        let schema = self.state.schema();
        let is_it = |other: &str| other.eq_ignore_ascii_case(name);
        let draft = if let Some(table) = schema.tables.values().find(|table| is_it(&table.name.name)) {
            Draft { keys: Keys::Off, ..drops::drop_table(schema.tables.values().map(|it| &**it), table) }
        } else if let Some(view) = schema.views.keys().find(|view| is_it(&view.name)) {
            // It is dropped before everything else; here only the name becomes free.
            self.dropped_views.push(view.clone());
            let text = sql::drop_view(&view.name);
            return self.apply(&text);
        } else {
            let mut indexes = schema.tables.values().flat_map(|table| table.indexes.keys().map(move |it| (table, it)));
            let Some((table, index)) = indexes.find(|(_, index)| is_it(index)) else { return };
            let path = ObjectPath::part(ObjectKind::Index, &table.name, index.as_str());
            Draft::new(path, "drop_index", sql::drop_index(index))
        };
        self.run(draft);
    }

    fn columns(&mut self, table: &Name, mut pending: Vec<(String, String)>) {
        if !pending.is_empty() {
            self.touched.push(table.clone());
        }
        while let Some((from, to)) = pending.first().cloned() {
            let holder = |to: &str, from: &str| {
                let mut columns = self.state.schema().tables.get(table).into_iter().flat_map(|it| it.columns.keys());
                columns.find(|it| it.eq_ignore_ascii_case(to) && *it != from).cloned()
            };
            let free = pending.iter().position(|(from, to)| holder(to, from).is_none());
            if let Some(at) = free {
                let (from, to) = pending.remove(at);
                self.column(table, &from, &to);
                continue;
            }
            // Either names are swapped, or a column that goes has the name: it is dropped under another one.
            let in_the_way = holder(&to, &from).unwrap_or(from);
            let passing = self.passing_column(table, &in_the_way);
            self.column(table, &in_the_way, &passing);
            pending.iter_mut().filter(|(from, _)| *from == in_the_way).for_each(|it| it.0.clone_from(&passing));
        }
    }

    fn passing_column(&self, table: &Name, name: &str) -> String {
        let mut passing = format!("__old_{name}");
        let columns = self.state.schema().tables.get(table).map(|table| &table.columns);
        while columns.is_some_and(|columns| columns.keys().any(|it| it.eq_ignore_ascii_case(&passing))) {
            passing.push('_');
        }
        passing
    }

    fn column(&mut self, table: &Name, from: &str, to: &str) {
        let path = ObjectPath::part(ObjectKind::Column, table, from);
        self.run(Draft::new(path, "rename_column", sql::rename_column(&table.name, from, to)));
    }

    fn run(&mut self, draft: Draft) {
        self.apply(&draft.step.sql);
        self.drafts.push(draft);
    }

    fn apply(&mut self, text: &str) {
        for statement in statements(Dialect::Sqlite, text) {
            apply(&mut self.state, &statement);
        }
    }
}

fn passing_name(schema: &Schema, name: &str) -> String {
    let mut passing = format!("__old_{name}");
    while drops::is_taken(schema, &passing) {
        passing.push('_');
    }
    passing
}
