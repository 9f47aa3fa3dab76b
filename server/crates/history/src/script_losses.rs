//! What a migration loses for good.

use std::collections::BTreeSet;
use std::sync::Arc;

use languages::sql::Effect;
use languages::sql::statement::{AlterAction, Class, Kind, Statement};
use rustc_hash::{FxHashMap, FxHashSet};
use schema::{Map, Name, Object, ObjectKey, ObjectKind, ObjectPath, Table};

type BeforeAndAfter = (Option<Arc<Table>>, Option<Arc<Table>>);

/// Tables and columns that were there before and are named where something is dropped. A table that is made anew under its name loses only
/// the columns that it has no more.
pub(crate) fn losses(effects: &[Effect], all: &[Statement]) -> Vec<ObjectPath> {
    let mut columns: FxHashSet<&str> = FxHashSet::default();
    let mut tables: FxHashSet<&str> = FxHashSet::default();
    let mut moved: FxHashMap<&str, &str> = FxHashMap::default();
    let mut is_everything = false;
    for statement in all {
        match &statement.kind {
            Kind::Drop(drop) => {
                for object in &drop.objects {
                    match object.class {
                        Class::Table => {
                            tables.insert(object.name.name.text.as_str());
                        }
                        Class::Namespace => is_everything = true,
                        _ => {}
                    }
                }
            }
            Kind::AlterRelation { actions, name, .. } => {
                for action in actions {
                    match action {
                        AlterAction::DropColumn { name, .. } => {
                            columns.insert(name.text.as_str());
                        }
                        AlterAction::RenameTo { to } => {
                            moved.insert(name.name.text.as_str(), to.text.as_str());
                        }
                        AlterAction::SetNamespace { .. } => {
                            moved.insert(name.name.text.as_str(), name.name.text.as_str());
                        }
                        _ => {}
                    }
                }
            }
            _ => {}
        }
    }
    // As before and after the whole: a table that is made anew goes and comes in between.
    let mut whole: Map<&Name, BeforeAndAfter> = Map::default();
    for effect in effects {
        let ObjectKey::Table(name) = &effect.key else { continue };
        let table = |object: &Option<Object>| match object {
            Some(Object::Table(table)) => Some(table.clone()),
            _ => None,
        };
        let (before, after) = (table(&effect.before), table(&effect.after));
        match whole.get_mut(name) {
            Some((_, kept)) => *kept = after,
            None => {
                whole.insert(name, (before, after));
            }
        }
    }
    // What was there before and has the name of a dropped one now is no table made anew.
    let is_other = |name: &Name| {
        let mut of_before = whole.iter().filter(|(_, (before, _))| before.is_some());
        of_before.any(|(it, _)| it.name != name.name && moved.get(it.name.as_str()) == Some(&name.name.as_str()))
    };
    let mut lost = BTreeSet::new();
    for (name, (before, after)) in &whole {
        let Some(before) = before else { continue };
        let is_named = tables.contains(name.name.as_str());
        match after {
            Some(_) if is_named && is_other(name) => {
                lost.insert(ObjectPath::new(ObjectKind::Table, name));
            }
            Some(after) => {
                let gone = before.columns.keys().filter(|column| !after.columns.contains_key(*column));
                let gone = gone.filter(|column| is_named || columns.contains(column.as_str()));
                lost.extend(gone.map(|column| ObjectPath::part(ObjectKind::Column, name, column.as_str())));
            }
            None if is_named || is_everything && !moved.contains_key(name.name.as_str()) => {
                lost.insert(ObjectPath::new(ObjectKind::Table, name));
            }
            None => {}
        }
    }
    lost.into_iter().collect()
}
