//! `GRANT` and `REVOKE` on objects.

use schema::{Grant, Name, Object, ObjectKey, ObjectKind, ObjectPath};

use super::{comments, types};
use crate::sql::State;
use crate::sql::state::Relation;
use crate::sql::statement::{Class, Privileges};

pub(crate) fn grant(state: &mut State, statement: &Privileges) {
    for (path, class) in objects(state, statement) {
        let privileges = spelled(&statement.privileges, class);
        for role in &statement.roles {
            let key = ObjectKey::Grant(path.clone(), role.clone());
            let mut grant = match state.schema.object(&key) {
                Some(Object::Grant(grant)) => grant,
                _ => {
                    Grant { on: path.clone(), to: role.clone(), privileges: Vec::new(), with_grant_option: Vec::new() }
                }
            };
            add(&mut grant.privileges, &privileges);
            if statement.grant_option {
                add(&mut grant.with_grant_option, &privileges);
            }
            state.set(key, Some(Object::Grant(grant)));
        }
    }
}

pub(crate) fn revoke(state: &mut State, statement: &Privileges) {
    for (path, class) in objects(state, statement) {
        let privileges = spelled(&statement.privileges, class);
        for role in &statement.roles {
            let key = ObjectKey::Grant(path.clone(), role.clone());
            let Some(Object::Grant(mut grant)) = state.schema.object(&key) else { continue };
            grant.with_grant_option.retain(|it| !privileges.contains(it));
            if !statement.grant_option {
                grant.privileges.retain(|it| !privileges.contains(it));
            }
            let is_left = !grant.privileges.is_empty();
            state.set(key, is_left.then_some(Object::Grant(grant)));
        }
    }
}

fn add(held: &mut Vec<String>, privileges: &[String]) {
    held.extend(privileges.iter().cloned());
    held.sort();
    held.dedup();
}

/// `ALL` as the privileges that the class of object has. (Privileges, table 5.2.)
fn spelled(privileges: &[String], class: Class) -> Vec<String> {
    if !privileges.iter().any(|it| it == "ALL") {
        return privileges.to_vec();
    }
    let all: &[&str] = match class {
        Class::Sequence => &["SELECT", "UPDATE", "USAGE"],
        Class::Namespace => &["CREATE", "USAGE"],
        Class::Opaque(_) => &["EXECUTE"],
        Class::Type | Class::Domain => &["USAGE"],
        _ => &["DELETE", "INSERT", "REFERENCES", "SELECT", "TRIGGER", "TRUNCATE", "UPDATE"],
    };
    all.iter().map(|it| (*it).to_owned()).collect()
}

fn objects(state: &mut State, statement: &Privileges) -> Vec<(ObjectPath, Class)> {
    let mut found = Vec::new();
    for target in &statement.on {
        for path in comments::paths(state, target) {
            let class = match path.kind {
                ObjectKind::Sequence => Class::Sequence,
                _ => target.class,
            };
            found.push((path, class));
        }
    }
    if let Some((class, namespaces)) = &statement.all_in {
        for namespace in namespaces {
            found.extend(all_in(state, *class, &namespace.text).into_iter().map(|path| (path, *class)));
        }
    }
    found
}

fn all_in(state: &State, class: Class, namespace: &str) -> Vec<ObjectPath> {
    let is_in = |name: &&Name| name.namespace == namespace;
    let schema = &state.schema;
    match class {
        Class::Table => {
            let tables = schema.tables.keys().filter(is_in).map(|name| ObjectPath::new(ObjectKind::Table, name));
            tables
                .chain(schema.views.keys().filter(is_in).map(|name| ObjectPath::new(ObjectKind::View, name)))
                .collect()
        }
        Class::Sequence => {
            schema.sequences.keys().filter(is_in).map(|name| ObjectPath::new(ObjectKind::Sequence, name)).collect()
        }
        Class::Opaque(kind) => {
            let keys = schema.opaque.keys().filter(|key| key.kind == kind && key.name.namespace == namespace);
            keys.map(schema::OpaqueKey::path).collect()
        }
        _ => Vec::new(),
    }
}

/// Privileges go with the object they are on.
pub(crate) fn forget_object(state: &mut State, path: &ObjectPath) {
    if state.schema.grants.is_empty() {
        return;
    }
    let keys: Vec<ObjectKey> = state
        .schema
        .grants
        .keys()
        .filter(|(on, _)| on == path)
        .map(|(on, role)| ObjectKey::Grant(on.clone(), role.clone()))
        .collect();
    for key in keys {
        state.set(key, None);
    }
}

/// The relation that a table's name in GRANT means: sequences and views are granted as tables too.
pub(crate) fn relation_path(name: Name, relation: &Relation) -> ObjectPath {
    match relation {
        Relation::Table => ObjectPath::new(ObjectKind::Table, &name),
        Relation::View => ObjectPath::new(ObjectKind::View, &name),
        Relation::Sequence => ObjectPath::new(ObjectKind::Sequence, &name),
        Relation::Index(table) => ObjectPath::part(ObjectKind::Index, table, name.name),
        Relation::Composite => types::type_path(&name),
    }
}
