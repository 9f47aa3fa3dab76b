//! `textDocument/references`: every use of the table, column or enum under the cursor, in schema files and migrations.

use crate::state::State;
use tower_lsp::jsonrpc::Result;
use tower_lsp::lsp_types::{Location, ReferenceParams};

pub(crate) async fn handle(state: &State, params: ReferenceParams) -> Result<Option<Vec<Location>>> {
    let at = params.text_document_position;
    let Some(snapshot) = state.snapshot(&at.text_document.uri).await else { return Ok(None) };
    let Some(offset) = snapshot.offset(state, at.position) else { return Ok(None) };
    let found = snapshot.analysis.references(&snapshot.file, offset, params.context.include_declaration);
    let documents = state.documents();
    let words = state.words(&snapshot.analysis, &documents);
    Ok(Some(found.iter().filter_map(|location| words.location(location)).collect()))
}
