//! The order of PostgreSQL's statements: each finds what it needs. Foreign keys, and the partitions' places, come when all tables are there.

use schema::{Dialect, Domain, Name, Schema, Table};

use super::create_table::Context;
use super::objects::Objects;
use super::{
    comments, constraints, create_index, create_table, create_types, create_view, grants, policies, sequences,
};
use crate::quote_identifier;
use crate::sql_text::{Script, by_dependency, quoted};

const DIALECT: Dialect = Dialect::Postgres;

pub(crate) fn write(schema: &Schema, script: &mut Script) {
    write_surroundings(schema, script);
    script.section();
    schema.sequences.values().for_each(|sequence| script.statement(&sequences::create(sequence)));
    let ctx = Context::new(schema);
    script.section();
    schema.enums.values().for_each(|it| create_types::write_enum(it, script));
    by_dependency(&schema.domains, |domain| domains_below(&ctx, domain))
        .into_iter()
        .for_each(|domain| create_types::write_domain(&ctx, domain, script));
    let tables: Vec<&Table> = by_dependency(&schema.tables, |table| table.inherits.clone())
        .into_iter()
        .filter(|table| !table.opaque)
        .collect();
    script.section();
    tables.iter().for_each(|table| create_table::write(&ctx, table, script));
    write_links(schema, &tables, script);
    script.section();
    let made = |view: &&schema::View| !view.existing && !view.opaque;
    for view in by_dependency(&schema.views, |view| view.reads.clone()).into_iter().filter(made) {
        if let Some(statement) = create_view::create(view) {
            script.statement(&statement);
            view.indexes.values().for_each(|index| script.statement(&create_index::create(&view.name, index)));
        }
    }
    script.section();
    policies::write(schema, &tables, script);
    script.section();
    let objects = Objects::new(schema);
    grants::write(&objects, script);
    script.section();
    comments::write(&objects, &tables, script);
}

/// What belongs to the database or the server: schemas, extensions, roles.
fn write_surroundings(schema: &Schema, script: &mut Script) {
    for namespace in &schema.namespaces {
        script.statement(&format!("CREATE SCHEMA {}", quote_identifier(DIALECT, namespace)));
    }
    script.section();
    for extension in schema.extensions.values() {
        let namespace = extension.namespace.as_ref().map(|it| format!(" SCHEMA {}", quote_identifier(DIALECT, it)));
        // A new database has some already, such as plpgsql.
        script.statement(&format!(
            "CREATE EXTENSION IF NOT EXISTS {}{}",
            quote_identifier(DIALECT, &extension.name),
            namespace.unwrap_or_default()
        ));
    }
    script.section();
    schema.roles.values().for_each(|role| script.statement(&grants::create_role(role)));
}

/// Indexes, foreign keys (which want a key or an index), partitions (which keep their own of both), owners of sequences.
fn write_links(schema: &Schema, tables: &[&Table], script: &mut Script) {
    script.section();
    for table in tables {
        for index in table.indexes.values() {
            script.statement(&create_index::create(&table.name, index));
        }
    }
    script.section();
    for table in tables {
        for key in table.foreign_keys.values() {
            script.statement(&constraints::add(&table.name, &constraints::foreign_key(key)));
        }
    }
    script.section();
    for table in tables {
        if let Some(of) = &table.partition_of {
            let (parent, child) = (quoted(DIALECT, &of.parent), quoted(DIALECT, &table.name));
            script.statement(&format!("ALTER TABLE {parent} ATTACH PARTITION {child} {}", of.bound.text));
        }
    }
    script.section();
    for sequence in schema.sequences.values() {
        if let Some((table, column)) = &sequence.owned_by {
            let (name, table) = (quoted(DIALECT, &sequence.name), quoted(DIALECT, table));
            let column = quote_identifier(DIALECT, column);
            script.statement(&format!("ALTER SEQUENCE {name} OWNED BY {table}.{column}"));
        }
    }
}

fn domains_below(ctx: &Context<'_>, domain: &Domain) -> Vec<Name> {
    ctx.user_type(&domain.sql_type).cloned().into_iter().collect()
}
