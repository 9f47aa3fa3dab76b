//! `COMMENT ON`, and finding the object that a statement names by class.

use schema::{Name, Object, ObjectKey, ObjectKind, ObjectPath};

use super::{constraints, grants, missing, opaque, types};
use crate::sql::State;
use crate::sql::statement::{Class, Target};

pub(crate) fn comment(state: &mut State, target: &Target, text: Option<&str>) {
    if state.is_temporary(&target.name) {
        return;
    }
    // An empty comment is none.
    let text = text.filter(|text| !text.is_empty()).map(str::to_owned);
    let found = paths(state, target);
    if found.is_empty() && matches!(target.class, Class::Table | Class::Column | Class::View) {
        missing(state, &target.name, "relation", false);
    }
    for path in found {
        match (path.kind, &path.part) {
            (ObjectKind::Table, None) => {
                let name = path.name.clone();
                if let Some(table) = state.table_mut(&name) {
                    table.comment = text.clone();
                }
            }
            (ObjectKind::Column, Some(column)) if state.schema.tables.contains_key(&path.name) => {
                let table = state.table_mut(&path.name);
                if let Some(column) = table.and_then(|table| table.columns.get_mut(column)) {
                    column.comment = text.clone();
                }
            }
            _ => state.set(ObjectKey::Comment(path), text.clone().map(Object::Comment)),
        }
    }
}

/// The objects that a target means; empty where there is none.
pub(crate) fn paths(state: &mut State, target: &Target) -> Vec<ObjectPath> {
    let found = find(state, target);
    if state.has_uses() {
        let span = target.part.as_ref().map_or(target.name.name.span, |part| part.span);
        for path in &found {
            state.uses(span, path.clone(), false);
        }
    }
    found
}

fn find(state: &State, target: &Target) -> Vec<ObjectPath> {
    let relation = || state.relation(&target.name);
    let part = target.part.as_ref().map(|part| part.text.as_str()).unwrap_or_default();
    let global = |kind| vec![ObjectPath::global(kind, target.name.name.text.as_str())];
    match target.class {
        Class::Namespace => global(ObjectKind::Namespace),
        Class::Role => global(ObjectKind::Role),
        Class::Extension => global(ObjectKind::Extension),
        Class::Table | Class::View | Class::MaterializedView | Class::Sequence | Class::Index => {
            relation().map(|(name, relation)| grants::relation_path(name, &relation)).into_iter().collect()
        }
        Class::Column => relation().map(|(name, _)| column_path(state, name, part)).into_iter().collect(),
        Class::Constraint => relation().and_then(|(name, _)| constraint_path(state, name, part)).into_iter().collect(),
        Class::Policy => {
            relation().map(|(name, _)| ObjectPath::part(ObjectKind::Policy, &name, part)).into_iter().collect()
        }
        Class::DomainConstraint => match types::find(state, &target.name) {
            Some(ObjectKey::Domain(name)) => {
                vec![ObjectPath { kind: ObjectKind::Domain, name, part: Some(part.to_owned()) }]
            }
            _ => Vec::new(),
        },
        Class::Type | Class::Domain => {
            let key = types::find(state, &target.name).map(|key| key.path());
            let row_type = || relation().map(|(name, relation)| grants::relation_path(name, &relation));
            key.or_else(row_type).into_iter().collect()
        }
        Class::Opaque(kind) => {
            let keys = opaque::find(state, kind, &target.name, target.part.as_ref(), target.signature.as_deref());
            keys.iter().map(schema::OpaqueKey::path).collect()
        }
    }
}

fn column_path(state: &State, table: Name, column: &str) -> ObjectPath {
    let known = state.table(&table).and_then(|it| constraints::column_name(state, it, column));
    ObjectPath::part(ObjectKind::Column, &table, known.unwrap_or_else(|| column.to_owned()))
}

fn constraint_path(state: &State, table: Name, constraint: &str) -> Option<ObjectPath> {
    let found = state.table(&table)?;
    let kind = if found.checks.contains_key(constraint) {
        ObjectKind::Check
    } else if found.foreign_keys.contains_key(constraint) {
        ObjectKind::ForeignKey
    } else if found.uniques.contains_key(constraint) {
        ObjectKind::Unique
    } else if found.exclusions.contains_key(constraint) {
        ObjectKind::Exclusion
    } else {
        ObjectKind::PrimaryKey
    };
    Some(ObjectPath::part(kind, &table, constraint))
}

/// A comment on a constraint, an index or a policy of a table follows it to its new name; without one it goes with it.
/// A constraint and its index have one name, so what holds for one kind of them holds for all.
pub(crate) fn move_part(state: &mut State, table: &Name, kind: ObjectKind, from: &str, to: Option<&str>) {
    if state.schema.comments.is_empty() {
        return;
    }
    let is_it = |path: &&ObjectPath| {
        path.name == *table
            && path.part.as_deref() == Some(from)
            && match path.kind {
                ObjectKind::Policy => kind == ObjectKind::Policy,
                ObjectKind::Column | ObjectKind::Opaque => false,
                _ => kind != ObjectKind::Policy,
            }
    };
    let paths: Vec<ObjectPath> = state.schema.comments.keys().filter(is_it).cloned().collect();
    for path in paths {
        let key = ObjectKey::Comment(path.clone());
        let comment = state.schema.object(&key);
        state.set(key, None);
        if let Some(to) = to {
            state.set(ObjectKey::Comment(ObjectPath { part: Some(to.to_owned()), ..path }), comment);
        }
    }
}

/// Copies the comment on a constraint or index of one table to one of another.
pub(crate) fn copy_part(state: &mut State, from: &Name, part: &str, to: &Name, new_part: &str) {
    let is_it = |path: &&ObjectPath| path.name == *from && path.part.as_deref() == Some(part);
    let copied: Vec<(ObjectPath, String)> = state
        .schema
        .comments
        .iter()
        .filter(|(path, _)| is_it(path))
        .map(|(path, it)| (path.clone(), it.clone()))
        .collect();
    for (path, text) in copied.into_iter().filter(|(path, _)| path.kind != ObjectKind::Policy) {
        let target = ObjectPath { name: to.clone(), part: Some(new_part.to_owned()), kind: path.kind };
        state.set(ObjectKey::Comment(target), Some(Object::Comment(text)));
    }
}

/// Comments go with the object they are on; those on its parts too.
pub(crate) fn forget_object(state: &mut State, path: &ObjectPath) {
    if state.schema.comments.is_empty() {
        return;
    }
    let is_of_it = |it: &&ObjectPath| *it == path || (path.part.is_none() && it.part.is_some() && it.name == path.name);
    let keys: Vec<ObjectKey> =
        state.schema.comments.keys().filter(is_of_it).map(|it| ObjectKey::Comment(it.clone())).collect();
    for key in keys {
        state.set(key, None);
    }
}
