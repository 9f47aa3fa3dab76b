//! A schema as a list of facts, each with its place, in canonical form: what two schemas are compared by, and what a difference names.
//!
//! Every field of the model is either a fact here or named with the reason why it is none, so that a new field asks to be thought about.

use std::collections::BTreeMap;

use schema::{
    Body, Check, Column, Deferral, Domain, Enum, Exclusion, Expression, Extension, ForeignKey, Generated, Grant,
    Identity, Index, IndexColumn, IndexKey, Policy, PrimaryKey, Role, Scalar, Schema, Sequence, SequenceOptions, Table,
    Unique, View,
};

/// By place.
pub type Facts = BTreeMap<String, String>;

/// The facts of a schema. Order never counts but where it means something: the columns of a key, the values of an enum.
pub fn facts(schema: &Schema) -> Facts {
    let Schema {
        dialect: _,
        namespaces,
        enums,
        domains,
        sequences,
        tables,
        views,
        roles,
        policies,
        extensions,
        opaque,
        grants,
        comments,
        // What is not known is taken out on both sides before, and counted.
        unknown: _,
        open: _,
        // Says how the policies are to be read.
        policies_enable: _,
    } = schema;
    let mut facts = List { facts: Facts::new() };
    for name in namespaces {
        facts.put(format!("schema {name}"), "is there");
    }
    for Enum { name, values, values_unknown: _ } in enums.values().map(|it| &**it) {
        facts.put(format!("enum {name}"), values.join(", "));
    }
    for domain in domains.values() {
        facts.domain(domain);
    }
    for Sequence { name, integer, options, owned_by, options_unknown: _ } in sequences.values().map(|it| &**it) {
        facts.put(format!("sequence {name}"), format!("{integer} {}", sequence_options(options)));
        if let Some((table, column)) = owned_by {
            facts.put(format!("sequence {name} / owned by"), format!("{table}.{column}"));
        }
    }
    for table in tables.values() {
        facts.table(table);
    }
    for view in views.values() {
        facts.view(view);
    }
    for Role { name, create_db, create_role, inherit } in roles.values() {
        facts.put(format!("role {name}"), format!("createdb {create_db}, createrole {create_role}, inherit {inherit}"));
    }
    for linked in policies.values() {
        facts.policy(&format!("table {}", linked.on), &linked.policy);
    }
    for Extension { name, namespace } in extensions.values() {
        facts.put(format!("extension {name}"), namespace.as_deref().unwrap_or("public"));
    }
    for (key, object) in opaque {
        let on = key.on.as_ref().map(|on| format!(" on {on}")).unwrap_or_default();
        let place = format!("{} {}{on}", key.kind.as_str(), key.name);
        facts.put(place.clone(), "is there");
        if let Some(definition) = &object.definition {
            facts.put(format!("{place}: header"), definition.header.as_str());
            // The server prints statements in its own words.
            if let Body::Text { text, .. } = &definition.body {
                facts.put(format!("{place}: body"), text.as_str());
            }
        }
        if !object.firing.is_usual() {
            facts.put(format!("{place}: firing"), object.firing.as_str());
        }
    }
    for Grant { on, to, privileges, with_grant_option } in grants.values() {
        let place = format!("grant on {} {on} to {to}", on.kind.as_str());
        facts.put(place.clone(), privileges.join(", "));
        if !with_grant_option.is_empty() {
            facts.put(format!("{place} / with grant option"), with_grant_option.join(", "));
        }
    }
    for (path, text) in comments {
        facts.put(format!("comment on {} {path}", path.kind.as_str()), text);
    }
    facts.facts
}

struct List {
    facts: Facts,
}

impl List {
    fn put(&mut self, place: impl Into<String>, value: impl Into<String>) {
        self.facts.insert(place.into(), value.into());
    }

    fn put_some(&mut self, place: String, value: Option<impl Into<String>>) {
        if let Some(value) = value {
            self.put(place, value);
        }
    }

    fn put_true(&mut self, place: String, is_true: bool) {
        if is_true {
            self.put(place, "true");
        }
    }

    fn domain(&mut self, domain: &Domain) {
        let Domain { name, sql_type, not_null, default, checks } = domain;
        let place = format!("domain {name}");
        self.put(place.clone(), &sql_type.canonical);
        self.put_true(format!("{place} / not null"), *not_null);
        self.put_some(format!("{place} / default"), default.as_ref().map(|it| &it.canonical));
        for check in checks {
            self.check(&place, check);
        }
    }

