//! PostgreSQL snapshots of version 7, in the key order of drizzle-kit's `pgSerializer.ts`.

use schema::{
    Column, ForeignKey, Identity, Index, IndexColumn, IndexKey, LinkedPolicy, Name, Policy, Schema, Sequence,
    SequenceOptions, Table, View,
};
use serde_json::{Map, Value};

use super::{is_flagged, json, object, record, scalar};

pub(super) fn write(schema: &Schema, id: &str, previous_id: &str) -> Value {
    let empty = || Some(Value::Object(Map::new()));
    object([
        ("id", json(id)),
        ("prevId", json(previous_id)),
        ("version", json("7")),
        ("dialect", json("postgresql")),
        ("tables", record(schema.tables.iter().map(|(name, item)| (name, table(item))))),
        ("enums", record(schema.enums.iter().map(|(name, item)| (name, enumeration(name, &item.values))))),
        ("schemas", record(schema.namespaces.iter().map(|name| (name, Value::from(name.as_str()))))),
        ("sequences", record(schema.sequences.iter().map(|(name, item)| (name, sequence(item))))),
        ("roles", record(schema.roles.iter().map(|(name, item)| (name, role(item))))),
        ("policies", record(schema.policies.iter().map(|(name, item)| (name, linked_policy(item))))),
        ("views", record(schema.views.iter().map(|(name, item)| (name, view(item))))),
        // The command line's order: drizzle-kit's programming interface has another one.
        ("_meta", Some(object([("columns", empty()), ("schemas", empty()), ("tables", empty())]))),
    ])
}

fn table(table: &Table) -> Value {
    let key = table.primary_key.as_ref();
    let named_key = key.and_then(|key| key.name.as_ref().map(|name| (name, key)));
    let namespace = if table.name.namespace == "public" { "" } else { table.name.namespace.as_str() };
    object([
        ("name", json(table.name.name.as_str())),
        ("schema", json(namespace)),
        ("columns", record(table.columns.iter().map(|(name, item)| (name, column(item, is_flagged(key, name)))))),
        ("indexes", record(table.indexes.iter().map(|(name, item)| (name, index(item))))),
        ("foreignKeys", record(table.foreign_keys.iter().map(|(name, item)| (name, foreign_key(&table.name, item))))),
        (
            "compositePrimaryKeys",
            record(named_key.into_iter().map(|(name, key)| {
                (name, object([("name", json(name.as_str())), ("columns", json(key.columns.clone()))]))
            })),
        ),
        (
            "uniqueConstraints",
            record(table.uniques.iter().map(|(name, unique)| {
                let fields = [
                    ("name", json(unique.name.as_str())),
                    ("nullsNotDistinct", json(unique.nulls_not_distinct)),
                    ("columns", json(unique.columns.clone())),
                ];
                (name, object(fields))
            })),
        ),
        ("policies", record(table.policies.iter().map(|(name, item)| (name, object(policy(item)))))),
        ("checkConstraints", super::checks(table)),
        ("isRLSEnabled", json(table.row_level_security)),
    ])
}

fn column(column: &Column, primary_key: bool) -> Value {
    let generated = column.generated.as_ref().map(|generated| {
        let kind = if generated.stored { "stored" } else { "virtual" };
        object([("as", json(generated.expression.text.as_str())), ("type", json(kind))])
    });
    object([
        ("name", json(column.name.as_str())),
        ("type", json(column.sql_type.text.as_str())),
        ("typeSchema", column.sql_type.enum_name.as_ref().and_then(|name| json(name.namespace.as_str()))),
        ("primaryKey", json(primary_key)),
        ("notNull", json(column.not_null)),
        ("generated", generated),
        ("identity", column.identity.as_ref().map(identity)),
        ("default", column.default.as_ref().map(scalar)),
    ])
}

fn identity(identity: &Identity) -> Value {
    let mut out = Map::new();
    out.insert(String::from("type"), Value::from(if identity.always { "always" } else { "byDefault" }));
    let numbers = numbered(&identity.sequence_name, &identity.sequence_namespace, &identity.options);
    if let Value::Object(numbers) = numbers {
        out.extend(numbers);
    }
    Value::Object(out)
}

fn sequence(sequence: &Sequence) -> Value {
    numbered(&sequence.name.name, &sequence.name.namespace, &sequence.options)
}

