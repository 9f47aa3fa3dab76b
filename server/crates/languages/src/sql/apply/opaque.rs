//! Functions, triggers and the like; and extensions.

use std::sync::Arc;

use schema::{
    Dialect, Extension, Firing, Name, Object, ObjectKey, ObjectKind, ObjectPath, OpaqueKey, OpaqueKind, OpaqueObject,
};

use super::{exists_already, missing};
use crate::sql::State;
use crate::sql::state::Relation;
use crate::sql::statement::{CreateOpaque, Ident, QName};

pub(crate) fn create(state: &mut State, statement: &CreateOpaque) {
    let on = match &statement.on {
        Some(written) => match state.relation(written) {
            Some((name, Relation::Table | Relation::View)) => {
                state.uses_table(written, &name, false);
                Some(name)
            }
            _ => {
                missing(state, written, "table", statement.if_not_exists);
                return;
            }
        },
        None => None,
    };
    let Some(key) = new_key(state, statement.kind, &statement.name, statement.signature.as_deref(), on) else { return };
    if state.has_uses() {
        state.uses(statement.name.name.span, key.path(), true);
    }
    if state.schema.opaque.contains_key(&key) && !statement.or_replace {
        if !statement.if_not_exists {
            exists_already(state, statement.name.span(), statement.kind.as_str(), &key.name.name);
        }
        return;
    }
    if key.kind == OpaqueKind::Type {
        // The row type of a relation and a type of its own share their names.
        if !matches!(state.relation_of(&key.name), None | Some(Relation::Composite)) {
            exists_already(state, statement.name.span(), "relation", &key.name.name);
            return;
        }
        state.put_relation(&key.name, Relation::Composite);
    }
    let calls = statement.calls.as_ref().map(|it| it.name.text.clone());
    let definition = statement.definition.clone();
    let mut object = OpaqueObject { key, calls, definition, firing: Firing::default() };
    if let Some(function) = statement.calls.as_ref().and_then(|it| called_elsewhere(state, it)) {
        object.definition = dialects::with_called_function(&object, &function).map(Arc::new);
    }
    put(state, object);
}

/// The function of a trigger where the search path alone says in which namespace it is, and that is not the default one.
fn called_elsewhere(state: &State, written: &QName) -> Option<Name> {
    if written.namespace.is_some() {
        return None;
    }
    let key = find(state, OpaqueKind::Function, written, None, Some("")).into_iter().next()?;
    let function = Name::new(key.name.namespace.as_str(), key.bare_name());
    (function.namespace != state.dialect.default_namespace()).then_some(function)
}

pub(crate) fn put(state: &mut State, object: OpaqueObject) {
    state.set(ObjectKey::Opaque(object.key.clone()), Some(Object::Opaque(Arc::new(object))));
}

/// The key under which a new object is kept: a trigger is named inside its table, some kinds have no namespace.
fn new_key(
    state: &State,
    kind: OpaqueKind,
    written: &QName,
    signature: Option<&str>,
    on: Option<Name>,
) -> Option<OpaqueKey> {
    let name = match &on {
        Some(table) => Name::new(table.namespace.as_str(), written.name.text.as_str()),
        None if is_global(kind) => Name::new("", written.name.text.as_str()),
        None => state.name_to_create(written)?,
    };
    let name = Name::new(name.namespace, with_signature(&name.name, kind, signature));
    Some(OpaqueKey { kind, name, on })
}

fn is_global(kind: OpaqueKind) -> bool {
    matches!(
        kind,
        OpaqueKind::EventTrigger
            | OpaqueKind::Cast
            | OpaqueKind::Language
            | OpaqueKind::Publication
            | OpaqueKind::Subscription
            | OpaqueKind::Server
            | OpaqueKind::ForeignDataWrapper
            | OpaqueKind::UserMapping
            | OpaqueKind::AccessMethod
            | OpaqueKind::Transform
            | OpaqueKind::Tablespace
            | OpaqueKind::Database
    )
}

pub(crate) fn is_routine(kind: OpaqueKind) -> bool {
    matches!(kind, OpaqueKind::Function | OpaqueKind::Procedure | OpaqueKind::Aggregate)
}

fn with_signature(name: &str, kind: OpaqueKind, signature: Option<&str>) -> String {
    if !is_routine(kind) {
        return name.to_owned();
    }
    let types = split_types(signature.unwrap_or_default());
    let types: Vec<String> =
        types.iter().map(|text| dialects::sql_type(Dialect::Postgres, text, None).canonical).collect();
    // The server keeps no lengths.
    dialects::canonical_arguments(&format!("{name}({})", types.join(", ")))
}

