//! PostgreSQL rows: from the state to the model. The shapes are those of drizzle-kit's `dialects/postgres/ddl.ts`.

use std::sync::Arc;

use schema::{
    Check, Column, ColumnFacts, Dialect, Enum, Form, Generated, Grant, Identity, Index, LinkedPolicy, Map, Name,
    ObjectKind, ObjectPath, Policy, Role, Scalar, Schema, Sequence, SequenceOptions, Table, Unique, View,
};
use serde::Deserialize;
use serde_json::Value;
use source::Diagnostic;

use super::rows::{self, CheckRow, ForeignKeyRow, GeneratedRow, IndexColumnRow, KeyRow};
use super::state::{Row, State};

const DIALECT: Dialect = Dialect::Postgres;

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct TableRow {
    schema: String,
    name: String,
    is_rls_enabled: Option<bool>,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct ColumnRow {
    name: String,
    #[serde(rename = "type")]
    sql_type: String,
    type_schema: Option<String>,
    #[serde(default)]
    not_null: bool,
    #[serde(default)]
    dimensions: usize,
    default: Option<String>,
    generated: Option<GeneratedRow>,
    identity: Option<NumbersRow>,
}

/// A sequence, or the one of an identity column: the two name their numbers differently.
#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct NumbersRow {
    schema: Option<String>,
    name: String,
    #[serde(rename = "type", default)]
    kind: String,
    #[serde(alias = "incrementBy")]
    increment: Option<Value>,
    min_value: Option<Value>,
    max_value: Option<Value>,
    start_with: Option<Value>,
    #[serde(alias = "cacheSize")]
    cache: Option<Value>,
    cycle: Option<bool>,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct IndexRow {
    name: String,
    #[serde(default)]
    name_explicit: bool,
    columns: Vec<IndexColumnRow>,
    #[serde(default)]
    is_unique: bool,
    #[serde(rename = "where")]
    predicate: Option<String>,
    with: Option<String>,
    method: Option<String>,
    concurrently: Option<bool>,
}

#[derive(Deserialize)]
struct EnumRow {
    schema: String,
    name: String,
    values: Vec<String>,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct RoleRow {
    name: String,
    create_db: Option<bool>,
    create_role: Option<bool>,
    inherit: Option<bool>,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct PrivilegeRow {
    grantee: String,
    schema: String,
    table: String,
    #[serde(rename = "type")]
    privilege: String,
    #[serde(default)]
    is_grantable: bool,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct PolicyRow {
    name: String,
    #[serde(rename = "as")]
    kind: Option<String>,
    #[serde(rename = "for")]
    command: Option<String>,
    roles: Option<Vec<String>>,
    using: Option<String>,
    with_check: Option<String>,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct ViewRow {
    schema: String,
    name: String,
    definition: Option<String>,
    with: Option<serde_json::Map<String, Value>>,
    with_no_data: Option<bool>,
    using: Option<String>,
    tablespace: Option<String>,
    #[serde(default)]
    materialized: bool,
}

/// The schema that the rows describe. Rows of unknown kinds are ignored, as are parts of no table.
pub(super) fn schema(state: State) -> Result<Schema, Box<Diagnostic>> {
    let mut schema = Schema { policies_enable: true, ..Schema::new(DIALECT) };
    let mut tables: Map<Name, Table> = Map::default();
    let mut parts = Vec::new();
    for row in state.into_rows() {
        match row.kind.as_str() {
            "schemas" => {
                let name = rows::field(&row, "name");
                if name != "public" {
                    schema.namespaces.push(name.to_owned());
                }
            }
            "tables" => {
                let row: TableRow = rows::typed(row)?;
                let mut table = Table::new(Name::new(row.schema, row.name));
                table.row_level_security = row.is_rls_enabled.unwrap_or(false);
                tables.insert(table.name.clone(), table);
            }
            "enums" => {
                let EnumRow { schema: namespace, name, values } = rows::typed(row)?;
                let name = Name::new(namespace, name);
                schema.enums.insert(name.clone(), Arc::new(Enum { name, values, values_unknown: false }));
            }
            "sequences" => {
                let sequence = sequence_of(rows::typed(row)?);
                schema.sequences.insert(sequence.name.clone(), Arc::new(sequence));
            }
            "roles" => {
                let row: RoleRow = rows::typed(row)?;
                let role = role_of(row);
                schema.roles.insert(role.name.clone(), role);
            }
            "views" => {
                let view = view_of(rows::typed(row)?);
                schema.views.insert(view.name.clone(), Arc::new(view));
            }
            "privileges" => grant(&mut schema, rows::typed(row)?),
            _ => parts.push(row),
        }
    }
    for row in parts {
        let name = table_name(&row);
        match (tables.get_mut(&name), row.kind.as_str()) {
            (Some(table), _) => part(table, row)?,
            (None, "policies") => {
                let policy = policy_of(rows::typed(row)?);
                schema.policies.insert(policy.name.clone(), LinkedPolicy { policy, on: name });
            }
            (None, _) => {}
        }
    }
    schema.tables = tables.into_iter().map(|(name, table)| (name, Arc::new(table))).collect();
    Ok(schema)
}

/// The table that a part belongs to. A policy on somebody else's table that came from 0.x names it as `"public"."t"`.
fn table_name(row: &Row) -> Name {
    let (namespace, table) = (rows::field(row, "schema"), rows::field(row, "table"));
    match table.strip_prefix('"').and_then(|rest| rest.strip_suffix('"')).and_then(|inner| inner.split_once("\".\"")) {
        Some((namespace, table)) => Name::new(namespace, table),
        None => Name::new(namespace, table),
    }
}

fn part(table: &mut Table, row: Row) -> Result<(), Box<Diagnostic>> {
    match row.kind.as_str() {
        "columns" => {
            let column = column_of(&table.name, rows::typed(row)?);
            table.columns.insert(column.name.clone(), column);
        }
        "indexes" => {
            let row: IndexRow = rows::typed(row)?;
            rows::note_name(table, ObjectKind::Index, &row.name, row.name_explicit);
            let index = index_of(row);
            table.indexes.insert(index.name.clone(), index);
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
            let unique = Unique::new(row.name, row.columns, row.nulls_not_distinct.unwrap_or(false));
            table.uniques.insert(unique.name.clone(), unique);
        }
        "checks" => {
            let row: CheckRow = rows::typed(row)?;
            let expression = dialects::expression(DIALECT, &row.value);
            table.checks.insert(row.name.clone(), Check::new(row.name, expression));
        }
        "policies" => {
            let policy = policy_of(rows::typed(row)?);
            table.policies.insert(policy.name.clone(), policy);
        }
        _ => {}
    }
    Ok(())
}

fn column_of(table: &Name, row: ColumnRow) -> Column {
    let enum_name = row.type_schema.map(|namespace| Name::new(namespace, row.sql_type.as_str()));
    let text = format!("{}{}", row.sql_type, "[]".repeat(row.dimensions.min(MOST_DIMENSIONS)));
    let sql_type = dialects::sql_type(DIALECT, &text, enum_name);
    Column {
        default: row.default.map(|default| dialects::default(DIALECT, &default, Form::Sql, &sql_type)),
        sql_type,
        not_null: row.not_null,
        generated: row.generated.map(|generated| Generated {
            expression: dialects::expression(DIALECT, &generated.expression),
            stored: generated.kind != "virtual",
        }),
        identity: row.identity.map(|identity| Identity {
            always: identity.kind == "always",
            sequence_namespace: table.namespace.clone(),
            sequence_name: identity.name.clone(),
            options: options_of(identity),
        }),
        autoincrement: false,
        collation: None,
        comment: None,
        unknown: ColumnFacts::default(),
        name: row.name,
    }
}

/// PostgreSQL itself has no more (`MAXDIM`).
const MOST_DIMENSIONS: usize = 6;

fn sequence_of(row: NumbersRow) -> Sequence {
    let name = Name::new(row.schema.as_deref().unwrap_or(DIALECT.default_namespace()), row.name.as_str());
    Sequence {
        name,
        integer: String::from(schema::BIGINT),
        options: options_of(row),
        owned_by: None,
        options_unknown: false,
    }
}

/// A number that is missing is that of a bigint, mirrored where the sequence counts down.
fn options_of(row: NumbersRow) -> SequenceOptions {
    let text = |value: Option<Value>| match value? {
        Value::String(text) => Some(text),
        Value::Null => None,
        other => Some(other.to_string()),
    };
    let increment = text(row.increment).unwrap_or_else(|| String::from("1"));
    let counts_down = increment.starts_with('-');
    let (min, max) = if counts_down { ("-9223372036854775808", "-1") } else { ("1", "9223372036854775807") };
    let min_value = text(row.min_value).unwrap_or_else(|| min.to_owned());
    let max_value = text(row.max_value).unwrap_or_else(|| max.to_owned());
    let start = if counts_down { &max_value } else { &min_value };
    SequenceOptions {
        start_with: text(row.start_with).unwrap_or_else(|| start.clone()),
        cache: text(row.cache).unwrap_or_else(|| String::from("1")),
        cycle: row.cycle.unwrap_or(false),
        increment,
        min_value,
        max_value,
    }
}

fn index_of(row: IndexRow) -> Index {
    Index {
        name: row.name,
        unique: row.is_unique,
        method: row.method.unwrap_or_else(|| String::from("btree")),
        columns: row.columns.into_iter().map(|column| column.into_model(DIALECT)).collect(),
        include: Vec::new(),
        predicate: row.predicate.map(|predicate| dialects::expression(DIALECT, &predicate)),
        with: options(row.with.as_deref().unwrap_or_default()),
        nulls_not_distinct: false,
        concurrently: Some(row.concurrently.unwrap_or(false)),
    }
}

/// `m=16, ef_construction=64`
fn options(text: &str) -> Map<String, Scalar> {
    let pairs = text.split(',').filter_map(|pair| pair.split_once('='));
    pairs
        .map(|(name, value)| (name.trim().to_owned(), dialects::option_value(value.trim(), form_of(value.trim()))))
        .collect()
}

fn form_of(value: &str) -> Form {
    match value {
        "true" | "false" => Form::Boolean,
        _ if value.parse::<f64>().is_ok() => Form::Number,
        _ => Form::Sql,
    }
}

fn role_of(row: RoleRow) -> Role {
    Role {
        name: row.name,
        create_db: row.create_db.unwrap_or(false),
        create_role: row.create_role.unwrap_or(false),
        inherit: row.inherit.unwrap_or(true),
    }
}

fn grant(schema: &mut Schema, row: PrivilegeRow) {
    let on = ObjectPath::new(ObjectKind::Table, &Name::new(row.schema, row.table));
    let grant = schema.grants.entry((on.clone(), row.grantee.clone())).or_insert_with(|| Grant {
        on,
        to: row.grantee,
        privileges: Vec::new(),
        with_grant_option: Vec::new(),
    });
    let insert = |list: &mut Vec<String>, privilege: &str| {
        if let Err(position) = list.binary_search_by(|known| known.as_str().cmp(privilege)) {
            list.insert(position, privilege.to_owned());
        }
    };
    insert(&mut grant.privileges, &row.privilege);
    if row.is_grantable {
        insert(&mut grant.with_grant_option, &row.privilege);
    }
}

fn policy_of(row: PolicyRow) -> Policy {
    let mut to = row.roles.unwrap_or_else(|| vec![String::from("public")]);
    to.sort();
    Policy {
        name: row.name,
        permissive: !row.kind.is_some_and(|kind| kind.eq_ignore_ascii_case("RESTRICTIVE")),
        command: row.command.map_or_else(|| String::from("ALL"), |command| command.to_ascii_uppercase()),
        to,
        using: row.using.map(|text| dialects::expression(DIALECT, &text)),
        with_check: row.with_check.map(|text| dialects::expression(DIALECT, &text)),
    }
}

fn view_of(row: ViewRow) -> View {
    let option = |(name, value): (String, Value)| {
        let value = match value {
            Value::Null => return None,
            Value::String(text) => dialects::option_value(&text, Form::Sql),
            other => dialects::option_value(&other.to_string(), form_of(&other.to_string())),
        };
        Some((name, value))
    };
    View {
        indexes: schema::Map::default(),
        reads: Vec::new(),
        name: Name::new(row.schema, row.name),
        materialized: row.materialized,
        existing: false,
        definition: row.definition.map(|definition| dialects::expression(DIALECT, &definition)),
        opaque: false,
        columns: Map::default(),
        primary_key: Vec::new(),
        with: row.with.unwrap_or_default().into_iter().filter_map(option).collect(),
        with_no_data: row.with_no_data,
        using: row.using,
        tablespace: row.tablespace,
    }
}
