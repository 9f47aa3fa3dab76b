//! Triggers: SQLite alters none, drops those of a table or view with it, and refuses to rename a table or to drop a column while one of
//! them names what is not there.

use std::collections::BTreeSet;

use dialects::{Create, create_object, mentions, sqlite_statements as sql};
use schema::{Dialect, Name, ObjectKind, OpaqueKind, OpaqueObject, Schema};

use super::changes::Changes;
use super::renames::Renamings;
use super::sequence::Draft;

const DIALECT: Dialect = Dialect::Sqlite;

/// Triggers that are dropped before everything else and made after it.
pub(super) struct MovedTriggers<'a> {
    dropped: Vec<&'a OpaqueObject>,
    created: Vec<&'a OpaqueObject>,
    /// True where triggers stay whose text is not known: they may name anything.
    pub(super) has_blind: bool,
}

impl MovedTriggers<'_> {
    /// True for one that does not stay as it is.
    pub(super) fn is_moved(&self, name: &str) -> bool {
        self.dropped.iter().any(|it| it.key.name.name.eq_ignore_ascii_case(name))
    }

    pub(super) fn drops(&self) -> impl Iterator<Item = Draft> {
        self.dropped
            .iter()
            .map(|trigger| Draft::new(trigger.key.path(), "drop_trigger", sql::drop_trigger(&trigger.key.name.name)))
    }

    pub(super) fn creates(&self) -> impl Iterator<Item = Draft> {
        self.created.iter().filter_map(|trigger| {
            let text = create_object(DIALECT, trigger, Create::New)?;
            Some(Draft::new(trigger.key.path(), "create_trigger", text))
        })
    }
}

/// The triggers that change, and those that stand in the way of what happens to tables and views. Two triggers of one name are one trigger,
/// whatever its table is called.
pub(super) fn moved<'a>(
    before: &'a Schema,
    after: &'a Schema,
    renamings: &Renamings,
    changes: &Changes,
    dropped_views: &[Name],
) -> MovedTriggers<'a> {
    let triggers = |schema: &'a Schema| {
        schema.opaque.values().map(|it| &**it).filter(|it| it.key.kind == OpaqueKind::Trigger).collect::<Vec<_>>()
    };
    let (old, new) = (triggers(before), triggers(after));
    let changed = changes.all().iter().filter(|change| change.object.kind == ObjectKind::Opaque);
    let changed: BTreeSet<&str> = changed.map(|change| change.object.last_name()).collect();
    let mut touched: Vec<&Name> = renamings.touched.iter().chain(dropped_views).collect();
    touched.extend(changes.rebuilt());
    touched.extend(changes.with_dropped_columns());
    // A table that only goes is in nobody's way, unless SQLite then reads all triggers again.
    if !touched.is_empty() {
        touched.extend(&changes.dropped);
    }
    let is_in_the_way = |trigger: &OpaqueObject| {
        let names = |name: &Name| {
            let is_on = trigger.key.on.as_ref().is_some_and(|on| on.name.eq_ignore_ascii_case(&name.name));
            is_on || trigger.definition.as_ref().is_some_and(|it| mentions(DIALECT, &it.text, &name.name))
        };
        touched.iter().any(|name| names(name))
    };
    let mut moved = MovedTriggers { dropped: Vec::new(), created: Vec::new(), has_blind: false };
    for trigger in &old {
        let name = trigger.key.name.name.as_str();
        let Some(to_be) = new.iter().find(|it| it.key.name.name.eq_ignore_ascii_case(name)) else {
            moved.dropped.push(trigger);
            continue;
        };
        let is_known = trigger.definition.is_some() && to_be.definition.is_some();
        // What a renaming made of it may be unknown: then it is made as it is to be, whether that differs or not.
        let is_lost = renamings.schema.opaque.values().any(|it| {
            it.key.kind == OpaqueKind::Trigger && it.key.name.name.eq_ignore_ascii_case(name) && it.definition.is_none()
        });
        if is_known && (is_lost || changed.contains(name) || is_in_the_way(trigger)) {
            moved.dropped.push(trigger);
            moved.created.push(to_be);
        } else {
            moved.has_blind |= !is_known;
        }
    }
    let is_old = |name: &str| old.iter().any(|it| it.key.name.name.eq_ignore_ascii_case(name));
    moved.created.extend(new.into_iter().filter(|it| !is_old(&it.key.name.name)));
    moved
}
