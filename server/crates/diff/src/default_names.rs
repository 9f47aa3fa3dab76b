//! Parts whose names nobody chose: two that are alike but for their names are one.
//!
//! drizzle-kit 1.0 compares so, since a renamed table or column keeps the names of its constraints, and names are made otherwise
//! than before.

use std::borrow::Cow;

use schema::{Map, ObjectKind, Table};

/// `before` with the names that `after` gives to the same parts.
pub(crate) fn adopted<'t>(before: &'t Table, after: &Table) -> Cow<'t, Table> {
    if before.default_names.is_empty() || after.default_names.is_empty() {
        return Cow::Borrowed(before);
    }
    let sides = Sides { before, after };
    let uniques = sides.renames(ObjectKind::Unique, &before.uniques, &after.uniques, |part| &mut part.name);
    let foreign_keys =
        sides.renames(ObjectKind::ForeignKey, &before.foreign_keys, &after.foreign_keys, |part| &mut part.name);
    let indexes = sides.renames(ObjectKind::Index, &before.indexes, &after.indexes, |part| &mut part.name);
    if uniques.is_empty() && foreign_keys.is_empty() && indexes.is_empty() {
        return Cow::Borrowed(before);
    }
    let mut table = before.clone();
    rename(&mut table.uniques, uniques, |part| &mut part.name);
    rename(&mut table.foreign_keys, foreign_keys, |part| &mut part.name);
    rename(&mut table.indexes, indexes, |part| &mut part.name);
    Cow::Owned(table)
}

struct Sides<'t> {
    before: &'t Table,
    after: &'t Table,
}

impl Sides<'_> {
    /// Old and new names: of each part that only `before` names so, where exactly one is like it.
    fn renames<P: Clone + PartialEq>(
        &self,
        kind: ObjectKind,
        before: &Map<String, P>,
        after: &Map<String, P>,
        name_of: fn(&mut P) -> &mut String,
    ) -> Vec<(String, String)> {
        let unnamed = |table: &Table, name: &String| table.default_names.contains(&(kind, name.clone()));
        let only_before = before.iter().filter(|(name, _)| !after.contains_key(*name) && unnamed(self.before, name));
        let only_after: Vec<(&String, &P)> =
            after.iter().filter(|(name, _)| !before.contains_key(*name) && unnamed(self.after, name)).collect();
        let mut renames = Vec::new();
        for (old, part) in only_before {
            let mut likes = only_after.iter().filter(|(name, other)| {
                let mut renamed = part.clone();
                (*name).clone_into(name_of(&mut renamed));
                renamed == **other
            });
            if let (Some((new, _)), None) = (likes.next(), likes.next()) {
                renames.push((old.clone(), (*new).clone()));
            }
        }
        renames
    }
}

/// Renames in place: the order of parts stays.
fn rename<P>(parts: &mut Map<String, P>, renames: Vec<(String, String)>, name_of: fn(&mut P) -> &mut String) {
    if renames.is_empty() {
        return;
    }
    *parts = std::mem::take(parts)
        .into_iter()
        .map(|(name, mut part)| match renames.iter().find(|(old, _)| *old == name) {
            Some((_, new)) => {
                new.clone_into(name_of(&mut part));
                (new.clone(), part)
            }
            None => (name, part),
        })
        .collect();
}
