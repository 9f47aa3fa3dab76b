//! What steps do beside their change.

use std::borrow::Cow;

use dialects::{Affinity, affinity};
use schema::{Column, Deferral, ForeignKey, ForeignKeyAction, Index, IndexColumn, IndexKey, Name, Table};

use crate::Hazard;

pub(super) fn drop_table(table: &Table) -> Vec<Hazard> {
    vec![Hazard::LosesData(format!("All rows of `{}` are lost.", table.name.name))]
}

/// Where SQLite lets rows feel that a table is dropped.
const WHEN: &str = "foreign keys are on, as they stay inside a transaction";

/// True for what happens only where foreign keys stay on.
pub(super) fn is_of_foreign_keys(hazard: &Hazard) -> bool {
    match hazard {
        Hazard::LosesData(what) | Hazard::MayFail(what) => what.contains(WHEN),
        Hazard::Rewrites(_) | Hazard::Scans(_) | Hazard::BuildsIndex(_) | Hazard::NotInTransaction(_) => false,
    }
}

/// What dropping a table does to the rows that refer to it, foreign keys being on: SQLite deletes all its rows first, and a rename that
/// follows brings nothing back. Deferring the keys only moves the failure to the COMMIT. (foreignkeys.html, 5.) `others` are the tables
/// there are at that moment.
pub(super) fn referring_rows<'a>(others: impl IntoIterator<Item = &'a Table>, name: &Name) -> Vec<Hazard> {
    let mut hazards = Vec::new();
    for table in others {
        let is_felt = |key: &&ForeignKey| table.name != *name || key.on_delete == ForeignKeyAction::Restrict;
        hazards.extend(keys_to(table, name).filter(is_felt).flat_map(|key| felt_by(table, key)));
    }
    hazards
}

/// What dropping the old table does to the rows of the new one, which refer to its name.
pub(super) fn own_rows(new: &Table) -> Vec<Hazard> {
    keys_to(new, &new.name).flat_map(|key| felt_by(new, key)).collect()
}

fn keys_to<'a>(table: &'a Table, name: &'a Name) -> impl Iterator<Item = &'a ForeignKey> {
    table.foreign_keys.values().filter(|key| key.to.name.eq_ignore_ascii_case(&name.name))
}

fn felt_by(table: &Table, key: &ForeignKey) -> Vec<Hazard> {
    let (from, to) = (&table.name.name, &key.to.name);
    let columns = key.columns.join("`, `");
    let rows = format!("the rows of `{from}` that refer to `{to}`");
    let loss = |what: String| Hazard::LosesData(format!("Where {WHEN}, {what}."));
    let of_key = || key.columns.iter().filter_map(|name| table.columns.get(name));
    match key.on_delete {
        ForeignKeyAction::Cascade => vec![loss(format!("{rows} are deleted (ON DELETE CASCADE)"))],
        ForeignKeyAction::SetNull => {
            let lost = loss(format!("`{columns}` of {rows} becomes NULL (ON DELETE SET NULL)"));
            let is_refused = of_key().any(|column| column.not_null);
            let refused = format!("Fails where {WHEN}, and rows of `{from}` refer to `{to}`: `{columns}` is NOT NULL.");
            std::iter::once(lost).chain(is_refused.then_some(Hazard::MayFail(refused))).collect()
        }
        ForeignKeyAction::SetDefault => {
            let lost = loss(format!("`{columns}` of {rows} becomes its default (ON DELETE SET DEFAULT)"));
            let is_refused = of_key().any(|column| column.not_null || has_default(column));
            let refused = format!("Fails where {WHEN}, and the default of `{columns}` of `{from}` refers to no row.");
            std::iter::once(lost).chain(is_refused.then_some(Hazard::MayFail(refused))).collect()
        }
        ForeignKeyAction::NoAction | ForeignKeyAction::Restrict => {
            let is_late = key.deferral == Deferral::Deferred && key.on_delete == ForeignKeyAction::NoAction;
            let failure = if is_late { "The COMMIT fails" } else { "Fails" };
            vec![Hazard::MayFail(format!("{failure} where {WHEN}, and rows of `{from}` refer to `{to}`."))]
        }
    }
}

pub(super) fn add_column(table: &Table, column: &Column) -> Vec<Hazard> {
    let name = &table.name.name;
    if !column.not_null {
        return Vec::new();
    }
    if let Some(generated) = &column.generated {
        let expression = &generated.expression.text;
        let reason = format!("Fails where `{expression}` is NULL for a row of `{name}`.");
        return vec![Hazard::Scans(table.name.clone()), Hazard::MayFail(reason)];
    }
    match has_default(column) {
        true => Vec::new(),
        false => vec![Hazard::MayFail(no_default(table, column))],
    }
}

