//! The rows that a schema has in a snapshot, and the snapshots made of them.

use std::path::Path;

use schema::{Dialect, Expression, ForeignKey, Form, ObjectKind, Scalar, Schema, Table};
use serde_json::{Map, Value, json};
use source::FilePath;

use super::state::Row;
use super::{write_postgres, write_sqlite};

/// Every row of a schema.
pub(super) fn rows(schema: &Schema) -> Vec<Row> {
    match schema.dialect {
        Dialect::Postgres => write_postgres::rows(schema),
        Dialect::Sqlite => write_sqlite::rows(schema),
    }
}

/// A row as a snapshot lists it.
pub(super) fn listed(row: Row) -> Value {
    let mut fields = row.fields;
    fields.insert(String::from("entityType"), Value::from(row.kind));
    Value::Object(fields)
}

/// A row that stands in no file yet.
pub(super) fn row(kind: &str, fields: Value) -> Row {
    let fields = match fields {
        Value::Object(fields) => fields,
        _ => Map::new(),
    };
    Row { kind: kind.to_owned(), fields, file: FilePath::from(Path::new("")), offset: 0 }
}

/// False for a name that drizzle-kit made.
pub(super) fn is_chosen(table: &Table, kind: ObjectKind, name: &str) -> bool {
    !table.default_names.contains(&(kind, name.to_owned()))
}

/// What happens when the referenced row is updated, and when it is deleted.
pub(super) fn actions(key: &ForeignKey) -> (String, String) {
    (key.on_update.as_str().to_uppercase(), key.on_delete.as_str().to_uppercase())
}

pub(super) fn optional(expression: Option<&Expression>) -> Value {
    expression.map_or(Value::Null, |it| json!(it.text))
}

/// The JSON of an option.
pub(super) fn value(scalar: &Scalar) -> Value {
    match scalar.form {
        Form::Null => Value::Null,
        Form::Sql => Value::String(scalar.text.clone()),
        Form::Number | Form::Boolean => {
            serde_json::from_str(&scalar.text).unwrap_or_else(|_| Value::String(scalar.text.clone()))
        }
    }
}
