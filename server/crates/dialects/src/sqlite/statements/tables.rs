//! `CREATE TABLE`, `DROP TABLE` and `ALTER TABLE … RENAME TO`.

use schema::{Check, Dialect, ForeignKey, Table, Unique};

use super::{backquoted, backquoted_list, columns};
use crate::quote_identifier;
use crate::sql_text::closed;
use crate::sqlite::create_table::is_inline;

/// The table without its indexes.
pub fn create_table(table: &Table) -> String {
    let mut elements: Vec<String> =
        table.columns.values().map(|column| columns::definition(column, inline_key(table, &column.name))).collect();
    elements.extend(primary_key(table));
    elements.extend(table.foreign_keys.values().map(foreign_key));
    elements.extend(table.uniques.values().map(unique));
    elements.extend(table.checks.values().map(check));
    // The only options there are: `strict` and `without rowid`.
    let options: Vec<String> = table.options.keys().map(|option| option.to_ascii_uppercase()).collect();
    let options = if options.is_empty() { String::new() } else { format!(" {}", options.join(", ")) };
    format!("CREATE TABLE {} (\n\t{}\n){options};", backquoted(&table.name.name), elements.join(",\n\t"))
}

/// `DROP TABLE`: its indexes and triggers go with it.
pub fn drop_table(name: &str) -> String {
    format!("DROP TABLE {};", backquoted(name))
}

/// `ALTER TABLE … RENAME TO`: references of other tables follow.
pub fn rename_table(from: &str, to: &str) -> String {
    format!("ALTER TABLE {} RENAME TO {};", backquoted(from), backquoted(to))
}

/// `PRIMARY KEY` at its column, where it stands there.
fn inline_key(table: &Table, column: &str) -> &'static str {
    let key = table.primary_key.as_ref().filter(|key| is_inline(table, key));
    let is_key = key.is_some_and(|key| key.columns.iter().any(|it| it == column));
    match table.columns.get(column) {
        Some(column) if is_key && column.autoincrement => " PRIMARY KEY AUTOINCREMENT",
        Some(_) if is_key => " PRIMARY KEY",
        _ => "",
    }
}

fn primary_key(table: &Table) -> Option<String> {
    let key = table.primary_key.as_ref().filter(|key| !is_inline(table, key))?;
    Some(format!("PRIMARY KEY({})", backquoted_list(&key.columns, ", ")))
}

/// SQLite never says the name of a key, so drizzle-kit does not either.
fn foreign_key(key: &ForeignKey) -> String {
    let to = backquoted(&key.to.name);
    let to_columns = match key.to_columns.as_slice() {
        [] => String::new(),
        columns => format!("({})", backquoted_list(columns, ",")),
    };
    let from = backquoted_list(&key.columns, ",");
    format!(
        "FOREIGN KEY ({from}) REFERENCES {to}{to_columns} ON UPDATE {} ON DELETE {}{}",
        key.on_update.as_str(),
        key.on_delete.as_str(),
        columns::match_and_deferral(key)
    )
}

fn unique(unique: &Unique) -> String {
    let is_unnamed = unique.name == format!("unique ({})", unique.columns.join(", "));
    let name = if is_unnamed { String::new() } else { constraint(&unique.name) };
    format!("{name}UNIQUE({})", backquoted_list(&unique.columns, ","))
}

fn check(check: &Check) -> String {
    let is_unnamed = check.name == format!("check ({})", check.expression.canonical);
    let name = match is_unnamed {
        true => String::new(),
        false => format!("CONSTRAINT {} ", quote_identifier(Dialect::Sqlite, &check.name)),
    };
    format!("{name}CHECK({})", closed(Dialect::Sqlite, check.expression.text.trim()))
}

fn constraint(name: &str) -> String {
    format!("CONSTRAINT {} ", backquoted(name))
}
