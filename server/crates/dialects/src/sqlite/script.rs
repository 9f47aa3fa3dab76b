//! The order of SQLite's statements. Tables may name tables that come later, so only indexes and views have to wait.

use schema::{Schema, View};

use super::{create_index, create_table, create_view};
use crate::sql_text::Script;

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
}
