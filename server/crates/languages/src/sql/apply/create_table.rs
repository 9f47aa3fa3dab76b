//! `CREATE TABLE`.

use dialects::option_value;
use schema::{Form, Map, Name, ObjectKind, ObjectPath, PartitionOf, Scalar, Table};

use super::{columns, constraints, exists_already, expression, like, missing, partitions};
use crate::sql::State;
use crate::sql::state::Relation;
use crate::sql::statement::{CreateTable, QName, TableElement};

pub(crate) fn create(state: &mut State, statement: &CreateTable) {
    let Some(written) = &statement.name else { return };
    let Some(name) = begin(state, written, statement.if_not_exists, statement.temporary) else { return };
    let mut table = Table::new(name);
    table.unlogged = statement.unlogged;
    table.options = options(&statement.options);
    if let Some(key) = &statement.partition_by {
        table.partition_by = Some(expression(state.dialect, key));
    }
    let parents: Vec<&QName> =
        statement.partition_of.iter().map(|(parent, _)| parent).chain(&statement.inherits).collect();
    for parent in parents {
        match state.relation(parent) {
            Some((parent, Relation::Table)) => partitions::inherit_columns(state, &mut table, &parent),
            _ => missing(state, parent, "table", false),
        }
    }
    if let Some((parent, bound)) = &statement.partition_of
        && let Some((parent, _)) = state.relation(parent)
    {
        table.partition_of = Some(PartitionOf { parent, bound: expression(state.dialect, bound) });
    }
    for parent in &statement.inherits {
        table.inherits.extend(state.relation(parent).map(|(parent, _)| parent));
    }
    let mut new_constraints = Vec::new();
    for element in &statement.elements {
        match element {
            TableElement::Column(column) => columns::add(state, &mut table, column, &mut new_constraints),
            TableElement::Constraint(constraint) => new_constraints.push(constraint.clone()),
            TableElement::Like { table: source, including } => like::copy(state, &mut table, source, *including),
        }
    }
    let new_constraints = constraints::without_repeated_uniques(new_constraints);
    constraints::add_all(state, &mut table, new_constraints);
    like::indexes(state, &mut table, statement);
    partitions::inherit_constraints(state, &mut table);
    state.put_table(table);
}

/// A table of which only the name is known.
pub(crate) fn create_opaque(state: &mut State, written: &QName, if_not_exists: bool, temporary: bool) {
    let Some(name) = begin(state, written, if_not_exists, temporary) else { return };
    let mut table = Table::new(name);
    table.opaque = true;
    state.put_table(table);
}

/// The name of the table to make; None where there is nothing to do.
fn begin(state: &mut State, written: &QName, if_not_exists: bool, temporary: bool) -> Option<Name> {
    if temporary || state.is_temporary(written) {
        state.add_temporary(written);
        return None;
    }
    let name = state.name_to_create(written)?;
    if state.has_uses() {
        state.uses(written.name.span, ObjectPath::new(ObjectKind::Table, &name), true);
    }
    if state.relation_of(&name).is_some() {
        if !if_not_exists {
            exists_already(state, written.span(), "relation", &name.name);
            if !state.is_guarded {
                state.forget(&name);
            }
        }
        return None;
    }
    Some(name)
}

pub(crate) fn options(written: &[(String, String)]) -> Map<String, Scalar> {
    written.iter().map(|(name, value)| (name.clone(), option_value(value, Form::Sql))).collect()
}
