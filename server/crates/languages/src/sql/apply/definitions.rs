//! Definitions of functions and triggers after something that they name has changed: followed where that is sure, else not known any more.

use std::sync::Arc;

use dialects::mentions;
use schema::{Body, Definition, Dialect, Firing, Name, Object, ObjectKey, OpaqueKey, OpaqueKind, OpaqueObject};

use super::opaque;
use crate::sql::State;
use crate::sql::statement::{Ident, QName, Target};

/// A column of these tables has another name.
pub(crate) fn column_is_renamed(state: &mut State, tables: &[Name], from: &str, to: &str) {
    let dialect = state.dialect;
    change(state, |object| {
        let definition = object.definition.as_deref()?;
        if object.key.on.as_ref().is_some_and(|on| tables.contains(on)) {
            let is_named = mentions(dialect, &definition.events, from) || mentions(dialect, &definition.text, from);
            return is_named.then(|| dialects::with_renamed_column(dialect, object, from, to));
        }
        let is_read = statements(definition).is_some_and(|text| mentions(dialect, text, from));
        is_read.then_some(None)
    });
}

/// A table, a view or a type has another name or another namespace.
pub(crate) fn name_is_changed(state: &mut State, from: &Name, to: &Name) {
    let dialect = state.dialect;
    change(state, |object| {
        let definition = object.definition.as_deref()?;
        let is_in = |text: &str| mentions(dialect, text, &from.name);
        let is_in_statements = statements(definition).is_some_and(is_in);
        if dialect == Dialect::Sqlite {
            return is_in_statements.then_some(None);
        }
        match object.key.kind {
            // The function has its name in another space.
            OpaqueKind::Trigger => {
                let condition = dialects::texts_with_calls(object).map(|(text, _)| text);
                condition.is_none_or(|text| is_in(&text)).then_some(None)
            }
            _ => (is_in_statements || is_in(&definition.header)).then(|| dialects::with_renamed_type(object, from, to)),
        }
    });
}

/// The statements that the server keeps, with whatever they name: it follows what is renamed.
fn statements(definition: &Definition) -> Option<&str> {
    match &definition.body {
        Body::Sql(text) => Some(text),
        Body::Text { .. } | Body::None => None,
    }
}

/// `changed` gives the new definition of an object, None in it where it is not known any more.
fn change(state: &mut State, changed: impl Fn(&OpaqueObject) -> Option<Option<Definition>>) {
    let found: Vec<OpaqueObject> = state
        .schema
        .opaque
        .values()
        .filter(|object| object.definition.is_some())
        .filter_map(|object| Some(OpaqueObject { definition: changed(object)?.map(Arc::new), ..(**object).clone() }))
        .collect();
    found.into_iter().for_each(|object| opaque::put(state, object));
}

/// What these functions or procedures are is not known any more.
pub(crate) fn forget_routines(state: &mut State, written: &QName) {
    for key in opaque::find(state, OpaqueKind::Function, written, None, None) {
        if let Some(object) = state.schema.opaque.get(&key).filter(|it| it.definition.is_some()).cloned() {
            opaque::put(state, OpaqueObject { definition: None, ..(*object).clone() });
        }
    }
}

/// `ALTER FUNCTION` and `ALTER PROCEDURE` with options.
pub(crate) fn alter_routine(state: &mut State, target: &Target, kind: OpaqueKind, options: &str) {
    for key in opaque::find(state, kind, &target.name, target.part.as_ref(), target.signature.as_deref()) {
        let Some(object) = state.schema.opaque.get(&key).cloned() else { continue };
        let before = object.definition.as_deref();
        let definition = before.and_then(|it| dialects::altered_routine(key.kind, it, options)).map(Arc::new);
        opaque::put(state, OpaqueObject { definition, ..(*object).clone() });
    }
}

/// `ENABLE TRIGGER` and `DISABLE TRIGGER`, of one trigger or of all.
pub(crate) fn set_firing(state: &mut State, table: &Name, trigger: Option<&Ident>, firing: Firing) {
    let is_it = |key: &&OpaqueKey| {
        key.kind == OpaqueKind::Trigger
            && key.on.as_ref() == Some(table)
            && trigger.is_none_or(|trigger| trigger.text == key.name.name)
    };
    let keys: Vec<OpaqueKey> = state.schema.opaque.keys().filter(is_it).cloned().collect();
    for key in keys {
        let Some(object) = state.schema.opaque.get(&key).cloned() else { continue };
        state.set(ObjectKey::Opaque(key), Some(Object::Opaque(Arc::new(OpaqueObject { firing, ..(*object).clone() }))));
    }
}
