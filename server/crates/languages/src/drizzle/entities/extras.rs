//! What a table's third argument makes: indexes, keys, checks.

use std::rc::Rc;
use std::sync::Arc;

use source::Location;

use super::super::evaluate::{Interpreter, Value};
use super::{Entity, Known, known_string};

#[derive(Clone)]
pub(crate) struct IndexSpec {
    pub(crate) name: Option<Known<Arc<str>>>,
    pub(crate) unique: bool,
    /// None until `.on(…)` or `.using(…)`.
    pub(crate) columns: Option<Vec<Value>>,
    pub(crate) method: Option<Value>,
    pub(crate) concurrently: bool,
    pub(crate) predicate: Option<Value>,
    pub(crate) with: Option<Value>,
    pub(crate) site: Location,
}

#[derive(Clone)]
pub(crate) struct UniqueSpec {
    pub(crate) name: Option<Known<Arc<str>>>,
    pub(crate) columns: Vec<Value>,
    pub(crate) nulls_not_distinct: bool,
    pub(crate) site: Location,
}

#[derive(Clone)]
pub(crate) struct PrimaryKeySpec {
    pub(crate) name: Option<Known<Arc<str>>>,
    pub(crate) columns: Vec<Value>,
    pub(crate) site: Location,
}

#[derive(Clone)]
pub(crate) struct ForeignKeySpec {
    pub(crate) name: Option<Known<Arc<str>>>,
    pub(crate) columns: Value,
    pub(crate) foreign_columns: Value,
    pub(crate) on_delete: Value,
    pub(crate) on_update: Value,
    pub(crate) site: Location,
}

#[derive(Clone)]
pub(crate) struct CheckSpec {
    pub(crate) name: Known<Arc<str>>,
    pub(crate) expression: Value,
    pub(crate) site: Location,
}

fn optional_name(interpreter: &Interpreter<'_>, value: Option<&Value>, at: &Location) -> Option<Known<Arc<str>>> {
    match value {
        None | Some(Value::Undefined) => None,
        Some(value) => Some(known_string(interpreter, value, at)),
    }
}

/// `index(name?)`, `unique(name?)`, `primaryKey({…})`, `foreignKey({…})`, `check(name, sql)`.
pub(super) fn make(interpreter: &mut Interpreter<'_>, function: &str, arguments: Vec<Value>, at: &Location) -> Value {
    let site = at.clone();
    let first = arguments.first().cloned().unwrap_or(Value::Undefined);
    Value::Entity(match function {
        "index" | "uniqueIndex" => Entity::Index(Rc::new(IndexSpec {
            name: optional_name(interpreter, arguments.first(), at),
            unique: function == "uniqueIndex",
            columns: None,
            method: None,
            concurrently: false,
            predicate: None,
            with: None,
            site,
        })),
        "unique" => Entity::Unique(Rc::new(UniqueSpec {
            name: optional_name(interpreter, arguments.first(), at),
            columns: Vec::new(),
            nulls_not_distinct: false,
            site,
        })),
        "primaryKey" => {
            // The older form lists the columns as arguments.
            let (name, columns) = match &first {
                Value::Object(config) => {
                    let name = interpreter.property(config, "name");
                    let columns = interpreter.property(config, "columns");
                    (optional_name(interpreter, Some(&name), at), list(columns))
                }
                _ => (None, arguments),
            };
            Entity::PrimaryKey(Rc::new(PrimaryKeySpec { name, columns, site }))
        }
        "foreignKey" => {
            let (name, columns, foreign_columns) = match &first {
                Value::Object(config) => (
                    interpreter.property(config, "name"),
                    interpreter.property(config, "columns"),
                    interpreter.property(config, "foreignColumns"),
                ),
                callback @ Value::Function(_) => match interpreter.call(callback, Vec::new(), at) {
                    Value::Object(config) => (
                        interpreter.property(&config, "name"),
                        interpreter.property(&config, "columns"),
                        interpreter.property(&config, "foreignColumns"),
                    ),
                    other => (Value::Undefined, other.clone(), other),
                },
                other => (Value::Undefined, other.clone(), other.clone()),
            };
            Entity::ForeignKey(Rc::new(ForeignKeySpec {
                name: optional_name(interpreter, Some(&name), at),
                columns,
                foreign_columns,
                on_delete: Value::Undefined,
                on_update: Value::Undefined,
                site,
            }))
        }
        _ => Entity::Check(Rc::new(CheckSpec {
            name: known_string(interpreter, &first, at),
            expression: arguments.get(1).cloned().unwrap_or(Value::Undefined),
            site,
        })),
    })
}

/// An array's elements; anything else stays one element, so that its reason is not lost.
fn list(value: Value) -> Vec<Value> {
    value.as_array().unwrap_or_else(|| vec![value])
}

/// `.on(…)`, `.where(…)`, `.onDelete(…)` and the like.
pub(super) fn method(
    interpreter: &mut Interpreter<'_>,
    entity: &Entity,
    name: &str,
    arguments: Vec<Value>,
    at: &Location,
) -> Value {
    let first = arguments.first().cloned();
    let changed = match entity {
        Entity::Index(spec) => {
            let mut spec = (**spec).clone();
            match name {
                "on" | "onOnly" => spec.columns = Some(arguments),
                "using" => {
                    spec.method = first;
                    spec.columns = Some(arguments.into_iter().skip(1).collect());
                }
                "concurrently" => spec.concurrently = true,
                "where" => spec.predicate = first,
                "with" => spec.with = first,
                "asc" | "desc" => {}
                _ => return interpreter.unknown(format!("`.{name}()` of an index is not known"), at.clone()),
            }
            Entity::Index(Rc::new(spec))
        }
        Entity::Unique(spec) => {
            let mut spec = (**spec).clone();
            match name {
                "on" => spec.columns = arguments,
                "nullsNotDistinct" => spec.nulls_not_distinct = true,
                _ => return interpreter.unknown(format!("`.{name}()` of a constraint is not known"), at.clone()),
            }
            Entity::Unique(Rc::new(spec))
        }
        Entity::ForeignKey(spec) => {
            let mut spec = (**spec).clone();
            match name {
                "onDelete" => spec.on_delete = first.unwrap_or(Value::Undefined),
                "onUpdate" => spec.on_update = first.unwrap_or(Value::Undefined),
                _ => return interpreter.unknown(format!("`.{name}()` of a foreign key is not known"), at.clone()),
            }
            Entity::ForeignKey(Rc::new(spec))
        }
        other => other.clone(),
    };
    Value::Entity(changed)
}