/// The functions that have a type among their arguments, by the keys they have now and with the type's new name.
pub(crate) fn with_argument(state: &State, from: &Name, to: &Name) -> Vec<(OpaqueKey, OpaqueKey)> {
    let written = |name: &Name| dialects::quoted_name(Dialect::Postgres, name);
    let bare = |name: &Name| written(&Name::new("", name.name.as_str()));
    let (is_default, in_default) = (
        from.namespace == state.dialect.default_namespace(),
        Name::new(state.dialect.default_namespace(), from.name.as_str()),
    );
    // A name alone means the one in the default namespace, if there is one.
    let is_meant = is_default
        || (state.relation_of(&in_default).is_none()
            && !state.schema.enums.contains_key(&in_default)
            && !state.schema.domains.contains_key(&in_default));
    let olds = [Some(written(from)), is_meant.then(|| bare(from))];
    let new_name = |is_bare: bool| match is_bare && !is_default || to.namespace == state.dialect.default_namespace() {
        true => bare(to),
        false => written(to),
    };
    let routines = state.schema.opaque.keys().filter(|key| is_routine(key.kind));
    let moved = routines.filter_map(|key| {
        let (name, arguments) = key.name.name.split_once('(')?;
        let types = split_types(arguments.strip_suffix(')')?);
        let renamed: Vec<String> = types
            .iter()
            .map(|text| {
                let element = text.trim_end_matches("[]");
                let suffix = text.get(element.len()..).unwrap_or_default();
                match olds.iter().position(|old| old.as_deref() == Some(element)) {
                    Some(place) => format!("{}{suffix}", new_name(place == 1)),
                    None => (*text).to_owned(),
                }
            })
            .collect();
        let renamed = format!("{name}({})", renamed.join(", "));
        let target = OpaqueKey { name: Name::new(key.name.namespace.as_str(), renamed), ..key.clone() };
        (target != *key).then(|| (key.clone(), target))
    });
    moved.collect()
}

/// Types at the commas that stand in no parentheses: `numeric(10,2), text`.
fn split_types(signature: &str) -> Vec<&str> {
    let mut types = Vec::new();
    let (mut start, mut depth) = (0, 0_u32);
    for (position, character) in signature.char_indices() {
        match character {
            '(' => depth += 1,
            ')' => depth = depth.saturating_sub(1),
            ',' if depth == 0 => {
                types.push(signature.get(start..position).unwrap_or_default());
                start = position + 1;
            }
            _ => {}
        }
    }
    types.push(signature.get(start..).unwrap_or_default());
    types.into_iter().map(str::trim).filter(|text| !text.is_empty()).collect()
}

/// The objects that a name means: one, or all of a function's name where no argument types are said.
pub(crate) fn find(
    state: &State,
    kind: OpaqueKind,
    written: &QName,
    part: Option<&Ident>,
    signature: Option<&str>,
) -> Vec<OpaqueKey> {
    if let Some(part) = part {
        let Some((table, _)) = state.relation(written) else { return Vec::new() };
        let name = Name::new(table.namespace.as_str(), part.text.as_str());
        let key = OpaqueKey { kind, name, on: Some(table) };
        return state.schema.opaque.get_key_value(&key).map(|(key, _)| key.clone()).into_iter().collect();
    }
    let candidates = match is_global(kind) {
        true => vec![Name::new("", written.name.text.as_str())],
        false => state.candidates(written),
    };
    // Functions, procedures and aggregates have their names in one space, and ROUTINE means any of them.
    let kinds: &[OpaqueKind] = match kind {
        OpaqueKind::Function => &[OpaqueKind::Function, OpaqueKind::Procedure, OpaqueKind::Aggregate],
        _ => &[kind],
    };
    for candidate in candidates {
        for kind in kinds {
            let found = find_at(state, *kind, &candidate, signature);
            if !found.is_empty() {
                return found;
            }
        }
    }
    Vec::new()
}

fn find_at(state: &State, kind: OpaqueKind, candidate: &Name, signature: Option<&str>) -> Vec<OpaqueKey> {
    if signature.is_some() || !is_routine(kind) {
        let full = Name::new(candidate.namespace.as_str(), with_signature(&candidate.name, kind, signature));
        let key = OpaqueKey { kind, name: full, on: None };
        if state.schema.opaque.contains_key(&key) {
            return vec![key];
        }
        // SQLite's triggers are named beside tables.
        let is_of_a_table =
            |it: &&OpaqueKey| it.kind == kind && it.on.is_some() && it.name.name.eq_ignore_ascii_case(&candidate.name);
        return match state.dialect {
            Dialect::Sqlite => state.schema.opaque.keys().find(is_of_a_table).cloned().into_iter().collect(),
            Dialect::Postgres => Vec::new(),
        };
    }
    let start = format!("{}(", candidate.name);
    let is_it = |it: &&OpaqueKey| {
        it.kind == kind && it.name.namespace == candidate.namespace && it.name.name.starts_with(&start)
    };
    state.schema.opaque.keys().filter(is_it).cloned().collect()
}

/// Takes an object away.
pub(crate) fn remove(state: &mut State, key: &OpaqueKey) {
    if key.kind == OpaqueKind::Type {
        state.take_relation(&key.name);
    }
    state.set(ObjectKey::Opaque(key.clone()), None);
}

pub(crate) fn create_extension(state: &mut State, name: &Ident, if_not_exists: bool, namespace: Option<&Ident>) {
    if state.has_uses() {
        state.uses(name.span, ObjectPath::global(ObjectKind::Extension, name.text.as_str()), true);
    }
    if state.schema.extensions.contains_key(&name.text) {
        if !if_not_exists {
            exists_already(state, name.span, "extension", &name.text);
        }
        return;
    }
    let namespace = namespace.map(|it| it.text.clone());
    let extension = Extension { name: name.text.clone(), namespace };
    state.set(ObjectKey::Extension(name.text.clone()), Some(Object::Extension(extension)));
}
