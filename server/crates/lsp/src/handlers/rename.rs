//! `textDocument/rename`: another name in the database for a table or column, remembered so that its migration renames.

use super::refused;
use crate::remembered::remember_rename;
use crate::state::State;
use crate::text_edit::workspace_edit;
use analysis::{Analysis, Renaming, rename};
use source::Location;
use std::sync::Arc;
use tower_lsp::jsonrpc::Result;
use tower_lsp::lsp_types::{ChangeAnnotation, RenameParams, WorkspaceEdit};
use workspace::Disk;

pub(crate) async fn handle(state: &Arc<State>, params: RenameParams) -> Result<Option<WorkspaceEdit>> {
    let at = params.text_document_position;
    let Some(snapshot) = state.snapshot(&at.text_document.uri).await else { return Ok(None) };
    let Some(offset) = snapshot.offset(state, at.position) else { return Ok(None) };
    let is_current = {
        let documents = state.documents();
        let text = snapshot.analysis.text(&snapshot.file).map(|source| source.text.clone());
        documents.get(&snapshot.file).is_none_or(|document| text.as_deref() == Some(document.text.as_str()))
    };
    if !is_current {
        return Err(refused("the file has changed since; rename again"));
    }
    let state = state.clone();
    // The schema files are read once more, with the new name.
    let made = tokio::task::spawn_blocking(move || {
        let disk = state.disk_with_buffers();
        let renaming = rename(&snapshot.analysis, &snapshot.file, offset, &params.new_name, &disk);
        answer(&state, &snapshot.analysis, renaming)
    });
    made.await.map_err(|error| refused(&error.to_string()))?.map_err(|reason| refused(&reason))
}

fn answer(
    state: &State,
    analysis: &Analysis,
    renaming: Renaming,
) -> std::result::Result<Option<WorkspaceEdit>, String> {
    let (edits, renamed, left) = match renaming {
        Renaming::NoName => return Ok(None),
        Renaming::Refused(reason) => return Err(reason),
        Renaming::Edits { edits, renamed, left } => (edits, renamed, left),
    };
    let warning = left.map(|left| format!("SQL text at {} has the old name and is not edited", place(analysis, &left)));
    let annotation = match warning {
        Some(warning) if !state.settings().annotates_changes => {
            return Err(format!("{warning}: change it by hand, or rename both by hand"));
        }
        warning => warning.map(|label| ChangeAnnotation {
            label,
            needs_confirmation: Some(true),
            description: Some(String::from("look at it before the rename is applied")),
        }),
    };
    let edit = workspace_edit(state, analysis, &edits, annotation).ok_or("a file has no URI")?;
    for it in &renamed {
        remember_rename(state, &it.project, &it.from, &it.to);
    }
    Ok(Some(edit))
}

fn place(analysis: &Analysis, location: &Location) -> String {
    let file = location.file.file_name().unwrap_or_default().to_string_lossy();
    let line = analysis.text(&location.file).map(|source| source.lines.line_column(location.span.start).line + 1);
    format!("{file}:{}", line.unwrap_or(1))
}

impl State {
    /// The files as the client shows them.
    fn disk_with_buffers(&self) -> Disk {
        let disk = Disk::new();
        for (file, text) in self.documents().texts() {
            disk.open(file, text.into());
        }
        disk
    }
}
