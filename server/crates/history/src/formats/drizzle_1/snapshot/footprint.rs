//! What the statements of a migration write and read, by which drizzle-kit 1.0 tells whether two branches can both be right
//! (its `dialects/postgres/commutativity.ts`).
//!
//! A node is a row by itself (`s`), by its name (`n`) or by its existence (`e`). A statement that may run twice has the hash of its
//! SQL too: two branches that made one and the same change are in no conflict.

use serde_json::{Map, Value, json};
use sha2::{Digest as _, Sha256};

use super::delta::Delta;
use super::state::Row;
use super::statement::{Statement, Step, is_true, list, noun, plain_columns, statements, text};
use super::statement_sql;

/// The footprints of what leads from one state to another; in the first everything is renamed already.
pub(super) fn footprints(before: &[Row], after: &[Row], deltas: &[Delta]) -> Vec<Value> {
    let step = Step::new(before, after, deltas);
    statements(&step).iter().map(|statement| footprint(&step, statement)).collect()
}

fn footprint(step: &Step<'_>, statement: &Statement) -> Value {
    let (verb, row) = (verb(statement), &statement.row);
    let mut target = vec![target_kind(row).to_owned()];
    let named = statement.before.as_ref().filter(|_| matches!(verb, "rename" | "move")).unwrap_or(row);
    target.extend(target_names(named));
    if statement.name == "move_table" {
        target = vec![String::from("table"), text(named, "schema"), text(row, "name")];
    }
    let mut fields = Map::new();
    fields.insert(String::from("statementType"), json!(statement.name));
    fields.insert(String::from("statementTarget"), json!(target));
    fields.insert(String::from("writes"), json!(writes(step, statement)));
    if !matches!(&*row.kind, "schemas" | "roles") {
        fields.insert(String::from("reads"), json!(reads(step, statement)));
    }
    if let Some(shared) = shared_writes(statement) {
        fields.insert(String::from("sharedWrites"), json!(shared));
    }
    if let Some(sql) = statement_sql::repeatable(statement) {
        let digest = Sha256::digest(sql.join("\n"));
        let hash: String = digest.iter().take(8).map(|byte| format!("{byte:02x}")).collect();
        fields.insert(String::from("sqlHash"), json!(hash));
    }
    Value::Object(fields)
}

fn verb(statement: &Statement) -> &str {
    statement.name.split('_').next().unwrap_or_default()
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

fn writes(step: &Step<'_>, statement: &Statement) -> Vec<String> {
    let (row, before) = (&statement.row, statement.before.as_ref());
    let (kind, path) = node(row);
    let ends = || before.into_iter().chain([row]);
    match statement.name.as_str() {
        "alter_column" => {
            changed_properties(statement).into_iter().map(|it| format!("s|colprop|{path}.{it}")).collect()
        }
        "alter_rls" => {
            let gone = (!is_true(row, "isRlsEnabled")).then(|| format!("e|rls|{path}"));
            std::iter::once(format!("s|rls|{path}")).chain(gone).collect()
        }
        "recreate_enum" => {
            let columns = statement.with_before.iter().flat_map(|column| {
                let (_, path) = node(column);
                ["type", "default"].map(|it| format!("s|colprop|{path}.{it}"))
            });
            made(row).into_iter().chain(columns).collect()
        }
        "recreate_policy" => vec![format!("s|{kind}|{path}")],
        "create_table" => made(row).into_iter().chain(relations_of(step, row)).collect(),
        "move_table" => {
            let own = ends().flat_map(named).chain(ends().map(|row| format!("e|tbl|{}", node(row).1)));
            let taken = statement.with.iter().flat_map(|part| {
                ends().map(|row| format!("n|rel|{}.{}", text(row, "schema"), text(part, "name"))).collect::<Vec<_>>()
            });
            own.chain(taken).collect()
        }
        _ => match verb(statement) {
            "rename" | "move" => ends().flat_map(named).collect(),
            "alter" => vec![format!("s|{kind}|{path}")],
            _ => made(row),
        },
    }
}

/// The properties of a column that a statement sets.
fn changed_properties(statement: &Statement) -> Vec<&'static str> {
    let is = |fields: &[&str]| fields.iter().any(|it| statement.is_changed(it));
    let mut properties = Vec::new();
    for (is_changed, names) in [
        (is(&["notNull"]), &["notNull"][..]),
        (is(&["default"]), &["default"]),
        (is(&["type", "typeSchema", "dimensions"]), &["type", "default"]),
        (is(&["generated"]), &["generated", "default"]),
        (is(&["identity"]), &["identity", "default", "notNull"]),
    ] {
        let new: Vec<&'static str> =
            names.iter().copied().filter(|it| is_changed && !properties.contains(it)).collect();
        properties.extend(new);
    }
    properties
}

/// The names in the table's schema that its key and its unique constraints take.
fn relations_of(step: &Step<'_>, table: &Row) -> Vec<String> {
    let rows = step.after.of_table("pks", table).chain(step.after.of_table("uniques", table));
    rows.map(|row| format!("n|rel|{}.{}", text(table, "schema"), text(row, "name"))).collect()
}

/// That columns are unique, which a reference to them needs.
fn shared_writes(statement: &Statement) -> Option<Vec<String>> {
    let row = match statement.name.as_str() {
        "drop_index" | "drop_pk" | "drop_unique" => &statement.row,
        "recreate_index" | "alter_pk" | "alter_unique" => statement.before.as_ref()?,
        _ => return None,
    };
    Some(uniqueness(row).into_iter().collect())
}

