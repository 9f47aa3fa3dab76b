//! Tables that a schema does not hold and refers to: they are declared with what is known of them, and not exported, so that nobody takes
//! them for the project's own.

use std::sync::Arc;

use schema::{Column, Map, Name, ObjectKind, Schema, Table};

use super::Printer;

/// The tables that foreign keys and policies lead to, with the columns that the keys name. Their types are those of the keys' own columns.
pub(super) fn tables(schema: &Schema) -> Map<Name, Arc<Table>> {
    let mut found: Map<Name, Table> = Map::default();
    let is_elsewhere = |name: &Name| !schema.tables.contains_key(name) && !schema.views.contains_key(name);
    for policy in schema.policies.values().filter(|policy| is_elsewhere(&policy.on)) {
        found.entry(policy.on.clone()).or_insert_with(|| Table::new(policy.on.clone()));
    }
    for table in schema.tables.values() {
        for key in table.foreign_keys.values().filter(|key| is_elsewhere(&key.to)) {
            let target = found.entry(key.to.clone()).or_insert_with(|| Table::new(key.to.clone()));
            for (own, name) in key.columns.iter().zip(&key.to_columns) {
                if let Some(own) = table.columns.get(own) {
                    target.columns.entry(name.clone()).or_insert_with(|| plain(own, name));
                }
            }
        }
    }
    found.into_iter().map(|(name, table)| (name, Arc::new(table))).collect()
}

/// A column of this name and of the type alone.
fn plain(like: &Column, name: &str) -> Column {
    Column {
        name: name.to_owned(),
        not_null: false,
        default: None,
        generated: None,
        identity: None,
        autoincrement: false,
        comment: None,
        ..like.clone()
    }
}

impl Printer<'_> {
    pub(super) fn linked_policies(&mut self) -> String {
        let schema = self.schema;
        let mut text = String::new();
        for (key, linked) in &schema.policies {
            let export = self.names.object(ObjectKind::Policy, &Name::new("", key.as_str()));
            let table = self.names.object(ObjectKind::Table, &linked.on);
            let policy = self.policy(&linked.policy);
            text.push_str(&format!("export const {export} = {policy}.link({table});\n"));
        }
        text
    }
}
