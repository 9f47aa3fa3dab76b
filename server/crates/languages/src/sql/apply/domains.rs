//! Domains.

use std::sync::Arc;

use schema::{Check, Dialect, Domain, Name, Object, ObjectKey, ObjectKind, ObjectPath};

use super::{columns, does_not_exist, exists_already, expression, missing, types};
use crate::sql::State;
use crate::sql::statement::{AlterDomain, CreateDomain, DomainConstraint, DomainConstraintKind, QName};

pub(crate) fn create(state: &mut State, statement: &CreateDomain) {
    let Some(name) = state.name_to_create(&statement.name) else { return };
    if state.has_uses() {
        state.uses(statement.name.name.span, ObjectPath::new(ObjectKind::Domain, &name), true);
    }
    if types::find(state, &statement.name).is_some_and(|key| key.path().name == name) {
        exists_already(state, statement.name.span(), "type", &name.name);
        if !state.is_guarded {
            state.forget(&name);
        }
        return;
    }
    let sql_type = types::resolve(state, &statement.type_name).sql_type;
    let mut domain = Domain { name: name.clone(), sql_type, not_null: false, default: None, checks: Vec::new() };
    for constraint in &statement.constraints {
        add_constraint(&mut domain, constraint);
    }
    state.set(ObjectKey::Domain(name), Some(Object::Domain(Arc::new(domain))));
}

fn add_constraint(domain: &mut Domain, constraint: &DomainConstraint) {
    match &constraint.kind {
        DomainConstraintKind::NotNull => domain.not_null = true,
        DomainConstraintKind::Null => domain.not_null = false,
        DomainConstraintKind::Default(snippet) => {
            domain.default = columns::default(Dialect::Postgres, snippet, &domain.sql_type);
        }
        DomainConstraintKind::Check(snippet) => {
            let name = match &constraint.name {
                Some(name) => name.text.clone(),
                None => {
                    let is_taken = |name: &str| domain.checks.iter().any(|check| check.name == name);
                    dialects::implicit_names::choose(&domain.name.name, "", "check", is_taken)
                }
            };
            let mut check = Check::new(name, expression(Dialect::Postgres, snippet));
            check.not_valid = constraint.not_valid;
            domain.checks.push(check);
        }
    }
}

pub(crate) fn alter(state: &mut State, written: &QName, action: &AlterDomain) {
    let Some(ObjectKey::Domain(name)) = types::find(state, written) else {
        missing(state, written, "domain", false);
        return;
    };
    if state.has_uses() {
        state.uses(written.name.span, ObjectPath::new(ObjectKind::Domain, &name), false);
    }
    let Some(mut domain) = state.schema.domains.get(&name).map(|it| Domain::clone(it)) else { return };
    let is_done = change(&mut domain, action);
    if !is_done && let Some((span, missing)) = named_constraint(action) {
        does_not_exist(state, span, "constraint", &missing);
        state.forget(&name);
    }
    put(state, &name, domain);
}

fn put(state: &mut State, name: &Name, domain: Domain) {
    state.set(ObjectKey::Domain(name.clone()), Some(Object::Domain(Arc::new(domain))));
}

/// False where the constraint that the action names is not there and has to be.
fn change(domain: &mut Domain, action: &AlterDomain) -> bool {
    match action {
        AlterDomain::SetDefault(snippet) => {
            domain.default = columns::default(Dialect::Postgres, snippet, &domain.sql_type);
        }
        AlterDomain::DropDefault => domain.default = None,
        AlterDomain::SetNotNull => domain.not_null = true,
        AlterDomain::DropNotNull => domain.not_null = false,
        AlterDomain::AddConstraint(constraint) => add_constraint(domain, constraint),
        AlterDomain::DropConstraint { name, if_exists } => {
            let n_before = domain.checks.len();
            domain.checks.retain(|check| check.name != name.text);
            return *if_exists || domain.checks.len() < n_before;
        }
        AlterDomain::RenameConstraint { from, to } => {
            let found = domain.checks.iter_mut().find(|check| check.name == from.text);
            return found.map(|check| check.name = to.text.clone()).is_some();
        }
        AlterDomain::ValidateConstraint { name } => {
            let found = domain.checks.iter_mut().find(|check| check.name == name.text);
            return found.map(|check| check.not_valid = false).is_some();
        }
        AlterDomain::Nothing => {}
    }
    true
}

fn named_constraint(action: &AlterDomain) -> Option<(source::Span, String)> {
    match action {
        AlterDomain::DropConstraint { name, .. }
        | AlterDomain::RenameConstraint { from: name, .. }
        | AlterDomain::ValidateConstraint { name } => Some((name.span, name.text.clone())),
        _ => None,
    }
}
