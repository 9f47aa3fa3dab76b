//! What PostgreSQL snapshots of versions 5 and 6 say otherwise than version 7, brought to the way of version 7.

use std::collections::HashMap;

use schema::Unique;
use serde_json::Value;

use super::postgres_shapes::{RawColumn, RawSnapshot};

/// Names the enum of each column whose type is one. Old snapshots lack `typeSchema`, and a schema file always knows the enum:
/// without this every enum column would differ.
pub(super) fn name_enums(raw: &mut RawSnapshot<'_>) {
    let mut namespaces: HashMap<&str, &str> = HashMap::new();
    for (key, raw) in &raw.enums {
        let (key_namespace, key_name) = key.split_once('.').unwrap_or(("public", key));
        let namespace = raw.schema.as_deref().filter(|name| !name.is_empty()).unwrap_or(key_namespace);
        namespaces.insert(raw.name.as_deref().unwrap_or(key_name), namespace);
    }
    for column in raw.tables.values_mut().flat_map(|table| table.columns.values_mut()) {
        if column.type_schema.is_none() {
            column.type_schema = namespaces.get(element_type(&column.sql_type)).map(|name| (*name).to_owned());
        }
    }
}

/// The unique constraint that a column's own `isUnique` stands for.
pub(super) fn column_unique(table: &str, key: &str, column: &mut RawColumn<'_>) -> Option<Unique> {
    if !matches!(column.is_unique, Some(Value::Bool(true))) {
        return None;
    }
    let column_name = column.name.as_deref().unwrap_or(key);
    let name = column.unique_name.take().unwrap_or_else(|| format!("{table}_{column_name}_unique"));
    Some(Unique::new(name, vec![column_name.to_owned()], column.nulls_not_distinct))
}

/// `mood` of `mood`, `mood[]` and `mood[3][2]`.
pub(super) fn element_type(sql_type: &str) -> &str {
    sql_type.split_once('[').map_or(sql_type, |(element, _)| element).trim_end()
}
