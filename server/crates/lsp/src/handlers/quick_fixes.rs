//! Fixes of findings, one edit each. A fix is offered only where it is certain.

use super::code_action::has_code;
use super::code_action_resolve::{Deferred, defer};
use crate::state::{Snapshot, State};
use crate::text_edit::workspace_edit;
use crate::wanted::Wanted;
use analysis::{Analysis, FileEdit, Project, RenameAnswers, export_fix, migrations_without_snapshot, retime_fix};
use serde::{Deserialize, Serialize};
use source::{Code, FilePath, Span, codes};
use std::path::PathBuf;
use std::sync::Arc;
use tower_lsp::lsp_types::{CodeAction, CodeActionKind, Diagnostic, WorkspaceEdit};
use workspace::Repository;

/// Findings that two branches leave behind: what to do is known while git brings them together.
const OF_TWO_BRANCHES: [Code; 4] =
    [codes::UNREADABLE_JOURNAL, codes::UNREADABLE_SNAPSHOT, codes::BRANCH_CONFLICT, codes::DUPLICATE_ENTRY];

/// How a finding is fixed. A new way is a variant here and a line in `WAYS` and `file_edit`.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub(super) enum Way {
    Export,
    Retime,
}

/// Which finding each way is for.
const WAYS: [(Code, Way, &str); 2] = [
    (codes::NOT_EXPORTED, Way::Export, "Export it"),
    (codes::OUT_OF_ORDER, Way::Retime, "Set its time after the migrations before it"),
];

/// The finding that is fixed, by its place.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub(super) struct Fix {
    way: Way,
    file: PathBuf,
    start: u32,
    end: u32,
}

pub(super) fn actions(state: &State, snapshot: &Snapshot, found: &[Diagnostic]) -> Vec<CodeAction> {
    let mut actions = of_folders(state, snapshot, found);
    for diagnostic in found {
        let Some((_, way, title)) = WAYS.iter().find(|(code, ..)| has_code(diagnostic, *code)) else { continue };
        let start = snapshot.offset(state, diagnostic.range.start);
        let end = snapshot.offset(state, diagnostic.range.end);
        let (Some(start), Some(end)) = (start, end) else { continue };
        let fix = Fix { way: *way, file: snapshot.file.to_path_buf(), start, end };
        if file_edit(&snapshot.analysis, &fix).is_none() {
            continue;
        }
        let action = CodeAction {
            title: (*title).to_owned(),
            kind: Some(CodeActionKind::QUICKFIX),
            diagnostics: Some(vec![diagnostic.clone()]),
            is_preferred: Some(true),
            ..CodeAction::default()
        };
        actions.push(defer(state, &snapshot.analysis, action, Deferred::Fix { fix }));
    }
    actions
}

/// What concerns several files of a migrations folder.
fn of_folders(state: &State, snapshot: &Snapshot, found: &[Diagnostic]) -> Vec<CodeAction> {
    let analysis = &snapshot.analysis;
    let is_of = |project: &&Arc<Project>| {
        project.config.as_ref().is_some_and(|config| snapshot.file.starts_with(&config.migrations))
    };
    let Some(project) = analysis.projects.iter().find(is_of).filter(|_| state.settings().creates_files) else {
        return Vec::new();
    };
    let wanted = || Wanted::new(project, &RenameAnswers::default());
    let with = |codes: &[Code]| -> Vec<Diagnostic> {
        found.iter().filter(|diagnostic| codes.iter().any(|code| has_code(diagnostic, *code))).cloned().collect()
    };
    let mut actions = Vec::new();
    let mut offer = |title: &str, diagnostics: Vec<Diagnostic>, deferred: Deferred| {
        let action = CodeAction {
            title: title.to_owned(),
            kind: Some(CodeActionKind::QUICKFIX),
            diagnostics: Some(diagnostics),
            ..CodeAction::default()
        };
        actions.push(defer(state, analysis, action, deferred));
    };
    let without_snapshot = with(&[codes::MISSING_SNAPSHOT]);
    if !without_snapshot.is_empty() && migrations_without_snapshot(project) > 0 {
        offer("Make the missing snapshots from the SQL", without_snapshot, Deferred::Repair { wanted: wanted() });
    }
    let of_branches = with(&OF_TWO_BRANCHES);
    let is_merging = || Repository::of(&snapshot.file).is_ok_and(|repository| repository.in_progress().is_some());
    if !of_branches.is_empty() && is_merging() {
        offer("Put this branch's migrations behind the other's", of_branches, Deferred::Rebase { wanted: wanted() });
    }
    actions
}

pub(super) fn edit(state: &State, analysis: &Analysis, fix: &Fix) -> Result<WorkspaceEdit, String> {
    let edit = file_edit(analysis, fix).ok_or("the finding is gone")?;
    workspace_edit(state, analysis, &[edit], None).ok_or_else(|| String::from("the file has no URI"))
}

fn file_edit(analysis: &Analysis, fix: &Fix) -> Option<FileEdit> {
    let (file, span) = (FilePath::from(fix.file.as_path()), Span { start: fix.start, end: fix.end });
    match fix.way {
        Way::Export => export_fix(analysis, &file, span),
        Way::Retime => retime_fix(analysis, &file, span),
    }
}
