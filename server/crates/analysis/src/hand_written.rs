//! Migrations without a snapshot: their SQL is not replayed, so what they did is only guessed from the words in it.
//! The guess errs towards silence: a change that such a file may have made is not reported.

use history::History;
use schema::{Change, Expression, IndexKey, ObjectKind, ObjectPath, Schema, Table};

/// True where a migration that was not replayed may have made the change already.
pub(crate) fn explains(history: &History, change: &Change, desired: &Schema) -> bool {
    if history.not_replayed.is_empty() {
        return false;
    }
    let object = &change.object;
    let name = object.last_name().to_lowercase();
    let owner = object.name.name.to_lowercase();
    // SQL about a part names its table too, but for an index, which is dropped by its name alone.
    let needs_owner = object.kind.is_part() && object.kind != ObjectKind::Index;
    let columns = columns(object, &[&history.schema, desired]);
    history.not_replayed.iter().any(|sql| {
        let is_named = has_word(sql, &name) && (!needs_owner || has_word(sql, &owner));
        is_named || (object.part.is_some() && (is_rebuilt(sql, &owner) || comes_along(sql, &owner, &columns)))
    })
}

/// An index or a constraint comes and goes with its column: `DROP COLUMN email` drops the indexes on it, and
/// `ADD COLUMN author integer REFERENCES users` makes a foreign key, neither of them named.
fn comes_along(sql: &str, table: &str, columns: &[String]) -> bool {
    statements(sql).any(|statement| {
        let is_about_the_table = ["alter", "create"].iter().any(|verb| has_word(statement, verb))
            && has_word(statement, "table")
            && has_word(statement, table);
        is_about_the_table && columns.iter().any(|column| has_word(statement, column))
    })
}

/// A table or an enum that is replaced under its name loses what the new one does not list. Two of the three steps tell it:
/// the old one is dropped or renamed away, the new one is created or renamed to the name.
fn is_rebuilt(sql: &str, owner: &str) -> bool {
    let says = |verb: &str, but_not: &[&str]| {
        statements(sql).any(|statement| {
            let is_whole = has_word(statement, "table") || has_word(statement, "type");
            let is_other = but_not.iter().any(|word| has_word(statement, word));
            is_whole && !is_other && has_word(statement, verb) && has_word(statement, owner)
        })
    };
    // `ALTER TABLE users DROP COLUMN …` drops no table, and `RENAME COLUMN` renames none.
    let steps =
        [says("drop", &["alter"]), says("rename", &["column", "constraint", "value"]), says("create", &["drop"])];
    steps.iter().filter(|step| **step).count() >= 2
}

/// Pieces between semicolons: a semicolon inside a string or a body makes them smaller than statements, never larger.
fn statements(sql: &str) -> impl Iterator<Item = &str> {
    sql.split(';')
}

/// The columns that an index or a constraint is about, in lower case, before and after.
fn columns(object: &ObjectPath, schemas: &[&Schema]) -> Vec<String> {
    let tables = schemas.iter().filter_map(|schema| schema.tables.get(&object.name));
    let mut found: Vec<String> = tables.flat_map(|table| columns_in(object, table)).map(str::to_lowercase).collect();
    found.sort();
    found.dedup();
    found
}

fn columns_in<'t>(object: &ObjectPath, table: &'t Table) -> Vec<&'t str> {
    let Some(part) = object.part.as_deref() else { return Vec::new() };
    let own = |columns: &'t [String]| columns.iter().map(String::as_str).collect();
    match object.kind {
        ObjectKind::PrimaryKey => table.primary_key.as_ref().map(|key| own(&key.columns)),
        ObjectKind::Unique => table.uniques.get(part).map(|unique| own(&unique.columns)),
        ObjectKind::ForeignKey => table.foreign_keys.get(part).map(|key| own(&key.columns)),
        ObjectKind::Check => table.checks.get(part).map(|check| named_in(&check.expression, table)),
        ObjectKind::Index => table.indexes.get(part).map(|index| {
            let keys = index.columns.iter().flat_map(|column| match &column.key {
                IndexKey::Column(name) => vec![name.as_str()],
                IndexKey::Expression(expression) => named_in(expression, table),
            });
            let predicate = index.predicate.iter().flat_map(|predicate| named_in(predicate, table));
            keys.chain(index.include.iter().map(String::as_str)).chain(predicate).collect()
        }),
        _ => None,
    }
    .unwrap_or_default()
}

/// The table's columns that an expression names.
fn named_in<'t>(expression: &Expression, table: &'t Table) -> Vec<&'t str> {
    table.columns.keys().map(String::as_str).filter(|column| has_word(&expression.text, column)).collect()
}

fn has_word(text: &str, word: &str) -> bool {
    let is_name = |character: char| character.is_alphanumeric() || character == '_' || character == '$';
    !word.is_empty()
        && text.match_indices(word).any(|(start, _)| {
            let before = text.get(..start).and_then(|before| before.chars().next_back());
            let after = text.get(start + word.len()..).and_then(|after| after.chars().next());
            !before.is_some_and(is_name) && !after.is_some_and(is_name)
        })
}
