//! What the statements of a migration write and read, by which drizzle-kit 1.0 tells whether two branches can both be right
//! (its `dialects/postgres/commutativity.ts`).
//!
//! A node is a row by itself (`s`), by its name (`n`) or by its existence (`e`). They are made from the changed rows: drizzle-kit's
//! statement for each, without the hash of its SQL, which would say that two branches made one and the same change.

use std::collections::HashSet;

use serde_json::{Map, Value, json};

use super::delta::Delta;
use super::state::Row;

/// The footprints of these changes.
pub(super) fn footprints(deltas: &[Delta]) -> Vec<Value> {
    let tables = |is_wanted: fn(&Delta) -> Option<&Row>| -> HashSet<(String, String)> {
        let rows = deltas.iter().filter_map(is_wanted).filter(|row| row.kind == "tables");
        rows.map(|row| (text(row, "schema"), text(row, "name"))).collect()
    };
    let created = tables(|delta| if let Delta::Create(row) = delta { Some(row) } else { None });
    let dropped = tables(|delta| if let Delta::Drop(row) = delta { Some(row) } else { None });
    let is_of =
        |row: &Row, tables: &HashSet<(String, String)>| tables.contains(&(text(row, "schema"), text(row, "table")));
    let mut all = Vec::new();
    for delta in deltas {
        let (verb, row, before) = match delta {
            // Columns and most constraints are made with their table, and all parts go with it.
            Delta::Create(row)
                if is_of(row, &created) && matches!(&*row.kind, "columns" | "pks" | "uniques" | "checks") =>
            {
                continue;
            }
            Delta::Drop(row) if is_of(row, &dropped) && row.kind != "policies" => continue,
            Delta::Create(row) => (if is_added(row) { "add" } else { "create" }, row, None),
            Delta::Drop(row) => ("drop", row, None),
            Delta::Rename { before, after, set } => {
                (if set.contains_key("name") { "rename" } else { "move" }, after, Some(before))
            }
            Delta::Alter { before, after, .. } => ("alter", after, Some(before)),
        };
        all.push(footprint(verb, row, before, deltas));
        if verb == "create" && row.kind == "tables" && row.fields.get("isRlsEnabled") == Some(&Value::Bool(true)) {
            all.push(footprint("alter", row, None, deltas));
        }
    }
    all
}

fn is_added(row: &Row) -> bool {
    matches!(&*row.kind, "columns" | "pks" | "uniques" | "checks")
}

fn footprint(verb: &str, row: &Row, before: Option<&Row>, deltas: &[Delta]) -> Value {
    let statement = match (verb, noun(row)) {
        ("alter", "table") => String::from("alter_rls"),
        ("alter", noun @ ("index" | "fk")) => format!("recreate_{noun}"),
        ("create", "privilege") => String::from("grant_privilege"),
        ("drop", "privilege") => String::from("revoke_privilege"),
        ("alter", "privilege") => String::from("regrant_privilege"),
        (verb, noun) => format!("{verb}_{noun}"),
    };
    let mut writes = match verb {
        "alter" => altered(row, before),
        "rename" | "move" => [before, Some(row)].into_iter().flatten().flat_map(named).collect(),
        _ => made(row),
    };
    if verb == "create" && row.kind == "tables" {
        writes.extend(relations_of(row, deltas));
    }
    let shared = match verb {
        "drop" => unique_columns(row),
        "alter" => before.map(unique_columns).unwrap_or_default(),
        _ => Vec::new(),
    };
    let mut target = vec![target_kind(row).to_owned()];
    target.extend(target_names(if matches!(verb, "rename" | "move") { before.unwrap_or(row) } else { row }));
    let mut fields = Map::new();
    fields.insert(String::from("statementType"), json!(statement));
    fields.insert(String::from("statementTarget"), json!(target));
    fields.insert(String::from("writes"), json!(writes));
    fields.insert(String::from("reads"), json!(reads(verb, row, deltas)));
    if !shared.is_empty() {
        fields.insert(String::from("sharedWrites"), json!(shared));
    }
    Value::Object(fields)
}

fn text(row: &Row, field: &str) -> String {
    row.fields.get(field).and_then(Value::as_str).unwrap_or_default().to_owned()
}

fn list(row: &Row, field: &str) -> Vec<String> {
    let items = row.fields.get(field).and_then(Value::as_array).into_iter().flatten();
    items.filter_map(Value::as_str).map(str::to_owned).collect()
}

fn noun(row: &Row) -> &str {
    match row.kind.as_str() {
        "indexes" => "index",
        "policies" => "policy",
        plural => plural.strip_suffix('s').unwrap_or(plural),
    }
}

