//! PostgreSQL rows of a schema, in the key order of drizzle-kit 1.0. Facts that no snapshot holds (comments, collations, grants) are
//! left out.

use schema::{
    Column, ForeignKey, Index, IndexColumn, IndexKey, Name, ObjectKind, Policy, Schema, Sequence, Table, View,
};
use serde_json::{Map, Value, json};

use super::state::Row;
use super::write::{actions, is_chosen, optional, row, value};

/// The options of a view in the order in which drizzle-kit lists them, those that nobody set as null.
const VIEW_OPTIONS: [&str; 21] = [
    "checkOption",
    "securityBarrier",
    "securityInvoker",
    "autovacuumEnabled",
    "autovacuumFreezeMaxAge",
    "autovacuumFreezeMinAge",
    "autovacuumFreezeTableAge",
    "autovacuumMultixactFreezeMaxAge",
    "autovacuumMultixactFreezeMinAge",
    "autovacuumMultixactFreezeTableAge",
    "autovacuumVacuumCostDelay",
    "autovacuumVacuumCostLimit",
    "autovacuumVacuumScaleFactor",
    "autovacuumVacuumThreshold",
    "fillfactor",
    "logAutovacuumMinDuration",
    "parallelWorkers",
    "toastTupleTarget",
    "userCatalogTable",
    "vacuumIndexCleanup",
    "vacuumTruncate",
];

pub(super) fn rows(schema: &Schema) -> Vec<Row> {
    let mut rows: Vec<Row> = schema.namespaces.iter().map(|name| row("schemas", json!({ "name": name }))).collect();
    let tables = || schema.tables.values();
    rows.extend(tables().map(|it| {
        let is_secured = it.row_level_security || !it.policies.is_empty();
        row("tables", json!({ "schema": it.name.namespace, "name": it.name.name, "isRlsEnabled": is_secured }))
    }));
    rows.extend(
        schema
            .enums
            .values()
            .map(|it| row("enums", json!({ "schema": it.name.namespace, "name": it.name.name, "values": it.values }))),
    );
    rows.extend(tables().flat_map(|it| it.columns.values().map(|column| column_row(it, column))));
    rows.extend(tables().flat_map(|it| it.indexes.values().map(|index| index_row(it, index))));
    rows.extend(tables().flat_map(|it| it.foreign_keys.values().map(|key| foreign_key(it, key))));
    rows.extend(tables().filter_map(primary_key));
    rows.extend(tables().flat_map(|it| {
        it.uniques.values().map(|unique| {
            let (of, name) = (&it.name, &unique.name);
            let fields = json!({
                "schema": of.namespace, "table": of.name, "name": name,
                "nameExplicit": is_chosen(it, ObjectKind::Unique, name),
                "columns": unique.columns, "nullsNotDistinct": unique.nulls_not_distinct,
            });
            row("uniques", fields)
        })
    }));
    rows.extend(tables().flat_map(|it| {
        it.checks.values().map(|check| {
            let (of, text) = (&it.name, &check.expression.text);
            row("checks", json!({ "schema": of.namespace, "table": of.name, "name": check.name, "value": text }))
        })
    }));
    rows.extend(schema.sequences.values().map(|it| sequence(it)));
    rows.extend(schema.roles.values().map(|it| {
        let fields = json!({
            "name": it.name, "superuser": false, "createDb": it.create_db, "createRole": it.create_role,
            "inherit": it.inherit, "canLogin": false, "replication": false, "bypassRls": false, "connLimit": -1,
            "password": null, "validUntil": null,
        });
        row("roles", fields)
    }));
    rows.extend(tables().flat_map(|it| it.policies.values().map(|policy| policy_row(&it.name, policy))));
    rows.extend(schema.policies.values().map(|linked| policy_row(&linked.on, &linked.policy)));
    rows.extend(schema.views.values().filter(|it| !it.existing).map(|it| view(it)));
    rows
}

