//! What changed between two states of PostgreSQL rows, as drizzle-kit 1.0 lists it from version 9 on: the renames first, then new
//! rows, those that went, and fields that changed.

use std::collections::HashMap;

use schema::{Name, ObjectKind, ObjectPath};
use serde_json::{Map, Value, json};

use super::state::{Key, Row, State};

/// One change of a row.
#[derive(Clone, Debug)]
pub(super) enum Delta {
    Rename { before: Row, after: Row, set: Map<String, Value> },
    Create(Row),
    Drop(Row),
    Alter { before: Row, after: Row, set: Map<String, Value> },
}

impl Delta {
    pub(super) fn apply(&self, state: &mut State) {
        match self {
            Delta::Create(row) => state.add(row.clone()),
            Delta::Drop(row) => state.remove(&row.key()),
            Delta::Rename { before, set, .. } => state.set(&before.key(), set.clone()),
            Delta::Alter { before, set, .. } => state.set(&before.key(), set.clone()),
        }
    }

    /// As a snapshot lists it.
    pub(super) fn listed(&self) -> Value {
        match self {
            Delta::Rename { before, set, .. } => json!({ "op": "rename", "key": before.key().text(), "set": set }),
            Delta::Create(row) => json!({ "op": "create", "row": super::write::listed(row.clone()) }),
            Delta::Drop(row) => json!({ "op": "drop", "key": row.key().text() }),
            Delta::Alter { after, set, .. } => json!({ "op": "alter", "key": after.key().text(), "set": set }),
        }
    }
}

/// Two states and what lies between them.
#[derive(Debug, Default)]
pub(super) struct Changes {
    /// The first state, with everything renamed.
    pub(super) before: Vec<Row>,
    pub(super) after: Vec<Row>,
    pub(super) deltas: Vec<Delta>,
}

/// What leads from `state` to `rows`, with the objects renamed that a person said are.
pub(super) fn changes(mut state: State, rows: Vec<Row>, renames: &[(ObjectPath, ObjectPath)]) -> Changes {
    let renamed = renamed(&mut state, renames);
    let before: Vec<Row> = state.into_rows().collect();
    let rows = with_kept_names(&before, rows);
    between(renamed, before, rows)
}

/// The changes between two states, the first of which has everything renamed.
pub(super) fn between(renamed: Vec<Delta>, before: Vec<Row>, rows: Vec<Row>) -> Changes {
    let mut deltas = renamed;
    let old: HashMap<Key, &Row> = before.iter().map(|row| (row.key(), row)).collect();
    let new: HashMap<Key, &Row> = rows.iter().map(|row| (row.key(), row)).collect();
    deltas.extend(rows.iter().filter(|row| !old.contains_key(&row.key())).cloned().map(Delta::Create));
    deltas.extend(before.iter().filter(|row| !new.contains_key(&row.key())).cloned().map(Delta::Drop));
    deltas.extend(before.iter().filter_map(|row| altered(row, new.get(&row.key())?)));
    Changes { before, after: rows, deltas }
}

/// The rows of a whole state that follows `state`.
pub(super) fn following(mut state: State, rows: Vec<Row>, renames: &[(ObjectPath, ObjectPath)]) -> Vec<Row> {
    renamed(&mut state, renames);
    with_kept_names(&state.into_rows().collect::<Vec<Row>>(), rows)
}

fn altered(before: &Row, after: &Row) -> Option<Delta> {
    let is_same = |field: &str, value: &Value| {
        let old = before.fields.get(field).unwrap_or(&Value::Null);
        // The order of a policy's roles means nothing, and ours are sorted.
        old == value || (before.kind == "policies" && field == "roles" && sorted(old) == sorted(value))
    };
    let changed = after.fields.iter().filter(|(field, value)| !is_same(field, value));
    let set: Map<String, Value> = changed.map(|(field, value)| (field.clone(), value.clone())).collect();
    (!set.is_empty()).then(|| Delta::Alter { before: before.clone(), after: after.clone(), set })
}

fn sorted(list: &Value) -> Vec<&str> {
    let mut items: Vec<&str> = list.as_array().into_iter().flatten().filter_map(Value::as_str).collect();
    items.sort_unstable();
    items
}