fn target_kind(row: &Row) -> &str {
    match row.kind.as_str() {
        "columns" | "indexes" | "enums" | "sequences" | "views" | "schemas" | "roles" => noun(row),
        _ => "table",
    }
}

fn target_names(row: &Row) -> Vec<String> {
    let fields: &[&str] = match row.kind.as_str() {
        "columns" | "indexes" => &["schema", "table", "name"],
        "schemas" | "roles" => &["name"],
        "tables" | "enums" | "sequences" | "views" => &["schema", "name"],
        _ => &["schema", "table"],
    };
    fields.iter().map(|field| text(row, field)).collect()
}

/// The letters of a row's nodes and its path.
fn node(row: &Row) -> (&'static str, String) {
    let path = |fields: &[&str]| fields.iter().map(|field| text(row, field)).collect::<Vec<_>>().join(".");
    match row.kind.as_str() {
        "schemas" => ("sch", path(&["name"])),
        "roles" => ("role", path(&["name"])),
        "tables" => ("tbl", path(&["schema", "name"])),
        "views" => ("view", path(&["schema", "name"])),
        "enums" => ("enum", path(&["schema", "name"])),
        "sequences" => ("seq", path(&["schema", "name"])),
        "indexes" => ("idx", path(&["schema", "name"])),
        "pks" => ("pk", path(&["schema", "table"])),
        "uniques" => ("uq", path(&["schema", "table", "name"])),
        "checks" => ("ck", path(&["schema", "table", "name"])),
        "fks" => ("fk", path(&["schema", "table", "name"])),
        "policies" => ("pol", path(&["schema", "table", "name"])),
        "privileges" => ("priv", path(&["schema", "table", "grantee", "type"])),
        _ => ("col", path(&["schema", "table", "name"])),
    }
}

/// Names that rows of several kinds share: relations, types, constraints of a table.
fn shared_names(row: &Row) -> Vec<String> {
    let (_, path) = node(row);
    let (schema, table, name) = (text(row, "schema"), text(row, "table"), text(row, "name"));
    match row.kind.as_str() {
        "tables" | "views" => vec![format!("n|rel|{path}"), format!("n|type|{path}")],
        "sequences" | "indexes" => vec![format!("n|rel|{path}")],
        "enums" => vec![format!("n|type|{path}")],
        "uniques" | "pks" => vec![format!("n|con|{schema}.{table}.{name}"), format!("n|rel|{schema}.{name}")],
        "checks" | "fks" => vec![format!("n|con|{path}")],
        _ => Vec::new(),
    }
}

fn made(row: &Row) -> Vec<String> {
    let (kind, path) = node(row);
    if kind == "priv" {
        return vec![format!("s|priv|{path}")];
    }
    let own = [format!("s|{kind}|{path}"), format!("n|{kind}|{path}"), format!("e|{kind}|{path}")];
    own.into_iter().chain(shared_names(row)).collect()
}

fn named(row: &Row) -> Vec<String> {
    let (kind, path) = node(row);
    [format!("s|{kind}|{path}"), format!("n|{kind}|{path}")].into_iter().chain(shared_names(row)).collect()
}

fn altered(row: &Row, before: Option<&Row>) -> Vec<String> {
    let (kind, path) = node(row);
    let differs = |field: &str| before.is_none_or(|before| before.fields.get(field) != row.fields.get(field));
    match row.kind.as_str() {
        "columns" => {
            let mut properties = Vec::new();
            let mut add = |names: &[&'static str]| {
                for name in names {
                    if !properties.contains(name) {
                        properties.push(*name);
                    }
                }
            };
            for (is_changed, names) in [
                (differs("notNull"), &["notNull"][..]),
                (differs("default"), &["default"]),
                (differs("type") || differs("typeSchema") || differs("dimensions"), &["type", "default"]),
                (differs("generated"), &["generated", "default"]),
                (differs("identity"), &["identity", "default", "notNull"]),
            ] {
                if is_changed {
                    add(names);
                }
            }
            properties.into_iter().map(|property| format!("s|colprop|{path}.{property}")).collect()
        }
        "tables" => {
            let is_off = row.fields.get("isRlsEnabled") == Some(&Value::Bool(false));
            let gone = is_off.then(|| format!("e|rls|{path}"));
            std::iter::once(format!("s|rls|{path}")).chain(gone).collect()
        }
        "indexes" | "fks" => made(row),
        _ => vec![format!("s|{kind}|{path}")],
    }
}

