//! `ALTER TABLE` and its like for indexes, views and sequences.

use schema::{Form, Name, ObjectKind, Table};

use super::{
    alter_column, columns, comments, constraints, create_table, definitions, does_not_exist, drops, exists_already,
    missing,
};
use super::{partitions, renames, types, views};
use crate::sql::State;
use crate::sql::state;
use crate::sql::statement::{AlterAction, ColumnDef, Ident, QName, Relation, TableConstraint, TableConstraintKind};

pub(crate) fn alter(state: &mut State, relation: Relation, written: &QName, if_exists: bool, actions: &[AlterAction]) {
    let found = state.relation(written);
    let Some((mut name, kind)) = found else {
        if relation == Relation::CompositeType && types::find(state, written).is_some() {
            return;
        }
        missing(state, written, word(relation), if_exists);
        return;
    };
    for action in actions {
        let is_known = !state.schema.unknown.contains(&name);
        match &kind {
            state::Relation::Table => {
                if is_known {
                    state.uses_table(written, &name, false);
                }
                alter_one(state, &mut name, action);
            }
            state::Relation::View => views::alter(state, &mut name, action),
            state::Relation::Index(table) => alter_index(state, table, &mut name, action),
            state::Relation::Sequence | state::Relation::Composite => match action {
                AlterAction::RenameTo { to } => renames::move_relation(state, &mut name, to, None),
                AlterAction::SetNamespace { to } => renames::move_to_namespace(state, &mut name, to),
                _ => {}
            },
        }
    }
}

fn word(relation: Relation) -> &'static str {
    match relation {
        Relation::Table | Relation::ForeignTable => "table",
        Relation::Index => "index",
        Relation::View => "view",
        Relation::MaterializedView => "materialized view",
        Relation::Sequence => "sequence",
        Relation::CompositeType => "type",
    }
}

fn alter_one(state: &mut State, name: &mut Name, action: &AlterAction) {
    match action {
        AlterAction::AddColumn { column, if_not_exists } => {
            add_column(state, name, column, *if_not_exists, None);
            let parent = name.clone();
            for child in partitions::descendants(state, name) {
                add_column(state, &child, column, true, Some(&parent));
            }
        }
        AlterAction::DropColumn { name: column, if_exists, cascade } => {
            drops::drop_column(state, name, column, *if_exists, *cascade);
        }
        AlterAction::AlterColumn { name: column, action } => {
            alter_column::alter(state, name, column, action);
        }
        AlterAction::ReplaceColumn { name: column, column: definition } => {
            replace_column(state, name, column, definition);
        }
        AlterAction::RenameColumn { from, to } => renames::rename_column(state, name, from, to),
        AlterAction::AddConstraint(constraint) => add_constraint(state, name, constraint),
        AlterAction::AlterConstraint { name: constraint, deferral } => {
            let deferral = *deferral;
            let change = |table: &mut Table, constraint: &str| {
                table.foreign_keys.get_mut(constraint).map(|key| key.deferral = deferral).is_some()
            };
            change_constraint(state, name, constraint, change);
        }
        AlterAction::DropConstraint { name: constraint, if_exists, .. } => {
            drops::drop_constraint(state, name, constraint, *if_exists);
        }
        AlterAction::RenameConstraint { from, to } => {
            let to = to.text.clone();
            let change = |table: &mut Table, constraint: &str| constraints::rename(table, constraint, &to);
            change_constraint(state, name, from, change);
            comments::move_part(state, name, ObjectKind::Check, &from.text, Some(&to));
        }
        AlterAction::ValidateConstraint { name: constraint } => {
            let change = |table: &mut Table, constraint: &str| {
                let key = table.foreign_keys.get_mut(constraint).map(|key| key.not_valid = false);
                let check = table.checks.get_mut(constraint).map(|check| check.not_valid = false);
                key.or(check).is_some()
            };
            change_constraint(state, name, constraint, change);
        }
        AlterAction::RenameTo { to } => renames::move_relation(state, name, to, None),
        AlterAction::SetNamespace { to } => renames::move_to_namespace(state, name, to),
        AlterAction::RowLevelSecurity { enabled } => with(state, name, |table| table.row_level_security = *enabled),
        AlterAction::ForceRowLevelSecurity { forced } => {
            with(state, name, |table| table.force_row_level_security = *forced);
        }
        AlterAction::AttachPartition { partition, bound } => {
            partitions::attach(state, name, partition, bound.as_ref());
        }
        AlterAction::DetachPartition { partition } => partitions::detach(state, partition),
        AlterAction::Inherit { parent } => partitions::set_parent(state, name, parent, true),
        AlterAction::NoInherit { parent } => partitions::set_parent(state, name, parent, false),
        AlterAction::SetFiring { trigger, firing } => definitions::set_firing(state, name, trigger.as_ref(), *firing),
        AlterAction::SetLogged { logged } => with(state, name, |table| table.unlogged = !logged),
        AlterAction::SetOptions(options) => {
            let options = create_table::options(options);
            with(state, name, |table| table.options.extend(options));
        }
        AlterAction::ResetOptions(names) => {
            with(state, name, |table| table.options.retain(|option, _| !names.contains(option)));
        }
        // Of tables neither is described.
        AlterAction::SetTablespace { .. } | AlterAction::SetAccessMethod { .. } | AlterAction::Nothing => {}
    }
}

