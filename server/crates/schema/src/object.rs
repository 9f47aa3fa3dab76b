//! Objects by key, whatever their kind: what a step of a replay changes, and what takes it back.

use std::sync::Arc;

use crate::{
    Domain, Enum, Extension, Grant, LinkedPolicy, Name, ObjectKind, ObjectPath, OpaqueKey, OpaqueObject, Role, Schema,
    Sequence, Table, View,
};

/// What stands on its own in a schema. Parts of tables and enums come with what they belong to.
#[derive(Clone, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum ObjectKey {
    Namespace(String),
    Enum(Name),
    Domain(Name),
    Sequence(Name),
    Table(Name),
    View(Name),
    Role(String),
    LinkedPolicy(String),
    Extension(String),
    Opaque(OpaqueKey),
    Grant(ObjectPath, String),
    Comment(ObjectPath),
    /// A name about which nothing is known for sure.
    Unknown(Name),
}

impl ObjectKey {
    /// The object's path; for a grant or a comment that of what it is about.
    pub fn path(&self) -> ObjectPath {
        match self {
            ObjectKey::Namespace(name) => ObjectPath::global(ObjectKind::Namespace, name.as_str()),
            ObjectKey::Enum(name) => ObjectPath::new(ObjectKind::Enum, name),
            ObjectKey::Domain(name) => ObjectPath::new(ObjectKind::Domain, name),
            ObjectKey::Sequence(name) => ObjectPath::new(ObjectKind::Sequence, name),
            ObjectKey::Table(name) => ObjectPath::new(ObjectKind::Table, name),
            ObjectKey::View(name) => ObjectPath::new(ObjectKind::View, name),
            ObjectKey::Role(name) => ObjectPath::global(ObjectKind::Role, name.as_str()),
            ObjectKey::LinkedPolicy(name) => ObjectPath::global(ObjectKind::Policy, name.as_str()),
            ObjectKey::Extension(name) => ObjectPath::global(ObjectKind::Extension, name.as_str()),
            ObjectKey::Opaque(key) => key.path(),
            ObjectKey::Grant(path, _) | ObjectKey::Comment(path) => path.clone(),
            ObjectKey::Unknown(name) => ObjectPath::new(ObjectKind::Opaque, name),
        }
    }
}

/// An object, cheap to clone.
#[derive(Clone, Debug, PartialEq)]
pub enum Object {
    Namespace,
    Enum(Arc<Enum>),
    Domain(Arc<Domain>),
    Sequence(Arc<Sequence>),
    Table(Arc<Table>),
    View(Arc<View>),
    Role(Role),
    LinkedPolicy(Box<LinkedPolicy>),
    Extension(Extension),
    Opaque(Arc<OpaqueObject>),
    Grant(Grant),
    Comment(String),
    Unknown,
}

impl Schema {
    /// The object of a key.
    pub fn object(&self, key: &ObjectKey) -> Option<Object> {
        match key {
            ObjectKey::Namespace(name) => self.namespaces.contains(name).then_some(Object::Namespace),
            ObjectKey::Enum(name) => self.enums.get(name).cloned().map(Object::Enum),
            ObjectKey::Domain(name) => self.domains.get(name).cloned().map(Object::Domain),
            ObjectKey::Sequence(name) => self.sequences.get(name).cloned().map(Object::Sequence),
            ObjectKey::Table(name) => self.tables.get(name).cloned().map(Object::Table),
            ObjectKey::View(name) => self.views.get(name).cloned().map(Object::View),
            ObjectKey::Role(name) => self.roles.get(name).cloned().map(Object::Role),
            ObjectKey::LinkedPolicy(name) => self.policies.get(name).cloned().map(Box::new).map(Object::LinkedPolicy),
            ObjectKey::Extension(name) => self.extensions.get(name).cloned().map(Object::Extension),
            ObjectKey::Opaque(key) => self.opaque.get(key).cloned().map(Object::Opaque),
            ObjectKey::Grant(path, role) => self.grants.get(&(path.clone(), role.clone())).cloned().map(Object::Grant),
            ObjectKey::Comment(path) => self.comments.get(path).cloned().map(Object::Comment),
            ObjectKey::Unknown(name) => self.unknown.contains(name).then_some(Object::Unknown),
        }
    }

    /// Puts an object in its place or takes it away. An object of another kind than its key's is ignored.
    pub fn set_object(&mut self, key: &ObjectKey, object: Option<Object>) {
        match (key, object) {
            (ObjectKey::Namespace(name), Some(Object::Namespace)) => {
                if !self.namespaces.contains(name) {
                    self.namespaces.push(name.clone());
                }
            }
            (ObjectKey::Enum(name), Some(Object::Enum(it))) => drop(self.enums.insert(name.clone(), it)),
            (ObjectKey::Domain(name), Some(Object::Domain(it))) => drop(self.domains.insert(name.clone(), it)),
            (ObjectKey::Sequence(name), Some(Object::Sequence(it))) => drop(self.sequences.insert(name.clone(), it)),
            (ObjectKey::Table(name), Some(Object::Table(it))) => drop(self.tables.insert(name.clone(), it)),
            (ObjectKey::View(name), Some(Object::View(it))) => drop(self.views.insert(name.clone(), it)),
            (ObjectKey::Role(name), Some(Object::Role(it))) => drop(self.roles.insert(name.clone(), it)),
            (ObjectKey::LinkedPolicy(name), Some(Object::LinkedPolicy(it))) => {
                self.policies.insert(name.clone(), *it);
            }
            (ObjectKey::Extension(name), Some(Object::Extension(it))) => drop(self.extensions.insert(name.clone(), it)),
            (ObjectKey::Opaque(key), Some(Object::Opaque(it))) => drop(self.opaque.insert(key.clone(), it)),
            (ObjectKey::Grant(path, role), Some(Object::Grant(it))) => {
                self.grants.insert((path.clone(), role.clone()), it);
            }
            (ObjectKey::Comment(path), Some(Object::Comment(it))) => drop(self.comments.insert(path.clone(), it)),
            (ObjectKey::Unknown(name), Some(Object::Unknown)) => drop(self.unknown.insert(name.clone())),
            (_, Some(_)) => {}
            (key, None) => self.remove_object(key),
        }
    }

    fn remove_object(&mut self, key: &ObjectKey) {
        match key {
            ObjectKey::Namespace(name) => self.namespaces.retain(|it| it != name),
            ObjectKey::Enum(name) => drop(self.enums.shift_remove(name)),
            ObjectKey::Domain(name) => drop(self.domains.shift_remove(name)),
            ObjectKey::Sequence(name) => drop(self.sequences.shift_remove(name)),
            ObjectKey::Table(name) => drop(self.tables.shift_remove(name)),
            ObjectKey::View(name) => drop(self.views.shift_remove(name)),
            ObjectKey::Role(name) => drop(self.roles.shift_remove(name)),
            ObjectKey::LinkedPolicy(name) => drop(self.policies.shift_remove(name)),
            ObjectKey::Extension(name) => drop(self.extensions.shift_remove(name)),
            ObjectKey::Opaque(key) => drop(self.opaque.shift_remove(key)),
            ObjectKey::Grant(path, role) => drop(self.grants.shift_remove(&(path.clone(), role.clone()))),
            ObjectKey::Comment(path) => drop(self.comments.shift_remove(path)),
            ObjectKey::Unknown(name) => drop(self.unknown.remove(name)),
        }
    }
}
