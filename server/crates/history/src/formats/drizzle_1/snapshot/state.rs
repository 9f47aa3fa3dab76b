//! The rows of a snapshot, each an object of the database, and how changes are applied to them.
//!
//! A row is known by its kind and its names, as in drizzle-kit's `dialects/{postgres,sqlite}/ddl.ts`. Renaming one renames it in
//! all rows that belong to it or refer to it.

use std::collections::HashMap;

use serde_json::{Map, Value};
use source::FilePath;

/// One row: `kind` is its `entityType`.
#[derive(Clone, Debug)]
pub(super) struct Row {
    pub(super) kind: String,
    pub(super) fields: Map<String, Value>,
    /// Where it was made.
    pub(super) file: FilePath,
    pub(super) offset: usize,
}

impl Row {
    pub(super) fn key(&self) -> Key {
        Key::of(&self.kind, &self.fields)
    }
}

/// Where a row stands does not count.
impl PartialEq for Row {
    fn eq(&self, other: &Row) -> bool {
        self.kind == other.kind && self.fields == other.fields
    }
}

/// What tells a row from all others.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub(super) struct Key {
    kind: String,
    names: Vec<String>,
}

impl Key {
    /// From the text of a change: the kind, a NUL byte and a JSON list of names.
    pub(super) fn parse(text: &str) -> Option<Key> {
        let (kind, names) = text.split_once('\0')?;
        let names: Vec<Value> = serde_json::from_str(names).ok()?;
        Some(Key { kind: kind.to_owned(), names: names.iter().map(plain).collect() })
    }

    /// As a change names it, which `parse` reads.
    pub(super) fn text(&self) -> String {
        format!("{}\0{}", self.kind, Value::from(self.names.clone()))
    }

    pub(super) fn of(kind: &str, fields: &Map<String, Value>) -> Key {
        let named_by: &[&str] = match kind {
            // PostgreSQL's indexes are named in their schema, SQLite's rows have none.
            "indexes" if fields.contains_key("schema") => &["schema", "name"],
            "privileges" => &["schema", "table", "grantor", "grantee", "type"],
            "tables" | "enums" | "sequences" | "views" => &["schema", "name"],
            "schemas" | "roles" => &["name"],
            _ => &["schema", "table", "name"],
        };
        let names = named_by.iter().filter_map(|field| fields.get(*field)).map(plain).collect();
        Key { kind: kind.to_owned(), names }
    }
}

impl std::fmt::Display for Key {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        let kind = match self.kind.as_str() {
            "indexes" => "index",
            "policies" => "policy",
            plural => plural.strip_suffix('s').unwrap_or(plural),
        };
        write!(f, "{kind} {}", self.names.join("."))
    }
}

fn plain(value: &Value) -> String {
    value.as_str().map_or_else(|| value.to_string(), str::to_owned)
}

/// All rows, in the order in which they were made.
#[derive(Clone, Debug, Default)]
pub(super) struct State {
    rows: Vec<Option<Row>>,
    by_key: HashMap<Key, usize>,
}

impl State {
    pub(super) fn new(rows: Vec<Row>) -> State {
        let mut state = State::default();
        rows.into_iter().for_each(|row| state.add(row));
        state
    }

    pub(super) fn into_rows(self) -> impl Iterator<Item = Row> {
        self.rows.into_iter().flatten()
    }

    pub(super) fn get(&self, key: &Key) -> Option<&Row> {
        self.by_key.get(key).and_then(|position| self.rows.get(*position))?.as_ref()
    }

    /// Adds a row, in the place of one with its key.
    pub(super) fn add(&mut self, row: Row) {
        let key = row.key();
        match self.by_key.get(&key).and_then(|position| self.rows.get_mut(*position)) {
            Some(slot) => *slot = Some(row),
            None => {
                self.by_key.insert(key, self.rows.len());
                self.rows.push(Some(row));
            }
        }
    }

    pub(super) fn remove(&mut self, key: &Key) {
        if let Some(slot) = self.by_key.remove(key).and_then(|position| self.rows.get_mut(position)) {
            *slot = None;
        }
    }

