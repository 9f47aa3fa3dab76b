//! Two branches each added migrations: the local ones come behind those of the other.

use std::collections::{BTreeMap, HashSet};
use std::path::Path;
use std::sync::Arc;

use diff::diff;
use history::formats::{self, AddedFile, Addition, Branch, Moment, Rebased};
use history::{History, Migration};
use schema::{Action, Change, ObjectKind, ObjectPath, Schema};
use source::{Diagnostic, EditedFiles, FilePath, Files, Location, ReadError, codes};

use super::generate::manner;
use crate::configuration::ProjectConfig;
use crate::words;

/// A migrations folder as one branch has it, read.
pub struct Side<'a> {
    pub history: &'a History,
    pub files: &'a dyn Files,
}

impl Side<'_> {
    fn branch(&self) -> Branch<'_> {
        Branch { folder: &self.history.folder, files: self.files }
    }

    fn migrations(&self) -> &[Migration] {
        &self.history.folder.migrations
    }
}

/// What is asked for.
pub struct RebaseRequest<'a> {
    pub config: &'a ProjectConfig,
    /// The branch whose migrations stay.
    pub onto: Side<'a>,
    /// The branch whose own migrations come behind them.
    pub local: Side<'a>,
    /// The project's files as they are now, in which the result is to be written: conflict markers of a merge may be in them.
    pub working: &'a dyn Files,
    pub moment: &'a Moment,
}

/// What came of it.
#[derive(Debug)]
pub enum RebaseOutcome {
    /// The local branch has no migration of its own, or they are behind the others already.
    Nothing,
    /// Both branches changed one object.
    Conflicts(Vec<Conflict>),
    /// What keeps it from being done, each with what to do.
    Refused(Vec<Diagnostic>),
    /// The files of the working folder to write and to remove, and each moved migration's name before and after.
    Changes { addition: Box<Addition>, renamed: Vec<(String, String)> },
}

/// An object that both branches changed.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Conflict {
    pub object: ObjectPath,
    /// The migration of the branch that stays, and what it does.
    pub onto: (String, String),
    pub local: (String, String),
}

/// Puts the local migrations behind the others. Nothing is written.
pub fn rebase(request: &RebaseRequest<'_>) -> RebaseOutcome {
    rebased(request).unwrap_or_else(RebaseOutcome::Refused)
}

fn rebased(request: &RebaseRequest<'_>) -> Result<RebaseOutcome, Vec<Diagnostic>> {
    let (onto, local) = (&request.onto, &request.local);
    for side in [onto, local] {
        if side.history.unreadable {
            return Err(side.history.diagnostics.clone());
        }
    }
    let moved = own_migrations(onto, local)?;
    let Some(first) = moved.first() else { return Ok(RebaseOutcome::Nothing) };
    let start = start_of_theirs(onto, local, first);
    let conflicts = conflicts(onto, start, local, &moved);
    if !conflicts.is_empty() {
        return Ok(RebaseOutcome::Conflicts(conflicts));
    }
    let manner = manner(request.config);
    let made = formats::rebase(&onto.branch(), &local.branch(), &moved, &manner, request.moment);
    let made = made.map_err(|finding| vec![*finding])?;
    fails_nowhere(onto, local, &made)?;
    let addition = working_changes(request, start, &moved, &made);
    if addition.files.is_empty() && addition.removed.is_empty() {
        return Ok(RebaseOutcome::Nothing);
    }
    Ok(RebaseOutcome::Changes { addition: Box::new(addition), renamed: made.renamed })
}

/// The migrations that only the local branch has.
fn own_migrations(onto: &Side<'_>, local: &Side<'_>) -> Result<Vec<Migration>, Vec<Diagnostic>> {
    let mut own = Vec::new();
    for migration in local.migrations() {
        let Some(same) = onto.migrations().iter().find(|it| it.tag == migration.tag) else {
            own.push(migration.clone());
            continue;
        };
        let text = |files: &dyn Files, it: &Migration| files.read_large(&it.file).ok();
        if text(onto.files, same) == text(local.files, migration) {
            continue;
        }
        let snapshot =
            |files: &dyn Files, it: &Migration| it.snapshot.as_ref().and_then(|file| snapshot_id(file, files));
        let (there, here) = (snapshot(onto.files, same), snapshot(local.files, migration));
        if there.is_some() && here.is_some() && there != here {
            own.push(migration.clone());
            continue;
        }
        let message = format!("{} is in both branches, with different SQL", migration.tag);
        let finding = Diagnostic::new(codes::BRANCH_CONFLICT, Location::start_of(&migration.file), message);
        return Err(vec![finding.with_help(
            "A migration that is shared stays as it is: undo the edit, and write what it was for into a new one.",
        )]);
    }
    Ok(own)
}

fn snapshot_id(file: &FilePath, files: &dyn Files) -> Option<String> {
    formats::snapshot_ids(file, files).0
}

/// The place of the first migration of the other branch that the local one does not continue.
fn start_of_theirs(onto: &Side<'_>, local: &Side<'_>, first: &Migration) -> usize {
    let previous = first.snapshot.as_ref().map(|file| formats::snapshot_ids(file, local.files).1);
    if let Some(previous) = previous {
        let continues = |migration: &Migration| {
            let id = migration.snapshot.as_ref().and_then(|file| snapshot_id(file, onto.files));
            id.is_some_and(|id| previous.contains(&id))
        };
        return onto.migrations().iter().rposition(continues).map_or(0, |position| position + 1);
    }
    let shared: HashSet<&str> = local.migrations().iter().map(|it| it.tag.as_str()).collect();
    onto.migrations().iter().take_while(|it| shared.contains(it.tag.as_str())).count()
}

