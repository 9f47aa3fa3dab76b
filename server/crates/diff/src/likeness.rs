//! How much alike two objects of one kind are, from 0 to 1.

use schema::{Column, Enum, Name, ObjectKind, ObjectPath, Policy, Schema, Table, View};

/// 0 where either object cannot be found.
pub(crate) fn likeness(before: &Schema, from: &ObjectPath, after: &Schema, to: &ObjectPath) -> f32 {
    let names = name_likeness(from.last_name(), to.last_name());
    let score = match from.kind {
        ObjectKind::Column => column_of(before, from)
            .zip(column_of(after, to))
            .map(|((a_position, a), (b_position, b))| columns(a, b, a_position == b_position, names)),
        ObjectKind::Table => before.tables.get(&from.name).zip(after.tables.get(&to.name)).map(|(a, b)| {
            let share = shared_columns(a, b);
            0.7 * share + 0.3 * names
        }),
        ObjectKind::Enum => before.enums.get(&from.name).zip(after.enums.get(&to.name)).map(|(a, b)| {
            let share = shared_values(a, b);
            0.7 * share + 0.3 * names
        }),
        ObjectKind::View => {
            before.views.get(&from.name).zip(after.views.get(&to.name)).map(|(a, b)| 0.6 * views(a, b) + 0.4 * names)
        }
        ObjectKind::Sequence => before
            .sequences
            .get(&from.name)
            .zip(after.sequences.get(&to.name))
            .map(|(a, b)| 0.5 * points(a.options == b.options) + 0.5 * names),
        ObjectKind::Role => before.roles.get(&from.name.name).zip(after.roles.get(&to.name.name)).map(|(a, b)| {
            let is_same = (a.create_db, a.create_role, a.inherit) == (b.create_db, b.create_role, b.inherit);
            0.5 * points(is_same) + 0.5 * names
        }),
        ObjectKind::Namespace => Some(0.7 * namespaces(before, from, after, to) + 0.3 * names),
        ObjectKind::Policy => {
            policy_of(before, from).zip(policy_of(after, to)).map(|(a, b)| policies(a, b) + 0.3 * names)
        }
        _ => None,
    };
    score.unwrap_or(0.0)
}

fn points(is_same: bool) -> f32 {
    if is_same { 1.0 } else { 0.0 }
}

fn share(n_equal: usize, n_before: usize, n_after: usize) -> f32 {
    let n_all = n_before.max(n_after);
    if n_all == 0 { 0.0 } else { n_equal as f32 / n_all as f32 }
}

fn name_likeness(from: &str, to: &str) -> f32 {
    strsim::normalized_levenshtein(&from.to_lowercase(), &to.to_lowercase()) as f32
}

fn column_of<'a>(schema: &'a Schema, path: &ObjectPath) -> Option<(usize, &'a Column)> {
    let (position, _, column) = schema.tables.get(&path.name)?.columns.get_full(path.last_name())?;
    Some((position, column))
}

/// A column that keeps type, nullability, default and place is taken for renamed whatever its new name.
fn columns(before: &Column, after: &Column, is_same_position: bool, names: f32) -> f32 {
    let unknown = before.unknown.union(after.unknown);
    let types = if unknown.sql_type { 0.5 } else { points(before.sql_type == after.sql_type) };
    0.35 * types
        + 0.1 * points(before.not_null == after.not_null)
        + 0.1 * points(before.default == after.default)
        + 0.15 * points(is_same_position)
        + 0.3 * names
}

fn shared_columns(before: &Table, after: &Table) -> f32 {
    let is_equal = |column: &&Column| {
        before
            .columns
            .get(&column.name)
            .is_some_and(|it| it.sql_type == column.sql_type || it.unknown.sql_type || column.unknown.sql_type)
    };
    share(after.columns.values().filter(is_equal).count(), before.columns.len(), after.columns.len())
}

fn shared_values(before: &Enum, after: &Enum) -> f32 {
    let n_equal = after.values.iter().filter(|value| before.values.contains(value)).count();
    share(n_equal, before.values.len(), after.values.len())
}

fn views(before: &View, after: &View) -> f32 {
    if before.definition.is_some() && before.definition == after.definition {
        return 1.0;
    }
    let n_equal = after.columns.keys().filter(|name| before.columns.contains_key(*name)).count();
    0.8 * share(n_equal, before.columns.len(), after.columns.len())
}

/// The share of tables and enums that both hold under one name.
fn namespaces(before: &Schema, from: &ObjectPath, after: &Schema, to: &ObjectPath) -> f32 {
    let from_names: Vec<&str> = members(before, &from.name.name).collect();
    let to_names: Vec<&str> = members(after, &to.name.name).collect();
    let n_equal = to_names.iter().filter(|name| from_names.contains(name)).count();
    share(n_equal, from_names.len(), to_names.len())
}

fn members<'a>(schema: &'a Schema, namespace: &'a str) -> impl Iterator<Item = &'a str> {
    let names = schema.tables.keys().chain(schema.enums.keys()).chain(schema.sequences.keys());
    names.filter(move |it: &&Name| it.namespace == namespace).map(|it| it.name.as_str())
}

fn policy_of<'a>(schema: &'a Schema, path: &ObjectPath) -> Option<&'a Policy> {
    let on_table = schema.tables.get(&path.name).and_then(|table| table.policies.get(path.last_name()));
    on_table.or_else(|| schema.policies.get(path.last_name()).map(|linked| &linked.policy))
}

fn policies(before: &Policy, after: &Policy) -> f32 {
    0.1 * points(before.permissive == after.permissive)
        + 0.2 * points(before.command == after.command)
        + 0.15 * points(before.to == after.to)
        + 0.15 * points(before.using == after.using)
        + 0.1 * points(before.with_check == after.with_check)
}