/// The kinds of rows that are renamed, in drizzle-kit's order.
const RENAMED: [(ObjectKind, &str); 8] = [
    (ObjectKind::Namespace, "schemas"),
    (ObjectKind::Enum, "enums"),
    (ObjectKind::Sequence, "sequences"),
    (ObjectKind::Role, "roles"),
    (ObjectKind::Table, "tables"),
    (ObjectKind::Policy, "policies"),
    (ObjectKind::Column, "columns"),
    (ObjectKind::View, "views"),
];

/// The place of a rename among others: tables before their columns.
pub(super) fn rename_order(kind: ObjectKind) -> usize {
    RENAMED.iter().position(|(it, _)| *it == kind).unwrap_or(RENAMED.len())
}

fn renamed(state: &mut State, renames: &[(ObjectPath, ObjectPath)]) -> Vec<Delta> {
    let namespace = |name: &str| {
        let is_it =
            |(from, _): &&(ObjectPath, ObjectPath)| from.kind == ObjectKind::Namespace && from.name.name == name;
        renames.iter().find(is_it).map_or_else(|| name.to_owned(), |(_, to)| to.name.name.clone())
    };
    let mut deltas = Vec::new();
    for (kind, rows) in RENAMED {
        for (from, to) in renames.iter().filter(|(from, _)| from.kind == kind) {
            let (old, new) = match (&from.part, &to.part) {
                // The table has its new name by now.
                (Some(old), Some(new)) => (fields(&to.name, Some(old)), fields(&to.name, Some(new))),
                _ if matches!(kind, ObjectKind::Namespace | ObjectKind::Role) => {
                    (json!({ "name": from.name.name }), json!({ "name": to.name.name }))
                }
                _ => {
                    let place = Name::new(namespace(&from.name.namespace), from.name.name.as_str());
                    (fields(&place, None), fields(&to.name, None))
                }
            };
            let (Some(old), Some(new)) = (old.as_object(), new.as_object()) else { continue };
            let set: Map<String, Value> = ["name", "schema"]
                .into_iter()
                .filter(|name| old.get(*name) != new.get(*name))
                .filter_map(|name| Some((name.to_owned(), new.get(name)?.clone())))
                .collect();
            deltas.extend(rename(state, &Key::of(rows, old), set));
        }
    }
    deltas
}

/// Renames one row, if it is there, wherever it is named.
pub(super) fn rename(state: &mut State, key: &Key, set: Map<String, Value>) -> Option<Delta> {
    let before = state.get(key).cloned().filter(|_| !set.is_empty())?;
    let mut after = before.clone();
    after.fields.extend(set.clone());
    state.set(key, set.clone());
    let after = state.get(&after.key()).cloned()?;
    Some(Delta::Rename { before, after, set })
}

/// The names of a row; SQLite's have no schema.
fn fields(name: &Name, part: Option<&str>) -> Value {
    match part {
        Some(part) if name.namespace.is_empty() => json!({ "table": name.name, "name": part }),
        None if name.namespace.is_empty() => json!({ "name": name.name }),
        Some(part) => json!({ "schema": name.namespace, "table": name.name, "name": part }),
        None => json!({ "schema": name.namespace, "name": name.name }),
    }
}

/// Names that nobody chose stay as they are in the database when a table or a column is renamed: such rows keep the old one.
pub(super) fn with_kept_names(before: &[Row], mut rows: Vec<Row>) -> Vec<Row> {
    let is_unnamed = |row: &Row| row.fields.get("nameExplicit") == Some(&Value::Bool(false));
    let new: std::collections::HashSet<Key> = rows.iter().map(Row::key).collect();
    let mut gone: Vec<&Row> = before.iter().filter(|row| is_unnamed(row) && !new.contains(&row.key())).collect();
    let old: std::collections::HashSet<Key> = before.iter().map(Row::key).collect();
    for row in rows.iter_mut().filter(|row| is_unnamed(row) && !old.contains(&row.key())) {
        let is_alike = |other: &&Row| {
            let mut other = (*other).clone();
            other.fields.insert(String::from("name"), row.fields.get("name").cloned().unwrap_or_default());
            other == *row
        };
        if let Some(position) = gone.iter().position(is_alike) {
            *row = gone.remove(position).clone();
        }
    }
    rows
}
