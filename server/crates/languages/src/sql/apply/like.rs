//! `CREATE TABLE (LIKE …)`.

use dialects::implicit_names::columns_part;
use schema::{Name, Table};

use super::{columns, comments, expression, missing};
use crate::sql::State;
use crate::sql::statement::{CreateTable, LikeOptions, QName, TableElement};

/// Copies the columns; names, types, collations and NOT NULL always.
pub(crate) fn copy(state: &mut State, table: &mut Table, source: &QName, including: LikeOptions) {
    let Some(source) = source_of(state, source) else {
        missing(state, source, "table", false);
        table.opaque = true;
        return;
    };
    for column in source.columns.values() {
        let mut copied = columns::plain(column.name.clone(), column.sql_type.clone());
        copied.not_null = column.not_null;
        copied.collation = column.collation.clone();
        if including.defaults || (including.generated && column.generated.is_some()) {
            copied.default = column.default.clone().filter(|_| including.defaults);
        }
        if including.generated {
            copied.generated = column.generated.clone();
        }
        if including.comments {
            copied.comment = column.comment.clone();
        }
        if let Some(identity) = column.identity.as_ref().filter(|_| including.identity) {
            let mut made = columns::identity(state, table, &copied, identity.always, &[]);
            made.options = identity.options.clone();
            copied.identity = Some(made);
        }
        table.columns.insert(copied.name.clone(), copied);
    }
    if including.constraints {
        for (name, check) in &source.checks {
            let text = crate::sql::statement::Snippet { text: check.expression.text.clone(), span: Default::default() };
            let mut copied = check.clone();
            copied.expression = expression(state.dialect, &text);
            table.checks.insert(name.clone(), copied);
        }
    }
}

/// Copies keys and indexes under names of their own, as `INCLUDING INDEXES` does, after the table's own constraints are made.
pub(crate) fn indexes(state: &mut State, table: &mut Table, statement: &CreateTable) {
    for element in &statement.elements {
        let TableElement::Like { table: source, including } = element else { continue };
        if !including.indexes {
            continue;
        }
        let Some(source) = source_of(state, source) else { continue };
        let copied = copy_indexes(state, table, &source);
        if including.comments {
            for (from, to) in copied {
                comments::copy_part(state, &source.name, &from, &table.name, &to);
            }
        }
    }
}

/// Keys, unique constraints and indexes of `source` under names made for `table`. Returns the old and the new names.
pub(crate) fn copy_indexes(state: &State, table: &mut Table, source: &Table) -> Vec<(String, String)> {
    let mut names = Vec::new();
    if let Some(key) = source.primary_key.as_ref().filter(|_| table.primary_key.is_none()) {
        let mut copied = key.clone();
        copied.name = None;
        copied.server_name = Some(state.choose_relation_name(table, "", "pkey", true));
        for column in &copied.columns {
            if let Some(column) = table.columns.get_mut(column) {
                column.not_null = true;
            }
        }
        table.primary_key = Some(copied);
    }
    for unique in source.uniques.values() {
        let mut copied = unique.clone();
        let part = columns_part(copied.columns.iter().chain(&copied.include).map(String::as_str));
        copied.name = state.choose_relation_name(table, &part, "key", true);
        names.push((unique.name.clone(), copied.name.clone()));
        table.uniques.insert(copied.name.clone(), copied);
    }
    for index in source.indexes.values() {
        let mut copied = index.clone();
        copied.name = super::indexes::implicit_name(state, table, &copied.columns, &copied.include);
        names.push((index.name.clone(), copied.name.clone()));
        table.indexes.insert(copied.name.clone(), copied);
    }
    names
}

fn source_of(state: &State, written: &QName) -> Option<Table> {
    let (name, _): (Name, _) = state.relation(written)?;
    state.table(&name).map(|table| Table::clone(table))
}
