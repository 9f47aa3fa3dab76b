//! SQLite's steps.
//!
//! Renames come first, so that what else happens to a renamed column loses nothing. The rest is the difference of what the renames made and
//! `after`: in place where SQLite can, else by a new table into which the rows are copied. (lang_altertable.html, 7. Making Other Kinds Of
//! Table Schema Changes.)

mod changes;
mod drops;
mod hazards;
mod in_place;
mod obstacles;
mod rebuild;
mod renames;
mod sequence;
mod triggers;
mod views;

use std::borrow::Cow;
use std::collections::BTreeSet;

use dialects::sqlite_statements as sql;
use schema::{Dialect, Map, Name, ObjectKind, ObjectPath, Schema, Table};

use crate::{Hazard, Plan, Rename};
use changes::{Changes, TableChange};
use sequence::{Draft, Keys, Sequence};

pub(crate) fn plan(before: &Schema, after: &Schema, renames: &[Rename]) -> Plan {
    let renamings = renames::renamings(before, after, renames);
    let changes = Changes::new(&renamings.schema, after);
    let views = views::moved(before, after, &renamings, &changes);
    let triggers = triggers::moved(before, after, &renamings, &changes, &views.dropped);
    let obstacles = obstacles::obstacles(before, after, &renamings, &changes, &triggers);
    let steps = match obstacles.is_empty() {
        true => steps(after, renamings, &changes, &views, &triggers),
        false => Vec::new(),
    };
    Plan { dialect: Dialect::Sqlite, steps, obstacles, not_brought_back: Vec::new() }
}

/// The plan for who switches foreign keys off before the transaction, and looks for rows that refer to none before its end: nothing is
/// lost or fails for their being on.
pub(crate) fn with_foreign_keys_off(mut plan: Plan) -> Plan {
    let is_switched = plan.steps.iter().any(|step| step.kind == "foreign_keys_off");
    for step in plan.steps.iter_mut().filter(|_| is_switched) {
        step.hazards
            .retain(|hazard| !matches!(hazard, Hazard::NotInTransaction(_)) && !hazards::is_of_foreign_keys(hazard));
    }
    plan
}

pub(crate) fn renamed(before: &Schema, after: &Schema, renames: &[Rename]) -> Schema {
    renames::renamings(before, after, renames).schema
}

/// Each phase finds the names free that it needs: what is dropped gives its name away before it is taken.
fn steps(
    after: &Schema,
    renamings: renames::Renamings,
    changes: &Changes,
    moved_views: &views::MovedViews,
    moved_triggers: &triggers::MovedTriggers<'_>,
) -> Vec<crate::Step> {
    let mut sequence = Sequence::default();
    sequence.extend(moved_triggers.drops());
    sequence.extend(moved_views.dropped.iter().map(views::drop_step));
    let renamed = renamings.schema;
    sequence.extend(renamings.drafts);
    let drops = drops::ordered(&renamed, after, changes);
    sequence.extend(drops.early);
    let late_indexes = create_tables(&renamed, after, changes, &mut sequence);
    sequence.extend(drops.late_indexes);
    let stays_blind = moved_views.has_blind || moved_triggers.has_blind;
    let mut there = tables_by_then(&renamed, changes, &drops.gone);
    let mut made: BTreeSet<(&Name, &str)> = BTreeSet::new();
    for (name, change) in &changes.altered {
        let (Some(old), Some(new)) = (renamed.tables.get(name), after.tables.get(name)) else { continue };
        match change {
            TableChange::Indexes => {}
            TableChange::InPlace(alterations) => {
                sequence.extend(in_place::steps(old, new, alterations, stays_blind));
            }
            TableChange::Rebuild => {
                let mode = if stays_blind { rebuild::Rename::Blindly } else { rebuild::Rename::Checked };
                sequence.extend(rebuild::steps((&renamed, after), &there, old, new, mode));
                let mut rebuilt = Table { indexes: Map::default(), ..Table::clone(new) };
                for index in new.indexes.values().filter(|index| is_wanted_early(&renamed, after, new, index)) {
                    sequence.push(create_index(new, index, Some(old)));
                    rebuilt.indexes.insert(index.name.clone(), index.clone());
                    made.insert((name, index.name.as_str()));
                }
                there.iter_mut().filter(|table| table.name == *name).for_each(|it| *it = Cow::Owned(rebuilt.clone()));
            }
        }
    }
    sequence.extend(drops.late_tables);
    sequence.extend(late_indexes);
    for (name, change) in &changes.altered {
        let (Some(old), Some(new)) = (renamed.tables.get(name), after.tables.get(name)) else { continue };
        let is_made = |index: &str| match change {
            TableChange::Rebuild => !made.contains(&(name, index)),
            _ => changes.is_made_anew(ObjectKind::Index, name, index),
        };
        let indexes = new.indexes.values().filter(|index| is_made(&index.name));
        sequence.extend(indexes.map(|index| create_index(new, index, Some(old))));
    }
    let made_views = after.views.values().filter(|view| moved_views.is_made(view));
    sequence.extend(made_views.filter_map(|view| views::create_step(view)));
    sequence.extend(moved_triggers.creates());
    sequence.into_steps()
}

