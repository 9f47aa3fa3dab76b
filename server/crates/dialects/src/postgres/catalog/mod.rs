//! A PostgreSQL catalog as a `Schema`: `catalog.sql` reads it, this gives it the canonical form that a replay has.

mod shapes;

use std::sync::Arc;

use crate::{default, expression, option_value, quoted_name, sql_type};
use schema::{
    Check, Column, ColumnFacts, Deferral, Dialect, Domain, Enum, Exclusion, Extension, Firing, ForeignKey,
    ForeignKeyAction, Form, Generated, Grant, Identity, Index, IndexColumn, IndexKey, Map, Name, ObjectKind,
    ObjectPath, OpaqueKey, OpaqueKind, OpaqueObject, PartitionOf, Policy, PrimaryKey, Role, Scalar, Schema, Sequence,
    SequenceOptions, SqlType, Table, Unique, View,
};

use shapes::{
    Raw, RawColumn, RawConstraint, RawDomain, RawDomainCheck, RawIndex, RawKey, RawPolicy, RawSequenceOptions,
    RawTable, RawType, RawView,
};

/// One statement without parameters, whose one answer [`catalog_schema`] takes. It wants `search_path` to be `public`.
pub const CATALOG_QUERY: &str = include_str!("catalog.sql");

const POSTGRES: Dialect = Dialect::Postgres;

/// The answer to [`CATALOG_QUERY`] as a schema, `serial` spelled out. An error tells what of the answer is not understood.
pub fn catalog_schema(json: &str) -> Result<Schema, serde_json::Error> {
    let raw: Raw = serde_json::from_str(json)?;
    let mut schema = Schema::new(POSTGRES);
    schema.namespaces = raw.namespaces;
    for it in raw.extensions {
        schema.extensions.insert(it.name.clone(), Extension { name: it.name, namespace: Some(it.namespace) });
    }
    for it in raw.roles {
        let role =
            Role { name: it.name.clone(), create_db: it.create_db, create_role: it.create_role, inherit: it.inherit };
        schema.roles.insert(it.name, role);
    }
    for it in raw.enums {
        let name = Name::new(it.namespace, it.name);
        schema.enums.insert(name.clone(), Arc::new(Enum { name, values: it.values, values_unknown: false }));
    }
    for it in raw.domains {
        let domain = it.into_domain();
        schema.domains.insert(domain.name.clone(), Arc::new(domain));
    }
    for it in raw.sequences {
        let name = Name::new(it.namespace, it.name);
        let owned_by = it.owner_namespace.zip(it.owner_table).map(|(namespace, table)| Name::new(namespace, table));
        let owned_by = owned_by.zip(it.owner_column);
        let sequence = Sequence {
            name: name.clone(),
            integer: it.integer,
            options: it.options.into(),
            owned_by,
            options_unknown: false,
        };
        schema.sequences.insert(name, Arc::new(sequence));
    }
    for it in raw.opaque {
        let on = it.on_namespace.zip(it.on_name).map(|(namespace, name)| Name::new(namespace, name));
        let Some(kind) = opaque_kind(&it.kind) else { continue };
        let key = OpaqueKey { kind, name: Name::new(it.namespace, it.name), on };
        let statement = it.definition.as_deref();
        let definition = statement.and_then(|it| crate::definition(POSTGRES, key.kind, it)).map(Arc::new);
        let object =
            OpaqueObject { key: key.clone(), calls: it.calls, definition, firing: firing(it.enabled.as_deref()) };
        schema.opaque.insert(key, Arc::new(object));
    }
    for it in raw.grants {
        let Some(on) = path(&it.kind, it.namespace, it.name, None) else { continue };
        let grant = Grant {
            on: on.clone(),
            to: it.to.clone(),
            privileges: it.privileges,
            with_grant_option: it.with_grant_option,
        };
        schema.grants.insert((on, it.to), grant);
    }
    for it in raw.comments {
        if let Some(path) = path(&it.kind, it.namespace, it.name, it.part) {
            schema.comments.insert(path, it.text);
        }
    }
    let mut tables: Map<Name, Table> = raw.tables.into_iter().map(RawTable::into_table).collect();
    let mut views: Map<Name, View> = raw.views.into_iter().map(RawView::into_view).collect();
    for it in raw.columns {
        let name = Name::new(it.namespace.as_str(), it.table.as_str());
        let column = it.into_column();
        let columns = match (tables.get_mut(&name), views.get_mut(&name)) {
            (Some(table), _) => &mut table.columns,
            (None, Some(view)) => &mut view.columns,
            (None, None) => continue,
        };
        columns.insert(column.name.clone(), column);
    }
    for it in raw.constraints {
        it.add_to(&mut tables);
    }
    for it in raw.indexes {
        let name = Name::new(it.namespace.as_str(), it.table.as_str());
        let indexes = match (tables.get_mut(&name), views.get_mut(&name)) {
            (Some(table), _) => &mut table.indexes,
            (None, Some(view)) => &mut view.indexes,
            (None, None) => continue,
        };
        let index = it.into_index();
        indexes.insert(index.name.clone(), index);
    }
    for it in raw.policies {
        if let Some(table) = tables.get_mut(&Name::new(it.namespace.as_str(), it.table.as_str())) {
            let policy = it.into_policy();
            table.policies.insert(policy.name.clone(), policy);
        }
    }
    schema.tables = tables.into_iter().map(|(name, table)| (name, Arc::new(table))).collect();
    schema.views = views.into_iter().map(|(name, view)| (name, Arc::new(view))).collect();
    Ok(schema)
}

