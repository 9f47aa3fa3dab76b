//! Partitions and inheritance: what a child takes over from its parent.

use schema::{Name, ObjectKind, PartitionOf, Table};

use super::{expression, like, missing};
use crate::sql::State;
use crate::sql::state::Relation;
use crate::sql::statement::{QName, Snippet};

/// Copies the columns and checks of a parent into a table that is being made.
pub(crate) fn inherit_columns(state: &State, table: &mut Table, parent: &Name) {
    let Some(parent) = state.table(parent).cloned() else { return };
    for (name, column) in &parent.columns {
        let mut inherited = column.clone();
        // Comments are the parent's own, and an identity is not inherited.
        inherited.comment = None;
        inherited.identity = None;
        table.columns.entry(name.clone()).or_insert(inherited);
    }
    for (name, check) in parent.checks.iter().filter(|(_, check)| !check.no_inherit) {
        table.checks.entry(name.clone()).or_insert_with(|| check.clone());
    }
    table.opaque |= parent.opaque;
}

/// A partition has its parent's keys, indexes and foreign keys; a child by inheritance has none of them.
pub(crate) fn inherit_constraints(state: &State, table: &mut Table) {
    let Some(parent) = table.partition_of.as_ref().and_then(|it| state.table(&it.parent).cloned()) else { return };
    like::copy_indexes(state, table, &parent);
    for (name, key) in &parent.foreign_keys {
        table.foreign_keys.entry(name.clone()).or_insert_with(|| key.clone());
    }
    // Identity columns are shared with the partitions since PostgreSQL 17; the sequence stays the parent's.
    for (name, column) in &parent.columns {
        if let Some(own) = table.columns.get_mut(name) {
            own.not_null |= column.not_null;
        }
    }
}

/// `ATTACH PARTITION`: the table becomes a partition, and gets what it lacks of its parent's keys and indexes.
pub(crate) fn attach(state: &mut State, parent: &Name, partition: &QName, bound: Option<&Snippet>) {
    let Some((child, Relation::Table)) = state.relation(partition) else {
        // Of an index: nothing changes but which index it belongs to.
        if bound.is_some() {
            missing(state, partition, "table", false);
        }
        return;
    };
    state.uses_table(partition, &child, false);
    let Some(parent_table) = state.table(parent).cloned() else { return };
    let Some(mut lifted) = state.lift(&child) else { return };
    let table = &mut lifted.table;
    if let Some(bound) = bound {
        table.partition_of = Some(PartitionOf { parent: parent.clone(), bound: expression(state.dialect, bound) });
    }
    let mut lacking = Table::clone(&parent_table);
    lacking.primary_key = lacking.primary_key.filter(|_| table.primary_key.is_none());
    lacking.uniques.retain(|_, unique| !table.uniques.values().any(|it| it.columns == unique.columns));
    lacking.indexes.retain(|_, index| !table.indexes.values().any(|it| it.columns == index.columns));
    like::copy_indexes(state, table, &lacking);
    for (name, key) in &parent_table.foreign_keys {
        let has_it = table.foreign_keys.values().any(|it| it.columns == key.columns && it.to == key.to);
        if !has_it {
            table.foreign_keys.insert(name.clone(), key.clone());
        }
    }
    state.put_back(lifted);
}

pub(crate) fn detach(state: &mut State, partition: &QName) {
    let Some((child, Relation::Table)) = state.relation(partition) else {
        missing(state, partition, "table", false);
        return;
    };
    state.uses_table(partition, &child, false);
    if let Some(table) = state.table_mut(&child) {
        table.partition_of = None;
    }
}

pub(crate) fn set_parent(state: &mut State, child: &Name, parent: &QName, is_inherited: bool) {
    let Some((parent_name, Relation::Table)) = state.relation(parent) else {
        missing(state, parent, "table", false);
        return;
    };
    let Some(mut lifted) = state.lift(child) else { return };
    lifted.table.inherits.retain(|it| *it != parent_name);
    if is_inherited {
        lifted.table.inherits.push(parent_name);
    }
    state.put_back(lifted);
}

/// All tables below one, itself left out.
pub(crate) fn descendants(state: &State, parent: &Name) -> Vec<Name> {
    let mut found = Vec::new();
    let mut open = vec![parent.clone()];
    while let Some(next) = open.pop() {
        for child in state.children(&next) {
            // A cycle cannot be made by a server, but by a text.
            if !found.contains(&child) && child != *parent {
                found.push(child.clone());
                open.push(child);
            }
        }
    }
    found
}

/// True for parts that a child has because its parent has them.
pub(crate) fn is_inherited(kind: ObjectKind, is_partition: bool) -> bool {
    match kind {
        ObjectKind::Column | ObjectKind::Check => true,
        ObjectKind::PrimaryKey | ObjectKind::Unique | ObjectKind::ForeignKey | ObjectKind::Index => is_partition,
        _ => false,
    }
}
