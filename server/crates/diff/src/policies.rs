//! Row level security and policies, those on tables of others included.

use schema::{Aspect, Change, Name, ObjectKind, ObjectPath, Policy, Schema};

use crate::alterations::{Alterations, missing, shared};
use crate::tables::TablePair;

/// drizzle-kit enables it with the first policy, and disables it with the last.
pub(crate) fn row_level_security(pair: &TablePair, changes: &mut Vec<Change>) {
    let path = ObjectPath::new(ObjectKind::RowLevelSecurity, &pair.after.name);
    let is_unsure = pair.after.is_open(ObjectKind::RowLevelSecurity) || pair.after.is_open(ObjectKind::Policy);
    match pair.row_level_security {
        (false, true) => changes.push(Change::create(path)),
        (true, false) if !is_unsure => changes.push(Change::drop(path)),
        _ => {}
    }
}

pub(crate) fn policies(pair: &TablePair, changes: &mut Vec<Change>) {
    let kind = ObjectKind::Policy;
    let (before, after) = (&pair.before.policies, &pair.after.policies);
    changes.extend(missing(after, before).map(|(name, _)| Change::create(pair.path(kind, name))));
    if pair.may_drop(kind) {
        changes.extend(missing(before, after).map(|(name, _)| Change::drop(pair.path(kind, name))));
    }
    if pair.may_alter(kind) {
        for (name, before, after) in shared(before, after) {
            policy(before, after).finish(|| pair.path(kind, name), changes);
        }
    }
}

/// A policy that moved to another table is a dropped and a created one: no statement moves it.
pub(crate) fn linked_policies(before: &Schema, after: &Schema, changes: &mut Vec<Change>) {
    let kind = ObjectKind::Policy;
    for (name, linked) in &after.policies {
        match before.policies.get(name).filter(|it| it.on == linked.on) {
            None => changes.push(Change::create(ObjectPath::part(kind, &linked.on, name.as_str()))),
            Some(before) => {
                let path = || ObjectPath::part(kind, &linked.on, name.as_str());
                policy(&before.policy, &linked.policy).finish(path, changes);
            }
        }
    }
    if !after.open {
        let is_gone = |name: &String, on: &Name| after.policies.get(name).is_none_or(|it| it.on != *on);
        let dropped = before.policies.iter().filter(|(name, linked)| is_gone(name, &linked.on));
        changes.extend(dropped.map(|(name, linked)| Change::drop(ObjectPath::part(kind, &linked.on, name.as_str()))));
    }
}

fn policy(before: &Policy, after: &Policy) -> Alterations {
    let mut alterations = Alterations::default();
    alterations.compare(Aspect::Permissive, &before.permissive, &after.permissive, |it| {
        Some(String::from(if *it { "PERMISSIVE" } else { "RESTRICTIVE" }))
    });
    alterations.compare(Aspect::Command, &before.command, &after.command, |it| Some(it.clone()));
    alterations.compare(Aspect::Roles, &before.to, &after.to, |it| Some(it.join(", ")));
    let text = |it: &Option<schema::Expression>| it.as_ref().map(|expression| expression.text.clone());
    alterations.compare(Aspect::Using, &before.using, &after.using, text);
    alterations.compare(Aspect::WithCheck, &before.with_check, &after.with_check, text);
    alterations
}
