//! Constraints and indexes that only get another name: renamed instead of dropped and made anew, which would build them again.

use schema::{Aspect, Check, ForeignKey, Index, Map, Name, ObjectKind, ObjectPath, Schema, Table, Unique};

use super::work::{Work, primary_key};

pub(crate) fn find(before: &Schema, after: &Schema, work: &mut Work) {
    let tables: Vec<Name> = after.tables.keys().filter(|name| before.tables.contains_key(*name)).cloned().collect();
    for name in tables {
        let (Some(old), Some(new)) = (before.tables.get(&name), after.tables.get(&name)) else { continue };
        of_kind(work, &name, ObjectKind::Unique, &old.uniques, &new.uniques, |part: &mut Unique| &mut part.name);
        of_kind(work, &name, ObjectKind::ForeignKey, &old.foreign_keys, &new.foreign_keys, |part: &mut ForeignKey| {
            &mut part.name
        });
        of_kind(work, &name, ObjectKind::Check, &old.checks, &new.checks, |part: &mut Check| &mut part.name);
        of_kind(work, &name, ObjectKind::Index, &old.indexes, &new.indexes, |part: &mut Index| &mut part.name);
        key(work, &name, old, new);
    }
}

fn of_kind<P: Clone + PartialEq>(
    work: &mut Work,
    table: &Name,
    kind: ObjectKind,
    before: &Map<String, P>,
    after: &Map<String, P>,
    name_of: fn(&mut P) -> &mut String,
) {
    for (new_name, new) in after {
        let to = ObjectPath::part(kind, table, new_name.as_str());
        if !work.is_created(&to) || work.is_dropped(&to) {
            continue;
        }
        let found = before.iter().find(|(old_name, old)| {
            let from = ObjectPath::part(kind, table, old_name.as_str());
            let mut renamed = (*old).clone();
            new_name.clone_into(name_of(&mut renamed));
            work.is_dropped(&from) && !work.is_created(&from) && renamed == *new
        });
        if let Some((old_name, _)) = found {
            let from = ObjectPath::part(kind, table, old_name.as_str());
            work.drops.shift_remove(&from);
            work.creates.shift_remove(&to);
            work.part_renames.push((from, to));
        }
    }
}

fn key(work: &mut Work, name: &Name, before: &Table, after: &Table) {
    let path = primary_key(name);
    if work.has(&path, Aspect::Name) {
        work.alters.shift_remove(&path);
        let names = (key_name(before), key_name(after));
        if let (Some(old), Some(new)) = names
            && old != new
        {
            let part = |name: String| ObjectPath::part(ObjectKind::PrimaryKey, &before.name, name);
            work.part_renames.push((part(old), part(new)));
        }
    }
}

/// The name of a table's primary key in the database.
pub(crate) fn key_name(table: &Table) -> Option<String> {
    let key = table.primary_key.as_ref()?;
    let given = key.name.clone().or_else(|| key.server_name.clone());
    Some(given.unwrap_or_else(|| dialects::implicit_names::choose(&table.name.name, "", "pkey", |_| false)))
}