/// True for an index to which a foreign key leads: without it SQLite refuses to copy the rows of the table that refers, foreign keys being
/// on. drizzle-kit makes all indexes last.
fn is_wanted_early(renamed: &Schema, after: &Schema, table: &Table, index: &schema::Index) -> bool {
    let leads_here = |key: &schema::ForeignKey| key.to == table.name && hazards::is_key(index, &key.to_columns);
    if !after.tables.values().flat_map(|it| it.foreign_keys.values()).any(leads_here) {
        return false;
    }
    let mut elsewhere = renamed.tables.values().filter(|it| it.name != table.name);
    let is_it = |other: &str| other.eq_ignore_ascii_case(&index.name);
    !elsewhere.any(|it| is_it(&it.name.name) || it.indexes.keys().any(|other| is_it(other)))
}

/// The tables before any is altered: without those that are gone, and without the indexes that are.
fn tables_by_then<'a>(renamed: &'a Schema, changes: &Changes, gone: &[Name]) -> Vec<Cow<'a, Table>> {
    let stays = |table: &&Table| !gone.contains(&table.name);
    let by_then = |table: &'a Table| {
        let path = |index: &String| ObjectPath::part(ObjectKind::Index, &table.name, index.as_str());
        let goes = |index: &String| changes.is_taken_away(&path(index));
        let is_rebuilt = changes.altered.get(&table.name).is_none_or(|change| *change == TableChange::Rebuild);
        if is_rebuilt || !table.indexes.keys().any(goes) {
            return Cow::Borrowed(table);
        }
        let mut table = table.clone();
        table.indexes.retain(|name, _| !goes(name));
        Cow::Owned(table)
    };
    renamed.tables.values().map(|table| &**table).filter(stays).map(by_then).collect()
}

/// Gives back the indexes that have to wait because something still has their names.
fn create_tables(renamed: &Schema, after: &Schema, changes: &Changes, sequence: &mut Sequence) -> Vec<Draft> {
    let mut late = Vec::new();
    for table in changes.created.iter().filter_map(|name| after.tables.get(name)) {
        let path = ObjectPath::new(ObjectKind::Table, &table.name);
        sequence.push(Draft::new(path, "create_table", sql::create_table(table)));
        for index in table.indexes.values() {
            let draft = create_index(table, index, None);
            match drops::is_taken(renamed, &index.name) {
                true => late.push(draft),
                false => sequence.push(draft),
            }
        }
    }
    late
}

/// `old` is None where the table is new, and without rows.
fn create_index(table: &Table, index: &schema::Index, old: Option<&Table>) -> Draft {
    let path = ObjectPath::part(ObjectKind::Index, &table.name, index.name.as_str());
    let draft = Draft::new(path, "create_index", sql::create_index(&table.name.name, index));
    match old {
        Some(old) => draft.with(hazards::create_index(old, table, index)),
        None => draft,
    }
}

/// A step for which foreign keys have to be off.
fn without_keys(draft: Draft) -> Draft {
    Draft { keys: Keys::Off, ..draft }
}

#[cfg(test)]
mod tests;
