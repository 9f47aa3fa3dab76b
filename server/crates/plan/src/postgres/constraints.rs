//! Constraints and indexes of tables that stay, and those of new tables that come after them.

use dialects::postgres::statements::{
    add_check, add_exclusion, add_foreign_key, add_primary_key, add_unique, create_index, drop_constraint, drop_index,
    is_usual_primary_key, rename_constraint, short_name,
};
use dialects::quote_identifier;
use schema::{Aspect, Dialect, ForeignKey, Index, IndexKey, Name, ObjectKind, ObjectPath, Table};

use super::group::{Group, Token};
use super::order::Phase;
use super::part_renames::key_name;
use super::sides::{Sides, relation};
use super::work::primary_key;
use crate::{Hazard, LockMode, Step};

pub(crate) fn write(sides: &Sides<'_>, groups: &mut Vec<Group>) {
    let work = sides.work;
    for (from, to) in &work.part_renames {
        groups.push(rename(from, to));
    }
    for path in work.drops.keys() {
        groups.extend(dropped(sides, path));
    }
    for (path, aspects) in &work.alters {
        groups.extend(altered(sides, path, aspects));
    }
    for table in sides.after.tables.values().filter(|table| work.is_table_created(&table.name)) {
        for key in table.foreign_keys.values() {
            groups.push(foreign_key(sides, table, key, Phase::ForeignKeyOfCreated));
        }
        groups.extend(table.indexes.values().map(|it| index(sides, table, it, Phase::IndexOfCreated)));
    }
    for path in work.creates.keys() {
        groups.extend(created(sides, path));
    }
}

fn rename(from: &ObjectPath, to: &ObjectPath) -> Group {
    let (old, new) = (from.last_name(), to.last_name());
    let step = if from.kind == ObjectKind::Index {
        let new = quote_identifier(Dialect::Postgres, new);
        let sql = format!("ALTER INDEX {} RENAME TO {new};", short_name(&relation(&from.name, old)));
        Step::of(to, "rename_index", sql)
    } else {
        let step = Step::of(to, "rename_constraint", rename_constraint(&from.name, old, new));
        step.takes(LockMode::AccessExclusive, &from.name)
    };
    Group::new(Phase::RenamePart, vec![step])
        .needs([Token::Free(relation(&to.name, new))])
        .gives([Token::Free(relation(&from.name, old))])
}

fn dropped(sides: &Sides<'_>, path: &ObjectPath) -> Option<Group> {
    let table = sides.before.tables.get(&path.name)?;
    let part = path.part.as_deref()?;
    let (phase, kind) = match path.kind {
        ObjectKind::Unique => (Phase::DropUnique, "drop_unique_constraint"),
        ObjectKind::Check => (Phase::DropCheck, "drop_check_constraint"),
        ObjectKind::Exclusion => (Phase::DropCheck, "drop_exclusion_constraint"),
        ObjectKind::ForeignKey => (Phase::DropForeignKey, "drop_foreign_key"),
        ObjectKind::Index => (Phase::DropIndex, "drop_index"),
        ObjectKind::PrimaryKey => (Phase::DropPrimaryKey, "drop_primary_key"),
        _ => return None,
    };
    let name = if path.kind == ObjectKind::PrimaryKey { key_name(table)? } else { part.to_owned() };
    let sql = match path.kind {
        ObjectKind::Index => drop_index(&table.name, &name),
        _ => drop_constraint(&table.name, &name),
    };
    let mut step = Step::of(path, kind, sql).takes(LockMode::AccessExclusive, &table.name);
    let target = table.foreign_keys.get(part).filter(|_| path.kind == ObjectKind::ForeignKey);
    if let Some(key) = target {
        step = step.takes(LockMode::AccessExclusive, &key.to);
    }
    let gives = [Token::Gone(path.clone()), Token::Free(relation(&table.name, &name))];
    Some(Group::new(phase, vec![step]).gives(gives).needs(referring_keys(sides, table, path)))
}

/// Foreign keys lean on the key that they lead to.
fn referring_keys(sides: &Sides<'_>, table: &Table, path: &ObjectPath) -> Vec<Token> {
    if !matches!(path.kind, ObjectKind::PrimaryKey | ObjectKind::Unique | ObjectKind::Index) {
        return Vec::new();
    }
    let tables = sides.before.tables.values();
    let keys = tables.flat_map(|other| other.foreign_keys.values().map(move |key| (other, key)));
    keys.filter(|(_, key)| key.to == table.name)
        .map(|(other, key)| Token::Gone(ObjectPath::part(ObjectKind::ForeignKey, &other.name, key.name.as_str())))
        .collect()
}

