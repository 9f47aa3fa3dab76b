//! Constraints and indexes: added, dropped, renamed.

use schema::{Check, Deferral, Exclusion, ForeignKey, Index, Name, PrimaryKey, Table, Unique};

use super::{DIALECT, columns, full_name, short_name};
use crate::postgres::constraints::{constraint, deferral, include};
use crate::postgres::{constraints, create_index as index_text, create_table};
use crate::quote_identifier;
use crate::sql_text::closed;

/// True for a key that its column's own `PRIMARY KEY` says in full.
pub fn is_usual_primary_key(table: &Name, key: &PrimaryKey) -> bool {
    constraints::is_inline(table, key)
}

/// `ALTER TABLE … DROP CONSTRAINT`, for constraints of any kind.
pub fn drop_constraint(table: &Name, name: &str) -> String {
    format!("ALTER TABLE {} DROP CONSTRAINT {};", short_name(table), quote_identifier(DIALECT, name))
}

/// `ALTER TABLE … RENAME CONSTRAINT`.
pub fn rename_constraint(table: &Name, from: &str, to: &str) -> String {
    let (from, to) = (quote_identifier(DIALECT, from), quote_identifier(DIALECT, to));
    format!("ALTER TABLE {} RENAME CONSTRAINT {from} TO {to};", short_name(table))
}

/// `ALTER TABLE … ADD PRIMARY KEY`, with its name where it has one that the server would not give.
pub fn add_primary_key(table: &Name, key: &PrimaryKey) -> String {
    if is_usual_primary_key(table, key) {
        return format!("ALTER TABLE {} ADD PRIMARY KEY ({});", short_name(table), columns(&key.columns));
    }
    format!("ALTER TABLE {} ADD {};", short_name(table), primary_key(key))
}

/// `ALTER TABLE … ADD CONSTRAINT … UNIQUE`.
pub fn add_unique(table: &Name, unique: &Unique) -> String {
    format!("ALTER TABLE {} ADD {};", short_name(table), unique_clause(unique))
}

/// `NOT VALID` where the check is.
pub fn add_check(table: &Name, check: &Check) -> String {
    let not_valid = if check.not_valid { " NOT VALID" } else { "" };
    format!("ALTER TABLE {} ADD {}{not_valid};", short_name(table), constraints::check(check))
}

/// `ALTER TABLE … ADD CONSTRAINT … EXCLUDE`.
pub fn add_exclusion(table: &Name, exclusion: &Exclusion) -> String {
    format!("ALTER TABLE {} ADD {};", short_name(table), constraints::exclusion(exclusion))
}

/// `ALTER TABLE … ADD CONSTRAINT … FOREIGN KEY`: the target with its namespace, both actions spelled out.
pub fn add_foreign_key(table: &Name, key: &ForeignKey) -> String {
    let name = constraint(&key.name);
    let to_columns = if key.to_columns.is_empty() { String::new() } else { format!("({})", columns(&key.to_columns)) };
    let match_full = if key.match_full { " MATCH FULL" } else { "" };
    let not_valid = if key.not_valid { " NOT VALID" } else { "" };
    format!(
        "ALTER TABLE {} ADD {name}FOREIGN KEY ({}) REFERENCES {}{to_columns}{match_full} ON DELETE {} ON UPDATE {}{}{not_valid};",
        short_name(table),
        columns(&key.columns),
        full_name(&key.to),
        key.on_delete.as_str(),
        key.on_update.as_str(),
        deferral(key.deferral),
    )
}

/// The constraint clauses of CREATE TABLE, and those that only mean the same when they are added to a table that is there:
/// a CHECK of a new table is valid, and a UNIQUE that repeats another key makes no index of its own.
pub(super) fn clauses(table: &Table, is_own: impl Fn(&Check) -> bool) -> (Vec<String>, Vec<String>) {
    let (mut inside, mut later) = (Vec::new(), Vec::new());
    let key = table.primary_key.as_ref();
    inside.extend(key.filter(|key| !is_usual_primary_key(&table.name, key)).map(primary_key));
    let mut seen: Vec<(&[String], &[String], bool, Deferral)> =
        key.map(|key| (key.columns.as_slice(), key.include.as_slice(), false, key.deferral)).into_iter().collect();
    for unique in table.uniques.values() {
        let facts = (unique.columns.as_slice(), unique.include.as_slice(), unique.nulls_not_distinct, unique.deferral);
        if seen.contains(&facts) {
            later.push(add_unique(&table.name, unique));
        } else {
            seen.push(facts);
            inside.push(unique_clause(unique));
        }
    }
    inside.extend(table.exclusions.values().map(constraints::exclusion));
    let own = table.checks.values().filter(|check| is_own(check));
    let (not_valid, valid): (Vec<&Check>, Vec<&Check>) = own.partition(|check| check.not_valid);
    inside.extend(valid.into_iter().map(constraints::check));
    later.extend(not_valid.into_iter().map(|check| add_check(&table.name, check)));
    (inside, later)
}

fn primary_key(key: &PrimaryKey) -> String {
    let name = key.name.as_deref().or(key.server_name.as_deref()).map(constraint).unwrap_or_default();
    format!("{name}PRIMARY KEY({}){}{}", columns(&key.columns), include(&key.include), deferral(key.deferral))
}

fn unique_clause(unique: &Unique) -> String {
    let nulls = if unique.nulls_not_distinct { " NULLS NOT DISTINCT" } else { "" };
    let (include, deferral) = (include(&unique.include), deferral(unique.deferral));
    format!("{}UNIQUE{nulls}({}){include}{deferral}", constraint(&unique.name), columns(&unique.columns))
}

/// `CREATE INDEX`, `CONCURRENTLY` where the index asks for it.
pub fn create_index(table: &Name, index: &Index) -> String {
    let unique = if index.unique { "UNIQUE " } else { "" };
    let concurrently = if index.concurrently == Some(true) { "CONCURRENTLY " } else { "" };
    let method = if index.method.is_empty() { "btree" } else { index.method.as_str() };
    let keys: Vec<String> =
        index.columns.iter().map(|column| index_text::key(column, index_text::Nulls::Spelled)).collect();
    let mut text = format!(
        "CREATE {unique}INDEX {concurrently}{} ON {} USING {method} ({})",
        quote_identifier(DIALECT, &index.name),
        short_name(table),
        keys.join(",")
    );
    text.push_str(&include(&index.include));
    if index.nulls_not_distinct {
        text.push_str(" NULLS NOT DISTINCT");
    }
    if !index.with.is_empty() {
        text.push_str(&format!(" WITH ({})", create_table::storage_parameters(&index.with).replace(" = ", "=")));
    }
    if let Some(predicate) = &index.predicate {
        text.push_str(&format!(" WHERE {}", closed(DIALECT, predicate.text.trim())));
    }
    text + ";"
}

/// An index lies in its table's namespace.
pub fn drop_index(table: &Name, name: &str) -> String {
    format!("DROP INDEX {};", short_name(&Name::new(table.namespace.as_str(), name)))
}
