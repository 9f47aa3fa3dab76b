//! The SQL of drizzle-kit's statements that may run twice with one result, for the hash by which it knows that two branches made one
//! change (its `dialects/postgres/convertor.ts`). Nothing here is ever run.

use serde_json::Value;

use super::state::Row;
use super::statement::{Statement, is_true, list, text};

/// The statements; None of one that cannot be repeated.
pub(super) fn repeatable(statement: &Statement) -> Option<Vec<String>> {
    let row = &statement.row;
    let before = statement.before.as_ref();
    let table = table_of(row);
    Some(match statement.name.as_str() {
        "alter_column" => alter_column(statement, before?)?,
        "alter_pk" if !statement.facts.key_is_gone => vec![drop_constraint(row), add_key(row)],
        "recreate_column" => {
            vec![format!("ALTER TABLE {table} DROP COLUMN \"{}\";", text(row, "name")), add_column(statement)]
        }
        "recreate_index" => vec![drop_index(row), create_index(row)],
        "recreate_fk" => vec![format!("{}, {}", drop_constraint(row).trim_end_matches(';'), add_reference(row))],
        "alter_unique" => vec![drop_constraint(before?), add_unique(row)],
        "alter_check" => vec![format!(
            "{}, ADD CONSTRAINT \"{}\" CHECK ({});",
            drop_constraint(row).trim_end_matches(';'),
            text(row, "name"),
            text(row, "value")
        )],
        "recreate_enum" => recreate_enum(statement),
        "alter_sequence" => vec![alter_sequence(row)],
        "alter_view" => alter_view(statement, before?),
        "alter_policy" => {
            vec![format!("ALTER POLICY \"{}\" ON {table} TO {}{};", text(row, "name"), roles(row), conditions(row))]
        }
        "recreate_policy" => {
            let name = text(row, "name");
            let (kind, command) = (text(row, "as").to_uppercase(), text(row, "for").to_uppercase());
            vec![
                format!("DROP POLICY \"{name}\" ON {table};"),
                format!(
                    "CREATE POLICY \"{name}\" ON {table} AS {kind} FOR {command} TO {}{};",
                    roles(row),
                    conditions(row)
                ),
            ]
        }
        "alter_rls" => {
            let to = if is_true(row, "isRlsEnabled") { "ENABLE" } else { "DISABLE" };
            vec![format!("ALTER TABLE {} {to} ROW LEVEL SECURITY;", own_name(row))]
        }
        "alter_role" => vec![alter_role(row, before?)],
        "grant_privilege" => vec![grant(row)],
        "revoke_privilege" => vec![revoke(row)],
        "regrant_privilege" => vec![revoke(row), grant(row)],
        _ => return None,
    })
}

/// A name with its schema, which is left out where it is `public`.
fn qualified(schema: &str, name: &str) -> String {
    match schema {
        "public" => format!("\"{name}\""),
        schema => format!("\"{schema}\".\"{name}\""),
    }
}

fn own_name(row: &Row) -> String {
    qualified(&text(row, "schema"), &text(row, "name"))
}

fn table_of(row: &Row) -> String {
    qualified(&text(row, "schema"), &text(row, "table"))
}

fn quoted(names: &[String]) -> String {
    names.iter().map(|it| format!("\"{it}\"")).collect::<Vec<_>>().join(",")
}

fn drop_constraint(row: &Row) -> String {
    format!("ALTER TABLE {} DROP CONSTRAINT \"{}\";", table_of(row), text(row, "name"))
}

fn add_key(row: &Row) -> String {
    let (table, columns) = (table_of(row), list(row, "columns").join("\",\""));
    match is_true(row, "nameExplicit") {
        true => format!("ALTER TABLE {table} ADD CONSTRAINT \"{}\" PRIMARY KEY(\"{columns}\");", text(row, "name")),
        false => format!("ALTER TABLE {table} ADD PRIMARY KEY (\"{columns}\");"),
    }
}

fn add_unique(row: &Row) -> String {
    let nulls = if is_true(row, "nullsNotDistinct") { " NULLS NOT DISTINCT" } else { "" };
    let columns = list(row, "columns").join("\",\"");
    format!("ALTER TABLE {} ADD CONSTRAINT \"{}\" UNIQUE{nulls}(\"{columns}\");", table_of(row), text(row, "name"))
}