/// What can be said of a constraint while it stays.
fn altered(sides: &Sides<'_>, path: &ObjectPath, aspects: &[Aspect]) -> Vec<Group> {
    let Some(part) = path.part.as_deref() else { return Vec::new() };
    let Some((before, after)) = sides.staying(&path.name) else { return Vec::new() };
    let name = quote_identifier(Dialect::Postgres, part);
    let table = short_name(&path.name);
    let validate = || {
        let step = Step::of(path, "validate_constraint", format!("ALTER TABLE {table} VALIDATE CONSTRAINT {name};"));
        let fails = format!("Fails where a row of {} does not hold to {part}.", path.name);
        step.takes(LockMode::ShareUpdateExclusive, &path.name)
            .warns([Hazard::Scans(path.name.clone()), Hazard::MayFail(fails)])
    };
    match path.kind {
        ObjectKind::Check => match after.checks.get(part) {
            Some(check) if !check.not_valid => vec![Group::new(Phase::AddCheck, vec![validate()])],
            // A valid one only becomes not valid by being made anew.
            Some(check) => {
                let steps = vec![
                    Step::of(path, "drop_check_constraint", drop_constraint(&path.name, part)),
                    Step::of(path, "add_check_constraint", add_check(&path.name, check)),
                ];
                let steps = steps.into_iter().map(|step| step.takes(LockMode::AccessExclusive, &path.name)).collect();
                vec![Group::new(Phase::AddCheck, steps)]
            }
            None => Vec::new(),
        },
        ObjectKind::ForeignKey => {
            let (Some(old), Some(new)) = (before.foreign_keys.get(part), after.foreign_keys.get(part)) else {
                return Vec::new();
            };
            if new.not_valid && !old.not_valid {
                let dropped = Step::of(path, "drop_foreign_key", drop_constraint(&path.name, part))
                    .takes(LockMode::AccessExclusive, &path.name)
                    .takes(LockMode::AccessExclusive, &new.to);
                let mut group = foreign_key(sides, after, new, Phase::AddForeignKey);
                group.steps.insert(0, dropped);
                return vec![group];
            }
            let mut steps = Vec::new();
            if aspects.contains(&Aspect::Deferral) {
                let sql = format!("ALTER TABLE {table} ALTER CONSTRAINT {name} {};", new.deferral.as_str());
                let step = Step::of(path, "alter_foreign_key", sql);
                steps.push(step.takes(LockMode::AccessExclusive, &path.name).takes(LockMode::AccessExclusive, &new.to));
            }
            if aspects.contains(&Aspect::Validated) {
                steps.push(validate().takes(LockMode::RowShare, &new.to));
            }
            vec![Group::new(Phase::AddForeignKey, steps)]
        }
        _ => Vec::new(),
    }
}

fn created(sides: &Sides<'_>, path: &ObjectPath) -> Option<Group> {
    let table = sides.after.tables.get(&path.name)?;
    let part = path.part.as_deref()?;
    match path.kind {
        ObjectKind::ForeignKey => Some(foreign_key(sides, table, table.foreign_keys.get(part)?, Phase::AddForeignKey)),
        ObjectKind::Index => Some(index(sides, table, table.indexes.get(part)?, Phase::CreateIndex)),
        ObjectKind::PrimaryKey => key(sides, table, path),
        ObjectKind::Unique => {
            let unique = table.uniques.get(part)?;
            let step = Step::of(path, "add_unique_constraint", add_unique(&table.name, unique))
                .takes(LockMode::AccessExclusive, &table.name)
                .warns([Hazard::BuildsIndex(table.name.clone()), duplicates(&table.name, &unique.columns)]);
            Some(
                named(table, Group::new(Phase::AddUnique, vec![step]), path, part)
                    .needs(columns(table, &unique.columns))
                    .needs(columns(table, &unique.include)),
            )
        }
        ObjectKind::Check => {
            let check = table.checks.get(part)?;
            let mut step = Step::of(path, "add_check_constraint", add_check(&table.name, check))
                .takes(LockMode::AccessExclusive, &table.name);
            if !check.not_valid {
                let fails = format!("Fails where a row of {} does not hold to {part}.", table.name);
                step = step.warns([Hazard::Scans(table.name.clone()), Hazard::MayFail(fails)]);
            }
            Some(named(table, Group::new(Phase::AddCheck, vec![step]), path, part).needs(all_columns(table)))
        }
        ObjectKind::Exclusion => {
            let step =
                Step::of(path, "add_exclusion_constraint", add_exclusion(&table.name, table.exclusions.get(part)?))
                    .takes(LockMode::AccessExclusive, &table.name)
                    .warns([
                        Hazard::BuildsIndex(table.name.clone()),
                        Hazard::MayFail(format!("Fails where two rows of {} exclude each other.", table.name)),
                    ]);
            Some(named(table, Group::new(Phase::AddCheck, vec![step]), path, part).needs(all_columns(table)))
        }
        _ => None,
    }
}

/// What every new part has in common.
fn named(table: &Table, group: Group, path: &ObjectPath, name: &str) -> Group {
    group
        .needs([Token::Gone(path.clone()), Token::Free(relation(&table.name, name))])
        .gives([Token::Made(path.clone())])
}

