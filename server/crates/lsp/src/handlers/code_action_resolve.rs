//! `codeAction/resolve`: the edit of an action that was offered without it.
//!
//! It is made of the newest analysis; where that says something else than when the action was offered, it is refused. A file that
//! was only saved or touched is no reason.

use super::quick_fixes::{self, Fix};
use super::refused;
use crate::migration_edit;
use crate::state::State;
use crate::wanted::Wanted;
use analysis::{Analysis, Project};
use serde::{Deserialize, Serialize};
use std::hash::{DefaultHasher, Hash as _, Hasher as _};
use std::sync::Arc;
use tower_lsp::jsonrpc::Result;
use tower_lsp::lsp_types::{CodeAction, CodeActionDisabled, Command, WorkspaceEdit};

/// What an action does once it is resolved.
#[derive(Clone, Debug, Serialize, Deserialize)]
#[serde(tag = "action", rename_all = "camelCase")]
pub(super) enum Deferred {
    Generate { wanted: Wanted },
    GenerateAll,
    Repair { wanted: Wanted },
    Rebase { wanted: Wanted },
    Fix { fix: Fix },
}

/// What an action carries through the client.
#[derive(Debug, Serialize, Deserialize)]
struct ActionData {
    /// What the projects said when it was offered. Digits as text: not every client keeps large numbers.
    said: String,
    #[serde(flatten)]
    deferred: Deferred,
}

/// The action with what makes its edit later, or with its edit for a client that asks for none; disabled where there can be none.
pub(super) fn defer(state: &State, analysis: &Analysis, mut action: CodeAction, deferred: Deferred) -> CodeAction {
    if state.settings().resolves_edits {
        action.data = serde_json::to_value(ActionData { said: said(analysis), deferred }).ok();
        return action;
    }
    match edit(state, analysis, &deferred) {
        Ok(edit) => action.edit = Some(edit),
        Err(reason) => return impossible(state, action, &reason, None),
    }
    action
}

/// The action with why it cannot be done now. A client that does not show that shows it in the title, and says it again by the command.
pub(super) fn impossible(state: &State, mut action: CodeAction, reason: &str, command: Option<Command>) -> CodeAction {
    if state.settings().shows_disabled {
        action.disabled = Some(CodeActionDisabled { reason: reason.to_owned() });
        return action;
    }
    let short = reason.split(':').next().unwrap_or(reason);
    CodeAction { title: format!("{} ({short})", action.title), command, ..action }
}

pub(crate) async fn handle(state: &Arc<State>, mut action: CodeAction) -> Result<CodeAction> {
    let Some(data) = action.data.take() else { return Ok(action) };
    let data: ActionData = serde_json::from_value(data)
        .map_err(|error| refused(&format!("this action is not one of driftlens': {error}")))?;
    let analysis = state.latest_analysis().await;
    if said(&analysis) != data.said {
        return Err(refused("files changed since the action was offered; ask for it again"));
    }
    let state = state.clone();
    let made = tokio::task::spawn_blocking(move || edit(&state, &analysis, &data.deferred)).await;
    let made = made.map_err(|error| refused(&error.to_string()))?;
    action.edit = Some(made.map_err(|message| refused(&message))?);
    Ok(action)
}

/// A number for everything that the projects find and have, places included.
fn said(analysis: &Analysis) -> String {
    let mut hasher = DefaultHasher::new();
    for project in &analysis.projects {
        project.id.hash(&mut hasher);
        for found in project.all_diagnostics() {
            (&found.location, found.code, &found.message).hash(&mut hasher);
        }
        for migration in project.history.iter().flat_map(|history| &history.folder.migrations) {
            migration.tag.hash(&mut hasher);
        }
    }
    format!("{:016x}", hasher.finish())
}

fn the_project(wanted: &Wanted, analysis: &Analysis) -> std::result::Result<Arc<Project>, String> {
    let projects = wanted.projects(analysis)?;
    projects.into_iter().next().ok_or_else(|| String::from("the project is no longer open"))
}

/// The edit, or why there is none.
fn edit(state: &State, analysis: &Analysis, deferred: &Deferred) -> std::result::Result<WorkspaceEdit, String> {
    match deferred {
        Deferred::Generate { wanted } => {
            let project = the_project(wanted, analysis)?;
            migration_edit::of_one(state, &project, &wanted.answers(state, &project))
        }
        Deferred::GenerateAll => {
            let (edit, left_out) = migration_edit::of_many(state, &migration_edit::pending(analysis))?;
            if edit.is_some() && !left_out.is_empty() {
                state.tell_person(format!("No migration was made for {}", left_out.join("; for ")));
            }
            edit.ok_or_else(|| left_out.join("; "))
        }
        Deferred::Repair { wanted } => migration_edit::of_repair(state, &*the_project(wanted, analysis)?),
        Deferred::Rebase { wanted } => migration_edit::of_rebase(state, &*the_project(wanted, analysis)?),
        Deferred::Fix { fix } => quick_fixes::edit(state, analysis, fix),
    }
}
