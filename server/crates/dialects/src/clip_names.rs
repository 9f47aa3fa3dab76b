//! Names as PostgreSQL keeps them. A schema file and a snapshot hold them as written, a replay and a database cut off.

use std::borrow::Cow;
use std::sync::Arc;

use indexmap::IndexMap;
use schema::{Dialect, Schema, Table};

use crate::implicit_names::{MAX_NAME_BYTES, clipped};

/// The schema with the names of its tables' parts cut to 63 bytes; borrowed where none is longer, and on SQLite.
pub fn clip_names(schema: &Schema) -> Cow<'_, Schema> {
    if schema.dialect != Dialect::Postgres || !schema.tables.values().any(|table| has_long_name(table)) {
        return Cow::Borrowed(schema);
    }
    let mut clipped = schema.clone();
    for table in clipped.tables.values_mut().filter(|table| has_long_name(table)) {
        clip_table(Arc::make_mut(table));
    }
    Cow::Owned(clipped)
}

fn has_long_name(table: &Table) -> bool {
    let constraints = table.uniques.keys().chain(table.foreign_keys.keys()).chain(table.checks.keys());
    let mut names = constraints.chain(table.indexes.keys()).chain(table.policies.keys());
    let key = table.primary_key.as_ref().and_then(|key| key.name.as_ref());
    names.any(|name| name.len() > MAX_NAME_BYTES) || key.is_some_and(|name| name.len() > MAX_NAME_BYTES)
}

fn clip_table(table: &mut Table) {
    if let Some(name) = table.primary_key.as_mut().and_then(|key| key.name.as_mut()) {
        *name = clipped(name, MAX_NAME_BYTES).to_owned();
    }
    clip(&mut table.uniques, |part| &mut part.name);
    clip(&mut table.foreign_keys, |part| &mut part.name);
    clip(&mut table.checks, |part| &mut part.name);
    clip(&mut table.indexes, |part| &mut part.name);
    clip(&mut table.policies, |part| &mut part.name);
}

fn clip<T>(parts: &mut IndexMap<String, T>, name: impl Fn(&mut T) -> &mut String) {
    for (_, mut part) in std::mem::take(parts) {
        let short = clipped(name(&mut part), MAX_NAME_BYTES).to_owned();
        name(&mut part).clone_from(&short);
        parts.insert(short, part);
    }
}