fn column_row(of: &Table, column: &Column) -> Row {
    let table = &of.name;
    // A key makes its columns so.
    let is_key = of.primary_key.as_ref().is_some_and(|key| key.columns.contains(&column.name));
    let written = column.sql_type.text.as_str();
    let element = written.trim_end_matches("[]");
    let generated = column
        .generated
        .as_ref()
        .map(|it| json!({ "as": it.expression.text, "type": if it.stored { "stored" } else { "virtual" } }));
    let identity = column.identity.as_ref().map(|it| {
        json!({
            "type": if it.always { "always" } else { "byDefault" }, "name": it.sequence_name,
            "increment": it.options.increment, "startWith": it.options.start_with, "minValue": it.options.min_value,
            "maxValue": it.options.max_value, "cache": number(&it.options.cache), "cycle": it.options.cycle,
        })
    });
    let fields = json!({
        "schema": table.namespace, "table": table.name, "name": column.name, "type": element,
        "typeSchema": column.sql_type.enum_name.as_ref().map(|it| it.namespace.as_str()),
        "notNull": column.not_null || is_key, "dimensions": (written.len() - element.len()) / "[]".len(),
        "default": column.default.as_ref().map(|it| it.text.as_str()), "generated": generated, "identity": identity,
    });
    row("columns", fields)
}

fn number(text: &str) -> Value {
    text.parse::<u64>().map_or_else(|_| Value::from(text), Value::from)
}

fn index_row(table: &Table, index: &Index) -> Row {
    let options: Vec<String> = index.with.iter().map(|(name, it)| format!("{name}={}", it.text)).collect();
    let fields = json!({
        "schema": table.name.namespace, "table": table.name.name, "name": index.name,
        "nameExplicit": is_chosen(table, ObjectKind::Index, &index.name),
        "columns": index.columns.iter().map(index_column).collect::<Vec<_>>(), "isUnique": index.unique,
        "where": optional(index.predicate.as_ref()), "with": options.join(", "), "method": index.method,
        "concurrently": index.concurrently.unwrap_or(false),
    });
    row("indexes", fields)
}

fn index_column(column: &IndexColumn) -> Value {
    let (value, is_expression) = match &column.key {
        IndexKey::Column(name) => (name, false),
        IndexKey::Expression(expression) => (&expression.text, true),
    };
    json!({
        "value": value, "isExpression": is_expression, "asc": column.ascending, "nullsFirst": column.nulls_first,
        "opclass": column.opclass.as_ref().map(|name| json!({ "name": name, "default": false })),
    })
}

fn foreign_key(table: &Table, key: &ForeignKey) -> Row {
    let (on_update, on_delete) = actions(key);
    let fields = json!({
        "schema": table.name.namespace, "table": table.name.name, "name": key.name,
        "nameExplicit": is_chosen(table, ObjectKind::ForeignKey, &key.name), "columns": key.columns,
        "schemaTo": key.to.namespace, "tableTo": key.to.name, "columnsTo": key.to_columns,
        "onUpdate": on_update, "onDelete": on_delete,
    });
    row("fks", fields)
}

fn primary_key(table: &std::sync::Arc<Table>) -> Option<Row> {
    let key = table.primary_key.as_ref()?;
    let of = &table.name;
    let name = key.name.clone().or_else(|| key.server_name.clone()).unwrap_or_else(|| format!("{}_pkey", of.name));
    let fields = json!({
        "schema": of.namespace, "table": of.name, "name": name, "columns": key.columns,
        "nameExplicit": key.name.is_some(),
    });
    Some(row("pks", fields))
}

fn sequence(it: &Sequence) -> Row {
    let options = &it.options;
    let fields = json!({
        "schema": it.name.namespace, "name": it.name.name, "incrementBy": options.increment,
        "minValue": options.min_value, "maxValue": options.max_value, "startWith": options.start_with,
        "cacheSize": number(&options.cache), "cycle": options.cycle,
    });
    row("sequences", fields)
}

fn policy_row(on: &Name, policy: &Policy) -> Row {
    let fields = json!({
        "schema": on.namespace, "table": on.name, "name": policy.name,
        "as": if policy.permissive { "PERMISSIVE" } else { "RESTRICTIVE" }, "for": policy.command,
        "roles": policy.to, "using": optional(policy.using.as_ref()), "withCheck": optional(policy.with_check.as_ref()),
    });
    row("policies", fields)
}

fn view(view: &View) -> Row {
    let options = (!view.with.is_empty()).then(|| {
        let option = |name: &&str| ((*name).to_owned(), view.with.get(*name).map_or(Value::Null, value));
        Value::Object(VIEW_OPTIONS.iter().map(option).collect::<Map<String, Value>>())
    });
    let fields = json!({
        "schema": view.name.namespace, "name": view.name.name, "definition": optional(view.definition.as_ref()),
        "with": options, "withNoData": view.with_no_data, "using": view.using, "tablespace": view.tablespace,
        "materialized": view.materialized,
    });
    row("views", fields)
}
