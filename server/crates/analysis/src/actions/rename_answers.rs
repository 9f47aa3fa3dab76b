//! Answers to the question whether a dropped and a created object are one renamed object.

use super::answers_file::KeptAnswer;
use diff::RenameCandidate;
use plan::Rename;
use schema::{Action, Change, ObjectKind, ObjectPath, Schema};

/// What a person said about renames.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct RenameAnswers {
    /// As written: `public.users.name` or `users.name`, and the new name, full or only its last part.
    pub renames: Vec<(String, String)>,
    /// Candidates that are no renames.
    pub not_renamed: Vec<RenameCandidate>,
    /// True where nothing else is renamed: it is dropped and created.
    pub nothing_else: bool,
    /// Known from earlier, or kept in the project's answers file: each counts where it fits what is pending, the answers above first.
    pub kept: Vec<KeptAnswer>,
}

/// What the answers come to.
pub(super) struct Answered {
    pub(super) renames: Vec<Rename>,
    /// What they leave open, best first.
    pub(super) open: Vec<RenameCandidate>,
    /// The kept answers that counted.
    pub(super) used: Vec<KeptAnswer>,
}

/// Follows the answers: a renamed table first, then what is renamed in it. An error is a sentence about an answer that fits nothing.
pub(super) fn answered(before: &Schema, after: &Schema, answers: &RenameAnswers) -> Result<Answered, String> {
    let mut renames: Vec<Rename> = Vec::new();
    let mut left: Vec<&(String, String)> = answers.renames.iter().collect();
    let mut used: Vec<KeptAnswer> = Vec::new();
    loop {
        let renamed = plan::renamed(before, after, &renames);
        let difference = diff::diff(&renamed, after);
        let mut unused = Vec::new();
        let n_known = renames.len();
        for answer in left {
            match resolve(answer, &difference.changes, &renames) {
                Some(rename) => renames.push(rename),
                None => unused.push(answer),
            }
        }
        left = unused;
        if renames.len() > n_known {
            continue;
        }
        if let Some(answer) = left.first() {
            return Err(no_such(answer, &difference.changes));
        }
        let mut fitting = answers.kept.iter().filter_map(|answer| {
            let pair = (answer.from.clone(), answer.to.clone()?);
            Some((answer, resolve(&pair, &difference.changes, &renames)?))
        });
        if let Some((answer, rename)) = fitting.find(|(_, it)| !renames.iter().any(|known| known.from == it.from)) {
            renames.push(rename);
            used.push(answer.clone());
            continue;
        }
        let kept_drop = |it: &RenameCandidate| {
            let earlier = earlier_name(&it.from, &renames);
            let is_named = |answer: &&KeptAnswer| is_named(&it.from, &answer.from) || is_named(&earlier, &answer.from);
            answers.kept.iter().filter(|answer| answer.to.is_none()).find(is_named)
        };
        let is_decided = |it: &RenameCandidate| {
            answers.nothing_else || answers.not_renamed.iter().any(|no| (&no.from, &no.to) == (&it.from, &it.to))
        };
        // However little alike: what is dropped by mistake is gone.
        let possible = diff::possible_renames(&renamed, after, &difference.changes);
        let mut open = Vec::new();
        for candidate in possible {
            match kept_drop(&candidate) {
                _ if is_decided(&candidate) => {}
                Some(answer) if !used.contains(answer) => used.push(answer.clone()),
                Some(_) => {}
                None => open.push(candidate),
            }
        }
        return Ok(Answered { renames, open, used });
    }
}

/// The dropped and the created object that an answer names; a part is named with its table as it was or as it is.
fn resolve((from, to): &(String, String), changes: &[Change], known: &[Rename]) -> Option<Rename> {
    let dropped = changes.iter().filter(|change| change.action == Action::Drop).map(|change| &change.object);
    let created = || changes.iter().filter(|change| change.action == Action::Create).map(|change| &change.object);
    let from = dropped.filter(|object| can_be_renamed(object.kind)).find(|object| {
        let earlier = earlier_name(object, known);
        is_named(object, from) || is_named(&earlier, from)
    })?;
    let is_same_place = |object: &&ObjectPath| !from.kind.is_part() || object.name == from.name;
    let of_kind: Vec<&ObjectPath> = created().filter(|it| it.kind == from.kind).filter(is_same_place).collect();
    let full = of_kind.iter().find(|object| is_named(object, to));
    let to = full.or_else(|| of_kind.iter().find(|object| object.last_name() == to))?;
    Some(Rename { from: earlier_name(from, known), to: (*to).clone() })
}

fn can_be_renamed(kind: ObjectKind) -> bool {
    matches!(
        kind,
        ObjectKind::Namespace
            | ObjectKind::Enum
            | ObjectKind::Sequence
            | ObjectKind::Table
            | ObjectKind::Column
            | ObjectKind::Policy
            | ObjectKind::View
            | ObjectKind::Role
    )
}

/// The path with the table's name before it was renamed.
fn earlier_name(object: &ObjectPath, known: &[Rename]) -> ObjectPath {
    let table = known.iter().find(|rename| rename.to.kind == ObjectKind::Table && rename.to.name == object.name);
    match table {
        Some(table) if object.kind.is_part() => ObjectPath { name: table.from.name.clone(), ..object.clone() },
        _ => object.clone(),
    }
}

fn is_named(object: &ObjectPath, written: &str) -> bool {
    object.to_string() == written || object.short() == written
}

fn no_such((from, to): &(String, String), changes: &[Change]) -> String {
    let of = |action: &Action| {
        let objects = changes.iter().filter(|change| change.action == *action).map(|change| &change.object);
        let names: Vec<String> = objects
            .filter(|it| can_be_renamed(it.kind))
            .map(|object| format!("{} {object}", object.kind.as_str()))
            .collect();
        if names.is_empty() { String::from("nothing") } else { names.join(", ") }
    };
    format!(
        "nothing is renamed from `{from}` to `{to}`: gone are {}; new are {}",
        of(&Action::Drop),
        of(&Action::Create)
    )
}

/// `public.users.name=full_name`, as a flag takes it.
pub fn as_flag(candidate: &RenameCandidate) -> String {
    let to = match candidate.from.kind.is_part() || candidate.from.name.namespace == candidate.to.name.namespace {
        true => candidate.to.last_name().to_owned(),
        false => candidate.to.to_string(),
    };
    format!("{}={to}", candidate.from)
}