    /// Sets fields of a row; a row that gets another name gets it wherever it is named.
    pub(super) fn set(&mut self, key: &Key, fields: Map<String, Value>) {
        let slot = self.by_key.get(key).and_then(|position| self.rows.get_mut(*position));
        let Some(row) = slot.and_then(Option::as_mut) else { return };
        let before = row.fields.clone();
        row.fields.extend(fields);
        if row.key() == *key {
            return;
        }
        let rename = Rename { kind: &key.kind, before: &before, after: &row.fields.clone() };
        self.rows.iter_mut().flatten().for_each(|row| rename.apply(row));
        let keys = |(position, row): (usize, &Option<Row>)| Some((row.as_ref()?.key(), position));
        self.by_key = self.rows.iter().enumerate().filter_map(keys).collect();
    }

    /// Applies what happened between two other states.
    pub(super) fn merge(&mut self, from: Vec<Row>, to: Vec<Row>) {
        let mut gone: HashMap<Key, Row> = from.into_iter().map(|row| (row.key(), row)).collect();
        for row in to {
            let key = row.key();
            match gone.remove(&key) {
                Some(old) => {
                    let changed = row.fields.into_iter().filter(|(name, value)| old.fields.get(name) != Some(value));
                    let changed: Map<String, Value> = changed.collect();
                    if !changed.is_empty() {
                        self.set(&key, changed);
                    }
                }
                None => self.add(row),
            }
        }
        gone.keys().for_each(|key| self.remove(key));
    }
}

/// A row's old and new names.
struct Rename<'r> {
    kind: &'r str,
    before: &'r Map<String, Value>,
    after: &'r Map<String, Value>,
}

