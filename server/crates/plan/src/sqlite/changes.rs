//! The differences, sorted by what has to be done about them.

use std::collections::BTreeSet;

use schema::{Action, Change, Map, Name, ObjectKind, ObjectPath, Schema};

use super::in_place;

/// All by the names of `after`.
pub(super) struct Changes {
    all: Vec<Change>,
    pub(super) created: Vec<Name>,
    pub(super) dropped: Vec<Name>,
    /// In the order of `after`.
    pub(super) altered: Map<Name, TableChange>,
}

/// What becomes of a table that stays.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum TableChange {
    /// Only its indexes change.
    Indexes,
    InPlace(Vec<in_place::Alteration>),
    Rebuild,
}

impl Changes {
    pub(super) fn new(renamed: &Schema, after: &Schema) -> Changes {
        let all = diff::whole_diff(renamed, after).changes;
        let tables = |action: Action| {
            let is_it = move |change: &&Change| change.object.kind == ObjectKind::Table && change.action == action;
            all.iter().filter(is_it).map(|change| change.object.name.clone()).collect::<Vec<_>>()
        };
        let (created, dropped) = (tables(Action::Create), tables(Action::Drop));
        let altered = after.tables.iter().filter_map(|(name, new)| {
            let old = renamed.tables.get(name)?;
            let of_table = |change: &&Change| {
                change.object.name == *name && (change.object.kind.is_part() || change.object.kind == ObjectKind::Table)
            };
            let changes: Vec<&Change> = all.iter().filter(of_table).collect();
            if changes.is_empty() {
                return None;
            }
            let change = if changes.iter().all(|change| change.object.kind == ObjectKind::Index) {
                TableChange::Indexes
            } else {
                let is_parent = |column: &str| is_referenced(renamed, name, column);
                in_place::alterations(old, new, &changes, is_parent).map_or(TableChange::Rebuild, TableChange::InPlace)
            };
            Some((name.clone(), change))
        });
        let altered = altered.collect();
        Changes { all, created, dropped, altered }
    }

    pub(super) fn all(&self) -> &[Change] {
        &self.all
    }

    /// Created, or altered by dropping and creating it.
    pub(super) fn is_made_anew(&self, kind: ObjectKind, table: &Name, part: &str) -> bool {
        let path = ObjectPath::part(kind, table, part);
        self.all.iter().any(|change| change.object == path && change.action != Action::Drop)
    }

    /// Dropped, or altered by dropping and creating it.
    pub(super) fn is_taken_away(&self, path: &ObjectPath) -> bool {
        self.all.iter().any(|change| change.object == *path && change.action != Action::Create)
    }

    pub(super) fn rebuilt(&self) -> impl Iterator<Item = &Name> {
        self.altered.iter().filter(|(_, change)| **change == TableChange::Rebuild).map(|(name, _)| name)
    }

    /// Tables of which a column is dropped in place.
    pub(super) fn with_dropped_columns(&self) -> BTreeSet<&Name> {
        let drops = |change: &TableChange| match change {
            TableChange::InPlace(alterations) => {
                alterations.iter().any(|it| matches!(it, in_place::Alteration::Drop(_)))
            }
            _ => false,
        };
        self.altered.iter().filter(|(_, change)| drops(change)).map(|(name, _)| name).collect()
    }
}

fn is_referenced(schema: &Schema, table: &Name, column: &str) -> bool {
    let keys = schema.tables.values().flat_map(|table| table.foreign_keys.values());
    keys.filter(|key| key.to == *table).any(|key| key.to_columns.iter().any(|it| it.eq_ignore_ascii_case(column)))
}