/// None where the column that is added says it.
fn key(sides: &Sides<'_>, table: &Table, path: &ObjectPath) -> Option<Group> {
    let key = table.primary_key.as_ref()?;
    let is_of_new_column = key.columns.first().is_some_and(|column| {
        sides.work.is_created(&ObjectPath::part(ObjectKind::Column, &table.name, column.as_str()))
    });
    if is_usual_primary_key(&table.name, key) && is_of_new_column {
        return None;
    }
    let step = Step::of(path, "add_primary_key", add_primary_key(&table.name, key))
        .takes(LockMode::AccessExclusive, &table.name)
        .warns([Hazard::BuildsIndex(table.name.clone()), duplicates(&table.name, &key.columns)]);
    let name = key_name(table).unwrap_or_default();
    let group = Group::new(Phase::AddPrimaryKey, vec![step]);
    Some(named(table, group, path, &name).needs(columns(table, &key.columns)).needs(columns(table, &key.include)))
}

fn duplicates(table: &Name, columns: &[String]) -> Hazard {
    Hazard::MayFail(format!("Fails where two rows of {table} have the same {}.", columns.join(", ")))
}

fn foreign_key(sides: &Sides<'_>, table: &Table, key: &ForeignKey, phase: Phase) -> Group {
    let path = ObjectPath::part(ObjectKind::ForeignKey, &table.name, key.name.as_str());
    let mut step = Step::of(&path, "add_foreign_key", add_foreign_key(&table.name, key));
    let is_new = sides.work.is_table_created(&table.name);
    for locked in [&table.name, &key.to] {
        if !sides.work.is_table_created(locked) {
            step = step.takes(LockMode::ShareRowExclusive, locked);
        }
    }
    if !is_new && !key.not_valid {
        let fails = format!("Fails where a row of {} refers to none of {}.", table.name, key.to);
        let hazards = [Hazard::Scans(table.name.clone()), Hazard::Scans(key.to.clone()), Hazard::MayFail(fails)];
        step = step.warns(hazards);
    }
    let mut needs = columns(table, &key.columns);
    needs.push(Token::Gone(path.clone()));
    needs.push(Token::Made(ObjectPath::new(ObjectKind::Table, &table.name)));
    needs.push(Token::Made(ObjectPath::new(ObjectKind::Table, &key.to)));
    if let Some(target) = sides.after.tables.get(&key.to) {
        needs.extend(columns(target, &key.to_columns));
        needs.push(Token::Made(primary_key(&target.name)));
        let part = |kind, name: &String| Token::Made(ObjectPath::part(kind, &target.name, name.as_str()));
        needs.extend(target.uniques.keys().map(|name| part(ObjectKind::Unique, name)));
        let unique = target.indexes.values().filter(|it| it.unique);
        needs.extend(unique.map(|it| part(ObjectKind::Index, &it.name)));
    }
    Group::new(phase, vec![step]).needs(needs).gives([Token::Made(path)])
}

fn index(sides: &Sides<'_>, table: &Table, index: &Index, phase: Phase) -> Group {
    let path = ObjectPath::part(ObjectKind::Index, &table.name, index.name.as_str());
    let mut step = Step::of(&path, "create_index", create_index(&table.name, index));
    if !sides.work.is_table_created(&table.name) {
        let is_concurrent = index.concurrently == Some(true);
        let mode = if is_concurrent { LockMode::ShareUpdateExclusive } else { LockMode::Share };
        step = step.takes(mode, &table.name).warns([Hazard::BuildsIndex(table.name.clone())]);
        step = step.warns(index.unique.then(|| duplicates(&table.name, &keys(index))));
    }
    if index.concurrently == Some(true) {
        let why = String::from("CREATE INDEX CONCURRENTLY cannot run inside a transaction.");
        step = step.warns([Hazard::NotInTransaction(why)]);
    }
    let made = Token::Made(ObjectPath::new(ObjectKind::Table, &table.name));
    // The index of a partitioned table takes over those that its partitions have.
    let partitions =
        sides.after.tables.values().filter(|it| it.partition_of.as_ref().is_some_and(|of| of.parent == table.name));
    let of_partitions: Vec<Token> = partitions
        .flat_map(|it| {
            it.indexes.keys().map(|name| Token::Made(ObjectPath::part(ObjectKind::Index, &it.name, name.as_str())))
        })
        .collect();
    named(table, Group::new(phase, vec![step]), &path, &index.name)
        .needs([made])
        .needs(of_partitions)
        .needs(all_columns(table))
}

fn keys(index: &Index) -> Vec<String> {
    let keys = index.columns.iter().map(|column| match &column.key {
        IndexKey::Column(name) => name.clone(),
        IndexKey::Expression(expression) => expression.text.clone(),
    });
    keys.collect()
}

fn columns(table: &Table, names: &[String]) -> Vec<Token> {
    names.iter().map(|name| Token::Made(ObjectPath::part(ObjectKind::Column, &table.name, name.as_str()))).collect()
}

/// An expression may name any of them.
fn all_columns(table: &Table) -> Vec<Token> {
    table
        .columns
        .keys()
        .map(|name| Token::Made(ObjectPath::part(ObjectKind::Column, &table.name, name.as_str())))
        .collect()
}