fn add_reference(row: &Row) -> String {
    let action = |field: &str, words: &str| match text(row, field).as_str() {
        "NO ACTION" => String::new(),
        action => format!(" {words} {action}"),
    };
    format!(
        "ADD CONSTRAINT \"{}\" FOREIGN KEY ({}) REFERENCES {}({}){}{};",
        text(row, "name"),
        quoted(&list(row, "columns")),
        qualified(&text(row, "schemaTo"), &text(row, "tableTo")),
        quoted(&list(row, "columnsTo")),
        action("onDelete", "ON DELETE"),
        action("onUpdate", "ON UPDATE"),
    )
}

fn drop_index(row: &Row) -> String {
    format!("DROP INDEX {};", own_name(row))
}

fn create_index(row: &Row) -> String {
    let column = |item: &Value| {
        let flag = |name: &str| item.get(name) == Some(&Value::Bool(true));
        let value = item.get("value").and_then(Value::as_str).unwrap_or_default();
        let value = if flag("isExpression") { value.to_owned() } else { format!("\"{value}\"") };
        let class = item.get("opclass").filter(|it| it.get("default") != Some(&Value::Bool(true)));
        let class = class.and_then(|it| it.get("name")?.as_str()).map(|it| format!(" {it}")).unwrap_or_default();
        let (ascending, first) = (flag("asc"), flag("nullsFirst"));
        let nulls = match (ascending, first) {
            (true, false) | (false, true) => "",
            (_, true) => " NULLS FIRST",
            (_, false) => " NULLS LAST",
        };
        format!("{value}{class}{}{nulls}", if ascending { "" } else { " DESC" })
    };
    let items = row.fields.get("columns").and_then(Value::as_array).into_iter().flatten();
    let columns = items.map(column).collect::<Vec<_>>().join(",");
    let clause = |field: &str, words: &str, end: &str| match text(row, field).as_str() {
        "" => String::new(),
        value => format!(" {words}{value}{end}"),
    };
    let method = if text(row, "method") == "btree" { String::new() } else { clause("method", "USING ", "") };
    format!(
        "CREATE {}{} \"{}\" ON {}{method} ({columns}){}{};",
        if is_true(row, "isUnique") { "UNIQUE INDEX" } else { "INDEX" },
        if is_true(row, "concurrently") { " CONCURRENTLY" } else { "" },
        text(row, "name"),
        table_of(row),
        clause("with", "WITH (", ")"),
        clause("where", "WHERE ", ""),
    )
}

fn n_dimensions(column: &Row) -> usize {
    column.fields.get("dimensions").and_then(Value::as_u64).and_then(|it| usize::try_from(it).ok()).unwrap_or(0)
}

/// The type of a column, one that is not built in with its schema.
fn named_type(column: &Row) -> String {
    match text(column, "typeSchema").as_str() {
        "" => text(column, "type"),
        schema => qualified(schema, &text(column, "type")),
    }
}

fn default_of(column: &Row) -> String {
    let (value, is_array) = (text(column, "default"), n_dimensions(column) > 0);
    match (text(column, "typeSchema").is_empty(), is_array) {
        (true, false) => value,
        (_, is_array) => format!("{value}::{}{}", named_type(column), if is_array { "[]" } else { "" }),
    }
}

fn is_serial(sql_type: &str) -> bool {
    matches!(sql_type.to_ascii_lowercase().as_str(), "serial" | "bigserial" | "smallserial")
}

