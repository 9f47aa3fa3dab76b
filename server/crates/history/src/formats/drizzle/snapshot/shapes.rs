//! The pieces of JSON that snapshots of both dialects share, and how they become parts of the model.

use schema::{Deferral, Dialect, ForeignKey, ForeignKeyAction, Form, Map, Name, Scalar, SequenceOptions, SqlType};
use serde::{Deserialize, Deserializer};
use serde_json::value::RawValue;

/// An object of objects by name, in the file's order.
pub(super) type Record<T> = Map<String, T>;

#[derive(Deserialize)]
pub(super) struct RawGenerated {
    #[serde(rename = "as")]
    pub(super) expression: String,
    #[serde(rename = "type", default)]
    pub(super) kind: String,
}

/// A primary key of several columns, a unique constraint.
#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
pub(super) struct RawKey {
    pub(super) name: Option<String>,
    pub(super) columns: Vec<String>,
    #[serde(default)]
    pub(super) nulls_not_distinct: bool,
}

#[derive(Deserialize)]
pub(super) struct RawCheck {
    pub(super) name: Option<String>,
    pub(super) value: String,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
pub(super) struct RawForeignKey {
    pub(super) name: Option<String>,
    pub(super) table_to: String,
    pub(super) schema_to: Option<String>,
    pub(super) columns_from: Vec<String>,
    pub(super) columns_to: Vec<String>,
    pub(super) on_delete: Option<String>,
    pub(super) on_update: Option<String>,
}

impl RawForeignKey {
    pub(super) fn into_model(self, key: &str, dialect: Dialect) -> ForeignKey {
        let action = |word: Option<&str>| word.and_then(ForeignKeyAction::parse).unwrap_or(ForeignKeyAction::NoAction);
        ForeignKey {
            name: self.name.unwrap_or_else(|| key.to_owned()),
            columns: self.columns_from,
            to: Name::new(namespace(dialect, self.schema_to), self.table_to),
            to_columns: self.columns_to,
            on_delete: action(self.on_delete.as_deref()),
            on_update: action(self.on_update.as_deref()),
            unnamed: false,
            match_full: false,
            deferral: Deferral::Immediate,
            not_valid: false,
        }
    }
}

/// A sequence's numbers, of an identity column too.
#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
pub(super) struct RawSequence {
    pub(super) name: Option<String>,
    pub(super) schema: Option<String>,
    /// Of an identity column: `always` or `byDefault`.
    #[serde(rename = "type", default)]
    pub(super) kind: String,
    increment: Option<String>,
    min_value: Option<String>,
    max_value: Option<String>,
    start_with: Option<String>,
    cache: Option<String>,
    #[serde(default)]
    cycle: bool,
}

impl RawSequence {
    /// Missing numbers are those that drizzle-kit would have written: a bigint's, mirrored where the sequence counts down.
    pub(super) fn into_options(self) -> SequenceOptions {
        let increment = self.increment.unwrap_or_else(|| String::from("1"));
        let counts_down = increment.starts_with('-');
        let (min, max) = if counts_down { ("-9223372036854775808", "-1") } else { ("1", "9223372036854775807") };
        let min_value = self.min_value.unwrap_or_else(|| min.to_owned());
        let max_value = self.max_value.unwrap_or_else(|| max.to_owned());
        let start = if counts_down { &max_value } else { &min_value };
        SequenceOptions {
            start_with: self.start_with.unwrap_or_else(|| start.clone()),
            cache: self.cache.unwrap_or_else(|| String::from("1")),
            cycle: self.cycle,
            increment,
            min_value,
            max_value,
        }
    }
}

/// A value that is there, even where it is null: `.default(null)` is written so on PostgreSQL.
pub(super) fn present<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Option<&'de RawValue>, D::Error> {
    <&RawValue>::deserialize(deserializer).map(Some)
}

/// A column's default from its JSON. A string is SQL; an object, which only sqlite 5 has, is what drizzle-kit's `up`
/// makes of it: a SQL string of its JSON.
pub(super) fn default_of(dialect: Dialect, raw: &RawValue, sql_type: &SqlType) -> Scalar {
    let (text, form) = text_and_form(raw.get());
    dialects::default(dialect, &text, form, sql_type)
}

/// An option of an index or a view.
pub(super) fn option_of(raw: &RawValue) -> Scalar {
    let (text, form) = text_and_form(raw.get());
    dialects::option_value(&text, form)
}

/// The namespace that a field names; the dialect's own where it is missing or empty.
pub(super) fn namespace(dialect: Dialect, written: Option<String>) -> String {
    written.filter(|name| !name.is_empty()).unwrap_or_else(|| dialect.default_namespace().to_owned())
}

fn text_and_form(raw: &str) -> (String, Form) {
    match raw.as_bytes().first() {
        Some(b'"') => (serde_json::from_str(raw).unwrap_or_default(), Form::Sql),
        Some(b't' | b'f') => (raw.to_owned(), Form::Boolean),
        Some(b'n') => (String::from("NULL"), Form::Null),
        Some(b'{' | b'[') => {
            let compact = serde_json::from_str::<serde_json::Value>(raw).map(|value| value.to_string());
            (format!("'{}'", compact.as_deref().unwrap_or(raw)), Form::Sql)
        }
        _ => (raw.to_owned(), Form::Number),
    }
}