    fn table(&mut self, table: &Table) {
        let Table {
            name,
            columns,
            primary_key,
            uniques,
            foreign_keys,
            checks,
            exclusions,
            indexes,
            policies,
            row_level_security,
            force_row_level_security,
            unlogged,
            partition_by,
            partition_of,
            inherits,
            options,
            opaque,
            comment,
            // Of readings that could not evaluate something.
            open: _,
            default_names: _,
        } = table;
        let place = format!("table {name}");
        self.put(place.clone(), if *opaque { "only its name is known" } else { "is there" });
        for column in columns.values() {
            self.column(&place, column);
        }
        if let Some(key) = primary_key {
            self.primary_key(&place, key);
        }
        for Unique { name, columns, nulls_not_distinct, include, deferral } in uniques.values() {
            let place = format!("{place} / unique {name}");
            self.put(place.clone(), columns.join(", "));
            self.put_true(format!("{place} / nulls not distinct"), *nulls_not_distinct);
            self.included_and_deferral(&place, include, *deferral);
        }
        for key in foreign_keys.values() {
            self.foreign_key(&place, key);
        }
        for check in checks.values() {
            self.check(&place, check);
        }
        for Exclusion { name, definition } in exclusions.values() {
            self.put(format!("{place} / exclusion {name}"), &definition.canonical);
        }
        for index in indexes.values() {
            self.index(&place, index);
        }
        for policy in policies.values() {
            self.policy(&place, policy);
        }
        self.put_true(format!("{place} / row level security"), *row_level_security);
        self.put_true(format!("{place} / force row level security"), *force_row_level_security);
        self.put_true(format!("{place} / unlogged"), *unlogged);
        self.put_some(format!("{place} / partition by"), canonical(partition_by));
        if let Some(of) = partition_of {
            self.put(format!("{place} / partition of"), of.parent.to_string());
            self.put(format!("{place} / bound"), &of.bound.canonical);
        }
        if !inherits.is_empty() {
            let parents: Vec<String> = inherits.iter().map(|parent| parent.to_string()).collect();
            self.put(format!("{place} / inherits"), parents.join(", "));
        }
        self.options(&place, options);
        self.put_some(format!("{place} / comment"), comment.as_ref());
    }

    fn column(&mut self, place: &str, column: &Column) {
        let Column {
            name,
            sql_type,
            not_null,
            default,
            generated,
            identity,
            autoincrement,
            collation,
            comment,
            // A replay knows what it reads.
            unknown: _,
        } = column;
        let place = format!("{place} / column {name}");
        self.put(place.clone(), &sql_type.canonical);
        self.put_true(format!("{place} / not null"), *not_null);
        self.put_some(format!("{place} / default"), default.as_ref().map(|it| &it.canonical));
        if let Some(Generated { expression, stored }) = generated {
            self.put(format!("{place} / generated"), &expression.canonical);
            self.put_true(format!("{place} / stored"), *stored);
        }
        if let Some(Identity { always, sequence_name, sequence_namespace, options }) = identity {
            self.put(format!("{place} / identity"), if *always { "always" } else { "by default" });
            self.put(format!("{place} / sequence"), format!("{sequence_namespace}.{sequence_name}"));
            self.put(format!("{place} / sequence options"), sequence_options(options));
        }
        self.put_true(format!("{place} / autoincrement"), *autoincrement);
        self.put_some(format!("{place} / collation"), collation.as_ref());
        self.put_some(format!("{place} / comment"), comment.as_ref());
    }

    fn primary_key(&mut self, place: &str, key: &PrimaryKey) {
        let PrimaryKey { name, server_name, columns, include, deferral } = key;
        let place = format!("{place} / primary key");
        self.put(place.clone(), columns.join(", "));
        // The catalog does not tell who chose the name.
        self.put_some(format!("{place} / name"), name.as_ref().or(server_name.as_ref()));
        self.included_and_deferral(&place, include, *deferral);
    }

    fn foreign_key(&mut self, place: &str, key: &ForeignKey) {
        let ForeignKey {
            name,
            // Says how the name came about.
            unnamed: _,
            columns,
            to,
            to_columns,
            on_delete,
            on_update,
            match_full,
            deferral,
            not_valid,
        } = key;
        let place = format!("{place} / foreign key {name}");
        self.put(place.clone(), format!("({}) to {to} ({})", columns.join(", "), to_columns.join(", ")));
        self.put(format!("{place} / on delete"), on_delete.as_str());
        self.put(format!("{place} / on update"), on_update.as_str());
        self.put_true(format!("{place} / match full"), *match_full);
        self.put_true(format!("{place} / not valid"), *not_valid);
        self.included_and_deferral(&place, &[], *deferral);
    }

