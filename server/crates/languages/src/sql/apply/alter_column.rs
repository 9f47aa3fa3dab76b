//! `ALTER TABLE … ALTER COLUMN`.

use dialects::integer_maximum;
use schema::{Column, Generated, Name, Object, ObjectKey, SqlType, Table};

use super::{columns, constraints, expression, partitions, sequences, types};
use crate::sql::State;
use crate::sql::state::identity_sequences;
use crate::sql::statement::{AlterColumn, Ident, SequenceOption};

pub(crate) fn alter(state: &mut State, table_name: &Name, written: &Ident, action: &AlterColumn) {
    if let Some(view) = state.schema.views.get(table_name) {
        // A view's column can have a default, which no schema language describes.
        let _ = view;
        return;
    }
    let Some(table) = state.table(table_name).cloned() else { return };
    let Some(column) = constraints::known_column(state, &table, written) else { return };
    change(state, table_name, &column, action);
    for child in partitions::descendants(state, table_name) {
        let has_it = state.table(&child).is_some_and(|table| table.columns.contains_key(&column));
        let is_passed_on = !matches!(
            action,
            AlterColumn::AddIdentity { .. } | AlterColumn::SetIdentity { .. } | AlterColumn::DropIdentity { .. }
        );
        if has_it && is_passed_on {
            change(state, &child, &column, action);
        }
    }
}

fn change(state: &mut State, table_name: &Name, column: &str, action: &AlterColumn) {
    match action {
        AlterColumn::SetType { type_name, collation, .. } => {
            let resolved = types::resolve(state, type_name).sql_type;
            let collation = collation.clone();
            with(state, table_name, column, |column| set_type(column, resolved, collation));
        }
        AlterColumn::SetDefault(snippet) => {
            let dialect = state.dialect;
            with(state, table_name, column, |column| {
                column.default = columns::default(dialect, snippet, &column.sql_type);
            });
        }
        AlterColumn::DropDefault => with(state, table_name, column, |column| column.default = None),
        AlterColumn::SetNotNull => with(state, table_name, column, |column| column.not_null = true),
        AlterColumn::DropNotNull => with(state, table_name, column, |column| column.not_null = false),
        AlterColumn::SetExpression(snippet) => {
            let expression = expression(state.dialect, snippet);
            with(state, table_name, column, |column| {
                let stored = column.generated.as_ref().is_none_or(|generated| generated.stored);
                column.generated = Some(Generated { expression, stored });
            });
        }
        AlterColumn::DropExpression { .. } => with(state, table_name, column, |column| column.generated = None),
        AlterColumn::AddIdentity { always, options } => {
            let Some(mut lifted) = state.lift(table_name) else { return };
            if let Some(found) = lifted.table.columns.get(column).cloned() {
                let identity = columns::identity(state, &lifted.table, &found, *always, options);
                if let Some(column) = lifted.table.columns.get_mut(column) {
                    column.identity = Some(identity);
                }
            }
            state.put_back(lifted);
        }
        AlterColumn::SetIdentity { always, options } => set_identity(state, table_name, column, *always, options),
        AlterColumn::DropIdentity { .. } => {
            let sequences: Vec<Name> = state
                .table(table_name)
                .map(|table| identity_sequences(&only_column(table, column)).collect())
                .unwrap_or_default();
            sequences.iter().for_each(|sequence| state.take_relation(sequence));
            with(state, table_name, column, |column| column.identity = None);
        }
        AlterColumn::Nothing => {}
    }
}

fn only_column(table: &Table, column: &str) -> Table {
    let mut only = Table::new(table.name.clone());
    only.columns.extend(table.columns.get(column).map(|found| (column.to_owned(), found.clone())));
    only
}

fn with(state: &mut State, table: &Name, column: &str, change: impl FnOnce(&mut Column)) {
    if let Some(column) = state.table_mut(table).and_then(|table| table.columns.get_mut(column)) {
        change(column);
    }
}

/// The default is cast along: written for the old type, it means the same for the new one.
fn set_type(column: &mut Column, sql_type: SqlType, collation: Option<String>) {
    if let Some(identity) = &mut column.identity {
        let (before, after) = (integer_maximum(&column.sql_type.canonical), integer_maximum(&sql_type.canonical));
        if identity.options.max_value == before {
            identity.options.max_value = after.to_owned();
        }
    }
    column.collation = collation;
    if let Some(default) = column.default.take() {
        column.default = Some(dialects::default(schema::Dialect::Postgres, &default.text, default.form, &sql_type));
    }
    column.sql_type = sql_type;
}

fn set_identity(state: &mut State, table: &Name, column: &str, always: Option<bool>, options: &[SequenceOption]) {
    with(state, table, column, |column| {
        let sql_type = column.sql_type.canonical.clone();
        if let Some(identity) = &mut column.identity {
            identity.always = always.unwrap_or(identity.always);
            sequences::change(&mut identity.options, &sql_type, options);
        }
    });
}

/// Changes the options of a sequence behind an identity column, for `ALTER SEQUENCE`.
pub(crate) fn alter_identity_sequence(state: &mut State, sequence: &Name, options: &[SequenceOption]) -> bool {
    let owner = state.schema.tables.iter().find_map(|(name, table)| {
        let column = table.columns.values().find(|column| {
            let identity = column.identity.as_ref();
            identity.is_some_and(|it| it.sequence_name == sequence.name && it.sequence_namespace == sequence.namespace)
        })?;
        Some((name.clone(), column.name.clone()))
    });
    match owner {
        Some((table, column)) => {
            set_identity(state, &table, &column, None, options);
            true
        }
        None => false,
    }
}

/// Adds `DEFAULT` changes that follow from a renamed sequence or enum value to every column they concern.
pub(crate) fn rewrite_defaults(state: &mut State, rewritten: impl Fn(&Column) -> Option<String>) {
    let concerned: Vec<(Name, String, String)> = state
        .schema
        .tables
        .iter()
        .flat_map(|(name, table)| {
            let columns = table.columns.values();
            columns
                .filter_map(|column| Some((name.clone(), column.name.clone(), rewritten(column)?)))
                .collect::<Vec<_>>()
        })
        .collect();
    for (table, column, text) in concerned {
        let dialect = state.dialect;
        with(state, &table, &column, |column| {
            let form = column.default.as_ref().map_or(schema::Form::Sql, |default| default.form);
            column.default = Some(dialects::default(dialect, &text, form, &column.sql_type));
        });
    }
}

/// Sets or takes away the owner of a sequence.
pub(crate) fn set_owner(state: &mut State, sequence: &Name, owner: Option<(Name, String)>) {
    if let Some(found) = state.schema.sequences.get(sequence).cloned() {
        let mut changed = schema::Sequence::clone(&found);
        changed.owned_by = owner;
        state.set(ObjectKey::Sequence(sequence.clone()), Some(Object::Sequence(std::sync::Arc::new(changed))));
    }
}