fn uniqueness(row: &Row) -> Option<String> {
    let mut columns = match row.kind.as_str() {
        "indexes" => {
            let n_columns = row.fields.get("columns").and_then(Value::as_array).map_or(0, Vec::len);
            let plain = plain_columns(row);
            let is_partial = row.fields.get("where").is_some_and(|it| !it.is_null());
            (is_true(row, "isUnique") && !is_partial && plain.len() == n_columns).then_some(plain)?
        }
        _ => list(row, "columns"),
    };
    columns.sort();
    Some(format!("e|uniqueness|{}.{}.{}", text(row, "schema"), text(row, "table"), columns.join(".")))
}

fn reads(step: &Step<'_>, statement: &Statement) -> Vec<String> {
    let (row, before) = (&statement.row, statement.before.as_ref());
    let (schema, table) = (text(row, "schema"), text(row, "table"));
    let columns = |letter: &str, names: Vec<String>| -> Vec<String> {
        names.into_iter().map(|it| format!("{letter}|col|{schema}.{table}.{it}")).collect()
    };
    let names = |rows: &[Row]| rows.iter().map(|it| text(it, "name")).collect::<Vec<_>>();
    let letter = if verb(statement) == "drop" { "e" } else { "n" };
    let mut reads = under(statement);
    match (statement.name.as_str(), row.kind.as_str()) {
        ("create_table", _) => {
            reads.extend(step.after.of_table("columns", row).filter_map(enum_of));
        }
        ("alter_column", _) => {
            reads.extend(columns("n", vec![text(row, "name")]));
            let is_read = ["default", "type", "typeSchema", "dimensions"].iter().any(|it| statement.is_changed(it));
            reads.extend(enum_of(row).filter(|_| is_read));
        }
        ("add_column" | "recreate_column", _) => reads.extend(enum_of(row)),
        ("recreate_enum", _) => reads.extend(statement.with_before.iter().flat_map(|column| {
            let (schema, table) = (text(column, "schema"), text(column, "table"));
            [format!("n|tbl|{schema}.{table}"), format!("n|sch|{schema}"), format!("n|col|{}", node(column).1)]
        })),
        (_, "indexes") => reads.extend(columns(letter, plain_columns(row))),
        (_, "pks") => reads.extend(columns(letter, list(row, "columns"))),
        (name, "uniques") => {
            reads.extend(columns(letter, list(row, "columns")));
            let old = before.filter(|_| name == "alter_unique").map(|it| list(it, "columns"));
            reads.extend(columns("e", old.unwrap_or_default()));
        }
        (_, "checks") => {
            reads.extend(columns(letter, names(&statement.with)));
            reads.extend(columns("e", names(&statement.with_before)));
        }
        (name, "fks") => {
            let (to_schema, to) = (text(row, "schemaTo"), text(row, "tableTo"));
            reads.extend(columns(letter, list(row, "columns")));
            if name != "drop_fk" {
                let mut to_columns = list(row, "columnsTo");
                reads.extend([format!("n|tbl|{to_schema}.{to}"), format!("n|sch|{to_schema}")]);
                reads.extend(to_columns.iter().map(|it| format!("n|col|{to_schema}.{to}.{it}")));
                to_columns.sort();
                reads.push(format!("e|uniqueness|{to_schema}.{to}.{}", to_columns.join(".")));
            }
        }
        (name @ ("create_policy" | "alter_policy" | "recreate_policy"), _) => {
            let built_in = ["public", "current_role", "current_user", "session_user"];
            let roles = list(row, "roles").into_iter().filter(|role| !built_in.contains(&role.as_str()));
            reads.extend(roles.map(|role| format!("n|role|{role}")));
            reads.extend((name == "create_policy").then(|| format!("e|rls|{schema}.{table}")));
        }
        (_, "privileges") => {
            reads.extend([format!("n|role|{}", text(row, "grantee")), format!("n|role|{}", text(row, "grantor"))]);
        }
        _ => {}
    }
    reads
}

/// The schema or the table that a statement's object is in, and where it is moved from.
fn under(statement: &Statement) -> Vec<String> {
    let row = &statement.row;
    let (schema, table) = (text(row, "schema"), text(row, "table"));
    let from = statement.before.as_ref().map(|it| text(it, "schema"));
    match (statement.name.as_str(), row.kind.as_str()) {
        ("alter_rls", _) => vec![format!("n|tbl|{schema}.{}", text(row, "name")), format!("n|sch|{schema}")],
        // Nothing that could be renamed is needed, only that the table is there.
        ("drop_index", _) if uniqueness(row).is_none() => {
            vec![format!("e|tbl|{schema}.{table}"), format!("n|sch|{schema}")]
        }
        (name, "tables" | "enums" | "sequences" | "views") => {
            let old = from.filter(|_| name.starts_with("move_")).map(|old| format!("n|sch|{old}"));
            old.into_iter().chain([format!("n|sch|{schema}")]).collect()
        }
        _ => vec![format!("n|tbl|{schema}.{table}"), format!("n|sch|{schema}")],
    }
}

fn enum_of(column: &Row) -> Option<String> {
    let namespace = text(column, "typeSchema");
    (!namespace.is_empty() && namespace != "pg_catalog").then(|| format!("n|enum|{namespace}.{}", text(column, "type")))
}
