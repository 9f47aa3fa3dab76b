//! Two schemas in the shape in which they are compared: as the server stores them, `serial` as one type.

use schema::{ObjectKind, Schema};
use std::sync::Arc;

use dialects::{as_stored, expand_serials};

/// `serial` as one type, whoever wrote it.
pub(crate) fn folded(schema: &Schema) -> Schema {
    let mut schema = as_stored(schema).into_owned();
    // A serial column is NOT NULL, which one snapshot or another leaves out: spelled out it is said.
    expand_serials(&mut schema);
    dialects::fold_serials(&mut schema);
    schema
}

/// Spells a serial column out again whose sequence the other schema describes: one that the two share changes its numbers in place.
pub(crate) fn unfold_shared(folded: &mut Schema, spelled_out: &Schema, other: &Schema) {
    for (name, sequence) in &spelled_out.sequences {
        if folded.sequences.contains_key(name) || !other.sequences.contains_key(name) {
            continue;
        }
        let Some((table, column)) = &sequence.owned_by else { continue };
        let spelled = spelled_out.tables.get(table).and_then(|it| it.columns.get(column));
        if let Some(spelled) = spelled
            && let Some(folded_table) = folded.tables.get_mut(table)
            && let Some(place) = Arc::make_mut(folded_table).columns.get_mut(column)
        {
            *place = spelled.clone();
            folded.sequences.insert(name.clone(), Arc::clone(sequence));
        }
    }
}

/// NOT NULL said of every column that has it from something else: a key, an identity, a serial type.
pub(crate) fn with_implied_facts(schema: &Schema) -> Schema {
    let mut schema = schema.clone();
    for table in schema.tables.values_mut() {
        let key: Vec<String> = table.primary_key.iter().flat_map(|key| key.columns.iter().cloned()).collect();
        let lacks =
            |column: &schema::Column| !column.not_null && (column.identity.is_some() || key.contains(&column.name));
        if table.columns.values().any(lacks) {
            Arc::make_mut(table).columns.values_mut().filter(|column| lacks(column)).for_each(|it| it.not_null = true);
        }
    }
    schema
}

/// A schema of which everything is said to be known: where its diff reports more than the honest one, knowledge is lacking.
pub(crate) fn as_if_known(schema: &Schema) -> Schema {
    let mut schema = schema.clone();
    schema.open = false;
    schema.unknown.clear();
    for table in schema.tables.values_mut() {
        // What a row of a view, a key or a policy is made of may be unknown while the rest of the table is not.
        if !table.open.is_empty() {
            Arc::make_mut(table).open = Vec::<ObjectKind>::new();
        }
    }
    schema
}