fn with(state: &mut State, name: &Name, change: impl FnOnce(&mut Table)) {
    if let Some(table) = state.table_mut(name) {
        change(table);
    }
}

fn add_column(state: &mut State, table_name: &Name, column: &ColumnDef, if_not_exists: bool, parent: Option<&Name>) {
    let Some(table) = state.table(table_name) else { return };
    if constraints::column_name(state, table, &column.name.text).is_some() {
        if !if_not_exists {
            exists_already(state, column.name.span, "column", &format!("{}.{}", table_name.name, column.name.text));
            if !state.is_guarded {
                state.forget(table_name);
            }
        }
        return;
    }
    let Some(mut lifted) = state.lift(table_name) else { return };
    let mut new_constraints = Vec::new();
    columns::add(state, &mut lifted.table, column, &mut new_constraints);
    if let Some(parent) = parent.and_then(|name| state.table(name)) {
        let is_partition = lifted.table.partition_of.is_some();
        new_constraints.retain(|it| partitions::is_inherited(constraint_kind(&it.kind), is_partition));
        for constraint in new_constraints.iter_mut().filter(|it| it.name.is_none()) {
            constraint.name = last_constraint(Some(parent), constraint);
        }
    }
    let new_constraints = constraints::without_repeated_uniques(new_constraints);
    constraints::add_all(state, &mut lifted.table, new_constraints);
    state.put_back(lifted);
}

fn constraint_kind(kind: &TableConstraintKind) -> schema::ObjectKind {
    match kind {
        TableConstraintKind::Check { .. } | TableConstraintKind::NotNull { .. } => schema::ObjectKind::Check,
        TableConstraintKind::PrimaryKey { .. } | TableConstraintKind::UsingIndex { .. } => {
            schema::ObjectKind::PrimaryKey
        }
        TableConstraintKind::Unique { .. } => schema::ObjectKind::Unique,
        TableConstraintKind::ForeignKey { .. } => schema::ObjectKind::ForeignKey,
        TableConstraintKind::Exclude { .. } => schema::ObjectKind::Exclusion,
    }
}

/// libSQL replaces a whole definition; keys of the table that name the column stay.
fn replace_column(state: &mut State, table_name: &Name, written: &Ident, definition: &ColumnDef) {
    let Some(table) = state.table(table_name).cloned() else { return };
    let Some(column) = constraints::known_column(state, &table, written) else { return };
    let Some(mut lifted) = state.lift(table_name) else { return };
    let table = &mut lifted.table;
    let position = table.columns.get_index_of(&column);
    table.columns.shift_remove(&column);
    // A reference that the new definition does not repeat is gone; one that it states is stated anew.
    table.foreign_keys.retain(|_, key| !(key.unnamed && key.columns == [column.clone()]));
    let mut new_constraints = Vec::new();
    columns::add(state, table, definition, &mut new_constraints);
    new_constraints.retain(|it| {
        let is_key = matches!(it.kind, TableConstraintKind::PrimaryKey { .. });
        !(is_key && table.primary_key.is_some())
    });
    constraints::add_all(state, table, new_constraints);
    let last = table.columns.len().saturating_sub(1);
    if let Some(position) = position
        && position < last
    {
        table.columns.move_index(last, position);
    }
    state.put_back(lifted);
}

