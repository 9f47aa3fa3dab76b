//! The interpreter: what a statement makes of a schema. It never fails; what contradicts the state is a finding, and nothing is told
//! about the objects of such a statement from then on.

mod alter_column;
mod alter_table;
mod columns;
mod comments;
mod constraints;
mod create_table;
mod definitions;
mod domains;
mod drops;
mod enums;
mod grants;
mod indexes;
mod like;
mod moved_functions;
mod opaque;
mod partitions;
mod policies;
mod renames;
mod roles;
mod sequences;
mod types;
mod views;

use dialects::quoted_name;
use schema::{Dialect, Expression, Name, Object, ObjectKey, ObjectKind, ObjectPath};
use source::{Span, codes};

use super::State;
use super::statement::{Do, Ident, Kind, QName, Snippet, Statement, Unreadable};

/// Applies one statement to the state.
pub fn apply(state: &mut State, statement: &Statement) {
    match &statement.kind {
        Kind::Nothing | Kind::Transaction(_) | Kind::CopyData | Kind::Pragma { .. } => {}
        Kind::SetSearchPath(path) => state.set_search_path(path.clone()),
        Kind::CreateNamespace { name, if_not_exists, elements } => {
            create_namespace(state, name, *if_not_exists, elements);
        }
        Kind::CreateTable(table) => create_table::create(state, table),
        Kind::CreateTableAs { name, if_not_exists, temporary, .. } => {
            create_table::create_opaque(state, name, *if_not_exists, *temporary);
        }
        Kind::CreateVirtualTable { name, if_not_exists } => {
            create_table::create_opaque(state, name, *if_not_exists, false);
        }
        Kind::AlterRelation { only, relation, name, if_exists, actions } => {
            state.is_only = *only;
            alter_table::alter(state, *relation, name, *if_exists, actions);
            state.is_only = false;
        }
        Kind::CreateIndex(index) => indexes::create(state, index),
        Kind::CreateEnum { name, values } => enums::create(state, name, values),
        Kind::AddEnumValue { name, value, if_not_exists, place } => {
            enums::add_value(state, name, value, *if_not_exists, place);
        }
        Kind::RenameEnumValue { name, from, to } => enums::rename_value(state, name, from, to),
        Kind::CreateDomain(domain) => domains::create(state, domain),
        Kind::AlterDomain { name, action } => domains::alter(state, name, action),
        Kind::CreateSequence { name, if_not_exists, temporary, options } => {
            sequences::create(state, name, *if_not_exists, *temporary, options);
        }
        Kind::AlterSequence { name, if_exists, options } => sequences::alter(state, name, *if_exists, options),
        Kind::CreateView(view) => views::create(state, view),
        Kind::CreatePolicy(policy) => policies::create(state, policy),
        Kind::AlterPolicy(policy) => policies::alter(state, policy),
        Kind::CreateRole { name, options } => roles::create(state, name, options),
        Kind::AlterRole { name, options } => roles::alter(state, name, options),
        Kind::CreateExtension { name, if_not_exists, namespace } => {
            opaque::create_extension(state, name, *if_not_exists, namespace.as_ref());
        }
        Kind::CreateOpaque(object) => opaque::create(state, object),
        Kind::AlterRoutine { object, kind, options } => definitions::alter_routine(state, object, *kind, options),
        Kind::Drop(drop) => drops::drop_objects(state, drop),
        Kind::Rename { object, to } => renames::rename(state, object, to),
        Kind::SetNamespace { object, to } => renames::set_namespace(state, object, to),
        Kind::Grant(privileges) => grants::grant(state, privileges),
        Kind::Revoke { privileges, .. } => grants::revoke(state, privileges),
        Kind::Comment { object, text } => comments::comment(state, object, text.as_deref()),
        Kind::Do(block) => apply_block(state, statement.span, block),
        Kind::Psql { command } => state.find(
            codes::SKIPPED_LINE,
            statement.span,
            format!("{command} is a command of psql, not SQL: it is skipped"),
            "A migrator that sends the file to the server as it is fails here.",
        ),
        Kind::Unreadable(unreadable) => report_unreadable(state, statement.span, unreadable),
    }
}

