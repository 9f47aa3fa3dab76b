//! A new table in the place of an old one, with its rows.

use std::borrow::Cow;

use dialects::sqlite_statements::{self as sql, CopiedColumn, Switch};
use dialects::{Affinity, affinity, expression};
use schema::{Dialect, Name, ObjectKind, ObjectPath, Schema, Table};

use super::drops::is_taken;
use super::sequence::Draft;
use super::{hazards, without_keys};

/// How the new table gets the old one's name.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Rename {
    /// SQLite reads all views and triggers again, and refuses where one of them names a table that is not there.
    Checked,
    /// Views and triggers that cannot be made anew stay as they are.
    Blindly,
}

/// `others` are the tables there are by then, the old one among them.
pub(super) fn steps(
    (renamed, after): (&Schema, &Schema),
    others: &[Cow<'_, Table>],
    old: &Table,
    new: &Table,
    rename: Rename,
) -> Vec<Draft> {
    let name = new.name.name.as_str();
    let stand_in = stand_in_name(renamed, after, name);
    let table = stand_in_table(old, new, &stand_in, rename);
    let copied = copied_columns(old, new);
    let path = ObjectPath::new(ObjectKind::Table, &new.name);
    let draft = |kind: &'static str, sql: String| without_keys(Draft::new(path.clone(), kind, sql));
    let mut drafts = vec![draft("create_new_table", sql::create_table(&table))];
    let counts = |table: &Table| table.columns.values().any(|column| column.autoincrement);
    if counts(old) && counts(new) {
        drafts.push(draft("keep_sequence", sql::keep_sequence(name, &stand_in)));
    }
    let copy = draft("copy_rows", sql::copy_rows(name, &stand_in, &copied));
    drafts.push(copy.with(hazards::copy_rows(old, new)).with(hazards::parents_without_index(others, new)));
    let drop = draft("drop_old_table", sql::drop_table(name));
    let others = others.iter().map(|table| &**table).filter(|table| table.name != new.name);
    let drop = drop.with(hazards::lost_columns(old, new)).with(hazards::referring_rows(others, &new.name));
    drafts.push(drop.with(hazards::own_rows(new)));
    let is_blind = rename == Rename::Blindly;
    if is_blind {
        drafts.push(draft("legacy_alter_table_on", sql::legacy_alter_table(Switch::On)));
    }
    drafts.push(draft("rename_new_table", sql::rename_table(&stand_in, name)));
    if is_blind {
        drafts.push(draft("legacy_alter_table_off", sql::legacy_alter_table(Switch::Off)));
    }
    drafts
}

fn stand_in_name(renamed: &Schema, after: &Schema, name: &str) -> String {
    let mut stand_in = format!("__new_{name}");
    while is_taken(renamed, &stand_in) || is_taken(after, &stand_in) {
        stand_in.push('_');
    }
    stand_in
}

/// The new table under its passing name. Foreign keys that lead to itself lead to the name that it will have.
fn stand_in_table(old: &Table, new: &Table, stand_in: &str, rename: Rename) -> Table {
    let mut table = new.clone();
    let name = new.name.name.as_str();
    for check in table.checks.values_mut() {
        let is_unnamed = check.name == format!("check ({})", check.expression.canonical);
        // What SQLite does not look into it does not rename either.
        let text = match rename {
            Rename::Checked => sql::requalified(&check.expression.text, name, stand_in),
            Rename::Blindly => sql::unqualified(&check.expression.text),
        };
        check.expression = expression(Dialect::Sqlite, &text);
        if is_unnamed {
            check.name = format!("check ({})", check.expression.canonical);
        }
    }
    for column in table.columns.values_mut() {
        // Drizzle has no collations: that one is not said does not mean that it goes.
        let collation = old.columns.get(&column.name).and_then(|column| column.collation.clone());
        column.collation = column.collation.take().or(collation);
    }
    table.name = Name::new(new.name.namespace.as_str(), stand_in);
    table
}

/// Columns of both tables. New ones get their defaults by not being named: drizzle-kit names them, and SQLite, which finds no such column
/// in the old table, then takes the name in double quotes for a string.
fn copied_columns(old: &Table, new: &Table) -> Vec<CopiedColumn> {
    let filled = || new.columns.values().filter(|column| column.generated.is_none());
    let copied: Vec<CopiedColumn> = filled()
        .filter_map(|column| {
            let old_column = old.columns.get(&column.name)?;
            let value = cast(&column.name, &old_column.sql_type.text, &column.sql_type.text);
            Some(CopiedColumn { name: column.name.clone(), value })
        })
        .collect();
    if !copied.is_empty() {
        return copied;
    }
    // Nothing but the number of rows stays.
    let value = |default: Option<&schema::Scalar>| default.map_or(String::from("NULL"), |it| format!("({})", it.text));
    let first = filled().next();
    first
        .map(|it| CopiedColumn { name: it.name.clone(), value: Some(value(it.default.as_ref())) })
        .into_iter()
        .collect()
}

/// Text and bytes are the one thing that a column does not turn into each other by itself. (datatype3.html, 3.)
fn cast(name: &str, from: &str, to: &str) -> Option<String> {
    let target = match (affinity(from), affinity(to)) {
        (Affinity::Text, Affinity::Blob) if !to.trim().is_empty() => "blob",
        (Affinity::Blob, Affinity::Text) if !from.trim().is_empty() => "text",
        _ => return None,
    };
    Some(format!("CAST({} AS {target})", dialects::quote_identifier(Dialect::Sqlite, name)))
}
