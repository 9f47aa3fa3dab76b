//! PostgreSQL snapshots, versions 5 to 7: from JSON to the model. What versions 5 and 6 write otherwise is in `upgrade.rs`.

use std::sync::Arc;

use schema::{
    Check, Column, ColumnFacts, Dialect, Enum, Generated, Identity, Index, IndexColumn, IndexKey, LinkedPolicy, Name,
    Policy, PrimaryKey, Role, Schema, Sequence, Table, Unique, View,
};

use super::postgres_shapes::{RawColumn, RawIndex, RawIndexColumn, RawPolicy, RawSnapshot, RawTable, RawView};
use super::shapes::{self, RawSequence, Record};
use super::{SnapshotError, malformed, upgrade};

const DIALECT: Dialect = Dialect::Postgres;

/// Reads a snapshot whose dialect and version are already known to fit.
pub(super) fn read(text: &str, version: &str) -> Result<Schema, SnapshotError> {
    let mut raw: RawSnapshot<'_> = serde_json::from_str(text).map_err(|error| malformed(text, &error))?;
    if version != "7" {
        upgrade::name_enums(&mut raw);
    }
    let mut schema = Schema { policies_enable: true, ..Schema::new(DIALECT) };
    schema.namespaces = raw.schemas.into_iter().map(|(name, _)| name).filter(|name| name != "public").collect();
    for (key, raw) in raw.enums {
        let name = object_name(&key, raw.name, raw.schema);
        schema.enums.insert(name.clone(), Arc::new(Enum { name, values: raw.values, values_unknown: false }));
    }
    for (key, mut raw) in raw.sequences {
        let name = object_name(&key, raw.name.take(), raw.schema.take());
        let sequence = Sequence {
            name: name.clone(),
            integer: String::from(schema::BIGINT),
            options: raw.into_options(),
            owned_by: None,
            options_unknown: false,
        };
        schema.sequences.insert(name, Arc::new(sequence));
    }
    for (key, raw) in raw.tables {
        let table = table_of(&key, raw);
        schema.tables.insert(table.name.clone(), Arc::new(table));
    }
    for (key, raw) in raw.views {
        let view = view_of(&key, raw);
        schema.views.insert(view.name.clone(), Arc::new(view));
    }
    for (key, raw) in raw.roles {
        let name = raw.name.unwrap_or_else(|| key.clone());
        let role =
            Role { name, create_db: raw.create_db, create_role: raw.create_role, inherit: raw.inherit.unwrap_or(true) };
        schema.roles.insert(key, role);
    }
    for (key, raw) in raw.policies {
        let on = linked_table(raw.on.as_deref().unwrap_or_default(), raw.schema.as_deref());
        schema.policies.insert(key.clone(), LinkedPolicy { policy: policy_of(&key, raw), on });
    }
    Ok(schema)
}

fn table_of(key: &str, raw: RawTable<'_>) -> Table {
    let mut table = Table::new(object_name(key, raw.name, raw.schema));
    let mut flagged = Vec::new();
    for (key, mut column) in raw.columns {
        if column.primary_key {
            flagged.push(column.name.clone().unwrap_or_else(|| key.clone()));
        }
        if let Some(unique) = upgrade::column_unique(&table.name.name, &key, &mut column) {
            table.uniques.insert(unique.name.clone(), unique);
        }
        let column = column_of(&table.name, key.clone(), column);
        table.columns.insert(key, column);
    }
    table.primary_key = match raw.composite_primary_keys.into_iter().next() {
        Some((key, raw)) => Some(PrimaryKey::new(Some(raw.name.unwrap_or(key)), raw.columns)),
        None if flagged.is_empty() => None,
        None => Some(PrimaryKey::new(None, flagged)),
    };
    for (key, raw) in raw.unique_constraints {
        let name = raw.name.unwrap_or_else(|| key.clone());
        table.uniques.insert(key, Unique::new(name, raw.columns, raw.nulls_not_distinct));
    }
    table.foreign_keys = entries(raw.foreign_keys, |key, raw| raw.into_model(key, DIALECT));
    table.indexes = entries(raw.indexes, index_of);
    table.policies = entries(raw.policies, policy_of);
    table.checks = entries(raw.check_constraints, |key, raw| {
        Check::new(raw.name.unwrap_or_else(|| key.to_owned()), dialects::expression(DIALECT, &raw.value))
    });
    table.row_level_security = raw.is_rls_enabled;
    table
}

fn column_of(table: &Name, key: String, raw: RawColumn<'_>) -> Column {
    let enum_name = raw.type_schema.map(|namespace| Name::new(namespace, upgrade::element_type(&raw.sql_type)));
    let sql_type = dialects::sql_type(DIALECT, &raw.sql_type, enum_name);
    let name = raw.name.unwrap_or(key);
    Column {
        default: raw.default.map(|default| shapes::default_of(DIALECT, default, &sql_type)),
        sql_type,
        not_null: raw.not_null,
        generated: raw.generated.map(|generated| Generated {
            expression: dialects::expression(DIALECT, &generated.expression),
            stored: generated.kind != "virtual",
        }),
        identity: raw.identity.map(|identity| identity_of(table, &name, identity)),
        autoincrement: false,
        collation: None,
        comment: None,
        unknown: ColumnFacts::default(),
        name,
    }
}