impl Rename<'_> {
    fn apply(&self, row: &mut Row) {
        let is = |kinds: &[&str]| kinds.contains(&row.kind.as_str());
        match self.kind {
            "schemas" => {
                for field in ["schema", "schemaTo", "typeSchema"] {
                    self.replace(row, &[(field, "name")]);
                }
            }
            "tables" => {
                self.replace(row, &[("schema", "schema"), ("table", "name")]);
                self.replace(row, &[("schemaTo", "schema"), ("tableTo", "name")]);
            }
            "enums" if is(&["columns"]) => self.replace(row, &[("typeSchema", "schema"), ("type", "name")]),
            "columns" if is(&["indexes", "pks", "uniques", "fks"]) => {
                if self.matches(row, &[("schema", "schema"), ("table", "table")]) {
                    self.replace_items(row, "columns");
                }
                if self.matches(row, &[("schemaTo", "schema"), ("tableTo", "table")]) {
                    self.replace_items(row, "columnsTo");
                }
            }
            "roles" if is(&["policies"]) => self.replace_items(row, "roles"),
            "roles" if is(&["privileges"]) => {
                self.replace(row, &[("grantee", "name")]);
                self.replace(row, &[("grantor", "name")]);
            }
            _ => {}
        }
    }

    /// True where the row's fields hold the old values of the renamed row's fields.
    fn matches(&self, row: &Row, pairs: &[(&str, &str)]) -> bool {
        pairs.iter().all(|(field, named)| row.fields.get(*field) == self.before.get(*named))
    }

    fn replace(&self, row: &mut Row, pairs: &[(&str, &str)]) {
        if !self.matches(row, pairs) {
            return;
        }
        for (field, named) in pairs {
            if let (Some(slot), Some(value)) = (row.fields.get_mut(*field), self.after.get(*named)) {
                *slot = value.clone();
            }
        }
    }

    /// In a list of names, or of an index's columns.
    fn replace_items(&self, row: &mut Row, list: &str) {
        let (Some(before), Some(after)) = (self.before.get("name"), self.after.get("name")) else { return };
        let items = row.fields.get_mut(list).and_then(Value::as_array_mut).into_iter().flatten();
        for item in items {
            let name = match item {
                Value::Object(column) if column.get("isExpression") == Some(&Value::Bool(true)) => None,
                Value::Object(column) => column.get_mut("value"),
                name => Some(name),
            };
            if let Some(name) = name.filter(|name| *name == before) {
                *name = after.clone();
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use std::path::Path;

    use expect_test::{Expect, expect};

    use super::*;

    fn rows(text: &str) -> Vec<Row> {
        let row = |line: &str| {
            let mut fields: Map<String, Value> = serde_json::from_str(line).unwrap();
            let kind = plain(&fields.remove("entityType").unwrap());
            Row { kind, fields, file: FilePath::from(Path::new("/snapshot.json")), offset: 0 }
        };
        text.lines().map(str::trim).filter(|line| !line.is_empty()).map(row).collect()
    }

    fn check(state: State, expected: Expect) {
        let lines = state.into_rows().map(|row| format!("{} {}\n", row.kind, Value::Object(row.fields)));
        expected.assert_eq(&lines.collect::<String>());
    }

    fn set(state: &mut State, key: &str, fields: &str) {
        state.set(&Key::parse(key).unwrap(), serde_json::from_str(fields).unwrap());
    }

    const ROWS: &str = r#"
        {"entityType":"schemas","name":"app"}
        {"entityType":"tables","schema":"app","name":"t"}
        {"entityType":"tables","schema":"public","name":"t"}
        {"entityType":"enums","schema":"app","name":"e"}
        {"entityType":"roles","name":"r"}
        {"entityType":"columns","schema":"app","table":"t","name":"a","type":"e","typeSchema":"app"}
        {"entityType":"columns","schema":"public","table":"t","name":"a","type":"text","typeSchema":null}
        {"entityType":"indexes","schema":"app","table":"t","name":"i","columns":[{"value":"a","isExpression":false},{"value":"a","isExpression":true}]}
        {"entityType":"fks","schema":"public","table":"t","name":"f","columns":["a"],"schemaTo":"app","tableTo":"t","columnsTo":["a"]}
        {"entityType":"policies","schema":"app","table":"t","name":"p","roles":["public","r"]}
        {"entityType":"privileges","schema":"app","table":"t","grantor":"r","grantee":"r","type":"SELECT","isGrantable":false}
    "#;

    #[test]
    fn a_renamed_row_is_renamed_wherever_it_is_named() {
        let mut state = State::new(rows(ROWS));
        set(&mut state, "schemas\0[\"app\"]", r#"{"name":"lib"}"#);
        set(&mut state, "tables\0[\"lib\",\"t\"]", r#"{"name":"u","schema":"new"}"#);
        set(&mut state, "columns\0[\"new\",\"u\",\"a\"]", r#"{"name":"b"}"#);
        set(&mut state, "enums\0[\"lib\",\"e\"]", r#"{"name":"f"}"#);
        set(&mut state, "roles\0[\"r\"]", r#"{"name":"s"}"#);
        set(&mut state, "indexes\0[\"new\",\"i\"]", r#"{"isUnique":true}"#);
        set(&mut state, "indexes\0[\"no\",\"such\"]", r#"{"isUnique":true}"#);
        check(
            state,
            expect![[r#"
            schemas {"name":"lib"}
            tables {"name":"u","schema":"new"}
            tables {"name":"t","schema":"public"}
            enums {"name":"f","schema":"lib"}
            roles {"name":"s"}
            columns {"typeSchema":"lib","schema":"new","table":"u","name":"b","type":"f"}
            columns {"typeSchema":null,"schema":"public","table":"t","name":"a","type":"text"}
            indexes {"columns":[{"value":"b","isExpression":false},{"value":"a","isExpression":true}],"schema":"new","table":"u","name":"i","isUnique":true}
            fks {"columnsTo":["b"],"schema":"public","table":"t","name":"f","columns":["a"],"schemaTo":"new","tableTo":"u"}
            policies {"roles":["public","s"],"schema":"new","table":"u","name":"p"}
            privileges {"isGrantable":false,"schema":"new","table":"u","grantor":"s","grantee":"s","type":"SELECT"}
        "#]],
        );
    }

    #[test]
    fn what_happened_beside_is_applied_on_top() {
        let base = r#"
            {"entityType":"tables","name":"t"}
            {"entityType":"columns","table":"t","name":"a","type":"text","notNull":false}
            {"entityType":"columns","table":"t","name":"b","type":"text","notNull":false}
        "#;
        let ours = r#"
            {"entityType":"tables","name":"t"}
            {"entityType":"columns","table":"t","name":"a","type":"text","notNull":true}
            {"entityType":"columns","table":"t","name":"b","type":"text","notNull":false}
            {"entityType":"columns","table":"t","name":"c","type":"text","notNull":false}
        "#;
        let theirs = r#"
            {"entityType":"tables","name":"t"}
            {"entityType":"tables","name":"u"}
            {"entityType":"columns","table":"t","name":"a","type":"integer","notNull":false}
        "#;
        let mut state = State::new(rows(ours));
        state.merge(rows(base), rows(theirs));
        check(
            state,
            expect![[r#"
            tables {"name":"t"}
            columns {"notNull":true,"table":"t","name":"a","type":"integer"}
            columns {"notNull":false,"table":"t","name":"c","type":"text"}
            tables {"name":"u"}
        "#]],
        );
    }
}
