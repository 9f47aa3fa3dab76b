//! A key written by hand under one name and in the schema file under another: the database has it, so nothing is pending.

use schema::{Action, Change, Map, ObjectKind, ObjectPath, Schema, Table};

/// True for a foreign key or unique constraint that comes or goes only by its name: the other side has the same one, and no snapshot
/// has recorded the name before. `ADD COLUMN author integer REFERENCES users` is named by PostgreSQL, `.references()` by Drizzle.
pub(crate) fn is_there_under_another_name(
    change: &Change,
    before: &Schema,
    after: &Schema,
    recorded: Option<&Schema>,
) -> bool {
    let Some(part) = change.object.part.as_deref() else { return false };
    let (Some(before), Some(after)) = (before.tables.get(&change.object.name), after.tables.get(&change.object.name))
    else {
        return false;
    };
    let is_by_hand = |name: &str| {
        let path = ObjectPath::part(change.object.kind, &before.name, name);
        !recorded.is_some_and(|recorded| recorded.contains(&path))
    };
    match change.object.kind {
        ObjectKind::ForeignKey => {
            has_twin(&change.action, part, (before, after), |it| &it.foreign_keys, |it| &mut it.name, is_by_hand)
        }
        ObjectKind::Unique => {
            has_twin(&change.action, part, (before, after), |it| &it.uniques, |it| &mut it.name, is_by_hand)
        }
        _ => false,
    }
}

fn has_twin<P: Clone + PartialEq>(
    action: &Action,
    part: &str,
    (before, after): (&Table, &Table),
    parts: fn(&Table) -> &Map<String, P>,
    name: fn(&mut P) -> &mut String,
    is_by_hand: impl Fn(&str) -> bool,
) -> bool {
    let (old, new) = (parts(before), parts(after));
    let is_same = |a: &P, b: &P| {
        let mut renamed = a.clone();
        name(&mut renamed).clone_from(name(&mut b.clone()));
        renamed == *b
    };
    let only_old = || old.iter().filter(|(name, _)| !new.contains_key(*name) && is_by_hand(name));
    let only_new = || new.iter().filter(|(name, _)| !old.contains_key(*name));
    match action {
        Action::Create => new.get(part).is_some_and(|made| only_old().any(|(_, it)| is_same(it, made))),
        Action::Drop => {
            old.get(part).is_some_and(|gone| is_by_hand(part) && only_new().any(|(_, it)| is_same(gone, it)))
        }
        Action::Alter(_) => false,
    }
}
