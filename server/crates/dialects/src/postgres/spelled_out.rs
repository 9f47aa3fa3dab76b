//! A schema as a database holds it: everything said that goes without saying elsewhere.

use schema::Schema;
use std::sync::Arc;

use super::{implicit_names, serial};

/// Names as the server stores them, `serial` columns with their sequences, and the names of keys that nobody named: what statements find
/// that are applied to the schema.
pub fn spelled_out(schema: &Schema) -> Schema {
    let mut schema = crate::as_stored(schema).into_owned();
    serial::expand_serials(&mut schema);
    for table in schema.tables.values_mut() {
        let is_unnamed = table.primary_key.as_ref().is_some_and(|key| key.name.is_none() && key.server_name.is_none());
        if is_unnamed {
            let usual = implicit_names::choose(&table.name.name, "", "pkey", |_| false);
            if let Some(key) = &mut Arc::make_mut(table).primary_key {
                key.server_name = Some(usual);
            }
        }
    }
    schema
}
