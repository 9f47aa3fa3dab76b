//! What keeps a change from being planned: too little is known, or SQLite cannot hold it.

use schema::{Action, ObjectKind, ObjectPath, OpaqueKey, OpaqueKind, OpaqueObject, Schema, Table};

use super::changes::{Changes, TableChange};
use super::renames::Renamings;
use super::triggers::MovedTriggers;
use super::views;
use crate::Obstacle;

pub(super) fn obstacles(
    before: &Schema,
    after: &Schema,
    renamings: &Renamings,
    changes: &Changes,
    triggers: &MovedTriggers<'_>,
) -> Vec<Obstacle> {
    let mut found = Vec::new();
    of_schemas(before, after, renamings, changes, &mut found);
    for name in &changes.created {
        if let Some(table) = after.tables.get(name) {
            made_table(table, &mut found);
        }
    }
    for (name, change) in &changes.altered {
        let (Some(old), Some(new)) = (renamings.schema.tables.get(name), after.tables.get(name)) else { continue };
        match change {
            TableChange::Indexes => {}
            TableChange::InPlace(alterations) => {
                for alteration in alterations {
                    if let super::in_place::Alteration::Add(column) = alteration {
                        known_column(new, column, &mut found);
                    }
                }
            }
            TableChange::Rebuild => rebuilt_table(old, new, &renamings.schema, triggers, &mut found),
        }
    }
    for change in changes.all() {
        of_change(before, after, change, &mut found);
    }
    found
}

fn add(found: &mut Vec<Obstacle>, object: ObjectPath, reason: impl Into<String>) {
    found.push(Obstacle { object, reason: reason.into() });
}

fn of_schemas(before: &Schema, after: &Schema, renamings: &Renamings, changes: &Changes, found: &mut Vec<Obstacle>) {
    let has_work = !changes.all().is_empty() || !renamings.drafts.is_empty();
    for (schema, which) in [(before, "the schema as it is"), (after, "the schema as it should be")] {
        for name in &schema.unknown {
            let reason = format!(
                "{which} holds a statement about `{name}` that could not be read or contradicts another one: correct it, or change \
                 `{name}` by hand"
            );
            add(found, ObjectPath::new(ObjectKind::Opaque, name), reason);
        }
        if schema.open && has_work {
            let reason =
                format!("{which} could not be read as a whole, so what it lacks may be there: see its diagnostics");
            add(found, ObjectPath::global(ObjectKind::Namespace, "main"), reason);
        }
    }
}

fn made_table(table: &Table, found: &mut Vec<Obstacle>) {
    let path = ObjectPath::new(ObjectKind::Table, &table.name);
    let name = &table.name;
    if table.opaque {
        return add(found, path, format!("only the name of `{name}` is known, not what makes it: create it by hand"));
    }
    if !table.name.namespace.is_empty() {
        let namespace = &table.name.namespace;
        add(found, path, format!("`{name}` lies in the attached database `{namespace}`: change it by hand"));
    } else if table.columns.is_empty() {
        add(found, path, format!("SQLite has no tables without columns: give `{name}` a column"));
    } else if let Some(kind) = table.open.first() {
        let kind = kind.as_str().replace('_', " ");
        add(found, path, format!("`{name}` may have more than is known, of the kind {kind}: see its diagnostics"));
    }
    for column in table.columns.keys() {
        known_column(table, column, found);
    }
}

fn known_column(table: &Table, column: &str, found: &mut Vec<Obstacle>) {
    let is_unknown = |column: &schema::Column| !column.unknown.is_known();
    if table.columns.get(column).is_some_and(is_unknown) {
        let path = ObjectPath::part(ObjectKind::Column, &table.name, column);
        let reason =
            format!("`{}`.`{column}` cannot be told without running code: write it so that it can be read", table.name);
        add(found, path, reason);
    }
}

fn rebuilt_table(old: &Table, new: &Table, renamed: &Schema, moved: &MovedTriggers<'_>, found: &mut Vec<Obstacle>) {
    let path = ObjectPath::new(ObjectKind::Table, &new.name);
    if old.opaque {
        return add(
            found,
            path,
            format!("only the name of `{}` is known, not what it holds: change it by hand", new.name),
        );
    }
    made_table(new, found);
    if !old.open.is_empty() {
        add(found, path, format!("`{}` may have more than is known, which a new table would lose", new.name));
    }
    let triggers = renamed.opaque.keys().filter(|key| key.on.as_ref() == Some(&new.name));
    for trigger in triggers.filter(|key| !moved.is_moved(&key.name.name)) {
        let reason = format!(
            "`{}` has to be made anew, which drops its trigger `{}`, whose text is not kept: drop the trigger in a migration of your own \
             before, and create it again after",
            new.name, trigger.name.name
        );
        add(found, trigger.path(), reason);
    }
}

fn of_change(before: &Schema, after: &Schema, change: &schema::Change, found: &mut Vec<Obstacle>) {
    let name = &change.object.name;
    match (change.object.kind, &change.action) {
        (ObjectKind::View, Action::Drop) => {}
        (ObjectKind::View, action) => {
            let is_known = after.views.get(name).is_some_and(|view| view.definition.is_some() && !view.opaque);
            if !is_known {
                add(
                    found,
                    change.object.clone(),
                    format!("the query of the view `{name}` is not known: create it by hand"),
                );
            } else if *action != Action::Create && views::has_unknown_trigger((before, after), name) {
                let reason = format!(
                    "the view `{name}` has to be made anew, which drops its triggers, whose texts are not kept"
                );
                add(found, change.object.clone(), reason);
            }
        }
        (ObjectKind::Opaque, action) => {
            let schema = if *action == Action::Create { after } else { before };
            let is_planned = |(key, object): (&OpaqueKey, &OpaqueObject)| {
                key.kind == OpaqueKind::Trigger && (object.definition.is_some() || *action == Action::Drop)
            };
            if !schema.opaque_of(&change.object).all(is_planned) {
                let last = change.object.last_name();
                add(found, change.object.clone(), format!("the text of `{last}` is not kept: change it by hand"));
            }
        }
        (kind, _) if kind.is_part() && kind != ObjectKind::EnumValue => {}
        (ObjectKind::Table, _) => {}
        (kind, _) => {
            let kind = kind.as_str().replace('_', " ");
            add(found, change.object.clone(), format!("SQLite has nothing of the kind {kind}: `{name}`"));
        }
    }
}
