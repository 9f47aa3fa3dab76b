//! Primary keys, unique constraints, foreign keys and checks of a table that stays.

use schema::{Aspect, Change, Dialect, ForeignKey, Map, ObjectKind, ObjectPath, PrimaryKey, Table};

use crate::alterations::{Alterations, missing, shared, yes_no};
use crate::tables::TablePair;

pub(crate) fn primary_key(pair: &TablePair, changes: &mut Vec<Change>) {
    let kind = ObjectKind::PrimaryKey;
    match (&pair.before.primary_key, &pair.after.primary_key) {
        (None, None) => {}
        (None, Some(after)) => changes.push(Change::create(primary_key_path(pair.after, after))),
        (Some(before), None) if pair.may_drop(kind) => {
            changes.push(Change::drop(primary_key_path(pair.before, before)));
        }
        (Some(_), None) => {}
        (Some(before), Some(after)) if pair.may_alter(kind) => {
            let mut alterations = Alterations::default();
            let (before_name, after_name) = primary_key_names(pair, before, after);
            alterations.compare(Aspect::Name, &before_name, &after_name, Clone::clone);
            alterations.compare(Aspect::Columns, &before.columns, &after.columns, |it| Some(it.join(", ")));
            alterations.compare(Aspect::Include, &before.include, &after.include, |it| Some(it.join(", ")));
            alterations.compare(Aspect::Deferral, &before.deferral, &after.deferral, deferral);
            alterations.finish(|| primary_key_path(pair.after, after), changes);
        }
        (Some(_), Some(_)) => {}
    }
}

/// The part is the key's name where it has one, else its columns: a stable word for one key of a table.
fn primary_key_path(table: &Table, key: &PrimaryKey) -> ObjectPath {
    let part = key.name.clone().unwrap_or_else(|| key.columns.join("_"));
    ObjectPath::part(ObjectKind::PrimaryKey, &table.name, part)
}

/// PostgreSQL names an unnamed key `<table>_pkey`. SQLite keeps no name, so there two are compared only where both are stated.
fn primary_key_names(pair: &TablePair, before: &PrimaryKey, after: &PrimaryKey) -> (Option<String>, Option<String>) {
    match pair.dialect {
        Dialect::Postgres => {
            // Two names that the server makes are not compared: after the table is renamed the old one stays.
            if before.name.is_none() && after.name.is_none() {
                return (None, None);
            }
            let made =
                |key: &PrimaryKey| key.server_name.clone().unwrap_or_else(|| format!("{}_pkey", pair.after.name.name));
            let name = |key: &PrimaryKey| key.name.clone().unwrap_or_else(|| made(key));
            (Some(name(before)), Some(name(after)))
        }
        Dialect::Sqlite if before.name.is_some() && after.name.is_some() => (before.name.clone(), after.name.clone()),
        Dialect::Sqlite => (None, None),
    }
}

pub(crate) fn uniques(pair: &TablePair, changes: &mut Vec<Change>) {
    let kind = ObjectKind::Unique;
    let (before, after) = (&pair.before.uniques, &pair.after.uniques);
    changes.extend(missing(after, before).map(|(name, _)| Change::create(pair.path(kind, name))));
    if pair.may_drop(kind) {
        changes.extend(missing(before, after).map(|(name, _)| Change::drop(pair.path(kind, name))));
    }
    if pair.may_alter(kind) {
        for (name, before, after) in shared(before, after) {
            let mut alterations = Alterations::default();
            alterations.compare(Aspect::Columns, &before.columns, &after.columns, |it| Some(it.join(", ")));
            let nulls = (&before.nulls_not_distinct, &after.nulls_not_distinct);
            alterations.compare(Aspect::NullsNotDistinct, nulls.0, nulls.1, yes_no);
            alterations.compare(Aspect::Include, &before.include, &after.include, |it| Some(it.join(", ")));
            alterations.compare(Aspect::Deferral, &before.deferral, &after.deferral, deferral);
            alterations.finish(|| pair.path(kind, name), changes);
        }
    }
}

