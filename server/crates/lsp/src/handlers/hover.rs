//! `textDocument/hover`: what is known of the object under the cursor.

use crate::state::{Snapshot, State};
use crate::to_proto;
use analysis::{Analysis, live_block};
use source::LineIndex;
use std::sync::Arc;
use tower_lsp::jsonrpc::Result;
use tower_lsp::lsp_types::{Hover, HoverParams, Position, Range};

pub(crate) async fn handle(state: &State, params: HoverParams) -> Result<Option<Hover>> {
    let at = params.text_document_position_params;
    let Some(snapshot) = state.snapshot(&at.text_document.uri).await else { return Ok(None) };
    let found = match of_object(state, &snapshot, at.position) {
        None => in_code(state, &snapshot, at.position).await,
        found => found,
    };
    let Some((mut hover, range)) = found else { return Ok(None) };
    hover.markdown.push_str(&live_lines(state, &snapshot.analysis, &hover));
    Ok(Some(to_proto::hover(&hover, range, state.settings())))
}

/// In a file that the analysis has read.
fn of_object(state: &State, snapshot: &Snapshot, position: Position) -> Option<(analysis::Hover, Range)> {
    let offset = snapshot.offset(state, position)?;
    let hover = snapshot.analysis.hover(&snapshot.file, offset)?;
    let documents = state.documents();
    let range = state.words(&snapshot.analysis, &documents).range(&snapshot.file, hover.span);
    Some((hover, range))
}

/// In any other file, as it is open. Following an import may look at the disk, so that is done aside.
async fn in_code(state: &State, snapshot: &Snapshot, position: Position) -> Option<(analysis::Hover, Range)> {
    let file = snapshot.file.clone();
    let text: Arc<str> = Arc::from(state.documents().get(&file)?.text.as_str());
    let lines = LineIndex::new(&text);
    let encoding = state.settings().encoding;
    let offset = encoding.offset(&text, &lines, position);
    let (analysis, disk, for_engine) = (snapshot.analysis.clone(), state.disk.clone(), text.clone());
    let asked =
        tokio::task::spawn_blocking(move || analysis.hover_in_code(&file, &for_engine, offset, disk.as_ref())).await;
    let hover = asked.unwrap_or_else(|panic| {
        tracing::error!(%panic, "a hover failed");
        None
    })?;
    let range = encoding.range(&text, &lines, hover.span);
    Some((hover, range))
}

fn live_lines(state: &State, analysis: &Analysis, hover: &analysis::Hover) -> String {
    let project = analysis.projects.iter().find(|project| project.id == hover.about.project);
    let block = project.and_then(|project| {
        let live = state.live.state_of(&project.id)?;
        Some(live_block(project, &hover.about, &live, &state.live.tree_states(project).migrations))
    });
    block.unwrap_or_default()
}