fn numbered(name: &str, namespace: &str, options: &SequenceOptions) -> Value {
    object([
        ("name", json(name)),
        ("schema", json(namespace)),
        ("increment", json(options.increment.as_str())),
        ("startWith", json(options.start_with.as_str())),
        ("minValue", json(options.min_value.as_str())),
        ("maxValue", json(options.max_value.as_str())),
        ("cache", json(options.cache.as_str())),
        ("cycle", json(options.cycle)),
    ])
}

fn index(index: &Index) -> Value {
    object([
        ("name", json(index.name.as_str())),
        ("columns", json(index.columns.iter().map(index_column).collect::<Vec<_>>())),
        ("isUnique", json(index.unique)),
        ("where", index.predicate.as_ref().and_then(|predicate| json(predicate.text.as_str()))),
        ("concurrently", json(index.concurrently.unwrap_or(false))),
        ("method", json(index.method.as_str())),
        ("with", record(index.with.iter().map(|(name, value)| (name, scalar(value))))),
    ])
}

fn index_column(column: &IndexColumn) -> Value {
    let nulls = json(if column.nulls_first { "first" } else { "last" });
    let opclass = column.opclass.as_deref().and_then(json);
    // drizzle-kit writes these keys of an expression in another order than those of a column.
    match &column.key {
        IndexKey::Expression(expression) => object([
            ("expression", json(expression.text.as_str())),
            ("asc", json(column.ascending)),
            ("isExpression", json(true)),
            ("nulls", nulls),
            ("opclass", opclass),
        ]),
        IndexKey::Column(name) => object([
            ("expression", json(name.as_str())),
            ("isExpression", json(false)),
            ("asc", json(column.ascending)),
            ("nulls", nulls),
            ("opclass", opclass),
        ]),
    }
}

fn foreign_key(table: &Name, key: &ForeignKey) -> Value {
    let namespace = key.to.namespace.as_str();
    object([
        ("name", json(key.name.as_str())),
        ("tableFrom", json(table.name.as_str())),
        ("tableTo", json(key.to.name.as_str())),
        ("schemaTo", json(namespace).filter(|_| namespace != "public")),
        ("columnsFrom", json(key.columns.clone())),
        ("columnsTo", json(key.to_columns.clone())),
        ("onDelete", json(key.on_delete.as_str())),
        ("onUpdate", json(key.on_update.as_str())),
    ])
}

fn policy(policy: &Policy) -> [(&'static str, Option<Value>); 6] {
    [
        ("name", json(policy.name.as_str())),
        ("as", json(if policy.permissive { "PERMISSIVE" } else { "RESTRICTIVE" })),
        ("for", json(policy.command.as_str())),
        ("to", json(policy.to.clone())),
        ("using", policy.using.as_ref().and_then(|using| json(using.text.as_str()))),
        ("withCheck", policy.with_check.as_ref().and_then(|check| json(check.text.as_str()))),
    ]
}

fn linked_policy(linked: &LinkedPolicy) -> Value {
    let [name, kind, command, to, using, with_check] = policy(&linked.policy);
    let on = format!("\"{}\".\"{}\"", linked.on.namespace, linked.on.name);
    let schema = json(linked.on.namespace.as_str());
    object([name, kind, command, to, using, with_check, ("schema", schema), ("on", json(on))])
}

fn enumeration(name: &Name, values: &[String]) -> Value {
    object([
        ("name", json(name.name.as_str())),
        ("schema", json(name.namespace.as_str())),
        ("values", json(values.to_vec())),
    ])
}

fn role(role: &schema::Role) -> Value {
    object([
        ("name", json(role.name.as_str())),
        ("createDb", json(role.create_db)),
        ("createRole", json(role.create_role)),
        ("inherit", json(role.inherit)),
    ])
}

fn view(view: &View) -> Value {
    let is_key = |name: &String| view.primary_key.contains(name);
    let with = (!view.with.is_empty()).then(|| record(view.with.iter().map(|(name, item)| (name, scalar(item)))));
    object([
        ("columns", record(view.columns.iter().map(|(name, item)| (name, column(item, is_key(name)))))),
        ("definition", view.definition.as_ref().and_then(|definition| json(definition.text.as_str()))),
        ("name", json(view.name.name.as_str())),
        ("schema", json(view.name.namespace.as_str())),
        ("isExisting", json(view.existing)),
        ("with", with.flatten()),
        ("withNoData", view.with_no_data.and_then(json)),
        ("materialized", json(view.materialized)),
        ("tablespace", view.tablespace.as_deref().and_then(json)),
        ("using", view.using.as_deref().and_then(json)),
    ])
}