fn create_namespace(state: &mut State, name: &Ident, if_not_exists: bool, elements: &[Statement]) {
    let path = ObjectPath::global(ObjectKind::Namespace, name.text.as_str());
    state.uses(name.span, path, true);
    let is_default = name.text == state.dialect.default_namespace();
    if state.has_namespace(&name.text) {
        if !if_not_exists && !is_default {
            exists_already(state, name.span, "schema", &name.text);
        }
    } else {
        state.set(ObjectKey::Namespace(name.text.clone()), Some(Object::Namespace));
    }
    for element in elements {
        state.within(&name.text, |state| apply(state, element));
    }
}

/// A guarded statement takes effect unless it contradicts what is there.
fn apply_block(state: &mut State, span: Span, block: &Do) {
    let was_guarded = std::mem::replace(&mut state.is_guarded, true);
    for statement in &block.statements {
        apply(state, statement);
    }
    state.is_guarded = was_guarded;
    if block.is_opaque {
        forget_all(state, &block.names);
        let names: Vec<String> = block.names.iter().map(|name| format!("`{}`", name.name.text)).collect();
        // A block without DDL has nothing to tell.
        if !names.is_empty() {
            state.find(
                codes::OPAQUE_BLOCK,
                span,
                format!(
                    "what this block does depends on data or variables: nothing is told about {}",
                    names.join(", ")
                ),
                "Write the statements out where they do not depend on the database's content.",
            );
        }
    }
}

fn report_unreadable(state: &mut State, span: Span, unreadable: &Unreadable) {
    forget_all(state, &unreadable.names);
    let at = if unreadable.at.is_empty() { span } else { unreadable.at };
    let names: Vec<String> = unreadable.names.iter().map(|name| format!("`{}`", name.name.text)).collect();
    let help = match names.is_empty() {
        true => String::from("The statement is skipped."),
        false => format!("The statement is skipped, and nothing is told about {} from here on.", names.join(", ")),
    };
    state.find(
        codes::UNREADABLE_STATEMENT,
        at,
        format!("this statement cannot be read: {}", unreadable.message),
        &help,
    );
}

fn forget_all(state: &mut State, names: &[QName]) {
    for name in names {
        forget(state, name);
    }
}

/// Nothing is told about an object any more: the one that is meant, or the one that would be made.
pub(crate) fn forget(state: &mut State, name: &QName) {
    let found = state.relation(name).map(|(name, _)| name).or_else(|| state.name_to_create(name));
    if let Some(name) = found {
        state.forget(&name);
    }
    // Functions are kept under other names: with their arguments.
    if state.dialect == Dialect::Postgres {
        definitions::forget_routines(state, name);
    }
}

/// `kind` is the word for a person.
pub(crate) fn exists_already(state: &mut State, span: Span, kind: &str, name: &str) {
    if state.is_guarded {
        return;
    }
    state.find(
        codes::CONTRADICTION,
        span,
        format!("{kind} `{name}` exists already at this point, so this statement fails"),
        "An earlier statement makes it. Nothing is told about it from here on.",
    );
}

pub(crate) fn does_not_exist(state: &mut State, span: Span, kind: &str, name: &str) {
    if state.is_guarded {
        return;
    }
    state.find(
        codes::CONTRADICTION,
        span,
        format!("{kind} `{name}` does not exist at this point, so this statement fails"),
        "No earlier statement makes it, or one drops it. Nothing is told about it from here on.",
    );
}

/// Reports a missing object unless the statement allows for it or the name is unknown anyway.
pub(crate) fn missing(state: &mut State, name: &QName, kind: &str, if_exists: bool) {
    if if_exists || state.is_guarded || state.is_temporary(name) || state.is_unknown(name) {
        return;
    }
    does_not_exist(state, name.span(), kind, &shown(name));
    forget(state, name);
}

/// The name as written, quotes left out.
pub(crate) fn shown(name: &QName) -> String {
    match &name.namespace {
        Some(namespace) => format!("{}.{}", namespace.text, name.name.text),
        None => name.name.text.clone(),
    }
}

pub(crate) fn expression(dialect: Dialect, snippet: &Snippet) -> Expression {
    dialects::expression(dialect, &snippet.text)
}

/// `nextval('s'::regclass)`.
pub(crate) fn next_value(sequence: &Name) -> String {
    format!("nextval('{}'::regclass)", quoted_name(Dialect::Postgres, sequence).replace('\'', "''"))
}

#[cfg(test)]
mod tests;
