//! Enums: made, extended, their values renamed.

use std::sync::Arc;

use schema::{Enum, Name, Object, ObjectKey, ObjectKind, ObjectPath};

use super::{alter_column, does_not_exist, exists_already, missing, types};
use crate::sql::State;
use crate::sql::statement::{EnumPlace, Ident, QName};

pub(crate) fn create(state: &mut State, written: &QName, values: &[Ident]) {
    let Some(name) = state.name_to_create(written) else { return };
    if state.has_uses() {
        state.uses(written.name.span, ObjectPath::new(ObjectKind::Enum, &name), true);
        for value in values {
            state.uses(value.span, ObjectPath::part(ObjectKind::EnumValue, &name, value.text.as_str()), true);
        }
    }
    if types::find(state, written).is_some_and(|key| key.path().name == name) {
        exists_already(state, written.span(), "type", &name.name);
        if !state.is_guarded {
            state.forget(&name);
        }
        return;
    }
    let values = values.iter().map(|value| value.text.clone()).collect();
    let made = Enum { name: name.clone(), values, values_unknown: false };
    state.set(ObjectKey::Enum(name), Some(Object::Enum(Arc::new(made))));
}

fn find(state: &State, written: &QName) -> Option<Name> {
    match types::find(state, written) {
        Some(ObjectKey::Enum(name)) => Some(name),
        _ => None,
    }
}

pub(crate) fn add_value(state: &mut State, written: &QName, value: &Ident, if_not_exists: bool, place: &EnumPlace) {
    let Some(name) = find(state, written) else {
        missing(state, written, "enum", false);
        return;
    };
    if state.has_uses() {
        state.uses(written.name.span, ObjectPath::new(ObjectKind::Enum, &name), false);
        state.uses(value.span, ObjectPath::part(ObjectKind::EnumValue, &name, value.text.as_str()), true);
    }
    let values = state.schema.enums.get(&name).map(|it| it.values.clone()).unwrap_or_default();
    if values.contains(&value.text) {
        if !if_not_exists {
            exists_already(state, value.span, "enum value", &value.text);
        }
        return;
    }
    let neighbour = match place {
        EnumPlace::Last => None,
        EnumPlace::Before(neighbour) | EnumPlace::After(neighbour) => Some(neighbour),
    };
    let position = match neighbour {
        None => values.len(),
        Some(neighbour) => match values.iter().position(|it| *it == neighbour.text) {
            Some(position) => position + usize::from(matches!(place, EnumPlace::After(_))),
            None => {
                does_not_exist(state, neighbour.span, "enum value", &neighbour.text);
                state.forget(&name);
                values.len()
            }
        },
    };
    if let Some(changed) = state.enum_mut(&name) {
        changed.values.insert(position, value.text.clone());
    }
}

pub(crate) fn rename_value(state: &mut State, written: &QName, from: &Ident, to: &Ident) {
    let Some(name) = find(state, written) else {
        missing(state, written, "enum", false);
        return;
    };
    let position = state.schema.enums.get(&name).and_then(|it| it.values.iter().position(|it| *it == from.text));
    let Some(position) = position else {
        does_not_exist(state, from.span, "enum value", &from.text);
        if !state.is_guarded {
            state.forget(&name);
        }
        return;
    };
    if let Some(value) = state.enum_mut(&name).and_then(|changed| changed.values.get_mut(position)) {
        *value = to.text.clone();
    }
    // Defaults hold the value itself, not its name.
    let literal = |text: &str| format!("'{}'", text.replace('\'', "''"));
    let (before, after) = (literal(&from.text), literal(&to.text));
    alter_column::rewrite_defaults(state, |column| {
        let default = column.default.as_ref()?;
        let is_it = column.sql_type.enum_name.as_ref() == Some(&name) && default.canonical == before;
        is_it.then(|| after.clone())
    });
}
