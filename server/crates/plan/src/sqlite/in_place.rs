//! What ALTER TABLE can do by itself: columns that come and go. (lang_altertable.html, 4. and 5.)

use dialects::{names_column, sqlite_statements as sql};
use schema::{Action, Aspect, Change, Column, Dialect, ForeignKey, IndexKey, ObjectKind, ObjectPath, Table};

use super::hazards;
use super::sequence::Draft;

/// One ALTER TABLE.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Alteration {
    Add(String),
    Drop(String),
}

/// What leads from `old` to `new`, indexes aside; None where ALTER TABLE cannot, or not while there are rows. `is_parent` tells whether a
/// foreign key leads to a column.
pub(super) fn alterations(
    old: &Table,
    new: &Table,
    changes: &[&Change],
    is_parent: impl Fn(&str) -> bool,
) -> Option<Vec<Alteration>> {
    if !changes.iter().all(|change| is_about_columns(new, change)) {
        return None;
    }
    let columns = |action: fn(&Action) -> bool| {
        let is_it = move |change: &&&Change| change.object.kind == ObjectKind::Column && action(&change.action);
        changes.iter().filter(is_it).filter_map(|change| change.object.part.clone()).collect::<Vec<_>>()
    };
    let added = columns(|action| *action == Action::Create);
    let is_of_added = |change: &&Change| {
        let key = change.object.part.as_ref().and_then(|name| new.foreign_keys.get(name));
        key.is_some_and(|key| key.columns.iter().all(|column| added.contains(column)))
    };
    if !changes.iter().filter(|change| change.object.kind == ObjectKind::ForeignKey).all(is_of_added) {
        return None;
    }
    let replaced = columns(|action| matches!(action, Action::Alter(_)));
    let mut dropped = columns(|action| *action == Action::Drop);
    let is_generated = |name: &String| new.columns.get(name).is_some_and(|column| column.generated.is_some());
    let mut state = old.clone();
    state.indexes.retain(|name, index| new.indexes.get(name).is_some_and(|it| it == index));
    let mut found = Vec::new();
    for name in added.iter().filter(|name| !is_generated(name)) {
        add(&mut state, new, name, &mut found)?;
    }
    for name in replaced {
        drop(&mut state, &name, &is_parent, &mut found)?;
        add(&mut state, new, &name, &mut found)?;
    }
    for name in added.iter().filter(|name| is_generated(name)) {
        add(&mut state, new, name, &mut found)?;
    }
    // A generated column goes before the one that it is made of.
    while !dropped.is_empty() {
        let at = dropped.iter().position(|name| can_drop(&state, name, &is_parent))?;
        let name = dropped.remove(at);
        drop(&mut state, &name, &is_parent, &mut found)?;
    }
    Some(found)
}

fn is_about_columns(new: &Table, change: &Change) -> bool {
    match (change.object.kind, &change.action) {
        (ObjectKind::Index, _) => true,
        (ObjectKind::Column, Action::Create | Action::Drop) => true,
        // What is computed anew loses nothing by being dropped and added.
        (ObjectKind::Column, Action::Alter(alterations)) => {
            let column = change.object.part.as_ref().and_then(|name| new.columns.get(name));
            let is_virtual = column.and_then(|it| it.generated.as_ref()).is_some_and(|it| !it.stored);
            is_virtual && alterations.iter().any(|it| it.aspect == Aspect::Generated)
        }
        // It may be the reference of a new column.
        (ObjectKind::ForeignKey, Action::Create) => true,
        _ => false,
    }
}