/// What each migration changes, by object; the last one that does counts.
fn changes_of(history: &History, positions: impl Iterator<Item = usize>) -> BTreeMap<ObjectPath, (String, Change)> {
    let mut changes = BTreeMap::new();
    for position in positions {
        let before = match position.checked_sub(1) {
            Some(earlier) => history.schema_at(earlier),
            None => Schema::new(history.folder.dialect),
        };
        let tag = history.folder.migrations.get(position).map(|it| it.tag.clone()).unwrap_or_default();
        for change in diff(&before, &history.schema_at(position)).changes {
            changes.insert(change.object.clone(), (tag.clone(), change));
        }
    }
    changes
}

fn conflicts(onto: &Side<'_>, start: usize, local: &Side<'_>, moved: &[Migration]) -> Vec<Conflict> {
    let theirs = changes_of(onto.history, start..onto.migrations().len());
    let is_moved = |migration: &Migration| moved.iter().any(|it| it.file == migration.file);
    let own = local.migrations().iter().enumerate().filter(|(_, it)| is_moved(it)).map(|(position, _)| position);
    let ours = changes_of(local.history, own);
    let mut found = Vec::new();
    for (object, ours) in &ours {
        let clashing = theirs.iter().filter(|(other, theirs)| {
            *other == object || is_gone_with(other, &theirs.1, object) || is_gone_with(object, &ours.1, other)
        });
        found.extend(clashing.map(|(_, theirs)| Conflict {
            object: object.clone(),
            onto: (theirs.0.clone(), said(&theirs.1)),
            local: (ours.0.clone(), said(&ours.1)),
        }));
    }
    found
}

/// True where dropping the first takes away what the second is a part of.
fn is_gone_with(dropped: &ObjectPath, change: &Change, part: &ObjectPath) -> bool {
    let is_whole = matches!(dropped.kind, ObjectKind::Table | ObjectKind::View | ObjectKind::Enum);
    change.action == Action::Drop && is_whole && dropped.name == part.name && part.part.is_some()
}

fn said(change: &Change) -> String {
    let verb = match change.action {
        Action::Create => "makes",
        Action::Drop => "drops",
        Action::Alter(_) => "changes",
    };
    format!("{verb} {}", words::object(&change.object))
}

/// The folder that would come out is replayed: no statement of it may fail that did not before.
fn fails_nowhere(onto: &Side<'_>, local: &Side<'_>, made: &Rebased) -> Result<(), Vec<Diagnostic>> {
    let folder = &onto.history.folder;
    let texts = made.files.iter().map(|(file, text)| (file.clone(), Arc::from(text.as_str())));
    let files = EditedFiles::new(onto.files, texts.collect());
    let after = history::read(folder.format, folder.dialect, &folder.path, &files);
    let is_failure = |found: &&Diagnostic| found.code == codes::CONTRADICTION;
    let known: HashSet<&str> = [onto, local]
        .iter()
        .flat_map(|side| side.history.diagnostics.iter().filter(is_failure).map(|found| found.message.as_str()))
        .collect();
    let new = after.diagnostics.iter().filter(is_failure).filter(|found| !known.contains(found.message.as_str()));
    let new: Vec<Diagnostic> = new.cloned().collect();
    if new.is_empty() { Ok(()) } else { Err(new) }
}

/// What has to happen to the working folder.
fn working_changes(request: &RebaseRequest<'_>, start: usize, moved: &[Migration], made: &Rebased) -> Addition {
    let target = &request.config.migrations;
    let mapped = |file: &Path, root: &FilePath| FilePath::from(target.join(file.strip_prefix(&**root).unwrap_or(file)));
    let mut wanted: Vec<(FilePath, String)> = Vec::new();
    let theirs = request.onto.migrations().iter().skip(start);
    for file in theirs.flat_map(|migration| files_of(migration, &request.onto)) {
        if let Ok(text) = request.onto.files.read_large(&file) {
            wanted.push((mapped(&file, &request.onto.history.folder.path), text));
        }
    }
    let new = made.files.iter();
    wanted.extend(new.map(|(file, text)| (mapped(file, &request.onto.history.folder.path), text.clone())));
    let old = moved.iter().flat_map(|migration| files_of(migration, &request.local));
    let old = old.map(|file| mapped(&file, &request.local.history.folder.path));
    let removed = old
        .filter(|file| wanted.iter().all(|(path, _)| path != file) && request.working.read_head(file, 1).is_ok())
        .collect();
    let files = wanted.into_iter().filter_map(|(path, text)| {
        let there = request.working.read_large(&path);
        (there.as_ref() != Ok(&text)).then(|| AddedFile { path, text, replaces: there != Err(ReadError::NotFound) })
    });
    Addition { tag: String::from("rebase"), files: files.collect(), removed }
}

/// Every file of a migration.
fn files_of(migration: &Migration, side: &Side<'_>) -> Vec<FilePath> {
    let mut all: Vec<FilePath> = migration.down.iter().chain(&migration.snapshot).cloned().collect();
    if let Some(own) = migration.file.parent().filter(|parent| *parent != &*side.history.folder.path) {
        let inside = side.files.list(own).unwrap_or_default().into_iter().filter(|entry| !entry.is_directory);
        all.extend(inside.map(|entry| entry.path));
    }
    all.push(migration.file.clone());
    all.sort();
    all.dedup();
    all
}
