//! Snapshots: reading pg 5 to 7 and sqlite 5 and 6, writing pg 7 and sqlite 6 as drizzle-kit 0.31 would.
//!
//! The shapes are those of drizzle-kit's `src/serializer/{pgSchema,sqliteSchema}.ts`; older versions are read as its `up` command would leave them.

mod head;
mod postgres;
mod postgres_shapes;
mod shapes;
mod sqlite;
mod upgrade;
mod write_postgres;
mod write_sqlite;

use schema::{Dialect, Schema};
use serde_json::{Map, Value};

use crate::formats::snapshot_text;

pub(in crate::formats) use head::Head;
pub use snapshot_text::SnapshotError;

/// Reads a snapshot of either dialect and any known version. Unknown fields are ignored, missing optional ones have
/// drizzle-kit's defaults.
pub fn read(text: &str) -> Result<Schema, SnapshotError> {
    let text_without_mark = text.trim_start_matches('\u{feff}');
    let mark = text.len() - text_without_mark.len();
    read_marked(text_without_mark).map_err(|error| SnapshotError { offset: error.offset.map(|at| at + mark), ..error })
}

/// The snapshot that drizzle-kit 0.31 would write for `schema`, in its key order. Facts that no snapshot holds
/// (comments, collations, `INCLUDE`, domains, extensions) are left out.
pub fn write(schema: &Schema, id: &str, previous_id: &str) -> Value {
    match schema.dialect {
        Dialect::Postgres => write_postgres::write(schema, id, previous_id),
        Dialect::Sqlite => write_sqlite::write(schema, id, previous_id),
    }
}

fn read_marked(text: &str) -> Result<Schema, SnapshotError> {
    let head = Head::scan(text);
    let dialect = head.dialect.as_deref().unwrap_or_default();
    let version = head.version.as_deref().unwrap_or_default();
    match (dialect, version) {
        ("pg" | "postgresql", "5" | "6" | "7") => postgres::read(text, version),
        ("sqlite" | "turso", "5" | "6") => sqlite::read(text),
        // Broken JSON may have hidden the header: say that, with its place, rather than that there is no version.
        ("", _) | (_, "") => match serde_json::from_str::<serde::de::IgnoredAny>(text) {
            Ok(_) => Err(SnapshotError {
                message: String::from("is not a drizzle-kit snapshot: it names no dialect and version"),
                help: String::from("Restore the file from version control, or generate the migration again."),
                offset: Some(0),
            }),
            Err(error) => Err(malformed(text, &error)),
        },
        _ => Err(unknown_version(dialect, version)),
    }
}

/// A snapshot of a dialect or version that is not read.
pub(in crate::formats) fn unknown_version(dialect: &str, version: &str) -> SnapshotError {
    let known = "Driftlens reads PostgreSQL 5 to 9 and SQLite 5 to 7, which drizzle-kit 0.20 to 1.0 write";
    let is_old = version.parse::<u32>().is_ok_and(|version| version < 5);
    let help = match dialect {
        "pg" | "postgresql" | "postgres" | "sqlite" | "turso" if is_old => {
            "Run `drizzle-kit up` of a 0.2x release to upgrade the snapshot."
        }
        "pg" | "postgresql" | "postgres" | "sqlite" | "turso" => {
            "A newer drizzle-kit wrote it: update Driftlens, or keep to the drizzle-kit that wrote the other snapshots."
        }
        _ => "Driftlens knows PostgreSQL and SQLite only: take this configuration out of its project.",
    };
    SnapshotError {
        message: format!("has version {version} of dialect {dialect}; {known}"),
        help: help.to_owned(),
        offset: Some(0),
    }
}

/// serde_json's finding with the byte it is about.
fn malformed(text: &str, error: &serde_json::Error) -> SnapshotError {
    snapshot_text::malformed(text, text, error)
}

/// A JSON object in this key order; a key without value is left out.
fn object<const N: usize>(fields: [(&str, Option<Value>); N]) -> Value {
    let map: Map<String, Value> =
        fields.into_iter().filter_map(|(key, value)| value.map(|value| (key.to_owned(), value))).collect();
    Value::Object(map)
}

/// A JSON object of objects by name.
fn record<K: ToString>(entries: impl Iterator<Item = (K, Value)>) -> Option<Value> {
    Some(Value::Object(entries.map(|(key, value)| (key.to_string(), value)).collect()))
}

/// A JSON string, number, boolean or list.
fn json(value: impl Into<Value>) -> Option<Value> {
    Some(value.into())
}

/// The JSON of a default or an option.
fn scalar(scalar: &schema::Scalar) -> Value {
    match scalar.form {
        schema::Form::Null => Value::Null,
        schema::Form::Sql => Value::String(scalar.text.clone()),
        schema::Form::Number | schema::Form::Boolean => {
            serde_json::from_str(&scalar.text).unwrap_or_else(|_| Value::String(scalar.text.clone()))
        }
    }
}

/// The check constraints of a table, alike in both dialects.
fn checks(table: &schema::Table) -> Option<Value> {
    record(table.checks.iter().map(|(name, check)| {
        (name, object([("name", json(check.name.as_str())), ("value", json(check.expression.text.as_str()))]))
    }))
}

/// True where the column is marked as the primary key itself: a key without a name is written on its columns.
fn is_flagged(key: Option<&schema::PrimaryKey>, column: &str) -> bool {
    key.is_some_and(|key| key.name.is_none() && key.columns.iter().any(|name| name == column))
}

#[cfg(test)]
mod tests;
