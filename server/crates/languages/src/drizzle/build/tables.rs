//! Tables: name, columns, then everything the extras add.

use std::rc::Rc;
use std::sync::Arc;

use schema::{Dialect, Name, ObjectKind, ObjectPath, PrimaryKey, Table};
use source::Location;

use super::super::entities::{Entity, Known, TableSpec};
use super::super::evaluate::{Interpreter, Reason, Value};
use super::{Build, Item};

impl Interpreter<'_> {
    /// A table's full name in the model's terms.
    pub(crate) fn table_name(&self, table: &TableSpec) -> Known<Name> {
        let namespace = match &table.namespace {
            Some(namespace) => namespace.clone()?.to_string(),
            None => table.dialect.default_namespace().to_owned(),
        };
        Ok(Name::new(namespace, table.name.clone()?.to_string()))
    }
}

/// Every kind of part that a table lists by name.
const PARTS: [ObjectKind; 7] = [
    ObjectKind::Column,
    ObjectKind::Index,
    ObjectKind::Unique,
    ObjectKind::PrimaryKey,
    ObjectKind::ForeignKey,
    ObjectKind::Check,
    ObjectKind::Policy,
];

/// What a table is being made of.
pub(super) struct Draft {
    pub(super) table: Table,
    /// The table's own name as drizzle-orm puts it in default names.
    pub(super) plain_name: String,
}

impl Build<'_, '_> {
    pub(super) fn table(&mut self, spec: &Rc<TableSpec>) {
        self.out.identity = spec.identity;
        let name = match self.interpreter.table_name(spec) {
            Ok(name) => name,
            Err(reason) => {
                self.out.item = Item::Unknown;
                let focus = self.focus.clone();
                return self.unknown(None, "the name of this table", &reason, &focus);
            }
        };
        self.declare(ObjectPath::new(ObjectKind::Table, &name), &spec.site);
        let mut draft = Draft { plain_name: name.name.clone(), table: Table::new(name) };
        draft.table.row_level_security = spec.row_level_security.get();
        self.columns(&mut draft, spec);
        self.extras(&mut draft, spec);
        if self.interpreter.reads_broken_code() {
            // Half-typed code may have lost any part: the file's own finding says so.
            PARTS.into_iter().for_each(|kind| draft.table.set_open(kind));
        }
        self.out.item = Item::Table(Arc::new(draft.table));
    }

    fn extras(&mut self, draft: &mut Draft, spec: &Rc<TableSpec>) {
        let itself = Value::Entity(Entity::Table(spec.clone()));
        let value = match &spec.extras {
            Value::Undefined | Value::Null => return,
            Value::Function(_) => {
                let (callback, site) = (spec.extras.clone(), spec.site.clone());
                self.interpreter.nested(|interpreter| interpreter.call(&callback, vec![itself], &site))
            }
            other => other.clone(),
        };
        for item in self.extra_items(draft, &value) {
            self.extra(draft, &item);
        }
    }

    /// The array, or the values of the older object form.
    fn extra_items(&mut self, draft: &mut Draft, value: &Value) -> Vec<Value> {
        match value {
            Value::Array(items) => {
                let mut flat = Vec::new();
                for item in items.borrow().iter() {
                    match item {
                        Value::Array(inner) => flat.extend(inner.borrow().iter().cloned()),
                        other => flat.push(other.clone()),
                    }
                }
                flat
            }
            Value::Object(object) => {
                if let Some(reason) = object.open_reason() {
                    self.open_extras(draft, &reason);
                }
                object.keys().iter().map(|key| self.interpreter.property(object, key)).collect()
            }
            Value::Unknown(reason) => {
                self.open_extras(draft, reason);
                Vec::new()
            }
            _ => Vec::new(),
        }
    }

    /// Something in the extras is unknown: it may be an index, a key, anything.
    fn open_extras(&mut self, draft: &mut Draft, reason: &Rc<Reason>) {
        PARTS.into_iter().filter(|kind| *kind != ObjectKind::Column).for_each(|kind| draft.table.set_open(kind));
        let (path, focus) = (ObjectPath::new(ObjectKind::Table, &draft.table.name), self.focus.clone());
        self.unknown(Some(path), "an index or constraint of this table", reason, &focus);
    }

    fn extra(&mut self, draft: &mut Draft, item: &Value) {
        match item {
            Value::Unknown(reason) => self.open_extras(draft, reason),
            Value::Entity(Entity::Index(spec)) => self.index(draft, spec),
            Value::Entity(Entity::Unique(spec)) => self.unique(draft, spec),
            Value::Entity(Entity::PrimaryKey(spec)) => self.primary_key(draft, spec),
            Value::Entity(Entity::ForeignKey(spec)) => self.foreign_key(draft, spec),
            Value::Entity(Entity::Check(spec)) => self.check(draft, spec),
            Value::Entity(Entity::Policy(spec)) if self.dialect == Dialect::Postgres => self.table_policy(draft, spec),
            _ => {}
        }
    }

    /// One kind of part is not known as a whole.
    pub(super) fn open_part(
        &mut self,
        draft: &mut Draft,
        kind: ObjectKind,
        what: &str,
        reason: &Rc<Reason>,
        at: &Location,
    ) {
        draft.table.set_open(kind);
        let path = ObjectPath::new(ObjectKind::Table, &draft.table.name);
        self.unknown(Some(path), what, reason, at);
    }

    /// Where a part made by a call of its own stands: the call inside the declaration, else the declaration's name.
    pub(super) fn call_place(&self, site: &Location) -> Location {
        if self.is_home(site) { site.clone() } else { self.focus.clone() }
    }

    /// Adds a column to the key that columns declare themselves.
    pub(super) fn inline_primary_key(draft: &mut Draft, column: &str) {
        match &mut draft.table.primary_key {
            Some(key) if key.name.is_none() => key.columns.push(column.to_owned()),
            Some(_) => {}
            None => {
                draft.table.primary_key = Some(PrimaryKey::new(None, vec![column.to_owned()]));
            }
        }
    }
}
