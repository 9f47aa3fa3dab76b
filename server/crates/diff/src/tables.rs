//! Tables: created, dropped, and what differs inside those that stay.

use std::sync::Arc;

use schema::{Aspect, Change, ObjectKind, ObjectPath, Schema, Table};

use crate::alterations::{Alterations, missing, shared};
use crate::{columns, constraints, default_names, indexes, policies};

pub(crate) fn tables(before: &Schema, after: &Schema, changes: &mut Vec<Change>) {
    let path = |name| ObjectPath::new(ObjectKind::Table, name);
    changes.extend(missing(&after.tables, &before.tables).map(|(name, _)| Change::create(path(name))));
    if !after.open {
        changes.extend(missing(&before.tables, &after.tables).map(|(name, _)| Change::drop(path(name))));
    }
    for (_, before_table, after_table) in shared(&before.tables, &after.tables) {
        if !Arc::ptr_eq(before_table, after_table) {
            let before_table = default_names::adopted(before_table, after_table);
            let pair = TablePair { before: &before_table, after: after_table, dialect: after.dialect };
            parts(&pair, changes);
        }
    }
}

/// Two versions of one table.
pub(crate) struct TablePair<'a> {
    pub(crate) before: &'a Table,
    pub(crate) after: &'a Table,
    pub(crate) dialect: schema::Dialect,
}

impl TablePair<'_> {
    pub(crate) fn path(&self, kind: ObjectKind, part: &str) -> ObjectPath {
        ObjectPath::part(kind, &self.after.name, part)
    }

    /// A part missing in `after` was dropped, unless `after` may hold more than it lists.
    pub(crate) fn may_drop(&self, kind: ObjectKind) -> bool {
        !self.after.is_open(kind)
    }

    /// Where either side may misstate its parts, an alteration would be a guess.
    pub(crate) fn may_alter(&self, kind: ObjectKind) -> bool {
        !self.after.is_open(kind) && !self.before.is_open(kind)
    }
}

fn parts(pair: &TablePair, changes: &mut Vec<Change>) {
    comment(pair, changes);
    columns::columns(pair, changes);
    constraints::primary_key(pair, changes);
    constraints::uniques(pair, changes);
    constraints::foreign_keys(pair, changes);
    constraints::checks(pair, changes);
    indexes::indexes(pair, changes);
    policies::row_level_security(pair, changes);
    policies::policies(pair, changes);
}

/// Drizzle has no comments: only a schema that states one can differ by it.
fn comment(pair: &TablePair, changes: &mut Vec<Change>) {
    if pair.after.comment.is_some() {
        let mut alterations = Alterations::default();
        alterations.compare(Aspect::Comment, &pair.before.comment, &pair.after.comment, Clone::clone);
        alterations.finish(|| ObjectPath::new(ObjectKind::Table, &pair.after.name), changes);
    }
}
