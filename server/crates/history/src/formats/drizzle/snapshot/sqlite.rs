//! SQLite snapshots, versions 5 and 6. Version 5 differs in having no views and defaults that may be objects.

use std::sync::Arc;

use schema::{
    Check, Column, ColumnFacts, Dialect, Generated, Index, IndexColumn, IndexKey, Name, PrimaryKey, Schema, Table,
    Unique, View,
};
use serde::Deserialize;
use serde_json::value::RawValue;

use super::shapes::{self, RawCheck, RawForeignKey, RawGenerated, RawKey, Record};
use super::{SnapshotError, malformed};

const DIALECT: Dialect = Dialect::Sqlite;

#[derive(Deserialize)]
#[serde(bound(deserialize = "'de: 'a"))]
struct RawSnapshot<'a> {
    #[serde(default)]
    tables: Record<RawTable<'a>>,
    #[serde(default)]
    views: Record<RawView<'a>>,
    #[serde(default)]
    internal: RawInternal,
}

#[derive(Default, Deserialize)]
struct RawInternal {
    #[serde(default)]
    indexes: Record<Option<RawIndexInternal>>,
}

#[derive(Default, Deserialize)]
struct RawIndexInternal {
    #[serde(default)]
    columns: Record<Option<RawIndexColumnInternal>>,
}

#[derive(Default, Deserialize)]
#[serde(rename_all = "camelCase")]
struct RawIndexColumnInternal {
    #[serde(default)]
    is_expression: bool,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase", bound(deserialize = "'de: 'a"))]
struct RawTable<'a> {
    name: Option<String>,
    #[serde(default)]
    columns: Record<RawColumn<'a>>,
    #[serde(default)]
    indexes: Record<RawIndex>,
    #[serde(default)]
    foreign_keys: Record<RawForeignKey>,
    #[serde(default)]
    composite_primary_keys: Record<RawKey>,
    #[serde(default)]
    unique_constraints: Record<RawKey>,
    #[serde(default)]
    check_constraints: Record<RawCheck>,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase", bound(deserialize = "'de: 'a"))]
struct RawColumn<'a> {
    name: Option<String>,
    #[serde(rename = "type")]
    sql_type: String,
    #[serde(default)]
    primary_key: bool,
    #[serde(default)]
    not_null: bool,
    #[serde(default)]
    autoincrement: bool,
    #[serde(default, borrow, deserialize_with = "shapes::present")]
    default: Option<&'a RawValue>,
    generated: Option<RawGenerated>,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct RawIndex {
    name: Option<String>,
    columns: Vec<String>,
    #[serde(default)]
    is_unique: bool,
    #[serde(rename = "where")]
    predicate: Option<String>,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase", bound(deserialize = "'de: 'a"))]
struct RawView<'a> {
    name: Option<String>,
    #[serde(default)]
    columns: Record<RawColumn<'a>>,
    definition: Option<String>,
    #[serde(default)]
    is_existing: bool,
}

/// Reads a snapshot whose dialect and version are already known to fit.
pub(super) fn read(text: &str) -> Result<Schema, SnapshotError> {
    let raw: RawSnapshot<'_> = serde_json::from_str(text).map_err(|error| malformed(text, &error))?;
    let mut schema = Schema::new(DIALECT);
    for (key, table) in raw.tables {
        let table = table_of(key, table, &raw.internal);
        schema.tables.insert(table.name.clone(), Arc::new(table));
    }
    for (key, view) in raw.views {
        let view = view_of(key, view);
        schema.views.insert(view.name.clone(), Arc::new(view));
    }
    Ok(schema)
}

fn table_of(key: String, raw: RawTable<'_>, internal: &RawInternal) -> Table {
    let mut table = Table::new(Name::new("", raw.name.unwrap_or(key)));
    let mut flagged = Vec::new();
    for (key, column) in raw.columns {
        if column.primary_key {
            flagged.push(column.name.clone().unwrap_or_else(|| key.clone()));
        }
        table.columns.insert(key.clone(), column_of(key, column));
    }
    let composite = raw.composite_primary_keys.into_iter().next();
    table.primary_key = match composite {
        Some((key, raw)) => Some(PrimaryKey::new(Some(raw.name.unwrap_or(key)), raw.columns)),
        None if flagged.is_empty() => None,
        None => Some(PrimaryKey::new(None, flagged)),
    };
    for (key, index) in raw.indexes {
        let index = index_of(&key, index, internal);
        table.indexes.insert(key, index);
    }
    for (key, raw) in raw.unique_constraints {
        let name = raw.name.unwrap_or_else(|| key.clone());
        table.uniques.insert(key, Unique::new(name, raw.columns, false));
    }
    for (key, raw) in raw.foreign_keys {
        let foreign_key = raw.into_model(&key, DIALECT);
        table.foreign_keys.insert(key, foreign_key);
    }
    for (key, raw) in raw.check_constraints {
        let name = raw.name.unwrap_or_else(|| key.clone());
        table.checks.insert(key, Check::new(name, dialects::expression(DIALECT, &raw.value)));
    }
    table
}

fn column_of(key: String, raw: RawColumn<'_>) -> Column {
    let sql_type = dialects::sql_type(DIALECT, &raw.sql_type, None);
    Column {
        name: raw.name.unwrap_or(key),
        default: raw.default.map(|default| shapes::default_of(DIALECT, default, &sql_type)),
        sql_type,
        not_null: raw.not_null,
        generated: raw.generated.map(|generated| Generated {
            expression: dialects::expression(DIALECT, &generated.expression),
            stored: generated.kind == "stored",
        }),
        identity: None,
        autoincrement: raw.autoincrement,
        collation: None,
        comment: None,
        unknown: ColumnFacts::default(),
    }
}

fn index_of(key: &str, raw: RawIndex, internal: &RawInternal) -> Index {
    let notes = internal.indexes.get(key).and_then(Option::as_ref);
    let is_expression = |column: &str| {
        let note = notes.and_then(|notes| notes.columns.get(column)).and_then(Option::as_ref);
        note.is_some_and(|note| note.is_expression)
    };
    let columns = raw.columns.into_iter().map(|column| IndexColumn {
        key: match is_expression(&column) {
            true => IndexKey::Expression(dialects::expression(DIALECT, &column)),
            false => IndexKey::Column(column),
        },
        ascending: true,
        nulls_first: false,
        opclass: None,
        collation: None,
    });
    Index {
        name: raw.name.unwrap_or_else(|| key.to_owned()),
        unique: raw.is_unique,
        method: String::new(),
        columns: columns.collect(),
        include: Vec::new(),
        predicate: raw.predicate.map(|predicate| dialects::expression(DIALECT, &predicate)),
        with: Record::default(),
        nulls_not_distinct: false,
        concurrently: Some(false),
    }
}

fn view_of(key: String, raw: RawView<'_>) -> View {
    let flagged = |(key, column): (&String, &RawColumn<'_>)| column.primary_key.then(|| key.clone());
    View {
        indexes: schema::Map::default(),
        primary_key: raw.columns.iter().filter_map(flagged).collect(),
        name: Name::new("", raw.name.unwrap_or(key)),
        materialized: false,
        existing: raw.is_existing,
        definition: raw.definition.map(|definition| dialects::expression(DIALECT, &definition)),
        opaque: false,
        reads: Vec::new(),
        columns: raw.columns.into_iter().map(|(key, column)| (key.clone(), column_of(key, column))).collect(),
        with: Record::default(),
        with_no_data: None,
        using: None,
        tablespace: None,
    }
}
