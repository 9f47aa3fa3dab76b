//! SQLite rows: from the state to the model. The shapes are those of drizzle-kit's `dialects/sqlite/ddl.ts`.

use std::sync::Arc;

use schema::{
    Check, Column, ColumnFacts, Dialect, Form, Generated, Index, Map, Name, ObjectKind, Schema, Table, Unique, View,
};
use serde::Deserialize;
use source::Diagnostic;

use super::rows::{self, CheckRow, ForeignKeyRow, GeneratedRow, IndexColumnRow, KeyRow};
use super::state::{Row, State};

const DIALECT: Dialect = Dialect::Sqlite;

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct ColumnRow {
    name: String,
    #[serde(rename = "type")]
    sql_type: String,
    #[serde(default)]
    not_null: bool,
    autoincrement: Option<bool>,
    default: Option<String>,
    generated: Option<GeneratedRow>,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct IndexRow {
    name: String,
    columns: Vec<IndexColumnRow>,
    #[serde(default)]
    is_unique: bool,
    #[serde(rename = "where")]
    predicate: Option<String>,
    origin: Option<String>,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct ViewRow {
    name: String,
    definition: Option<String>,
    #[serde(default)]
    is_existing: bool,
}

/// The schema that the rows describe. Rows of unknown kinds are ignored, as are parts of no table.
pub(super) fn schema(state: State) -> Result<Schema, Box<Diagnostic>> {
    let mut schema = Schema::new(DIALECT);
    let mut tables: Map<String, Table> = Map::default();
    let mut parts = Vec::new();
    for row in state.into_rows() {
        match row.kind.as_str() {
            "tables" => {
                let name = rows::field(&row, "name").to_owned();
                tables.insert(name.clone(), Table::new(Name::new("", name)));
            }
            "views" => {
                let view = view_of(rows::typed(row)?);
                schema.views.insert(view.name.clone(), Arc::new(view));
            }
            _ => parts.push(row),
        }
    }
    for row in parts {
        if let Some(table) = tables.get_mut(rows::field(&row, "table")) {
            part(table, row)?;
        }
    }
    schema.tables = tables.into_values().map(|table| (table.name.clone(), Arc::new(table))).collect();
    Ok(schema)
}

fn part(table: &mut Table, row: Row) -> Result<(), Box<Diagnostic>> {
    match row.kind.as_str() {
        "columns" => {
            let column = column_of(rows::typed(row)?);
            table.columns.insert(column.name.clone(), column);
        }
        "indexes" => {
            let row: IndexRow = rows::typed(row)?;
            // One that SQLite made for a constraint is the constraint's.
            if row.origin.as_deref() != Some("auto") {
                let index = index_of(row);
                table.indexes.insert(index.name.clone(), index);
            }
        }
        "fks" => {
            let row: ForeignKeyRow = rows::typed(row)?;
            rows::note_name(table, ObjectKind::ForeignKey, &row.name, row.name_explicit);
            table.foreign_keys.insert(row.name.clone(), row.into_model(DIALECT));
        }
        "pks" => {
            let row: KeyRow = rows::typed(row)?;
            table.primary_key = Some(row.into_primary_key(DIALECT));
        }
        "uniques" => {
            let row: KeyRow = rows::typed(row)?;
            rows::note_name(table, ObjectKind::Unique, &row.name, row.name_explicit);
            table.uniques.insert(row.name.clone(), Unique::new(row.name, row.columns, false));
        }
        "checks" => {
            let row: CheckRow = rows::typed(row)?;
            let expression = dialects::expression(DIALECT, &row.value);
            table.checks.insert(row.name.clone(), Check::new(row.name, expression));
        }
        _ => {}
    }
    Ok(())
}

fn column_of(row: ColumnRow) -> Column {
    let sql_type = dialects::sql_type(DIALECT, &row.sql_type, None);
    Column {
        name: row.name,
        default: row.default.map(|default| dialects::default(DIALECT, &default, Form::Sql, &sql_type)),
        sql_type,
        not_null: row.not_null,
        generated: row.generated.map(|generated| Generated {
            expression: dialects::expression(DIALECT, &generated.expression),
            stored: generated.kind == "stored",
        }),
        identity: None,
        autoincrement: row.autoincrement.unwrap_or(false),
        collation: None,
        comment: None,
        unknown: ColumnFacts::default(),
    }
}

fn index_of(row: IndexRow) -> Index {
    Index {
        name: row.name,
        unique: row.is_unique,
        method: String::new(),
        columns: row.columns.into_iter().map(|column| column.into_model(DIALECT)).collect(),
        include: Vec::new(),
        predicate: row.predicate.map(|predicate| dialects::expression(DIALECT, &predicate)),
        with: Map::default(),
        nulls_not_distinct: false,
        concurrently: Some(false),
    }
}

fn view_of(row: ViewRow) -> View {
    View {
        indexes: schema::Map::default(),
        reads: Vec::new(),
        name: Name::new("", row.name),
        materialized: false,
        existing: row.is_existing,
        definition: row.definition.map(|definition| dialects::expression(DIALECT, &definition)),
        opaque: false,
        columns: Map::default(),
        primary_key: Vec::new(),
        with: Map::default(),
        with_no_data: None,
        using: None,
        tablespace: None,
    }
}
