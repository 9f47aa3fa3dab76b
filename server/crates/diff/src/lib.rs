//! Two schemas in, changes and rename candidates out.
//!
//! `diff` knows no database: a [`Schema`] is canonical, so facts compare with `==`. What could not be evaluated is never
//! reported, since an invented change costs a reader more than a late one.

mod alterations;
mod columns;
mod constraints;
mod default_names;
mod indexes;
mod likeness;
mod namespace_objects;
mod policies;
mod renames;
mod sequences;
mod tables;
mod views;

pub use renames::possible_renames;

use schema::{Change, Name, ObjectPath, Schema};

/// What differs, in a stable order: namespaces, extensions, enums, domains, sequences, roles, created tables, dropped tables,
/// the parts of tables that stay, views, policies on foreign tables, opaque objects.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Diff {
    pub changes: Vec<Change>,
    pub renames: Vec<RenameCandidate>,
}

/// A dropped and a created object that may be one renamed object. Never applied silently.
#[derive(Clone, Debug, PartialEq)]
pub struct RenameCandidate {
    pub from: ObjectPath,
    pub to: ObjectPath,
    /// From 0 to 1: how much alike the two are.
    pub score: f32,
}

/// What it means that a schema has no comment, no collation, no domain, no extension, no function.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Silence {
    /// Several schema languages have no words for them.
    SaysNothing,
    MeansAbsent,
}

/// What has to change to get from `before` to `after`.
///
/// A created or dropped table is one change, its parts included. An object missing in `after` is not reported as dropped
/// where `after.open`. That `after` has nothing of a kind that some schema languages have no words for is no change: see [`whole_diff`].
pub fn diff(before: &Schema, after: &Schema) -> Diff {
    diff_reading(before, after, Silence::SaysNothing)
}

/// As [`diff`], with an `after` that says everything: a comment, a collation or a function that it does not have is one to be dropped.
pub fn whole_diff(before: &Schema, after: &Schema) -> Diff {
    diff_reading(before, after, Silence::MeansAbsent)
}

fn diff_reading(before: &Schema, after: &Schema, silence: Silence) -> Diff {
    let mut changes = Vec::new();
    namespace_objects::namespaces(before, after, &mut changes);
    namespace_objects::extensions(before, after, silence, &mut changes);
    namespace_objects::enums(before, after, &mut changes);
    namespace_objects::domains(before, after, silence, &mut changes);
    sequences::sequences(before, after, silence, &mut changes);
    namespace_objects::roles(before, after, &mut changes);
    tables::tables(before, after, silence, &mut changes);
    views::views(before, after, silence, &mut changes);
    policies::linked_policies(before, after, &mut changes);
    namespace_objects::opaque(before, after, silence, &mut changes);
    without_unknown(before, after, &mut changes);
    let renames = renames::candidates(before, after, &changes);
    Diff { changes, renames }
}

/// Nothing is reported about a name of which either side says that it is unknown.
fn without_unknown(before: &Schema, after: &Schema, changes: &mut Vec<Change>) {
    if before.unknown.is_empty() && after.unknown.is_empty() {
        return;
    }
    let is_unknown = |name: &Name| before.unknown.contains(name) || after.unknown.contains(name);
    changes.retain(|change| {
        let path = &change.object;
        let part = path.part.as_ref().map(|part| Name::new(path.name.namespace.as_str(), part.as_str()));
        !is_unknown(&path.name) && !part.as_ref().is_some_and(is_unknown)
    });
}

#[cfg(test)]
mod tests;
