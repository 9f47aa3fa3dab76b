//! Tables: made, dropped, and what is said of them as a whole.

use dialects::postgres::statements::{attach_partition, create_table, literal, scalar, short_name};
use schema::{Aspect, Map, Name, ObjectKind, ObjectPath, Scalar, Table};
use std::collections::BTreeSet;

use super::dependents::reads;
use super::group::{Group, Token};
use super::order::Phase;
use super::part_renames::key_name;
use super::sides::{Sides, namespace_needs, relation};
use super::work::primary_key;
use crate::{Hazard, LockMode, Step};

pub(crate) fn write(sides: &Sides<'_>, groups: &mut Vec<Group>) {
    let work = sides.work;
    let tables = |paths: &Map<ObjectPath, ()>| {
        paths.keys().filter(|path| path.kind == ObjectKind::Table).map(|path| path.name.clone()).collect::<Vec<_>>()
    };
    for name in tables(&work.creates) {
        if let Some(table) = sides.after.tables.get(&name) {
            groups.push(create(sides, table));
            if let Some(of) = &table.partition_of {
                groups.push(attach(table, of));
            }
        }
    }
    for name in tables(&work.drops) {
        if let Some(table) = sides.before.tables.get(&name) {
            groups.extend(drop_table(sides, table));
        }
    }
    for (path, aspects) in work.alters.iter().filter(|(path, _)| path.kind == ObjectKind::Table) {
        if let Some((before, after)) = sides.staying(&path.name) {
            groups.extend(alter(sides, before, after, aspects));
        }
    }
    row_level_security(sides, groups);
}

fn create(sides: &Sides<'_>, table: &Table) -> Group {
    let path = ObjectPath::new(ObjectKind::Table, &table.name);
    let mut steps: Vec<Step> = create_table(sides.after, &sides.types, table)
        .into_iter()
        .map(|sql| Step::of(&path, "create_table", sql))
        .collect();
    if sides.after.has_row_level_security(table) {
        steps.push(Step::of(&path, "enable_row_level_security", row_security(&table.name, "ENABLE")));
    }
    if table.force_row_level_security {
        steps.push(Step::of(&path, "force_row_level_security", row_security(&table.name, "FORCE")));
    }
    let mut needs = vec![namespace_needs(&table.name), Token::Free(table.name.clone())];
    needs.extend(table.columns.values().flat_map(|column| sides.column_needs(column)));
    needs.extend(table.inherits.iter().map(|parent| Token::Made(ObjectPath::new(ObjectKind::Table, parent))));
    needs.extend(relations_of(table).into_iter().map(Token::Free));
    let sequences = table.columns.values().filter_map(|column| column.identity.as_ref());
    needs.extend(sequences.map(|it| Token::Free(relation(&table.name, &it.sequence_name))));
    Group::new(Phase::CreateTable, steps).needs(needs).gives(parts(table).into_iter().map(Token::Made))
}

fn attach(table: &Table, of: &schema::PartitionOf) -> Group {
    let path = ObjectPath::new(ObjectKind::Table, &table.name);
    let step = Step::of(&path, "attach_partition", attach_partition(&of.parent, &table.name, &of.bound.text))
        .takes(LockMode::ShareUpdateExclusive, &of.parent)
        .takes(LockMode::AccessExclusive, &table.name)
        .warns([Hazard::Scans(table.name.clone())]);
    let indexes = table.indexes.values().map(|it| ObjectPath::part(ObjectKind::Index, &table.name, it.name.as_str()));
    let parent = ObjectPath::new(ObjectKind::Table, &of.parent);
    let tables = [Token::Made(parent), Token::Made(path)];
    Group::new(Phase::Partition, vec![step]).needs(tables).needs(indexes.map(Token::Made))
}

