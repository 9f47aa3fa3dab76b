//! `CREATE TABLE`.

use schema::{Column, Map, Name, Scalar, Schema, Table};

use super::{Types, column_clause, constraints, is_usual_primary_key, short_name};
use crate::postgres::create_table::{self, Inherited};
use crate::sql_text::joined;

/// The statement, and what can only be said of a table that is there. A partition is made as a table of its own; foreign keys and indexes
/// are not part of it.
pub fn create_table(schema: &Schema, types: &Types<'_>, table: &Table) -> Vec<String> {
    let inherited = Inherited::of(schema, table);
    let clause = |column: &Column| {
        let key = table.primary_key.as_ref().filter(|key| is_usual_primary_key(&table.name, key));
        let is_key = key.is_some_and(|key| key.columns.contains(&column.name));
        let default = inherited.has_default(&column.name).then_some("NULL");
        column_clause(types, column, is_key, default)
    };
    let own = table.columns.values().filter(|column| !inherited.is_column(column));
    let mut elements: Vec<String> = own.map(clause).collect();
    let (inside, later) = constraints::clauses(table, |check| !inherited.is_check(check));
    elements.extend(inside);
    let unlogged = if table.unlogged { "UNLOGGED " } else { "" };
    let lines: Vec<String> = elements.iter().map(|element| format!("\t{element}")).collect();
    let mut text = format!("CREATE {unlogged}TABLE {} (\n{}\n)", short_name(&table.name), lines.join(",\n"));
    if !table.inherits.is_empty() {
        text.push_str(&format!(" INHERITS ({})", joined(table.inherits.iter().map(short_name))));
    }
    if let Some(key) = &table.partition_by {
        text.push_str(&format!(" PARTITION BY {}", key.text.trim()));
    }
    if !table.options.is_empty() {
        text.push_str(&format!(" WITH ({})", storage_parameters(&table.options)));
    }
    std::iter::once(text + ";").chain(later).collect()
}

/// `fillfactor = 70, autovacuum_enabled = false`.
pub fn storage_parameters(options: &Map<String, Scalar>) -> String {
    create_table::storage_parameters(options)
}

/// `ALTER TABLE … ATTACH PARTITION`; `bound` is `FOR VALUES …` or `DEFAULT`.
pub fn attach_partition(parent: &Name, child: &Name, bound: &str) -> String {
    format!("ALTER TABLE {} ATTACH PARTITION {} {bound};", short_name(parent), short_name(child))
}
