//! The order of SQLite's statements. Tables may name tables that come later, so only indexes, views and triggers
//! have to wait.

use schema::{Dialect, Schema, View};

use super::{create_index, create_table, create_view};
use crate::sql_text::Script;
use crate::{Create, create_object};

pub(crate) fn write(schema: &Schema, script: &mut Script) {
    let tables = || schema.tables.values().filter(|table| !table.opaque);
    script.section();
    tables().for_each(|table| script.statement(&create_table::create(table)));
    script.section();
    for table in tables() {
        for index in table.indexes.values() {
            script.statement(&create_index::create(&table.name, index));
        }
    }
    script.section();
    let made = |view: &&View| !view.existing && !view.opaque;
    for view in schema.views.values().map(|view| &**view).filter(made) {
        if let Some(statement) = create_view::create(view) {
            script.statement(&statement);
        }
    }
    script.section();
    for trigger in schema.opaque.values() {
        let Some(statement) = create_object(Dialect::Sqlite, trigger, Create::New) else { continue };
        let is_made = trigger.key.on.as_ref().is_some_and(|on| {
            let is_table = schema.tables.get(on).is_some_and(|it| !it.opaque);
            is_table || schema.views.get(on).is_some_and(|view| made(&&**view))
        });
        if is_made { script.whole_statement(&statement) } else { script.comment(&statement) }
    }
}