/// Policies first, as drizzle-kit does. CASCADE takes nothing along that the plan does not know of: else it is left out, and the server
/// refuses the drop.
fn drop_table(sides: &Sides<'_>, table: &Table) -> Vec<Group> {
    let path = ObjectPath::new(ObjectKind::Table, &table.name);
    let mut groups = Vec::new();
    for policy in table.policies.keys() {
        let policy_path = ObjectPath::part(ObjectKind::Policy, &table.name, policy.as_str());
        let policy = dialects::quote_identifier(schema::Dialect::Postgres, policy);
        let sql = format!("DROP POLICY {policy} ON {} CASCADE;", short_name(&table.name));
        let step = Step::of(&policy_path, "drop_policy", sql).takes(LockMode::AccessExclusive, &table.name);
        // On its own: the table that it asks goes after it.
        groups.push(Group::new(Phase::DropTable, vec![step]).gives([Token::Gone(policy_path)]));
    }
    let may_be_read = sides.before.views.values().any(|view| {
        let stays = !sides.work.is_dropped(&ObjectPath::new(ObjectKind::View, &view.name));
        stays && !view.existing && (view.definition.is_none() || reads(sides.before, view).contains(&table.name))
    });
    let may_be_read = may_be_read || super::routines::is_held_by_routine(sides, &table.name);
    let cascade = if may_be_read { "" } else { " CASCADE" };
    let mut step = Step::of(&path, "drop_table", format!("DROP TABLE {}{cascade};", short_name(&table.name)))
        .takes(LockMode::AccessExclusive, &table.name)
        .warns([Hazard::LosesData(format!("All rows of the table {} are gone.", table.name))]);
    for key in table.foreign_keys.values().filter(|key| key.to != table.name) {
        step = step.takes(LockMode::AccessExclusive, &key.to);
    }
    let group = Group::new(Phase::DropTable, vec![step]);
    groups.push(group.needs(drop_needs(sides, table)).gives(drop_gives(sides, table)));
    groups
}

/// Nothing may refer to a table that is dropped.
fn drop_needs(sides: &Sides<'_>, table: &Table) -> Vec<Token> {
    let own = |name: &String| Token::Gone(ObjectPath::part(ObjectKind::Policy, &table.name, name.as_str()));
    let mut needs: Vec<Token> = table.policies.keys().map(own).collect();
    for other in sides.before.tables.values().filter(|other| other.name != table.name) {
        let keys = other.foreign_keys.values().filter(|key| key.to == table.name);
        needs.extend(
            keys.map(|key| Token::Gone(ObjectPath::part(ObjectKind::ForeignKey, &other.name, key.name.as_str()))),
        );
        let of = other.partition_of.as_ref().is_some_and(|of| of.parent == table.name);
        if of || other.inherits.contains(&table.name) {
            needs.push(Token::Gone(ObjectPath::new(ObjectKind::Table, &other.name)));
            needs.push(Token::Made(ObjectPath::new(ObjectKind::Table, &other.name)));
        }
        // A policy may ask another table.
        for policy in other.policies.values() {
            if super::dependents::policy_names(policy, &table.name.name) {
                let path = ObjectPath::part(ObjectKind::Policy, &other.name, policy.name.as_str());
                needs.extend([Token::Gone(path.clone()), Token::Made(path)]);
            }
        }
    }
    let views = sides.before.views.values().filter(|view| reads(sides.before, view).contains(&table.name));
    needs.extend(views.map(|view| Token::Gone(ObjectPath::new(ObjectKind::View, &view.name))));
    needs
}

fn drop_gives(sides: &Sides<'_>, table: &Table) -> Vec<Token> {
    let mut gives: Vec<Token> = parts(table).into_iter().map(Token::Gone).collect();
    gives.push(Token::Free(table.name.clone()));
    gives.extend(relations_of(table).into_iter().map(Token::Free));
    let identities = table.columns.values().filter_map(|column| column.identity.as_ref());
    gives.extend(identities.map(|it| Token::Free(relation(&table.name, &it.sequence_name))));
    let owned =
        sides.before.sequences.values().filter(|it| it.owned_by.as_ref().is_some_and(|(of, _)| *of == table.name));
    gives.extend(owned.map(|it| Token::Free(it.name.clone())));
    let serials = table.columns.keys().filter_map(|column| sides.serial_sequence(&table.name, column));
    gives.extend(serials.map(|name| Token::Free(name.clone())));
    gives
}

