//! Objects as GRANT and COMMENT ON name them.

use schema::{Dialect, Name, ObjectKind, ObjectPath, OpaqueKind, Schema};
use std::collections::HashMap;

use crate::quote_identifier;
use crate::sql_text::quoted;

const DIALECT: Dialect = Dialect::Postgres;

/// The objects of a schema, to tell what a path is about.
pub(crate) struct Objects<'a> {
    pub(crate) schema: &'a Schema,
    /// Kinds of what is known by name only: by name, for triggers and rules by their table and their own name.
    opaque: HashMap<(&'a Name, Option<&'a str>), OpaqueKind>,
}

impl<'a> Objects<'a> {
    pub(crate) fn new(schema: &'a Schema) -> Objects<'a> {
        let opaque = schema.opaque.keys().map(|key| match &key.on {
            Some(table) => ((table, Some(key.name.name.as_str())), key.kind),
            None => ((&key.name, None), key.kind),
        });
        Objects { schema, opaque: opaque.collect() }
    }

    pub(crate) fn opaque_kind(&self, path: &ObjectPath) -> Option<OpaqueKind> {
        self.opaque.get(&(&path.name, path.part.as_deref())).copied()
    }

    /// True where a statement makes the object.
    pub(crate) fn is_made(&self, path: &ObjectPath) -> bool {
        if path.kind == ObjectKind::Opaque {
            let is_known = self.schema.opaque_of(path).any(|(_, object)| object.definition.is_some());
            let is_relation = [ObjectKind::Table, ObjectKind::View]
                .map(|kind| ObjectPath { kind, name: path.name.clone(), part: None })
                .iter()
                .any(|on| self.schema.contains(on) && self.is_made(on));
            return is_known && (path.part.is_none() || is_relation);
        }
        if let Some(table) = self.schema.tables.get(&path.name) {
            return !table.opaque;
        }
        if let Some(view) = self.schema.views.get(&path.name) {
            return !view.existing && !view.opaque;
        }
        !self.opaque.contains_key(&(&path.name, None))
    }

    /// The object's own name. A function's argument types are part of its name and stay as they are.
    pub(crate) fn text(&self, path: &ObjectPath) -> String {
        let kind = if path.kind == ObjectKind::Opaque { self.opaque_kind(path) } else { None };
        let is_routine = matches!(kind, Some(OpaqueKind::Function | OpaqueKind::Procedure | OpaqueKind::Aggregate));
        match path.name.name.split_once('(') {
            Some((name, arguments)) if is_routine => {
                format!("{}({arguments}", quoted(DIALECT, &Name::new(path.name.namespace.as_str(), name)))
            }
            _ => quoted(DIALECT, &path.name),
        }
    }
}

/// A part and what it belongs to: `CONSTRAINT "c" ON "t"`.
pub(crate) fn part_text(class: &str, path: &ObjectPath) -> Option<String> {
    let part = quote_identifier(DIALECT, path.part.as_deref()?);
    Some(format!("{class} {part} ON {}", quoted(DIALECT, &path.name)))
}
