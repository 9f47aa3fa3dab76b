//! `textDocument/hover`: what is known of the object under the cursor.

use crate::state::State;
use analysis::live_block;
use tower_lsp::jsonrpc::Result;
use tower_lsp::lsp_types::{Hover, HoverParams};

pub(crate) async fn handle(state: &State, params: HoverParams) -> Result<Option<Hover>> {
    let at = params.text_document_position_params;
    let Some(snapshot) = state.snapshot(&at.text_document.uri).await else { return Ok(None) };
    let Some(offset) = snapshot.offset(state, at.position) else { return Ok(None) };
    let Some(mut hover) = snapshot.analysis.hover(&snapshot.file, offset) else { return Ok(None) };
    if let Some((id, object)) = &hover.about
        && let Some(project) = snapshot.analysis.projects.iter().find(|project| project.id == *id)
        && let Some(live) = state.live.state_of(id)
    {
        hover.markdown.push_str(&live_block(project, object, &live));
    }
    let documents = state.documents();
    Ok(Some(state.words(&snapshot.analysis, &documents).hover(&snapshot.file, &hover)))
}