fn alter_column(statement: &Statement, before: &Row) -> Option<Vec<String>> {
    let column = &statement.row;
    let is = |field: &str| statement.is_changed(field);
    let dimensions = (n_dimensions(before), n_dimensions(column));
    let (was_serial, is_serial) = (is_serial(&text(before, "type")), is_serial(&text(column, "type")));
    let is_array_change = is("dimensions") && (dimensions.0 == 0 || dimensions.1 == 0);
    if is("generated") || is("identity") || is_array_change || was_serial != is_serial {
        return None;
    }
    let start = format!("ALTER TABLE {} ALTER COLUMN \"{}\"", table_of(column), text(column, "name"));
    let (old, new) = (text(before, "default"), text(column, "default"));
    let facts = statement.facts;
    let is_new_type = is("type") || is("typeSchema") || is("dimensions");
    let sets_anew = is_new_type && (facts.is_enum || facts.was_enum || is("dimensions")) && !old.is_empty();
    let set_default = || format!("{start} SET DEFAULT {};", default_of(column));
    let mut sql = Vec::new();
    if sets_anew {
        sql.push(format!("{start} DROP DEFAULT;"));
    }
    if is_new_type {
        let (name, brackets) = (text(column, "type"), "[]".repeat(dimensions.1));
        let integer = match name.as_str() {
            "serial" => "int",
            "smallserial" => "smallint",
            "bigserial" => "bigint",
            other => other,
        };
        let namespace = Some(text(column, "typeSchema")).filter(|it| !it.is_empty() && it != "public");
        let namespace = namespace.map(|it| format!("\"{it}\".")).unwrap_or_default();
        let using = match facts.is_enum {
            true => format!("{}{namespace}\"{name}\"", if facts.was_enum { "text::" } else { "" }),
            false => integer.to_owned(),
        };
        let to = match facts.is_enum || !namespace.is_empty() {
            true => format!("{namespace}\"{name}\""),
            false => integer.to_owned(),
        };
        let using = match column.fields.get("generated").is_none_or(Value::is_null) {
            true => format!(" USING \"{}\"::{using}{brackets}", text(column, "name")),
            false => String::new(),
        };
        sql.push(format!("{start} SET DATA TYPE {to}{brackets}{using};"));
        if sets_anew && !new.is_empty() {
            sql.push(set_default());
        }
    }
    if is("default") && !sets_anew {
        sql.push(if new.is_empty() { format!("{start} DROP DEFAULT;") } else { set_default() });
    }
    if is("notNull") {
        sql.push(format!("{start} {} NOT NULL;", if is_true(column, "notNull") { "SET" } else { "DROP" }));
    }
    Some(sql)
}

/// A generated column, added.
fn add_column(statement: &Statement) -> String {
    let column = &statement.row;
    let default =
        if text(column, "default").is_empty() { String::new() } else { format!(" DEFAULT {}", default_of(column)) };
    let expression = column.fields.get("generated").and_then(|it| it.get("as")?.as_str()).unwrap_or_default();
    format!(
        "ALTER TABLE {} ADD COLUMN \"{}\" {}{}{}{default} GENERATED ALWAYS AS ({expression}) STORED;",
        table_of(column),
        text(column, "name"),
        named_type(column),
        "[]".repeat(n_dimensions(column)),
        if statement.facts.is_key { " PRIMARY KEY" } else { "" },
    )
}

fn recreate_enum(statement: &Statement) -> Vec<String> {
    let (name, row) = (own_name(&statement.row), &statement.row);
    let start = |column: &Row| format!("ALTER TABLE {} ALTER COLUMN \"{}\"", table_of(column), text(column, "name"));
    let mut sql = Vec::new();
    for column in &statement.with_before {
        sql.push(format!("{} SET DATA TYPE text{};", start(column), "[]".repeat(n_dimensions(column))));
        if !text(column, "default").is_empty() {
            sql.push(format!("{} DROP DEFAULT;", start(column)));
        }
    }
    let values: Vec<String> = list(row, "values").iter().map(|it| format!("'{}'", it.replace('\'', "''"))).collect();
    sql.push(format!("DROP TYPE {name};"));
    sql.push(format!("CREATE TYPE {name} AS ENUM({});", values.join(", ")));
    for (column, later) in statement.with_before.iter().zip(&statement.with) {
        let to = format!("{name}{}", "[]".repeat(n_dimensions(column)));
        sql.push(format!("{} SET DATA TYPE {to} USING \"{}\"::{to};", start(column), text(column, "name")));
        let default = text(later, "default");
        if !default.is_empty() {
            let brackets = if n_dimensions(column) > 0 { "[]" } else { "" };
            sql.push(format!("{} SET DEFAULT {default}::{name}{brackets};", start(column)));
        }
    }
    sql
}