/// The table and everything that belongs to it.
fn parts(table: &Table) -> Vec<ObjectPath> {
    let part = |kind| move |name: &String| ObjectPath::part(kind, &table.name, name.as_str());
    let mut parts = vec![ObjectPath::new(ObjectKind::Table, &table.name), primary_key(&table.name)];
    parts.extend(table.columns.keys().map(part(ObjectKind::Column)));
    parts.extend(table.uniques.keys().map(part(ObjectKind::Unique)));
    parts.extend(table.checks.keys().map(part(ObjectKind::Check)));
    parts.extend(table.exclusions.keys().map(part(ObjectKind::Exclusion)));
    parts
}

/// The names of its keys and constraints that have an index.
fn relations_of(table: &Table) -> BTreeSet<Name> {
    let names = table.uniques.keys().chain(table.exclusions.keys()).chain(table.indexes.keys()).cloned();
    names.chain(key_name(table)).map(|name| relation(&table.name, &name)).collect()
}

/// A logged table refers to logged ones only: those that it refers to come first where both are to be logged, and last where not.
fn persistence_needs(sides: &Sides<'_>, before: &Table, after: &Table) -> Vec<Token> {
    let key_path = |table: &Name, name: &String| ObjectPath::part(ObjectKind::ForeignKey, table, name.as_str());
    let mut needs = Vec::new();
    if after.unlogged {
        for other in sides.before.tables.values() {
            for key in other.foreign_keys.values().filter(|key| key.to == before.name) {
                needs.push(Token::Gone(key_path(&other.name, &key.name)));
                needs.push(Token::Gone(ObjectPath::new(ObjectKind::Table, &other.name)));
                needs.push(Token::Made(ObjectPath::new(ObjectKind::Table, &other.name)));
            }
        }
    } else {
        for key in before.foreign_keys.values() {
            needs.push(Token::Gone(key_path(&before.name, &key.name)));
            needs.push(Token::Made(ObjectPath::new(ObjectKind::Table, &key.to)));
        }
    }
    needs
}

fn alter(sides: &Sides<'_>, before: &Table, after: &Table, aspects: &[Aspect]) -> Vec<Group> {
    let path = ObjectPath::new(ObjectKind::Table, &after.name);
    let name = short_name(&after.name);
    let alter = |kind, action: &str| Step::of(&path, kind, format!("ALTER TABLE {name} {action};"));
    let mut steps = Vec::new();
    for aspect in aspects {
        match aspect {
            Aspect::Options => steps.extend(
                options(&before.options, &after.options)
                    .into_iter()
                    .map(|action| alter("alter_table", &action).takes(LockMode::ShareUpdateExclusive, &after.name)),
            ),
            Aspect::Unlogged => {
                let action = if after.unlogged { "SET UNLOGGED" } else { "SET LOGGED" };
                let hazards = [Hazard::Rewrites(after.name.clone())];
                steps.push(alter("alter_table", action).takes(LockMode::AccessExclusive, &after.name).warns(hazards));
            }
            Aspect::Forced => {
                let word = if after.force_row_level_security { "FORCE" } else { "NO FORCE" };
                let sql = row_security(&after.name, word);
                let step = Step::of(&path, "force_row_level_security", sql);
                steps.push(step.takes(LockMode::AccessExclusive, &after.name));
            }
            Aspect::Partition => steps.extend(partition(&path, before, after)),
            _ => {}
        }
    }
    let needs = after.inherits.iter().chain(after.partition_of.iter().map(|of| &of.parent));
    let needs = needs.map(|parent| Token::Made(ObjectPath::new(ObjectKind::Table, parent)));
    let persistence = match aspects.contains(&Aspect::Unlogged) {
        true => persistence_needs(sides, before, after),
        false => Vec::new(),
    };
    let group = Group::new(Phase::AlterTable, steps).needs(needs).needs(persistence).gives([Token::Made(path.clone())]);
    if group.steps.is_empty() { Vec::new() } else { vec![group] }
}