fn identity_of(table: &Name, column: &str, mut raw: RawSequence) -> Identity {
    Identity {
        always: raw.kind == "always",
        sequence_name: raw.name.take().unwrap_or_else(|| format!("{}_{column}_seq", table.name)),
        sequence_namespace: shapes::namespace(DIALECT, raw.schema.take()),
        options: raw.into_options(),
    }
}

fn index_of(key: &str, raw: RawIndex<'_>) -> Index {
    let with = raw.with.unwrap_or_default();
    Index {
        name: raw.name.unwrap_or_else(|| key.to_owned()),
        unique: raw.is_unique,
        method: raw.method.unwrap_or_else(|| String::from("btree")),
        columns: raw.columns.into_iter().map(index_column_of).collect(),
        include: Vec::new(),
        predicate: raw.predicate.map(|predicate| dialects::expression(DIALECT, &predicate)),
        with: with.into_iter().map(|(key, value)| (key, shapes::option_of(value))).collect(),
        nulls_not_distinct: false,
        concurrently: Some(raw.concurrently),
    }
}

fn index_column_of(raw: RawIndexColumn) -> IndexColumn {
    IndexColumn {
        key: match raw.is_expression {
            true => IndexKey::Expression(dialects::expression(DIALECT, &raw.expression)),
            false => IndexKey::Column(raw.expression),
        },
        ascending: raw.asc,
        nulls_first: raw.nulls.map_or(!raw.asc, |nulls| nulls.eq_ignore_ascii_case("first")),
        opclass: raw.opclass.filter(|opclass| !opclass.is_empty()),
        collation: None,
    }
}

fn policy_of(key: &str, raw: RawPolicy) -> Policy {
    let mut to = raw.to.unwrap_or_else(|| vec![String::from("public")]);
    to.sort();
    Policy {
        name: raw.name.unwrap_or_else(|| key.to_owned()),
        permissive: !raw.kind.is_some_and(|kind| kind.eq_ignore_ascii_case("RESTRICTIVE")),
        command: raw.command.map_or_else(|| String::from("ALL"), |command| command.to_ascii_uppercase()),
        to,
        using: raw.using.map(|text| dialects::expression(DIALECT, &text)),
        with_check: raw.with_check.map(|text| dialects::expression(DIALECT, &text)),
    }
}

fn view_of(key: &str, raw: RawView<'_>) -> View {
    let name = object_name(key, raw.name, raw.schema);
    let with = raw.with.unwrap_or_default();
    let flagged = raw.columns.iter().filter(|(_, column)| column.primary_key);
    View {
        indexes: schema::Map::default(),
        primary_key: flagged.map(|(key, _)| key.clone()).collect(),
        materialized: raw.materialized,
        existing: raw.is_existing,
        definition: raw.definition.map(|definition| dialects::expression(DIALECT, &definition)),
        opaque: false,
        reads: Vec::new(),
        columns: raw.columns.into_iter().map(|(key, raw)| (key.clone(), column_of(&name, key, raw))).collect(),
        with: with.into_iter().map(|(key, value)| (key, shapes::option_of(value))).collect(),
        with_no_data: raw.with_no_data,
        using: raw.using,
        tablespace: raw.tablespace,
        name,
    }
}

fn entries<Raw, Part>(raw: Record<Raw>, part: impl Fn(&str, Raw) -> Part) -> Record<Part> {
    raw.into_iter()
        .map(|(key, raw)| {
            let part = part(&key, raw);
            (key, part)
        })
        .collect()
}

/// The name in the fields; where they miss, the key's (`public.users`, or `users` before version 6).
fn object_name(key: &str, name: Option<String>, namespace: Option<String>) -> Name {
    let (key_namespace, key_name) = key.split_once('.').unwrap_or(("", key));
    let namespace = namespace.or_else(|| Some(key_namespace.to_owned()));
    Name::new(shapes::namespace(DIALECT, namespace), name.unwrap_or_else(|| key_name.to_owned()))
}

/// `"public"."t"` as a name; a table without namespace is in the one the policy names.
fn linked_table(on: &str, namespace: Option<&str>) -> Name {
    let unquoted = |part: &str| part.trim_matches('"').replace("\"\"", "\"");
    match on.split_once("\".\"").or_else(|| on.split_once('.')) {
        Some((namespace, table)) => Name::new(unquoted(namespace), unquoted(table)),
        None => Name::new(namespace.unwrap_or("public"), unquoted(on)),
    }
}