impl RawType {
    fn into_type(self) -> SqlType {
        let name = self.type_namespace.zip(self.type_name).map(|(namespace, name)| Name::new(namespace, name));
        match (name, self.is_enum) {
            (Some(name), Some(true)) => sql_type(POSTGRES, &self.text, Some(name)),
            (Some(name), _) => {
                let dimensions = "[]".repeat(self.text.matches("[]").count());
                let canonical = format!("{}{dimensions}", quoted_name(POSTGRES, &name));
                SqlType { canonical, ..sql_type(POSTGRES, &self.text, None) }
            }
            (None, _) => sql_type(POSTGRES, &self.text, None),
        }
    }
}

impl From<RawSequenceOptions> for SequenceOptions {
    fn from(raw: RawSequenceOptions) -> SequenceOptions {
        SequenceOptions {
            increment: raw.increment,
            min_value: raw.min_value,
            max_value: raw.max_value,
            start_with: raw.start_with,
            cache: raw.cache,
            cycle: raw.cycle,
        }
    }
}

impl RawDomain {
    fn into_domain(self) -> Domain {
        let sql_type = self.sql_type.into_type();
        let check = |it: RawDomainCheck| Check {
            not_valid: !it.valid,
            ..Check::new(it.name, expression(POSTGRES, bare(&it.expression)))
        };
        Domain {
            name: Name::new(self.namespace, self.name),
            not_null: self.not_null,
            default: self.default.map(|text| default(POSTGRES, &text, Form::Sql, &sql_type)),
            checks: self.checks.into_iter().map(check).collect(),
            sql_type,
        }
    }
}

impl RawTable {
    fn into_table(self) -> (Name, Table) {
        let mut table = Table::new(Name::new(self.namespace, self.name));
        table.unlogged = self.unlogged;
        table.row_level_security = self.row_level_security;
        table.force_row_level_security = self.force_row_level_security;
        table.options = options(self.options);
        table.partition_by = self.partition_by.map(|text| expression(POSTGRES, &text));
        table.comment = self.comment;
        let mut parents = self.parents.into_iter().map(|it| Name::new(it.namespace, it.name));
        match self.bound {
            Some(bound) => {
                let bound = expression(POSTGRES, &bound);
                table.partition_of = parents.next().map(|parent| PartitionOf { parent, bound });
            }
            None => table.inherits = parents.collect(),
        }
        (table.name.clone(), table)
    }
}

impl RawColumn {
    fn into_column(self) -> Column {
        let sql_type = self.sql_type.into_type();
        let (expression_text, is_generated) = (self.expression, !self.generated.is_empty());
        let generated = expression_text
            .clone()
            .filter(|_| is_generated)
            .map(|text| Generated { expression: expression(POSTGRES, bare(&text)), stored: self.generated == "s" });
        let default =
            expression_text.filter(|_| !is_generated).map(|text| default(POSTGRES, &text, Form::Sql, &sql_type));
        let sequence = self.sequence_namespace.zip(self.sequence_name).zip(self.sequence_options);
        let identity = sequence.map(|((sequence_namespace, sequence_name), options)| Identity {
            always: self.identity == "a",
            sequence_name,
            sequence_namespace,
            options: options.into(),
        });
        Column {
            name: self.name,
            sql_type,
            not_null: self.not_null,
            default,
            generated,
            identity,
            autoincrement: false,
            collation: self.collation,
            comment: self.comment,
            unknown: ColumnFacts::default(),
        }
    }
}

