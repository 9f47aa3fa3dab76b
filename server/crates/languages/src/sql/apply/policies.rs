//! Row-level security policies.

use schema::{Name, ObjectKind, ObjectPath, Policy};

use super::{comments, does_not_exist, exists_already, expression, missing};
use crate::sql::State;
use crate::sql::state::Relation;
use crate::sql::statement::{AlterPolicy, CreatePolicy, Ident, QName};

fn table_of(state: &mut State, written: &QName, if_exists: bool) -> Option<Name> {
    match state.relation(written) {
        Some((name, Relation::Table)) => {
            state.uses_table(written, &name, false);
            Some(name)
        }
        _ => {
            missing(state, written, "table", if_exists);
            None
        }
    }
}

pub(crate) fn create(state: &mut State, statement: &CreatePolicy) {
    let Some(table_name) = table_of(state, &statement.table, false) else { return };
    let name = statement.name.text.clone();
    if state.has_uses() {
        state.uses(statement.name.span, ObjectPath::part(ObjectKind::Policy, &table_name, name.as_str()), true);
    }
    if state.table(&table_name).is_some_and(|table| table.policies.contains_key(&name)) {
        exists_already(state, statement.name.span, "policy", &name);
        if !state.is_guarded {
            state.forget(&table_name);
        }
        return;
    }
    let text = |snippet: &Option<crate::sql::statement::Snippet>| {
        snippet.as_ref().map(|snippet| expression(state.dialect, snippet))
    };
    let policy = Policy {
        name: name.clone(),
        permissive: statement.permissive,
        command: statement.command.clone(),
        to: sorted(statement.to.clone()),
        using: text(&statement.using),
        with_check: text(&statement.with_check),
    };
    if let Some(table) = state.table_mut(&table_name) {
        table.policies.insert(name, policy);
    }
}

fn sorted(mut roles: Vec<String>) -> Vec<String> {
    roles.sort();
    roles.dedup();
    roles
}

fn not_there(state: &mut State, table: &Name, policy: &Ident, if_exists: bool) {
    if !if_exists && !state.is_guarded && !state.schema.unknown.contains(table) {
        does_not_exist(state, policy.span, "policy", &policy.text);
        state.forget(table);
    }
}

pub(crate) fn alter(state: &mut State, statement: &AlterPolicy) {
    let Some(table_name) = table_of(state, &statement.table, false) else { return };
    let name = statement.name.text.as_str();
    let found = state.table(&table_name).and_then(|table| table.policies.get(name).cloned());
    let Some(mut policy) = found else { return not_there(state, &table_name, &statement.name, false) };
    if state.has_uses() {
        state.uses(statement.name.span, ObjectPath::part(ObjectKind::Policy, &table_name, name), false);
    }
    if let Some(to) = &statement.to {
        policy.to = sorted(to.clone());
    }
    if let Some(using) = &statement.using {
        policy.using = Some(expression(state.dialect, using));
    }
    if let Some(with_check) = &statement.with_check {
        policy.with_check = Some(expression(state.dialect, with_check));
    }
    if let Some(to) = &statement.rename_to {
        policy.name = to.text.clone();
        comments::move_part(state, &table_name, ObjectKind::Policy, name, Some(&to.text));
    }
    if let Some(table) = state.table_mut(&table_name) {
        table.policies.shift_remove(name);
        table.policies.insert(policy.name.clone(), policy);
    }
}

pub(crate) fn drop(state: &mut State, table: &QName, policy: &Ident, if_exists: bool) {
    let Some(table_name) = table_of(state, table, if_exists) else { return };
    let is_there = state.table(&table_name).is_some_and(|table| table.policies.contains_key(&policy.text));
    if !is_there {
        return not_there(state, &table_name, policy, if_exists);
    }
    if state.has_uses() {
        state.uses(policy.span, ObjectPath::part(ObjectKind::Policy, &table_name, policy.text.as_str()), false);
    }
    if let Some(table) = state.table_mut(&table_name) {
        table.policies.shift_remove(&policy.text);
    }
    comments::move_part(state, &table_name, ObjectKind::Policy, &policy.text, None);
}
