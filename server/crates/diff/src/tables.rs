//! Tables: created, dropped, and what differs inside those that stay.

use std::sync::Arc;

use schema::{Aspect, Change, ObjectKind, ObjectPath, Schema, Table};

use crate::alterations::{Alterations, missing, shared, yes_no};
use crate::{Silence, columns, constraints, default_names, indexes, policies};

pub(crate) fn tables(before: &Schema, after: &Schema, silence: Silence, changes: &mut Vec<Change>) {
    let path = |name| ObjectPath::new(ObjectKind::Table, name);
    changes.extend(missing(&after.tables, &before.tables).map(|(name, _)| Change::create(path(name))));
    if !after.open {
        changes.extend(missing(&before.tables, &after.tables).map(|(name, _)| Change::drop(path(name))));
    }
    for (_, before_table, after_table) in shared(&before.tables, &after.tables) {
        let is_opaque = before_table.opaque || after_table.opaque;
        if !is_opaque && !Arc::ptr_eq(before_table, after_table) {
            let row_level_security =
                (before.has_row_level_security(before_table), after.has_row_level_security(after_table));
            let before_table = default_names::adopted(before_table, after_table);
            let dialect = after.dialect;
            let pair = TablePair { before: &before_table, after: after_table, dialect, silence, row_level_security };
            parts(&pair, changes);
        }
    }
}

/// Two versions of one table.
pub(crate) struct TablePair<'a> {
    pub(crate) before: &'a Table,
    pub(crate) after: &'a Table,
    pub(crate) dialect: schema::Dialect,
    pub(crate) silence: Silence,
    /// Whether the policies hold.
    pub(crate) row_level_security: (bool, bool),
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
    table(pair, changes);
    columns::columns(pair, changes);
    constraints::primary_key(pair, changes);
    constraints::uniques(pair, changes);
    constraints::foreign_keys(pair, changes);
    constraints::checks(pair, changes);
    constraints::exclusions(pair, changes);
    indexes::indexes(pair, changes);
    policies::row_level_security(pair, changes);
    policies::policies(pair, changes);
}

/// What is said of the table as a whole.
fn table(pair: &TablePair, changes: &mut Vec<Change>) {
    let (before, after) = (pair.before, pair.after);
    let mut alterations = Alterations::default();
    // Drizzle has no comments: only a schema that states one can differ by it.
    if after.comment.is_some() || pair.silence == Silence::MeansAbsent {
        alterations.compare(Aspect::Comment, &before.comment, &after.comment, Clone::clone);
    }
    alterations.compare(Aspect::Options, &before.options, &after.options, |it| {
        let options: Vec<String> = it.iter().map(|(name, value)| format!("{name} = {}", value.text)).collect();
        Some(options.join(", ")).filter(|text| !text.is_empty())
    });
    if (&before.partition_by, &before.partition_of, &before.inherits)
        != (&after.partition_by, &after.partition_of, &after.inherits)
    {
        alterations.push(Aspect::Partition, partition(before), partition(after));
    }
    alterations.compare(Aspect::Unlogged, &before.unlogged, &after.unlogged, yes_no);
    alterations.compare(Aspect::Forced, &before.force_row_level_security, &after.force_row_level_security, yes_no);
    alterations.finish(|| ObjectPath::new(ObjectKind::Table, &after.name), changes);
}

fn partition(table: &Table) -> Option<String> {
    let by = table.partition_by.iter().map(|key| format!("PARTITION BY {}", key.text));
    let of = table.partition_of.iter().map(|of| format!("PARTITION OF {} {}", of.parent, of.bound.text));
    let inherits = table.inherits.iter().map(|parent| format!("INHERITS {parent}"));
    let parts: Vec<String> = by.chain(of).chain(inherits).collect();
    (!parts.is_empty()).then(|| parts.join(" "))
}
