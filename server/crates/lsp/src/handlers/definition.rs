//! `textDocument/definition`: where the table, column or enum under the cursor is declared.

use crate::state::State;
use tower_lsp::jsonrpc::Result;
use tower_lsp::lsp_types::{GotoDefinitionParams, GotoDefinitionResponse};

pub(crate) async fn handle(state: &State, params: GotoDefinitionParams) -> Result<Option<GotoDefinitionResponse>> {
    let at = params.text_document_position_params;
    let Some(snapshot) = state.snapshot(&at.text_document.uri).await else { return Ok(None) };
    let Some(offset) = snapshot.offset(state, at.position) else { return Ok(None) };
    let found = snapshot.analysis.definition(&snapshot.file, offset);
    let documents = state.documents();
    let words = state.words(&snapshot.analysis, &documents);
    let locations: Vec<_> = found.iter().filter_map(|location| words.location(location)).collect();
    Ok(if locations.is_empty() { None } else { Some(GotoDefinitionResponse::Array(locations)) })
}
