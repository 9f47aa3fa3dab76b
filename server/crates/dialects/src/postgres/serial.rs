//! `serial`: an integer column, a sequence that it owns, and a default that takes from it. (8.1.4 Serial Types.)

use std::collections::HashSet;
use std::sync::Arc;

use schema::{Column, Dialect, Name, Schema, Sequence, SequenceOptions, SqlType};

use super::types::quoted_name;
use crate::sql_type;

/// The integer type behind a serial one.
pub fn expand_serial(canonical: &str) -> Option<SqlType> {
    let integer = match canonical {
        "serial" => "integer",
        "bigserial" => "bigint",
        "smallserial" => "smallint",
        _ => return None,
    };
    Some(sql_type(Dialect::Postgres, integer, None))
}

/// The largest number of an integer type, as a sequence of it has it.
pub fn integer_maximum(canonical: &str) -> &'static str {
    match canonical {
        "smallint" => "32767",
        "integer" => "2147483647",
        _ => "9223372036854775807",
    }
}

/// Turns integer columns whose default takes from a sequence they own back into `serial`, and takes the sequence out of the schema:
/// the one form in which a schema that was written with `serial` and one that was spelled out are equal.
pub fn fold_serials(schema: &mut Schema) {
    let owned: Vec<(Name, Name, String)> = schema
        .sequences
        .values()
        .filter_map(|sequence| {
            let (table, column) = sequence.owned_by.clone()?;
            Some((sequence.name.clone(), table, column))
        })
        .collect();
    let mut gone = HashSet::new();
    for (sequence_name, table_name, column_name) in owned {
        let Some(sequence) = schema.sequences.get(&sequence_name).cloned() else { continue };
        let Some(table) = schema.tables.get_mut(&table_name) else { continue };
        let folded = table.columns.get(&column_name).and_then(|column| folded(column, &sequence));
        let Some(folded) = folded else { continue };
        if let Some(column) = Arc::make_mut(table).columns.get_mut(&column_name) {
            column.sql_type = folded;
            column.default = None;
            gone.insert(sequence_name);
        }
    }
    // All at once: taking one out moves all that follow it.
    if !gone.is_empty() {
        schema.sequences.retain(|name, _| !gone.contains(name));
    }
}

fn folded(column: &Column, sequence: &Sequence) -> Option<SqlType> {
    let serial = match column.sql_type.canonical.as_str() {
        "integer" => "serial",
        "bigint" => "bigserial",
        "smallint" => "smallserial",
        _ => return None,
    };
    let default = column.default.as_ref()?;
    let takes_from_it = next_value_of(&default.canonical).is_some_and(|name| names_sequence(name, &sequence.name));
    let is_plain = sequence.options == plain_options(&column.sql_type.canonical);
    (column.not_null && takes_from_it && is_plain).then(|| sql_type(Dialect::Postgres, serial, None))
}

/// The sequence's name inside `nextval('…')`.
fn next_value_of(canonical: &str) -> Option<&str> {
    canonical.strip_prefix("nextval('")?.strip_suffix("')")
}

fn names_sequence(written: &str, sequence: &Name) -> bool {
    written == quoted_name(sequence) || written == quoted_name(&Name::new("", sequence.name.as_str()))
}

/// What `CREATE SEQUENCE s AS type` has without further words.
fn plain_options(canonical: &str) -> SequenceOptions {
    SequenceOptions {
        increment: String::from("1"),
        min_value: String::from("1"),
        max_value: integer_maximum(canonical).to_owned(),
        start_with: String::from("1"),
        cache: String::from("1"),
        cycle: false,
    }
}
