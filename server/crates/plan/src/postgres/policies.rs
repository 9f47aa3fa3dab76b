//! Policies, those on tables of others included.

use dialects::postgres::statements::{alter_policy, create_policy, full_name, short_name};
use dialects::quote_identifier;
use schema::{Dialect, ObjectKind, ObjectPath, Policy, Schema};

use super::dependents::policy_names;
use super::group::{Group, Token};
use super::order::Phase;
use super::sides::Sides;
use crate::{LockMode, Step};

pub(crate) fn write(sides: &Sides<'_>, groups: &mut Vec<Group>) {
    let work = sides.work;
    let policies = |path: &&ObjectPath| path.kind == ObjectKind::Policy;
    for path in work.drops.keys().filter(policies) {
        groups.push(drop_policy(sides, path));
    }
    for table in sides.after.tables.values().filter(|table| work.is_table_created(&table.name)) {
        for policy in table.policies.values() {
            let path = ObjectPath::part(ObjectKind::Policy, &table.name, policy.name.as_str());
            groups.push(create(sides, &path, policy));
        }
    }
    for path in work.creates.keys().filter(policies) {
        groups.extend(policy(sides.after, path).map(|it| create(sides, path, it)));
    }
    for path in work.alters.keys().filter(policies) {
        let pair = policy(sides.before, path).zip(policy(sides.after, path));
        groups.extend(pair.map(|(before, after)| alter(sides, path, before, after)).into_iter().flatten());
    }
}

/// The table's own policy, or one that is declared apart from it.
fn policy<'a>(schema: &'a Schema, path: &ObjectPath) -> Option<&'a Policy> {
    let part = path.part.as_deref()?;
    let own = schema.tables.get(&path.name).and_then(|table| table.policies.get(part));
    own.or_else(|| schema.policies.get(part).filter(|linked| linked.on == path.name).map(|linked| &linked.policy))
}

/// The table as drizzle-kit names it: in full where it is somebody else's.
fn on(schema: &Schema, path: &ObjectPath) -> String {
    if schema.tables.contains_key(&path.name) { short_name(&path.name) } else { full_name(&path.name) }
}

fn drop_policy(sides: &Sides<'_>, path: &ObjectPath) -> Group {
    let name = quote_identifier(Dialect::Postgres, path.last_name());
    let sql = format!("DROP POLICY {name} ON {} CASCADE;", on(sides.before, path));
    let step = Step::of(path, "drop_policy", sql).takes(LockMode::AccessExclusive, &path.name);
    Group::new(Phase::DropPolicy, vec![step]).gives([Token::Gone(path.clone())])
}

fn create(sides: &Sides<'_>, path: &ObjectPath, policy: &Policy) -> Group {
    let mut step = Step::of(path, "create_policy", create_policy(&on(sides.after, path), policy));
    if !sides.work.is_table_created(&path.name) {
        step = step.takes(LockMode::AccessExclusive, &path.name);
    }
    Group::new(Phase::CreatePolicy, vec![step])
        .needs(needs(sides, path, policy))
        .needs([Token::Gone(path.clone())])
        .gives([Token::Made(path.clone())])
}

/// Two groups where something is taken away: ALTER POLICY cannot.
fn alter(sides: &Sides<'_>, path: &ObjectPath, before: &Policy, after: &Policy) -> Vec<Group> {
    let loses = (before.using.is_some() && after.using.is_none())
        || (before.with_check.is_some() && after.with_check.is_none())
        || after.to.is_empty();
    if loses {
        return vec![drop_policy(sides, path), create(sides, path, after)];
    }
    let step = Step::of(path, "alter_policy", alter_policy(&on(sides.after, path), after))
        .takes(LockMode::AccessExclusive, &path.name);
    let group = Group::new(Phase::AlterPolicy, vec![step]);
    vec![group.needs(needs(sides, path, after)).gives([Token::Made(path.clone())])]
}

fn needs(sides: &Sides<'_>, path: &ObjectPath, policy: &Policy) -> Vec<Token> {
    let mut needs = vec![Token::Made(ObjectPath::new(ObjectKind::Table, &path.name))];
    needs.extend(policy.to.iter().map(|role| Token::Made(ObjectPath::global(ObjectKind::Role, role.as_str()))));
    for table in sides.after.tables.values() {
        if table.name != path.name && !policy_names(policy, &table.name.name) {
            continue;
        }
        needs.push(Token::Made(ObjectPath::new(ObjectKind::Table, &table.name)));
        let named = table.columns.keys().filter(|column| policy_names(policy, column));
        needs.extend(named.map(|it| Token::Made(ObjectPath::part(ObjectKind::Column, &table.name, it.as_str()))));
    }
    needs
}