fn alter_sequence(row: &Row) -> String {
    let option = |field: &str, words: &str| match row.fields.get(field) {
        Some(Value::String(value)) if !value.is_empty() => format!(" {words} {value}"),
        Some(Value::Number(value)) if value.as_u64() != Some(0) => format!(" {words} {value}"),
        _ => String::new(),
    };
    format!(
        "ALTER SEQUENCE {}{}{}{}{}{}{};",
        own_name(row),
        option("incrementBy", "INCREMENT BY"),
        option("minValue", "MINVALUE"),
        option("maxValue", "MAXVALUE"),
        option("startWith", "START WITH"),
        option("cacheSize", "CACHE"),
        if is_true(row, "cycle") { " CYCLE" } else { "" },
    )
}

fn alter_view(statement: &Statement, before: &Row) -> Vec<String> {
    let row = &statement.row;
    let start =
        format!("ALTER {} {}", if is_true(row, "materialized") { "MATERIALIZED VIEW" } else { "VIEW" }, own_name(row));
    let options = |row: &Row| row.fields.get("with").and_then(Value::as_object).cloned().unwrap_or_default();
    let (old, new) = match statement.is_changed("with") {
        true => (options(before), options(row)),
        false => Default::default(),
    };
    let is_set =
        |options: &serde_json::Map<String, Value>, name: &str| options.get(name).is_some_and(|it| !it.is_null());
    let mut sql = Vec::new();
    let set: Vec<String> = new
        .iter()
        .filter(|(name, value)| !value.is_null() && old.get(*name) != Some(*value))
        .map(|(name, value)| {
            format!("{} = {}", snake_case(name), value.as_str().map_or_else(|| value.to_string(), str::to_owned))
        })
        .collect();
    if !set.is_empty() {
        sql.push(format!("{start} SET ({});", set.join(", ")));
    }
    let reset: Vec<String> = old
        .iter()
        .filter(|(name, value)| !value.is_null() && !is_set(&new, name))
        .map(|(name, _)| snake_case(name))
        .collect();
    if !reset.is_empty() {
        sql.push(format!("{start} RESET ({});", reset.join(", ")));
    }
    let name_or = |field: &str, default: &str| match text(row, field) {
        name if name.is_empty() => default.to_owned(),
        name => name,
    };
    if statement.is_changed("tablespace") {
        sql.push(format!("{start} SET TABLESPACE \"{}\";", name_or("tablespace", "pg_default")));
    }
    if statement.is_changed("using") {
        sql.push(format!("{start} SET ACCESS METHOD \"{}\";", name_or("using", "heap")));
    }
    sql
}

fn snake_case(name: &str) -> String {
    let mut snake = String::new();
    for character in name.chars() {
        if character.is_ascii_uppercase() && !snake.is_empty() {
            snake.push('_');
        }
        snake.push(character.to_ascii_lowercase());
    }
    snake
}

fn roles(policy: &Row) -> String {
    let built_in = ["current_user", "current_role", "session_user", "public"];
    let shown = |role: &String| if built_in.contains(&role.as_str()) { role.clone() } else { format!("\"{role}\"") };
    list(policy, "roles").iter().map(shown).collect::<Vec<_>>().join(", ")
}

fn conditions(policy: &Row) -> String {
    let condition = |field: &str, words: &str| match text(policy, field).as_str() {
        "" => String::new(),
        condition => format!(" {words} ({condition})"),
    };
    condition("using", "USING") + &condition("withCheck", "WITH CHECK")
}

fn alter_role(row: &Row, before: &Row) -> String {
    let option = |field: &str, word: &str| match before.fields.get(field) == row.fields.get(field) {
        true => String::new(),
        false => format!(" {}{word}", if is_true(row, field) { "" } else { "NO" }),
    };
    let words =
        [("superuser", "SUPERUSER"), ("createDb", "CREATEDB"), ("createRole", "CREATEROLE"), ("inherit", "INHERIT")];
    let options: String = words.iter().map(|(field, word)| option(field, word)).collect();
    format!("ALTER ROLE \"{}\" WITH{options};", text(row, "name"))
}

fn grant(row: &Row) -> String {
    let option = if is_true(row, "isGrantable") { " WITH GRANT OPTION" } else { "" };
    format!("GRANT {} ON {} TO \"{}\"{option};", text(row, "type"), table_of(row), text(row, "grantee"))
}

fn revoke(row: &Row) -> String {
    format!("REVOKE {} ON {} FROM \"{}\";", text(row, "type"), table_of(row), text(row, "grantee"))
}