impl RawConstraint {
    fn add_to(self, tables: &mut Map<Name, Table>) {
        let Some(table) = tables.get_mut(&Name::new(self.namespace.as_str(), self.table.as_str())) else { return };
        let deferral = match (self.deferrable, self.deferred) {
            (false, _) => Deferral::Immediate,
            (true, false) => Deferral::Deferrable,
            (true, true) => Deferral::Deferred,
        };
        let name = self.name;
        match self.kind.as_str() {
            "p" => {
                let mut key = PrimaryKey::new(Some(name), self.columns);
                (key.include, key.deferral) = (self.include, deferral);
                table.primary_key = Some(key);
            }
            "u" => {
                let mut unique = Unique::new(name.clone(), self.columns, self.nulls_not_distinct);
                (unique.include, unique.deferral) = (self.include, deferral);
                table.uniques.insert(name, unique);
            }
            "f" => {
                let key = ForeignKey {
                    name: name.clone(),
                    unnamed: false,
                    columns: self.columns,
                    to: Name::new(self.to_namespace.unwrap_or_default(), self.to_table.unwrap_or_default()),
                    to_columns: self.to_columns,
                    on_delete: action(&self.on_delete),
                    on_update: action(&self.on_update),
                    match_full: self.matched == "f",
                    deferral,
                    not_valid: !self.valid,
                };
                table.foreign_keys.insert(name, key);
            }
            "c" => {
                let text = self.expression.unwrap_or_default();
                let mut check = Check::new(name.clone(), expression(POSTGRES, bare(&text)));
                (check.not_valid, check.no_inherit) = (!self.valid, self.no_inherit);
                table.checks.insert(name, check);
            }
            "x" => {
                let definition = self.definition.strip_prefix("EXCLUDE ").unwrap_or(&self.definition);
                let definition = expression(POSTGRES, definition);
                table.exclusions.insert(name.clone(), Exclusion { name, definition });
            }
            _ => {}
        }
    }
}

impl RawIndex {
    fn into_index(self) -> Index {
        Index {
            name: self.name,
            unique: self.unique,
            method: self.method,
            columns: self.keys.into_iter().map(RawKey::into_key).collect(),
            include: self.include,
            predicate: self.predicate.map(|text| expression(POSTGRES, bare(&text))),
            with: options(self.options),
            nulls_not_distinct: self.nulls_not_distinct,
            concurrently: None,
        }
    }
}

impl RawKey {
    fn into_key(self) -> IndexColumn {
        let key = match self.column {
            Some(column) => IndexKey::Column(column),
            None => IndexKey::Expression(expression(POSTGRES, bare(&self.expression.unwrap_or_default()))),
        };
        IndexColumn {
            key,
            ascending: !self.descending,
            nulls_first: self.nulls_first,
            opclass: self.opclass,
            collation: self.collation,
        }
    }
}

impl RawPolicy {
    fn into_policy(self) -> Policy {
        let command = match self.command.as_str() {
            "r" => "SELECT",
            "a" => "INSERT",
            "w" => "UPDATE",
            "d" => "DELETE",
            _ => "ALL",
        };
        let text = |text: Option<String>| text.map(|text| expression(POSTGRES, bare(&text)));
        let mut to = self.to;
        to.sort();
        Policy {
            name: self.name,
            permissive: self.permissive,
            command: command.to_owned(),
            to,
            using: text(self.using),
            with_check: text(self.with_check),
        }
    }
}

impl RawView {
    fn into_view(self) -> (Name, View) {
        let name = Name::new(self.namespace, self.name);
        // A schema language spells options in camel case.
        let with = options(self.options).into_iter().map(|(name, value)| (camel_case(&name), value)).collect();
        let view = View {
            indexes: schema::Map::default(),
            name: name.clone(),
            materialized: self.materialized,
            existing: false,
            definition: Some(expression(POSTGRES, self.definition.trim().trim_end_matches(';'))),
            opaque: false,
            reads: Vec::new(),
            columns: Map::default(),
            primary_key: Vec::new(),
            with,
            with_no_data: None,
            using: self.method,
            tablespace: None,
        };
        (name, view)
    }
}

