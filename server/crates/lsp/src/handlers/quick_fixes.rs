//! Fixes of findings, one edit each. A fix is offered only where it is certain.

use super::code_action::has_code;
use super::code_action_resolve::{Deferred, defer};
use crate::state::{Snapshot, State};
use crate::text_edit::workspace_edit;
use analysis::{Analysis, FileEdit, export_fix, retime_fix};
use serde::{Deserialize, Serialize};
use source::{Code, FilePath, Span, codes};
use std::path::PathBuf;
use tower_lsp::lsp_types::{CodeAction, CodeActionKind, Diagnostic, WorkspaceEdit};

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
    let mut actions = Vec::new();
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
