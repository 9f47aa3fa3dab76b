//! `serial`: an integer column, a sequence that it owns, and a default that takes from it. (8.1.4 Serial Types.)

use std::collections::HashSet;
use std::sync::Arc;

use schema::{Column, Dialect, Form, Name, Schema, Sequence, SequenceOptions, SqlType};

use super::implicit_names::choose;
use super::names::quote;
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

/// Spells `serial` columns out: the integer, the sequence that the server makes for it under its usual name, and the default. What
/// [`fold_serials`] takes back.
pub fn expand_serials(schema: &mut Schema) {
    let mut made = Vec::new();
    for table in schema.tables.values_mut().filter(|table| table.columns.values().any(is_serial)) {
        let table = Arc::make_mut(table);
        let table_name = table.name.clone();
        for column in table.columns.values_mut() {
            let Some(integer) = expand_serial(&column.sql_type.canonical) else { continue };
            let name = choose(&table_name.name, &column.name, "seq", |_| false);
            let name = Name::new(table_name.namespace.as_str(), name);
            let next_value = format!("nextval('{}'::regclass)", quoted_name(&name).replace('\'', "''"));
            column.default = Some(crate::default(Dialect::Postgres, &next_value, Form::Sql, &integer));
            column.not_null = true;
            let (integer_name, options) = (integer.canonical.clone(), plain_options(&integer.canonical));
            column.sql_type = integer;
            let owned_by = Some((table_name.clone(), column.name.clone()));
            made.push(Sequence { name, integer: integer_name, options, owned_by, options_unknown: false });
        }
    }
    schema.sequences.extend(made.into_iter().map(|sequence| (sequence.name.clone(), Arc::new(sequence))));
}

fn is_serial(column: &Column) -> bool {
    expand_serial(&column.sql_type.canonical).is_some()
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
    let (namespace, name) = (sequence.namespace.as_str(), sequence.name.as_str());
    written == quoted_name(sequence)
        || written == quoted_name(&Name::new("", name))
        // The server quotes some names that need no quotes.
        || written == quote(name)
        || written == format!("{}.{}", quoted_name(&Name::new("", namespace)), quote(name))
        || written == format!("{}.{}", quote(namespace), quote(name))
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
