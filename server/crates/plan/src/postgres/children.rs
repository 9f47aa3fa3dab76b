//! Tables that inherit, and partitions: what is done to their parents is done to them too, without a statement of their own.

use dialects::implicit_names::{choose, columns_part};
use schema::{Aspect, Index, IndexKey, Name, ObjectKind, ObjectPath, Schema, Table};

use super::work::{Work, primary_key};

pub(crate) fn leave_to_parents(before: &Schema, after: &Schema, work: &mut Work) {
    for (name, new) in &after.tables {
        let Some(old) = before.tables.get(name) else { continue };
        for parent in parents(new).into_iter().filter(|parent| parents(old).contains(parent)) {
            columns_and_checks(work, name, &parent);
            if new.partition_of.is_some()
                && let (Some(old_parent), Some(new_parent)) = (before.tables.get(&parent), after.tables.get(&parent))
            {
                keys(work, new, new_parent, Side::After);
                keys(work, old, old_parent, Side::Before);
            }
        }
    }
}

fn parents(table: &Table) -> Vec<Name> {
    let of = table.partition_of.iter().map(|of| of.parent.clone());
    table.inherits.iter().cloned().chain(of).collect()
}

fn columns_and_checks(work: &mut Work, child: &Name, parent: &Name) {
    let is_passed_on =
        |path: &&ObjectPath| path.name == *parent && matches!(path.kind, ObjectKind::Column | ObjectKind::Check);
    let of_child = |path: &ObjectPath| ObjectPath { name: child.clone(), ..path.clone() };
    for path in work.creates.keys().filter(is_passed_on).map(of_child).collect::<Vec<_>>() {
        work.creates.shift_remove(&path);
    }
    for path in work.drops.keys().filter(is_passed_on).map(of_child).collect::<Vec<_>>() {
        work.drops.shift_remove(&path);
    }
    let altered = work.alters.iter().filter(|(path, _)| is_passed_on(path));
    let altered: Vec<(ObjectPath, Vec<Aspect>)> =
        altered.map(|(path, aspects)| (of_child(path), aspects.clone())).collect();
    for (path, aspects) in altered {
        let stays = |it: &Aspect| !aspects.contains(it) || matches!(it, Aspect::Identity | Aspect::Comment);
        let left: Vec<Aspect> = work.alters.get(&path).into_iter().flatten().copied().filter(stays).collect();
        if left.is_empty() {
            work.alters.shift_remove(&path);
        } else {
            work.alters.insert(path, left);
        }
    }
}

/// Whose parts are looked at: those that are made, or those that go.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Side {
    Before,
    After,
}

/// Keys and indexes of a partition that come with those of the partitioned table, under the names that the server gives, and go with them.
fn keys(work: &mut Work, child: &Table, parent: &Table, side: Side) {
    let paths = if side == Side::After { &mut work.creates } else { &mut work.drops };
    let name = &child.name.name;
    let mut led = Vec::new();
    for index in parent.indexes.values().filter(|it| paths.contains_key(&part(ObjectKind::Index, parent, &it.name))) {
        let usual = choose(name, &columns_part(key_columns(index)), "idx", |_| false);
        let like = child.indexes.values().find(|it| {
            Index { name: index.name.clone(), ..(*it).clone() } == *index && (side == Side::Before || it.name == usual)
        });
        led.extend(like.map(|it| part(ObjectKind::Index, child, &it.name)));
    }
    for unique in parent.uniques.values().filter(|it| paths.contains_key(&part(ObjectKind::Unique, parent, &it.name))) {
        let usual = choose(name, &columns_part(unique.columns.iter().map(String::as_str)), "key", |_| false);
        let like = child.uniques.values().find(|it| {
            let is_alike = it.columns == unique.columns && it.nulls_not_distinct == unique.nulls_not_distinct;
            is_alike && (side == Side::Before || it.name == usual)
        });
        led.extend(like.map(|it| part(ObjectKind::Unique, child, &it.name)));
    }
    let columns = |table: &Table| table.primary_key.as_ref().map(|key| key.columns.clone());
    if paths.contains_key(&primary_key(&parent.name)) && columns(parent) == columns(child) {
        led.push(primary_key(&child.name));
    }
    for path in led {
        paths.shift_remove(&path);
    }
}

fn part(kind: ObjectKind, table: &Table, name: &str) -> ObjectPath {
    ObjectPath::part(kind, &table.name, name)
}

fn key_columns(index: &Index) -> impl Iterator<Item = &str> {
    index.columns.iter().map(|column| match &column.key {
        IndexKey::Column(name) => name.as_str(),
        IndexKey::Expression(_) => "expr",
    })
}