pub(crate) fn foreign_keys(pair: &TablePair, changes: &mut Vec<Change>) {
    let kind = ObjectKind::ForeignKey;
    let (before, after) = (&pair.before.foreign_keys, &pair.after.foreign_keys);
    let created = missing(after, before).filter(|(_, key)| unnamed_twin(key, before).is_none());
    changes.extend(created.map(|(name, _)| Change::create(pair.path(kind, name))));
    if pair.may_drop(kind) {
        let dropped = missing(before, after).filter(|(_, key)| unnamed_twin(key, after).is_none());
        changes.extend(dropped.map(|(name, _)| Change::drop(pair.path(kind, name))));
    }
    if pair.may_alter(kind) {
        for (name, before, after) in shared(before, after) {
            foreign_key(before, after).finish(|| pair.path(kind, name), changes);
        }
        for (name, after) in missing(after, before) {
            if let Some(before) = unnamed_twin(after, before) {
                foreign_key(before, after).finish(|| pair.path(kind, name), changes);
            }
        }
    }
}

/// The key that leads from the same columns to the same ones, where one of the two has no name that the database keeps.
fn unnamed_twin<'a>(key: &ForeignKey, others: &'a Map<String, ForeignKey>) -> Option<&'a ForeignKey> {
    others.values().find(|other| {
        (key.unnamed || other.unnamed)
            && key.columns == other.columns
            && key.to == other.to
            && (key.to_columns == other.to_columns || other.to_columns.is_empty() || key.to_columns.is_empty())
    })
}

fn deferral(deferral: &schema::Deferral) -> Option<String> {
    Some(deferral.as_str().to_owned())
}

fn foreign_key(before: &ForeignKey, after: &ForeignKey) -> Alterations {
    let mut alterations = Alterations::default();
    alterations.compare(Aspect::Columns, &before.columns, &after.columns, |it| Some(it.join(", ")));
    let leads_elsewhere = before.to_columns != after.to_columns && !before.unnamed && !after.unnamed;
    if before.to != after.to || leads_elsewhere {
        let target = |key: &ForeignKey| Some(format!("{} ({})", key.to, key.to_columns.join(", ")));
        alterations.push(Aspect::References, target(before), target(after));
    }
    let action = |it: &schema::ForeignKeyAction| Some(it.as_str().to_owned());
    alterations.compare(Aspect::OnDelete, &before.on_delete, &after.on_delete, action);
    alterations.compare(Aspect::OnUpdate, &before.on_update, &after.on_update, action);
    alterations.compare(Aspect::Match, &before.match_full, &after.match_full, yes_no);
    alterations.compare(Aspect::Deferral, &before.deferral, &after.deferral, deferral);
    alterations.compare(Aspect::Validated, &before.not_valid, &after.not_valid, yes_no);
    alterations
}

pub(crate) fn checks(pair: &TablePair, changes: &mut Vec<Change>) {
    let kind = ObjectKind::Check;
    let (before, after) = (&pair.before.checks, &pair.after.checks);
    changes.extend(missing(after, before).map(|(name, _)| Change::create(pair.path(kind, name))));
    if pair.may_drop(kind) {
        changes.extend(missing(before, after).map(|(name, _)| Change::drop(pair.path(kind, name))));
    }
    if pair.may_alter(kind) {
        for (name, before, after) in shared(before, after) {
            let mut alterations = Alterations::default();
            let text = |it: &schema::Expression| Some(it.text.clone());
            alterations.compare(Aspect::Expression, &before.expression, &after.expression, text);
            alterations.compare(Aspect::Validated, &before.not_valid, &after.not_valid, yes_no);
            alterations.compare(Aspect::NoInherit, &before.no_inherit, &after.no_inherit, yes_no);
            alterations.finish(|| pair.path(kind, name), changes);
        }
    }
}

pub(crate) fn exclusions(pair: &TablePair, changes: &mut Vec<Change>) {
    let kind = ObjectKind::Exclusion;
    let (before, after) = (&pair.before.exclusions, &pair.after.exclusions);
    changes.extend(missing(after, before).map(|(name, _)| Change::create(pair.path(kind, name))));
    if pair.may_drop(kind) {
        changes.extend(missing(before, after).map(|(name, _)| Change::drop(pair.path(kind, name))));
    }
    for (name, before, after) in shared(before, after) {
        let mut alterations = Alterations::default();
        let text = |it: &schema::Expression| Some(it.text.clone());
        alterations.compare(Aspect::Definition, &before.definition, &after.definition, text);
        alterations.finish(|| pair.path(kind, name), changes);
    }
}