fn no_default(table: &Table, column: &Column) -> String {
    format!("Fails where `{}` has rows: `{}` is NOT NULL and has no default.", table.name.name, column.name)
}

fn has_default(column: &Column) -> bool {
    column.default.as_ref().is_some_and(|default| default.canonical != "null")
}

/// `stays_blind` is true where triggers or views that cannot be looked into may name the column.
pub(super) fn drop_column(table: &Table, column: &Column, stays_blind: bool) -> Vec<Hazard> {
    let mut hazards = Vec::new();
    if column.generated.as_ref().is_none_or(|generated| generated.stored) {
        hazards.push(Hazard::Rewrites(table.name.clone()));
    }
    hazards.extend(lost_values(table, column));
    if stays_blind {
        hazards.push(Hazard::MayFail(format!("Fails where a trigger or a view names `{}`.", column.name)));
    }
    hazards
}

/// What is computed is not lost.
fn lost_values(table: &Table, column: &Column) -> Option<Hazard> {
    let is_computed = column.generated.is_some();
    (!is_computed)
        .then(|| Hazard::LosesData(format!("The values of `{}`.`{}` are lost.", table.name.name, column.name)))
}

/// Values of columns that are gone or computed behind a new table.
pub(super) fn lost_columns(old: &Table, new: &Table) -> Vec<Hazard> {
    let stays = |column: &Column| new.columns.get(&column.name).is_some_and(|it| it.generated.is_none());
    old.columns.values().filter(|column| !stays(column)).filter_map(|column| lost_values(new, column)).collect()
}

/// `table` as it will be; `old` is the one of which the rows are.
pub(super) fn create_index(old: &Table, table: &Table, index: &Index) -> Vec<Hazard> {
    let mut hazards = vec![Hazard::BuildsIndex(table.name.clone())];
    let was_unique = old.indexes.get(&index.name).is_some_and(|it| it == index);
    if index.unique && !was_unique {
        let name = &table.name.name;
        hazards
            .push(Hazard::MayFail(format!("Fails where two rows of `{name}` have the same key of `{}`.", index.name)));
    }
    hazards
}

/// What keeps rows of the old table out of the new one, and what copying does to values.
pub(super) fn copy_rows(old: &Table, new: &Table) -> Vec<Hazard> {
    let mut hazards = vec![Hazard::Rewrites(new.name.clone())];
    for column in new.columns.values() {
        hazards.extend(copied_column(old, new, column));
    }
    let name = &new.name.name;
    let (was_key, key) = (old.primary_key.as_ref(), new.primary_key.as_ref());
    let is_made =
        |columns: &[String]| columns.iter().any(|it| new.columns.get(it).is_some_and(|it| is_numbered(old, new, it)));
    let keys = key.map(|key| &key.columns).into_iter().chain(new.uniques.values().map(|unique| &unique.columns));
    for columns in keys {
        let was = was_key.map(|key| &key.columns).into_iter().chain(old.uniques.values().map(|unique| &unique.columns));
        let is_same = was.into_iter().any(|it| it == columns) && columns.iter().all(|it| compares_alike(old, new, it));
        if !is_same && !is_made(columns) {
            let columns = columns.join("`, `");
            hazards.push(Hazard::MayFail(format!("Fails where two rows of `{name}` have the same `{columns}`.")));
        }
    }
    for check in new.checks.values().filter(|check| old.checks.values().all(|it| it.expression != check.expression)) {
        let text = &check.expression.text;
        hazards.push(Hazard::MayFail(format!("Fails where a row of `{name}` breaks CHECK ({text}).")));
    }
    let is_new = |key: &&ForeignKey| {
        old.foreign_keys
            .values()
            .all(|it| (&it.columns, &it.to, &it.to_columns) != (&key.columns, &key.to, &key.to_columns))
    };
    for key in new.foreign_keys.values().filter(is_new) {
        let columns = key.columns.join("`, `");
        hazards.push(Hazard::MayFail(format!(
            "Fails where {WHEN}, and `{columns}` of a row of `{name}` refers to no row of `{}`; where they are off, such a row stays \
             unnoticed.",
            key.to.name
        )));
    }
    hazards
}

