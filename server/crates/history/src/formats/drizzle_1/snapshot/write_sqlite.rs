//! SQLite rows of a schema, in the key order of drizzle-kit 1.0.

use schema::{Column, ForeignKey, Form, Index, IndexKey, ObjectKind, Schema, Table, View};
use serde_json::json;

use super::state::Row;
use super::write::{actions, is_chosen, optional, row};

pub(super) fn rows(schema: &Schema) -> Vec<Row> {
    let tables = || schema.tables.values();
    let mut rows: Vec<Row> = tables().map(|it| row("tables", json!({ "name": it.name.name }))).collect();
    rows.extend(tables().flat_map(|it| it.columns.values().map(|column| column_row(&it.name.name, column))));
    rows.extend(tables().flat_map(|it| it.indexes.values().map(|index| index_row(&it.name.name, index))));
    rows.extend(tables().flat_map(|it| it.foreign_keys.values().map(|key| foreign_key(it, key))));
    rows.extend(tables().filter_map(|it| {
        let (key, table) = (it.primary_key.as_ref()?, &it.name.name);
        let name = key.name.clone().unwrap_or_else(|| format!("{table}_pk"));
        let is_explicit = key.name.is_some();
        Some(row("pks", json!({ "table": table, "name": name, "columns": key.columns, "nameExplicit": is_explicit })))
    }));
    rows.extend(tables().flat_map(|it| {
        it.uniques.values().map(|unique| {
            let is_explicit = is_chosen(it, ObjectKind::Unique, &unique.name);
            let fields = json!({
                "table": it.name.name, "name": unique.name, "columns": unique.columns, "nameExplicit": is_explicit,
            });
            row("uniques", fields)
        })
    }));
    rows.extend(tables().flat_map(|it| {
        let fields = |check: &schema::Check| {
            json!({ "table": it.name.name, "name": check.name, "value": check.expression.text })
        };
        it.checks.values().map(move |check| row("checks", fields(check)))
    }));
    rows.extend(schema.views.values().map(|it| view(it)));
    rows
}

fn column_row(table: &str, column: &Column) -> Row {
    let generated = column
        .generated
        .as_ref()
        .map(|it| json!({ "as": it.expression.text, "type": if it.stored { "stored" } else { "virtual" } }));
    let default = column.default.as_ref().map(|it| match it.form {
        Form::Null => "null",
        _ => it.text.as_str(),
    });
    let fields = json!({
        "table": table, "name": column.name, "type": column.sql_type.text, "notNull": column.not_null,
        "autoincrement": column.autoincrement, "default": default, "generated": generated,
    });
    row("columns", fields)
}

fn index_row(table: &str, index: &Index) -> Row {
    let columns = index.columns.iter().map(|column| match &column.key {
        IndexKey::Column(name) => json!({ "value": name, "isExpression": false }),
        IndexKey::Expression(expression) => json!({ "value": expression.text, "isExpression": true }),
    });
    let fields = json!({
        "table": table, "name": index.name, "columns": columns.collect::<Vec<_>>(), "isUnique": index.unique,
        "where": optional(index.predicate.as_ref()), "origin": "manual",
    });
    row("indexes", fields)
}

fn foreign_key(table: &Table, key: &ForeignKey) -> Row {
    let (on_update, on_delete) = actions(key);
    let fields = json!({
        "table": table.name.name, "name": key.name, "columns": key.columns, "tableTo": key.to.name,
        "columnsTo": key.to_columns, "onUpdate": on_update, "onDelete": on_delete,
        "nameExplicit": is_chosen(table, ObjectKind::ForeignKey, &key.name),
    });
    row("fks", fields)
}

fn view(view: &View) -> Row {
    let definition = optional(view.definition.as_ref());
    let fields =
        json!({ "name": view.name.name, "definition": definition, "isExisting": view.existing, "error": null });
    row("views", fields)
}
