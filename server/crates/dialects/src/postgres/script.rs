//! The order of PostgreSQL's statements: each finds what it needs. Foreign keys, and the partitions' places, come when all tables are there.

use schema::{Dialect, OpaqueKind, Schema, Table, View};

use super::create_table::Context;
use super::making_order::{Made, MakingOrder, index_texts};
use super::objects::Objects;
use super::{
    comments, constraints, create_index, create_table, create_types, create_view, grants, policies, sequences,
};
use crate::sql_text::{Script, quoted, scalar};
use crate::{Create, create_object, quote_identifier};

const DIALECT: Dialect = Dialect::Postgres;

pub(crate) fn write(schema: &Schema, script: &mut Script) {
    if schema.opaque.values().any(|it| it.key.on.is_none() && it.definition.is_some()) {
        // As pg_dump does it: a body in a string may name what is not there any more.
        script.statement("SET check_function_bodies = false");
        script.section();
    }
    write_surroundings(schema, script);
    script.section();
    schema.sequences.values().for_each(|sequence| script.statement(&sequences::create(sequence)));
    let ctx = Context::new(schema);
    script.section();
    schema.enums.values().for_each(|it| create_types::write_enum(it, script));
    let order = MakingOrder::of(schema);
    let n_with_tables = order.made.iter().rposition(|it| matches!(it, Made::Table(_))).map_or(0, |last| last + 1);
    let (with_tables, others) = order.made.split_at_checked(n_with_tables).unwrap_or_default();
    write_made(&ctx, &order, with_tables, script);
    let tables: Vec<&Table> = with_tables
        .iter()
        .filter_map(|it| match it {
            Made::Table(table) => Some(*table),
            _ => None,
        })
        .collect();
    write_links(schema, &order, &tables, script);
    script.section();
    write_made(&ctx, &order, others, script);
    write_later(&order, &tables, script);
    script.section();
    policies::write(schema, &tables, script);
    let objects = Objects::new(schema);
    write_triggers(&objects, script);
    script.section();
    grants::write(&objects, script);
    script.section();
    comments::write(&objects, &tables, script);
}

fn write_made(ctx: &Context<'_>, order: &MakingOrder<'_>, made: &[Made<'_>], script: &mut Script) {
    let mut last = made.first().filter(|it| matches!(it, Made::Domain(_) | Made::View(_)));
    for it in made {
        if last.is_none_or(|last| std::mem::discriminant(last) != std::mem::discriminant(it)) {
            script.section();
        }
        last = Some(it);
        match it {
            Made::Domain(domain) => create_types::write_domain(ctx, domain, script),
            Made::Table(table) if order.has_later(&table.name) => {
                create_table::write(ctx, &without_later(order, table), script);
            }
            Made::Table(table) => create_table::write(ctx, table, script),
            Made::View(view) => write_view(view, script),
            Made::Routine(object) => {
                if let Some(statement) = create_object(DIALECT, object, Create::New) {
                    script.whole_statement(&statement);
                }
            }
        }
    }
}

fn write_view(view: &View, script: &mut Script) {
    if let Some(statement) = create_view::create(view) {
        script.statement(&statement);
        view.indexes.values().for_each(|index| script.statement(&create_index::create(&view.name, index)));
    }
}

/// The table without what calls a function that needs it.
fn without_later(order: &MakingOrder<'_>, table: &Table) -> Table {
    let mut made = table.clone();
    for column in made.columns.values_mut() {
        column.default.take_if(|default| order.is_later(&table.name, &default.text));
    }
    made.checks.retain(|_, check| !order.is_later(&table.name, &check.expression.text));
    made
}

/// What calls functions that need its table.
fn write_later(order: &MakingOrder<'_>, tables: &[&Table], script: &mut Script) {
    script.section();
    for table in tables.iter().filter(|table| order.has_later(&table.name)) {
        let name = quoted(DIALECT, &table.name);
        for column in table.columns.values() {
            if let Some(default) = column.default.as_ref().filter(|it| order.is_later(&table.name, &it.text)) {
                let (column, default) = (quote_identifier(DIALECT, &column.name), scalar(DIALECT, default));
                script.statement(&format!("ALTER TABLE {name} ALTER COLUMN {column} SET DEFAULT {default}"));
            }
        }
        for check in table.checks.values().filter(|it| order.is_later(&table.name, &it.expression.text)) {
            script.statement(&constraints::add(&table.name, &constraints::check(check)));
        }
        for index in table.indexes.values().filter(|it| index_texts(it).any(|text| order.is_later(&table.name, text))) {
            script.statement(&create_index::create(&table.name, index));
        }
    }
}

/// Triggers, and when they fire where that is not usual.
fn write_triggers(objects: &Objects<'_>, script: &mut Script) {
    script.section();
    let triggers = objects.schema.opaque.values().filter(|it| it.key.kind == OpaqueKind::Trigger);
    for trigger in triggers {
        let (Some(statement), Some(table)) = (create_object(DIALECT, trigger, Create::New), &trigger.key.on) else {
            continue;
        };
        let (table, name) = (quoted(DIALECT, table), quote_identifier(DIALECT, &trigger.key.name.name));
        let firing = format!("ALTER TABLE {table} {} TRIGGER {name}", trigger.firing.as_str());
        if objects.is_made(&trigger.key.path()) {
            script.whole_statement(&statement);
            if !trigger.firing.is_usual() {
                script.statement(&firing);
            }
        } else {
            script.comment(&statement);
        }
    }
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
fn write_links(schema: &Schema, order: &MakingOrder<'_>, tables: &[&Table], script: &mut Script) {
    script.section();
    for table in tables {
        let is_later = |index: &&schema::Index| index_texts(index).any(|text| order.is_later(&table.name, text));
        for index in table.indexes.values().filter(|index| !is_later(index)) {
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