/// A key that leads to columns that are not unique by then: their key or index is made later. Of the table itself the old one is meant.
/// (foreignkeys.html, 3.)
pub(super) fn parents_without_index(there: &[Cow<'_, Table>], new: &Table) -> Vec<Hazard> {
    let is_unique = |table: &Table, columns: &[String]| {
        let keys = table.primary_key.iter().map(|key| &key.columns);
        keys.chain(table.uniques.values().map(|unique| &unique.columns)).any(|it| it == columns)
            || table.indexes.values().any(|index| is_key(index, columns))
    };
    let mut hazards = Vec::new();
    for key in new.foreign_keys.values().filter(|key| !key.to_columns.is_empty()) {
        let parent = there.iter().find(|table| table.name == key.to);
        if parent.is_some_and(|parent| !is_unique(parent, &key.to_columns)) {
            let (to, columns) = (&key.to.name, key.to_columns.join("`, `"));
            hazards.push(Hazard::MayFail(format!("Fails where {WHEN}: `{columns}` of `{to}` is not unique yet.")));
        }
    }
    hazards
}

/// True for a unique index to which a foreign key to these columns can lead.
pub(super) fn is_key(index: &Index, columns: &[String]) -> bool {
    let is_column = |(key, name): (&IndexColumn, &String)| key.key == IndexKey::Column(name.clone());
    let has_columns = index.columns.len() == columns.len() && index.columns.iter().zip(columns).all(is_column);
    index.unique && index.predicate.is_none() && has_columns
}

/// A table without row numbers has no NULL in its key.
fn is_never_null(table: &Table, column: &Column) -> bool {
    let in_key = || table.primary_key.as_ref().is_some_and(|key| key.columns.contains(&column.name));
    column.not_null || (table.options.contains_key("without rowid") && in_key())
}

/// True for a new column that gives each row a number of its own.
fn is_numbered(old: &Table, new: &Table, column: &Column) -> bool {
    !old.columns.contains_key(&column.name) && is_row_number(new, column)
}

/// True where two values are the same for the new column just where they were for the old one.
fn compares_alike(old: &Table, new: &Table, column: &str) -> bool {
    match (old.columns.get(column), new.columns.get(column)) {
        (Some(was), Some(is)) => {
            was.collation == is.collation && affinity(&was.sql_type.text) == affinity(&is.sql_type.text)
        }
        _ => false,
    }
}

/// True for a key that numbers the rows by itself. (lang_createtable.html, 5.)
fn is_row_number(table: &Table, column: &Column) -> bool {
    let is_key = table.primary_key.as_ref().is_some_and(|key| key.columns == [column.name.as_str()]);
    is_key && column.sql_type.canonical == "integer" && !table.options.contains_key("without rowid")
}

fn copied_column(old: &Table, new: &Table, column: &Column) -> Vec<Hazard> {
    let mut hazards = Vec::new();
    let name = &new.name.name;
    match old.columns.get(&column.name) {
        None if is_never_null(new, column)
            && column.generated.is_none()
            && !has_default(column)
            && !is_row_number(new, column) =>
        {
            hazards.push(Hazard::MayFail(no_default(new, column)));
        }
        Some(was) if is_row_number(new, column) && !is_row_number(old, was) => {
            hazards.push(Hazard::MayFail(format!("Fails where `{}` of a row of `{name}` is no integer.", column.name)));
        }
        Some(was) if is_never_null(new, column) && !is_never_null(old, was) => {
            hazards.push(Hazard::MayFail(format!("Fails where `{}` of a row of `{name}` is NULL.", column.name)));
        }
        _ => {}
    }
    let Some(was) = old.columns.get(&column.name).filter(|_| column.generated.is_none()) else { return hazards };
    if let Some(loss) = conversion_loss(&was.sql_type.text, &column.sql_type.text) {
        hazards.push(Hazard::LosesData(format!("In `{name}`.`{}`, {loss}.", column.name)));
    }
    let is_strict = new.options.contains_key("strict");
    if is_strict && (was.sql_type != column.sql_type || !old.options.contains_key("strict")) {
        let sql_type = &column.sql_type.text;
        hazards.push(Hazard::MayFail(format!("Fails where `{}` of a row of `{name}` is no {sql_type}.", column.name)));
    }
    hazards
}

/// What a column of the type `to` does not keep of values that one of the type `from` holds. (datatype3.html, 3.)
fn conversion_loss(from: &str, to: &str) -> Option<&'static str> {
    use Affinity::{Blob, Integer, Numeric, Real, Text};
    match (affinity(from), affinity(to)) {
        (Text | Blob, Integer | Numeric | Real) => {
            Some("text that reads as a number becomes that number: '007' becomes 7")
        }
        (Real | Numeric | Blob, Text) if affinity(from) != Blob => Some("a number keeps 15 digits as text"),
        (Integer | Numeric, Real) => Some("whole numbers beyond 2^53 lose digits"),
        _ => None,
    }
}
