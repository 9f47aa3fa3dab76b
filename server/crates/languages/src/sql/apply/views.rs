//! Views and materialized views.

use std::sync::Arc;

use dialects::option_value;
use schema::{Dialect, Form, Map, Name, Object, ObjectKey, ObjectKind, ObjectPath, View};

use super::{exists_already, expression, renames};
use crate::sql::State;
use crate::sql::state::Relation;
use crate::sql::statement::{AlterAction, CreateView, Snippet};

pub(crate) fn create(state: &mut State, statement: &CreateView) {
    if statement.temporary || state.is_temporary(&statement.name) {
        state.add_temporary(&statement.name);
        return;
    }
    let Some(name) = state.name_to_create(&statement.name) else { return };
    if state.has_uses() {
        state.uses(statement.name.name.span, ObjectPath::new(ObjectKind::View, &name), true);
        for read in &statement.reads {
            if let Some((table, Relation::Table)) = state.relation(read) {
                state.uses_table(read, &table, false);
            }
        }
    }
    match state.relation_of(&name) {
        None => {}
        Some(Relation::View) if statement.or_replace => {}
        Some(_) if statement.if_not_exists => return,
        Some(_) => {
            exists_already(state, statement.name.span(), "relation", &name.name);
            if !state.is_guarded {
                state.forget(&name);
            }
            return;
        }
    }
    let reads = statement.reads.iter().filter_map(|read| state.relation(read).map(|(name, _)| name)).collect();
    let mut with: Map<String, schema::Scalar> = Map::default();
    for (option, value) in &statement.options {
        with.insert(drizzle_option(option), option_value(value, Form::Sql));
    }
    if let Some(check) = &statement.check_option {
        with.insert(String::from("checkOption"), option_value(check, Form::Sql));
    }
    let definition = expression(state.dialect, &with_column_names(state.dialect, statement));
    let view = View {
        indexes: schema::Map::default(),
        name: name.clone(),
        materialized: statement.materialized,
        existing: false,
        definition: Some(definition),
        opaque: false,
        reads,
        columns: Map::default(),
        primary_key: Vec::new(),
        with,
        with_no_data: statement.with_no_data.then_some(true),
        using: statement.method.clone(),
        tablespace: statement.tablespace.clone(),
    };
    state.set(ObjectKey::View(name.clone()), Some(Object::View(Arc::new(view))));
    state.put_relation(&name, Relation::View);
}

/// The query, the names listed behind the view's in it: `CREATE VIEW v (a) AS q` is `CREATE VIEW v AS WITH v (a) AS (q) SELECT …`, which is
/// also how the PostgreSQL manual explains a recursive view.
fn with_column_names(dialect: Dialect, statement: &CreateView) -> Snippet {
    if statement.columns.is_empty() {
        return statement.query.clone();
    }
    let quoted = |name: &str| dialects::quote_identifier(dialect, name);
    let names: Vec<String> = statement.columns.iter().map(|column| quoted(&column.text)).collect();
    let (names, view) = (names.join(", "), quoted(&statement.name.name.text));
    let recursive = if statement.recursive { "RECURSIVE " } else { "" };
    let query = &statement.query.text;
    let text = format!("WITH {recursive}{view} ({names}) AS (\n{query}\n) SELECT {names} FROM {view}");
    Snippet { text, span: statement.query.span }
}

/// `security_invoker` is `securityInvoker` in the model, as Drizzle spells it.
fn drizzle_option(option: &str) -> String {
    let mut words = option.split('_');
    let mut spelled = words.next().unwrap_or_default().to_owned();
    for word in words {
        let mut letters = word.chars();
        spelled.extend(letters.next().map(|first| first.to_ascii_uppercase()));
        spelled.push_str(letters.as_str());
    }
    spelled
}

pub(crate) fn alter(state: &mut State, name: &mut Name, action: &AlterAction) {
    match action {
        AlterAction::RenameTo { to } => renames::move_relation(state, name, to, None),
        AlterAction::SetNamespace { to } => renames::move_to_namespace(state, name, to),
        AlterAction::SetOptions(options) => {
            let options: Vec<(String, schema::Scalar)> = options
                .iter()
                .map(|(option, value)| (drizzle_option(option), option_value(value, Form::Sql)))
                .collect();
            if let Some(view) = state.view_mut(name) {
                view.with.extend(options);
            }
        }
        AlterAction::ResetOptions(options) => {
            if let Some(view) = state.view_mut(name) {
                view.with.retain(|option, _| !options.iter().any(|it| drizzle_option(it) == *option));
            }
        }
        AlterAction::SetTablespace { tablespace } => {
            if let Some(view) = state.view_mut(name) {
                view.tablespace = (tablespace.text != "pg_default").then(|| tablespace.text.clone());
            }
        }
        AlterAction::SetAccessMethod { method } => {
            if let Some(view) = state.view_mut(name) {
                view.using = (method.text != "heap").then(|| method.text.clone());
            }
        }
        // The columns of a view are not described apart from its query.
        AlterAction::RenameColumn { .. } => {
            if let Some(view) = state.view_mut(name) {
                view.opaque = true;
            }
        }
        _ => {}
    }
}