    fn included_and_deferral(&mut self, place: &str, include: &[String], deferral: Deferral) {
        if !include.is_empty() {
            self.put(format!("{place} / include"), include.join(", "));
        }
        match deferral {
            Deferral::Immediate => {}
            Deferral::Deferrable => self.put(format!("{place} / deferrable"), "initially immediate"),
            Deferral::Deferred => self.put(format!("{place} / deferrable"), "initially deferred"),
        }
    }

    fn check(&mut self, place: &str, check: &Check) {
        let Check { name, expression, not_valid, no_inherit } = check;
        let place = format!("{place} / check {name}");
        self.put(place.clone(), &expression.canonical);
        self.put_true(format!("{place} / not valid"), *not_valid);
        self.put_true(format!("{place} / no inherit"), *no_inherit);
    }

    fn index(&mut self, place: &str, index: &Index) {
        let Index {
            name,
            unique,
            method,
            columns,
            include,
            predicate,
            with,
            nulls_not_distinct,
            // How it was built leaves no trace.
            concurrently: _,
        } = index;
        let place = format!("{place} / index {name}");
        self.put(place.clone(), columns.iter().map(index_column).collect::<Vec<_>>().join(", "));
        self.put_true(format!("{place} / unique"), *unique);
        if !method.is_empty() {
            self.put(format!("{place} / method"), method);
        }
        self.put_some(format!("{place} / where"), canonical(predicate));
        self.put_true(format!("{place} / nulls not distinct"), *nulls_not_distinct);
        self.options(&place, with);
        self.included_and_deferral(&place, include, Deferral::Immediate);
    }

    fn policy(&mut self, place: &str, policy: &Policy) {
        let Policy { name, permissive, command, to, using, with_check } = policy;
        let place = format!("{place} / policy {name}");
        self.put(place.clone(), command);
        self.put(format!("{place} / kind"), if *permissive { "permissive" } else { "restrictive" });
        self.put(format!("{place} / to"), to.join(", "));
        self.put_some(format!("{place} / using"), canonical(using));
        self.put_some(format!("{place} / with check"), canonical(with_check));
    }

    fn view(&mut self, view: &View) {
        let View {
            name,
            materialized,
            existing: _,
            // A server prints a query in its own words; see `comparison`.
            definition: _,
            opaque: _,
            reads: _,
            columns,
            indexes,
            // What only Drizzle's snapshots hold.
            primary_key: _,
            with,
            // REFRESH changes it: it is about the rows.
            with_no_data: _,
            using,
            // Of the server, not of the schema.
            tablespace: _,
        } = view;
        let place = format!("view {name}");
        self.put(place.clone(), if *materialized { "materialized" } else { "plain" });
        for column in columns.values() {
            self.put(format!("{place} / column {}", column.name), "is there");
            self.put_some(format!("{place} / column {} / comment", column.name), column.comment.as_ref());
        }
        indexes.values().for_each(|index| self.index(&place, index));
        self.options(&place, with);
        self.put_some(format!("{place} / using"), using.as_ref());
    }

    fn options(&mut self, place: &str, options: &schema::Map<String, Scalar>) {
        for (name, value) in options {
            self.put(format!("{place} / option {name}"), &value.canonical);
        }
    }
}

fn canonical(expression: &Option<Expression>) -> Option<&String> {
    expression.as_ref().map(|it| &it.canonical)
}

fn sequence_options(options: &SequenceOptions) -> String {
    let SequenceOptions { increment, min_value, max_value, start_with, cache, cycle } = options;
    let cycle = if *cycle { ", cycle" } else { "" };
    format!("from {start_with} by {increment}, {min_value} to {max_value}, cache {cache}{cycle}")
}

fn index_column(column: &IndexColumn) -> String {
    let IndexColumn { key, ascending, nulls_first, opclass, collation } = column;
    let mut text = match key {
        IndexKey::Column(name) => name.clone(),
        IndexKey::Expression(expression) => format!("({})", expression.canonical),
    };
    text += &collation.as_ref().map(|it| format!(" collate {it}")).unwrap_or_default();
    text += &opclass.as_ref().map(|it| format!(" {it}")).unwrap_or_default();
    if !ascending {
        text.push_str(" desc");
    }
    if *nulls_first {
        text.push_str(" nulls first");
    }
    text
}