fn partition(path: &ObjectPath, before: &Table, after: &Table) -> Vec<Step> {
    let name = short_name(&after.name);
    let mut steps = Vec::new();
    if before.partition_of != after.partition_of {
        if let Some(of) = &before.partition_of {
            let sql = format!("ALTER TABLE {} DETACH PARTITION {name};", short_name(&of.parent));
            let step = Step::of(path, "detach_partition", sql).takes(LockMode::AccessExclusive, &of.parent);
            steps.push(step.takes(LockMode::AccessExclusive, &after.name));
        }
        if let Some(of) = &after.partition_of {
            let sql = attach_partition(&of.parent, &after.name, &of.bound.text);
            let step = Step::of(path, "attach_partition", sql).takes(LockMode::ShareUpdateExclusive, &of.parent);
            let hazards = [
                Hazard::Scans(after.name.clone()),
                Hazard::MayFail(format!("Fails where a row of {} does not belong to the partition.", after.name)),
            ];
            steps.push(step.takes(LockMode::AccessExclusive, &after.name).warns(hazards));
        }
    }
    let inherit = |parent: &Name, word: &str| {
        let step = Step::of(path, "alter_table", format!("ALTER TABLE {name} {word} {};", short_name(parent)));
        step.takes(LockMode::AccessExclusive, &after.name).takes(LockMode::ShareUpdateExclusive, parent)
    };
    let gone = before.inherits.iter().filter(|parent| !after.inherits.contains(parent));
    steps.extend(gone.map(|parent| inherit(parent, "NO INHERIT")));
    let new = after.inherits.iter().filter(|parent| !before.inherits.contains(parent));
    steps.extend(new.map(|parent| inherit(parent, "INHERIT")));
    steps
}

/// `SET (…)` for what is new or changed, `RESET (…)` for what is gone.
pub(crate) fn options(before: &Map<String, Scalar>, after: &Map<String, Scalar>) -> Vec<String> {
    options_spelled(before, after, |name| name.to_owned())
}

pub(crate) fn options_spelled(
    before: &Map<String, Scalar>,
    after: &Map<String, Scalar>,
    spelled: impl Fn(&str) -> String,
) -> Vec<String> {
    let set = after.iter().filter(|(name, value)| before.get(*name) != Some(value));
    let set: Vec<String> = set.map(|(name, value)| format!("{} = {}", spelled(name), scalar(value))).collect();
    let reset = before.keys().filter(|name| !after.contains_key(*name));
    let reset: Vec<String> = reset.map(|name| spelled(name)).collect();
    let mut actions = Vec::new();
    if !set.is_empty() {
        actions.push(format!("SET ({})", set.join(", ")));
    }
    if !reset.is_empty() {
        actions.push(format!("RESET ({})", reset.join(", ")));
    }
    actions
}

fn row_level_security(sides: &Sides<'_>, groups: &mut Vec<Group>) {
    let kinds = [(&sides.work.creates, "ENABLE"), (&sides.work.drops, "DISABLE")];
    for (paths, word) in kinds {
        for path in paths.keys().filter(|path| path.kind == ObjectKind::RowLevelSecurity) {
            let kind = if word == "ENABLE" { "enable_row_level_security" } else { "disable_row_level_security" };
            let step = Step::of(path, kind, row_security(&path.name, word));
            let step = step.takes(LockMode::AccessExclusive, &path.name);
            groups.push(Group::new(Phase::RowLevelSecurity, vec![step]));
        }
    }
}

fn row_security(table: &Name, word: &str) -> String {
    format!("ALTER TABLE {} {word} ROW LEVEL SECURITY;", short_name(table))
}

/// A name as a string that `regclass` reads, quoted as the catalog prints it.
pub(crate) fn regclass(name: &Name) -> String {
    let namespace = if name.namespace == "public" { "" } else { name.namespace.as_str() };
    literal(&dialects::quoted_name(schema::Dialect::Postgres, &Name::new(namespace, name.name.as_str())))
}