/// The names in the table's schema that its key and its unique constraints take.
fn relations_of(table: &Row, deltas: &[Delta]) -> Vec<String> {
    let (schema, name) = (text(table, "schema"), text(table, "name"));
    let of = |kind: &str| -> Vec<String> {
        let rows = deltas.iter().filter_map(|delta| if let Delta::Create(row) = delta { Some(row) } else { None });
        let own = rows.filter(|row| row.kind == kind && text(row, "schema") == schema && text(row, "table") == name);
        own.map(|row| format!("n|rel|{schema}.{}", text(row, "name"))).collect()
    };
    of("pks").into_iter().chain(of("uniques")).collect()
}

fn unique_columns(row: &Row) -> Vec<String> {
    let (schema, table) = (text(row, "schema"), text(row, "table"));
    let mut columns = match row.kind.as_str() {
        "pks" | "uniques" => list(row, "columns"),
        "indexes" if row.fields.get("isUnique") == Some(&Value::Bool(true)) => {
            let items = row.fields.get("columns").and_then(Value::as_array).map(Vec::as_slice).unwrap_or_default();
            let is_plain = items.iter().all(|item| item.get("isExpression") != Some(&Value::Bool(true)));
            if !is_plain || row.fields.get("where").is_some_and(|it| !it.is_null()) {
                return Vec::new();
            }
            index_columns(row)
        }
        _ => return Vec::new(),
    };
    columns.sort();
    vec![format!("e|uniqueness|{schema}.{table}.{}", columns.join("."))]
}

fn index_columns(row: &Row) -> Vec<String> {
    let items = row.fields.get("columns").and_then(Value::as_array).into_iter().flatten();
    let plain = items.filter(|item| item.get("isExpression") != Some(&Value::Bool(true)));
    plain.filter_map(|item| item.get("value").and_then(Value::as_str)).map(str::to_owned).collect()
}

fn reads(verb: &str, row: &Row, deltas: &[Delta]) -> Vec<String> {
    let (schema, table) = (text(row, "schema"), text(row, "table"));
    let under = || vec![format!("n|tbl|{schema}.{table}"), format!("n|sch|{schema}")];
    let letter = if verb == "drop" { "e" } else { "n" };
    let columns = |names: Vec<String>| {
        names.into_iter().map(|it| format!("{letter}|col|{schema}.{table}.{it}")).collect::<Vec<_>>()
    };
    let enum_of = |column: &Row| {
        let namespace = text(column, "typeSchema");
        (!namespace.is_empty()).then(|| format!("n|enum|{namespace}.{}", text(column, "type")))
    };
    let mut reads = match row.kind.as_str() {
        "schemas" | "roles" => Vec::new(),
        "tables" | "enums" | "sequences" | "views" => vec![format!("n|sch|{schema}")],
        _ => under(),
    };
    match row.kind.as_str() {
        "tables" if verb == "create" => {
            let name = text(row, "name");
            let rows = deltas.iter().filter_map(|delta| if let Delta::Create(row) = delta { Some(row) } else { None });
            let own =
                rows.filter(|it| it.kind == "columns" && text(it, "schema") == schema && text(it, "table") == name);
            reads.extend(own.filter_map(enum_of));
        }
        "tables" if verb == "alter" => reads.insert(0, format!("n|tbl|{schema}.{}", text(row, "name"))),
        "columns" if verb == "alter" => {
            reads.extend(columns(vec![text(row, "name")]));
            reads.extend(enum_of(row));
        }
        "columns" if verb == "add" => reads.extend(enum_of(row)),
        "indexes" => reads.extend(columns(index_columns(row))),
        "pks" | "uniques" => reads.extend(columns(list(row, "columns"))),
        "fks" => {
            let (to_schema, to) = (text(row, "schemaTo"), text(row, "tableTo"));
            let mut to_columns = list(row, "columnsTo");
            if verb != "drop" {
                reads.extend([format!("n|tbl|{to_schema}.{to}"), format!("n|sch|{to_schema}")]);
            }
            reads.extend(columns(list(row, "columns")));
            if verb != "drop" {
                reads.extend(to_columns.iter().map(|it| format!("n|col|{to_schema}.{to}.{it}")));
                to_columns.sort();
                reads.push(format!("e|uniqueness|{to_schema}.{to}.{}", to_columns.join(".")));
            }
        }
        "policies" if verb != "drop" => {
            let built_in = ["public", "current_role", "current_user", "session_user"];
            let roles = list(row, "roles").into_iter().filter(|role| !built_in.contains(&role.as_str()));
            reads.extend(roles.map(|role| format!("n|role|{role}")));
            if verb == "create" {
                reads.push(format!("e|rls|{schema}.{table}"));
            }
        }
        "privileges" => {
            reads.extend([format!("n|role|{}", text(row, "grantee")), format!("n|role|{}", text(row, "grantor"))]);
        }
        _ => {}
    }
    reads
}
