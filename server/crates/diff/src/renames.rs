//! Which dropped and created objects may be one renamed object.
//!
//! drizzle-kit asks whenever both an added and a dropped object of a kind exist; the score sorts those questions, and leaves
//! out the pairs that have nothing in common.

use std::collections::BTreeMap;

use schema::{Action, Change, Name, ObjectKind, ObjectPath, Schema};

use crate::RenameCandidate;
use crate::likeness::likeness;

/// Pairs less alike than this are two objects.
const MIN_SCORE: f32 = 0.5;
/// Comparing each with each is for the few objects of one edit; past this only objects of the same last name are compared.
const MAX_PAIRS: usize = 20_000;

/// Best first; an object is in one candidate at most.
pub(crate) fn candidates(before: &Schema, after: &Schema, changes: &[Change]) -> Vec<RenameCandidate> {
    candidates_from(MIN_SCORE, before, after, changes)
}

/// Every pair of a dropped and a created object of one kind and place, alike or not: for who is about to drop one of them.
pub fn possible_renames(before: &Schema, after: &Schema, changes: &[Change]) -> Vec<RenameCandidate> {
    candidates_from(0.0, before, after, changes)
}

fn candidates_from(min_score: f32, before: &Schema, after: &Schema, changes: &[Change]) -> Vec<RenameCandidate> {
    let mut candidates = Vec::new();
    for (dropped, created) in groups(changes).into_values() {
        let is_many = dropped.len().saturating_mul(created.len()) > MAX_PAIRS;
        for from in &dropped {
            for to in created.iter().filter(|to| !is_many || from.last_name() == to.last_name()) {
                let score = likeness(before, from, after, to);
                if score >= min_score {
                    candidates.push(RenameCandidate { from: (*from).clone(), to: (*to).clone(), score });
                }
            }
        }
    }
    // The sort is stable: equal scores keep the order of the changes.
    candidates.sort_by(|a, b| b.score.total_cmp(&a.score));
    let mut chosen: Vec<RenameCandidate> = Vec::new();
    let mut taken = std::collections::HashSet::new();
    for candidate in candidates {
        if !taken.contains(&candidate.from) && !taken.contains(&candidate.to) {
            taken.insert(candidate.from.clone());
            taken.insert(candidate.to.clone());
            chosen.push(candidate);
        }
    }
    chosen
}

/// Kind and, for parts, the owner: only within one group can an object have been renamed.
type Group<'a> = (ObjectKind, Option<&'a Name>);

fn groups(changes: &[Change]) -> BTreeMap<Group<'_>, (Vec<&ObjectPath>, Vec<&ObjectPath>)> {
    let mut groups: BTreeMap<Group<'_>, (Vec<&ObjectPath>, Vec<&ObjectPath>)> = BTreeMap::new();
    for change in changes {
        let object = &change.object;
        let owner = match object.kind {
            ObjectKind::Column | ObjectKind::Policy => Some(&object.name),
            ObjectKind::Namespace
            | ObjectKind::Enum
            | ObjectKind::Sequence
            | ObjectKind::Table
            | ObjectKind::View
            | ObjectKind::Role => None,
            _ => continue,
        };
        let (dropped, created) = groups.entry((object.kind, owner)).or_default();
        match change.action {
            Action::Drop => dropped.push(object),
            Action::Create => created.push(object),
            Action::Alter(_) => {}
        }
    }
    groups
}