fn options(options: Vec<String>) -> Map<String, Scalar> {
    let pair = |option: String| {
        let (name, value) = option.split_once('=').unwrap_or((&option, "true"));
        (name.to_owned(), option_value(value, Form::Sql))
    };
    options.into_iter().map(pair).collect()
}

fn camel_case(name: &str) -> String {
    let mut words = name.split('_');
    let first = words.next().unwrap_or_default().to_owned();
    words.fold(first, |camel, word| {
        let (initial, rest) = word.split_at_checked(1).unwrap_or((word, ""));
        camel + &initial.to_ascii_uppercase() + rest
    })
}

/// The expression without the parentheses around the whole of it.
fn bare(text: &str) -> &str {
    let text = text.trim();
    let Some(inner) = text.strip_prefix('(').and_then(|rest| rest.strip_suffix(')')) else { return text };
    let mut depth = 0_i32;
    let mut is_in_string = false;
    for character in inner.chars() {
        match character {
            '\'' => is_in_string = !is_in_string,
            '(' if !is_in_string => depth += 1,
            ')' if !is_in_string => depth -= 1,
            _ => {}
        }
        if depth < 0 {
            return text;
        }
    }
    inner
}

fn action(letter: &str) -> ForeignKeyAction {
    match letter {
        "r" => ForeignKeyAction::Restrict,
        "c" => ForeignKeyAction::Cascade,
        "n" => ForeignKeyAction::SetNull,
        "d" => ForeignKeyAction::SetDefault,
        _ => ForeignKeyAction::NoAction,
    }
}

fn firing(letter: Option<&str>) -> Firing {
    match letter {
        Some("D") => Firing::Disabled,
        Some("R") => Firing::Replica,
        Some("A") => Firing::Always,
        _ => Firing::Enabled,
    }
}

fn opaque_kind(word: &str) -> Option<OpaqueKind> {
    Some(match word {
        "function" => OpaqueKind::Function,
        "procedure" => OpaqueKind::Procedure,
        "aggregate" => OpaqueKind::Aggregate,
        "trigger" => OpaqueKind::Trigger,
        "event_trigger" => OpaqueKind::EventTrigger,
        "rule" => OpaqueKind::Rule,
        "type" => OpaqueKind::Type,
        "collation" => OpaqueKind::Collation,
        "statistics" => OpaqueKind::Statistics,
        "publication" => OpaqueKind::Publication,
        "foreign_data_wrapper" => OpaqueKind::ForeignDataWrapper,
        "server" => OpaqueKind::Server,
        "foreign_table" => OpaqueKind::ForeignTable,
        _ => return None,
    })
}

fn path(kind: &str, namespace: String, name: String, part: Option<String>) -> Option<ObjectPath> {
    let kind = match kind {
        "namespace" => ObjectKind::Namespace,
        "enum" => ObjectKind::Enum,
        "domain" => ObjectKind::Domain,
        "sequence" => ObjectKind::Sequence,
        "table" => ObjectKind::Table,
        "column" => ObjectKind::Column,
        "primary_key" => ObjectKind::PrimaryKey,
        "unique_constraint" => ObjectKind::Unique,
        "foreign_key" => ObjectKind::ForeignKey,
        "check_constraint" => ObjectKind::Check,
        "exclusion_constraint" => ObjectKind::Exclusion,
        "index" => ObjectKind::Index,
        "policy" => ObjectKind::Policy,
        "view" => ObjectKind::View,
        "role" => ObjectKind::Role,
        "opaque" => ObjectKind::Opaque,
        _ => return None,
    };
    Some(ObjectPath { kind, name: Name::new(namespace, name), part })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_parentheses_around_the_whole_are_taken_away() {
        for (text, expected) in [("(a > 0)", "a > 0"), ("(a) > (b)", "(a) > (b)"), ("a", "a"), ("(a = ')')", "a = ')'")]
        {
            assert_eq!(bare(text), expected);
        }
    }
}