fn add_constraint(state: &mut State, table_name: &Name, constraint: &TableConstraint) {
    let Some(mut lifted) = state.lift(table_name) else { return };
    constraints::add(state, &mut lifted.table, constraint);
    state.put_back(lifted);
    for child in partitions::descendants(state, table_name) {
        let is_partition = state.table(&child).is_some_and(|table| table.partition_of.is_some());
        if !partitions::is_inherited(constraint_kind(&constraint.kind), is_partition) {
            continue;
        }
        let Some(mut lifted) = state.lift(&child) else { continue };
        let mut inherited = constraint.clone();
        let has_index =
            matches!(constraint.kind, TableConstraintKind::PrimaryKey { .. } | TableConstraintKind::Unique { .. });
        if has_index {
            // An index's name can only be the parent's; the partition's is made.
            inherited.name = None;
        } else {
            inherited.name = inherited.name.or_else(|| last_constraint(state.table(table_name), constraint));
        }
        let is_there =
            inherited.name.as_ref().is_some_and(|name| constraints::has_constraint(&lifted.table, &name.text));
        if !is_there {
            constraints::add(state, &mut lifted.table, &inherited);
        }
        state.put_back(lifted);
    }
}

/// The name that the parent's new check or foreign key got.
fn last_constraint(table: Option<&std::sync::Arc<Table>>, constraint: &TableConstraint) -> Option<Ident> {
    let table = table?;
    let name = match constraint.kind {
        TableConstraintKind::Check { .. } => table.checks.keys().last(),
        TableConstraintKind::ForeignKey { .. } => table.foreign_keys.keys().last(),
        _ => None,
    };
    name.map(|name| Ident { text: name.clone(), span: constraint.span })
}

/// Changes a constraint by name, here and where it is inherited; a finding where the table has none of it.
fn change_constraint(
    state: &mut State,
    table_name: &Name,
    constraint: &Ident,
    change: impl Fn(&mut Table, &str) -> bool,
) {
    let Some(mut lifted) = state.lift(table_name) else { return };
    let is_there = change(&mut lifted.table, &constraint.text);
    state.put_back(lifted);
    for child in partitions::descendants(state, table_name) {
        if let Some(mut lifted) = state.lift(&child) {
            change(&mut lifted.table, &constraint.text);
            state.put_back(lifted);
        }
    }
    if !is_there && !state.schema.unknown.contains(table_name) {
        does_not_exist(state, constraint.span, "constraint", &constraint.text);
        if !state.is_guarded {
            state.forget(&Name::new(table_name.namespace.as_str(), constraint.text.as_str()));
        }
    }
}

fn alter_index(state: &mut State, table: &Name, name: &mut Name, action: &AlterAction) {
    match action {
        AlterAction::RenameTo { to } => {
            let Some(mut lifted) = state.lift(table) else {
                let full = |name: &str| Name::new(table.namespace.as_str(), name);
                drops::change_view(state, table, |view| {
                    if let Some(mut index) = view.indexes.shift_remove(&name.name) {
                        index.name = to.text.clone();
                        view.indexes.insert(to.text.clone(), index);
                    }
                });
                state.take_relation(&full(&name.name));
                state.put_relation(&full(&to.text), state::Relation::Index(table.clone()));
                comments::move_part(state, table, ObjectKind::Index, &name.name, Some(&to.text));
                name.name = to.text.clone();
                return;
            };
            let parts = &mut lifted.table;
            if !constraints::rename(parts, &name.name, &to.text)
                && let Some(position) = parts.indexes.get_index_of(&name.name)
                && let Some((_, mut index)) = parts.indexes.shift_remove_index(position)
            {
                index.name = to.text.clone();
                parts.indexes.shift_insert(position, to.text.clone(), index);
            }
            state.put_back(lifted);
            comments::move_part(state, table, ObjectKind::Index, &name.name, Some(&to.text));
            name.name = to.text.clone();
        }
        AlterAction::SetOptions(options) => {
            let options: Vec<(String, schema::Scalar)> = options
                .iter()
                .map(|(option, value)| (option.clone(), dialects::option_value(value, Form::Sql)))
                .collect();
            with(state, table, |table| {
                if let Some(index) = table.indexes.get_mut(&name.name) {
                    index.with.extend(options);
                }
            });
        }
        AlterAction::ResetOptions(names) => with(state, table, |table| {
            if let Some(index) = table.indexes.get_mut(&name.name) {
                index.with.retain(|option, _| !names.contains(option));
            }
        }),
        _ => {}
    }
}
