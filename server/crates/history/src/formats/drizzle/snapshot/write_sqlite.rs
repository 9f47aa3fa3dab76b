//! SQLite snapshots of version 6, in the key order of drizzle-kit's `sqliteSerializer.ts`.

use schema::{Column, ForeignKey, Index, IndexKey, Schema, Table, View};
use serde_json::{Map, Value};

use super::{is_flagged, json, object, record, scalar};

pub(super) fn write(schema: &Schema, id: &str, previous_id: &str) -> Value {
    let empty = || Some(Value::Object(Map::new()));
    let indexes = schema.tables.values().flat_map(|table| table.indexes.iter());
    let internal = indexes.filter_map(|(name, index)| Some((name, index_internal(index)?)));
    object([
        ("version", json("6")),
        ("dialect", json("sqlite")),
        ("id", json(id)),
        ("prevId", json(previous_id)),
        ("tables", record(schema.tables.values().map(|item| (&item.name.name, table(item))))),
        ("views", record(schema.views.values().map(|item| (&item.name.name, view(item))))),
        ("enums", empty()),
        ("_meta", Some(object([("schemas", empty()), ("tables", empty()), ("columns", empty())]))),
        ("internal", Some(object([("indexes", record(internal))]))),
    ])
}

fn table(table: &Table) -> Value {
    let key = table.primary_key.as_ref();
    let named_key = key.and_then(|key| key.name.as_ref().map(|name| (name, key)));
    object([
        ("name", json(table.name.name.as_str())),
        ("columns", record(table.columns.iter().map(|(name, item)| (name, column(item, is_flagged(key, name)))))),
        ("indexes", record(table.indexes.iter().map(|(name, item)| (name, index(item))))),
        ("foreignKeys", record(table.foreign_keys.iter().map(|(name, item)| (name, foreign_key(table, item))))),
        (
            "compositePrimaryKeys",
            record(named_key.into_iter().map(|(name, key)| {
                (name, object([("columns", json(key.columns.clone())), ("name", json(name.as_str()))]))
            })),
        ),
        (
            "uniqueConstraints",
            record(table.uniques.iter().map(|(name, unique)| {
                let fields = [("name", json(unique.name.as_str())), ("columns", json(unique.columns.clone()))];
                (name, object(fields))
            })),
        ),
        ("checkConstraints", super::checks(table)),
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
        ("primaryKey", json(primary_key)),
        ("notNull", json(column.not_null)),
        ("autoincrement", json(column.autoincrement)),
        ("generated", generated),
        ("default", column.default.as_ref().map(scalar)),
    ])
}

fn index(index: &Index) -> Value {
    let columns: Vec<&str> = index.columns.iter().map(|column| key_text(&column.key)).collect();
    object([
        ("name", json(index.name.as_str())),
        ("columns", json(columns)),
        ("isUnique", json(index.unique)),
        ("where", index.predicate.as_ref().and_then(|predicate| json(predicate.text.as_str()))),
    ])
}

/// Which keys of an index are expressions; None where none is.
fn index_internal(index: &Index) -> Option<Value> {
    let expressions = index.columns.iter().filter(|column| matches!(column.key, IndexKey::Expression(_)));
    let notes: Map<String, Value> =
        expressions.map(|column| (key_text(&column.key).to_owned(), object([("isExpression", json(true))]))).collect();
    (!notes.is_empty()).then(|| object([("columns", json(notes))]))
}

fn key_text(key: &IndexKey) -> &str {
    match key {
        IndexKey::Column(name) => name,
        IndexKey::Expression(expression) => &expression.text,
    }
}

fn foreign_key(table: &Table, key: &ForeignKey) -> Value {
    object([
        ("name", json(key.name.as_str())),
        ("tableFrom", json(table.name.name.as_str())),
        ("tableTo", json(key.to.name.as_str())),
        ("columnsFrom", json(key.columns.clone())),
        ("columnsTo", json(key.to_columns.clone())),
        ("onDelete", json(key.on_delete.as_str())),
        ("onUpdate", json(key.on_update.as_str())),
    ])
}

fn view(view: &View) -> Value {
    let is_key = |name: &String| view.primary_key.contains(name);
    object([
        ("columns", record(view.columns.iter().map(|(name, item)| (name, column(item, is_key(name)))))),
        ("name", json(view.name.name.as_str())),
        ("isExisting", json(view.existing)),
        ("definition", view.definition.as_ref().and_then(|definition| json(definition.text.as_str()))),
    ])
}
