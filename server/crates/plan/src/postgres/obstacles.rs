//! What keeps a change from being planned: too little is known of it.

use schema::{Action, Change, Column, ColumnFacts, ObjectKind, ObjectPath, Schema, View};

use super::prepared::as_if_known;
use crate::Obstacle;

/// The obstacles to the changes between two schemas.
pub(crate) fn obstacles(before: &Schema, after: &Schema, changes: &[Change]) -> Vec<Obstacle> {
    let mut obstacles = hidden(before, after, changes);
    for change in changes {
        let reason = match &change.action {
            Action::Create => created(after, &change.object),
            Action::Drop => dropped(before, &change.object),
            Action::Alter(_) => altered(before, after, &change.object),
        };
        obstacles.extend(reason.map(|reason| Obstacle { object: change.object.clone(), reason }));
    }
    obstacles
}

/// Differences that are not reported because one side may not list everything.
fn hidden(before: &Schema, after: &Schema, changes: &[Change]) -> Vec<Obstacle> {
    let all = diff::whole_diff(&as_if_known(before), &as_if_known(after)).changes;
    let hidden = all.into_iter().filter(|change| !changes.contains(change));
    let reason = |change: &Change| {
        let what = match change.action {
            Action::Create => "created",
            Action::Drop => "dropped",
            Action::Alter(_) => "altered",
        };
        format!(
            "It cannot be told whether {} is to be {what}: a statement or expression about it could not be read (`driftlens check` names it). Write it so that \
             it can, or make this change by hand.",
            change.object
        )
    };
    hidden.map(|change| Obstacle { reason: reason(&change), object: change.object }).collect()
}

fn created(after: &Schema, path: &ObjectPath) -> Option<String> {
    match path.kind {
        ObjectKind::Table => {
            let table = after.tables.get(&path.name)?;
            if table.opaque {
                return Some(format!(
                    "Only the name of the table {} is known, not its columns: create it by hand.",
                    path.name
                ));
            }
            table.columns.values().find_map(unknown_facts)
        }
        ObjectKind::Column => unknown_facts(after.tables.get(&path.name)?.columns.get(path.part.as_deref()?)?),
        ObjectKind::View => without_definition(after.views.get(&path.name)?),
        ObjectKind::Enum => after.enums.get(&path.name)?.values_unknown.then(|| {
            format!("The values of the enum {} could not be evaluated: write them out as literals.", path.name)
        }),
        ObjectKind::Sequence => after.sequences.get(&path.name)?.options_unknown.then(|| {
            format!("The options of the sequence {} could not be evaluated: write them out as literals.", path.name)
        }),
        ObjectKind::Opaque => {
            let (key, _) = after.opaque_of(path).find(|(_, object)| object.definition.is_none())?;
            Some(format!(
                "The text of the {} {path} is not kept: create it with a statement of your own.",
                key.kind.as_str()
            ))
        }
        _ => None,
    }
}

fn dropped(before: &Schema, path: &ObjectPath) -> Option<String> {
    if path.kind != ObjectKind::Opaque {
        return None;
    }
    let (key, _) = before.opaque_of(path).find(|(key, _)| !key.kind.is_defined())?;
    Some(format!("The {} {path} is known by name only: drop it with a statement of your own.", key.kind.as_str()))
}

fn altered(before: &Schema, after: &Schema, path: &ObjectPath) -> Option<String> {
    match path.kind {
        ObjectKind::Column => {
            let column = |schema: &Schema| {
                let table = schema.tables.get(&path.name)?;
                unknown_facts(table.columns.get(path.part.as_deref()?)?)
            };
            column(after).or_else(|| column(before))
        }
        ObjectKind::View => without_definition(after.views.get(&path.name)?),
        ObjectKind::Table => {
            let (old, new) = (before.tables.get(&path.name)?, after.tables.get(&path.name)?);
            (old.partition_by != new.partition_by).then(|| {
                format!(
                    "PostgreSQL cannot change how a table that is there is partitioned: make a new table for {} and move its rows.",
                    path.name
                )
            })
        }
        _ => None,
    }
}

pub(crate) fn without_definition(view: &View) -> Option<String> {
    let is_known = view.existing || (view.definition.is_some() && !view.opaque);
    (!is_known).then(|| {
        format!(
            "The query of the view {} could not be evaluated: write it with sql`…`, or create it by hand.",
            view.name
        )
    })
}

fn unknown_facts(column: &Column) -> Option<String> {
    let ColumnFacts { sql_type, not_null, default, generated, identity, autoincrement: _ } = column.unknown;
    let facts = [
        (sql_type, "type"),
        (not_null, "NOT NULL"),
        (default, "default"),
        (generated, "generated expression"),
        (identity, "identity"),
    ];
    let words: Vec<&str> = facts.into_iter().filter_map(|(is_unknown, word)| is_unknown.then_some(word)).collect();
    (!words.is_empty()).then(|| {
        format!(
            "The {} of the column {} could not be evaluated: write it out as a literal.",
            words.join(" and "),
            column.name
        )
    })
}
