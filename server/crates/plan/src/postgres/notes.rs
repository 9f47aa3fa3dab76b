//! Privileges and comments: of new objects, of those made anew, which lose theirs, and what differs on those that stay.

use dialects::postgres::statements::{Targets, comment_on, grant, revoke};
use schema::{Aspect, Grant, Map, ObjectKind, ObjectPath};

use super::group::{Group, Token};
use super::order::Phase;
use super::sides::Sides;
use super::work::{Work, of_one_key};
use crate::{LockMode, Step};

pub(crate) fn write(sides: &Sides<'_>, groups: &mut Vec<Group>) {
    let targets = sides.targets();
    for (path, text) in comments(sides) {
        let Some(sql) = comment_on(&targets, &path, text.as_deref()) else { continue };
        let mut step = Step::of(&path, "comment", sql);
        if sides.before.tables.contains_key(&path.name) {
            step = step.takes(LockMode::ShareUpdateExclusive, &path.name);
        }
        groups.push(Group::new(Phase::Comment, vec![step]));
    }
    revokes(sides, &targets, groups);
    grants(sides, &targets, groups);
}

/// True for an object that has nothing said about it yet.
fn is_new(work: &Work, path: &ObjectPath) -> bool {
    let path = of_one_key(path);
    let is_anew =
        |it: &ObjectPath| work.is_created(it) || work.rebuilt_types.contains_key(it) || work.replaced.contains_key(it);
    is_anew(&path) || is_anew(&path.owner())
}

fn now(sides: &Sides<'_>, path: &ObjectPath) -> ObjectPath {
    let renamed = sides.work.part_renames.iter().find(|(from, _)| from == path);
    renamed.map_or_else(|| path.clone(), |(_, to)| to.clone())
}

/// The texts that have to be set, None where one goes.
fn comments(sides: &Sides<'_>) -> Vec<(ObjectPath, Option<String>)> {
    let mut found = Vec::new();
    for table in sides.after.tables.values() {
        let path = ObjectPath::new(ObjectKind::Table, &table.name);
        let is_set = is_new(sides.work, &path) && table.comment.is_some();
        if is_set || sides.work.has(&path, Aspect::Comment) {
            found.push((path, table.comment.clone()));
        }
        for column in table.columns.values() {
            let path = ObjectPath::part(ObjectKind::Column, &table.name, column.name.as_str());
            let is_set = is_new(sides.work, &path) && column.comment.is_some();
            if is_set || sides.work.has(&path, Aspect::Comment) {
                found.push((path, column.comment.clone()));
            }
        }
    }
    // A renamed constraint or index keeps what is said of it.
    let held: Map<ObjectPath, &String> =
        sides.before.comments.iter().map(|(path, text)| (now(sides, path), text)).collect();
    for (path, text) in &sides.after.comments {
        if is_new(sides.work, path) || held.get(path) != Some(&text) {
            found.push((path.clone(), Some(text.clone())));
        }
    }
    let gone = held.keys().filter(|path| !sides.after.comments.contains_key(*path));
    let gone = gone.filter(|path| sides.after.contains(path) && !is_new(sides.work, path));
    found.extend(gone.map(|path| (path.clone(), None)));
    found
}

fn revokes(sides: &Sides<'_>, targets: &Targets<'_>, groups: &mut Vec<Group>) {
    for held in sides.before.grants.values() {
        if !sides.after.contains(&held.on) || is_new(sides.work, &held.on) {
            continue;
        }
        let role = ObjectPath::global(ObjectKind::Role, held.to.as_str());
        let kept = sides.after.grants.get(&(held.on.clone(), held.to.clone()));
        let kept = kept.filter(|_| !sides.work.is_dropped(&role));
        let is_gone = |privilege: &&String| kept.is_none_or(|it| !it.privileges.contains(privilege));
        let gone: Vec<String> = held.privileges.iter().filter(is_gone).cloned().collect();
        if let Some(sql) = revoke(targets, &held.on, &held.to, &gone).filter(|_| !gone.is_empty()) {
            let step = Step::of(&held.on, "revoke", sql);
            groups.push(Group::new(Phase::Revoke, vec![step]).gives([Token::Revoked(held.to.clone())]));
        }
    }
}

fn grants(sides: &Sides<'_>, targets: &Targets<'_>, groups: &mut Vec<Group>) {
    // What is left of an object or a role that goes is granted no more.
    let role = |grant: &Grant| ObjectPath::global(ObjectKind::Role, grant.to.as_str());
    let stays = |it: &&Grant| sides.after.contains(&it.on) && !sides.work.is_dropped(&role(it));
    for wanted in sides.after.grants.values().filter(stays).filter_map(|it| lacking(sides, it)) {
        let steps = grant(targets, &wanted).into_iter().map(|sql| Step::of(&wanted.on, "grant", sql)).collect();
        let role = ObjectPath::global(ObjectKind::Role, wanted.to.as_str());
        groups.push(Group::new(Phase::Grant, steps).needs([Token::Made(wanted.on.clone()), Token::Made(role)]));
    }
}

/// What of a grant is not there yet.
fn lacking(sides: &Sides<'_>, wanted: &Grant) -> Option<Grant> {
    if is_new(sides.work, &wanted.on) {
        return Some(wanted.clone());
    }
    let held = sides.before.grants.get(&(wanted.on.clone(), wanted.to.clone()));
    let is_held = |privilege: &String| held.is_some_and(|it| it.privileges.contains(privilege));
    let may_pass_on = |privilege: &String| held.is_some_and(|it| it.with_grant_option.contains(privilege));
    let with_grant_option: Vec<String> =
        wanted.with_grant_option.iter().filter(|it| !may_pass_on(it)).cloned().collect();
    let is_lacking = |it: &&String| !is_held(it) || with_grant_option.contains(it);
    let privileges: Vec<String> = wanted.privileges.iter().filter(is_lacking).cloned().collect();
    (!privileges.is_empty()).then(|| Grant { privileges, with_grant_option, ..wanted.clone() })
}