fn add(state: &mut Table, new: &Table, name: &str, found: &mut Vec<Alteration>) -> Option<()> {
    let column = new.columns.get(name)?;
    let keys: Vec<&ForeignKey> = keys_of(new, name).collect();
    let is_taken = state.columns.keys().any(|it| it.eq_ignore_ascii_case(name));
    let has_parents = match &column.generated {
        Some(generated) => !generated.stored && !names_missing(state, new, name, &generated.expression.text),
        None => true,
    };
    let default = column.default.as_ref();
    let is_constant = default.is_none_or(sql::has_constant_default);
    // A key may only be of this column, and only NULL refers to nothing.
    let fits_key = match keys.as_slice() {
        [] => true,
        [key] => {
            key.columns.len() == 1 && default.is_none_or(|it| it.canonical == "null") && column.generated.is_none()
        }
        _ => false,
    };
    if is_taken || !has_parents || !is_constant || !fits_key {
        return None;
    }
    state.columns.insert(name.to_owned(), column.clone());
    let keys: Vec<ForeignKey> = keys.into_iter().cloned().collect();
    state.foreign_keys.extend(keys.into_iter().map(|key| (key.name.clone(), key)));
    found.push(Alteration::Add(name.to_owned()));
    Some(())
}

fn drop(state: &mut Table, name: &str, is_parent: &impl Fn(&str) -> bool, found: &mut Vec<Alteration>) -> Option<()> {
    if !can_drop(state, name, is_parent) {
        return None;
    }
    state.columns.shift_remove(name)?;
    found.push(Alteration::Drop(name.to_owned()));
    Some(())
}

fn can_drop(table: &Table, name: &str, is_parent: &impl Fn(&str) -> bool) -> bool {
    let is_it = |column: &String| column.eq_ignore_ascii_case(name);
    let named_in = |text: &str| names_column(Dialect::Sqlite, text, name);
    let in_key = table.primary_key.iter().any(|key| key.columns.iter().any(is_it));
    let in_unique = table.uniques.values().any(|unique| unique.columns.iter().any(is_it));
    let in_foreign_key = table.foreign_keys.values().any(|key| key.columns.iter().any(is_it));
    let in_check = table.checks.values().any(|check| named_in(&check.expression.text));
    let in_index = table.indexes.values().any(|index| {
        index.predicate.as_ref().is_some_and(|it| named_in(&it.text))
            || index.columns.iter().any(|column| match &column.key {
                IndexKey::Column(column) => is_it(column),
                IndexKey::Expression(expression) => named_in(&expression.text),
            })
    });
    let others = || table.columns.values().filter(|column| !is_it(&column.name));
    let in_generated = others().filter_map(|it| it.generated.as_ref()).any(|it| named_in(&it.expression.text));
    let leaves_one = others().any(|column| column.generated.is_none());
    let is_used = in_key || in_unique || in_foreign_key || in_check || in_index || in_generated || is_parent(name);
    leaves_one && !is_used
}

/// The foreign keys that the column is in.
fn keys_of<'a>(table: &'a Table, column: &'a str) -> impl Iterator<Item = &'a ForeignKey> {
    table.foreign_keys.values().filter(move |key| key.columns.iter().any(|it| it == column))
}

/// True where the expression names a column that the table does not have yet.
fn names_missing(state: &Table, new: &Table, own: &str, text: &str) -> bool {
    let mut missing = new.columns.keys().filter(|name| *name != own && !state.columns.contains_key(*name));
    missing.any(|name| names_column(Dialect::Sqlite, text, name))
}

/// `stays_blind` is true where triggers or views may name what is dropped, and cannot be looked into.
pub(super) fn steps(old: &Table, new: &Table, alterations: &[Alteration], stays_blind: bool) -> Vec<Draft> {
    let path = |name: &str| ObjectPath::part(ObjectKind::Column, &new.name, name);
    let table = new.name.name.as_str();
    let draft = |alteration: &Alteration| match alteration {
        Alteration::Add(name) => {
            let column = new.columns.get(name)?;
            let text = sql::add_column(table, column, keys_of(new, name).next());
            Some(Draft::new(path(name), "add_column", text).with(hazards::add_column(new, column)))
        }
        Alteration::Drop(name) => {
            let column: &Column = old.columns.get(name)?;
            let draft = Draft::new(path(name), "drop_column", sql::drop_column(table, name));
            Some(draft.with(hazards::drop_column(new, column, stays_blind)))
        }
    };
    alterations.iter().filter_map(draft).collect()
}
