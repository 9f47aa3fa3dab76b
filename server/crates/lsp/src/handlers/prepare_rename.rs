//! `textDocument/prepareRename`: whether a table's or column's name in the database stands under the cursor. Everything else is null,
//! so that the language's own server renames it.

use crate::state::State;
use analysis::rename_place;
use std::sync::Arc;
use tower_lsp::jsonrpc::Result;
use tower_lsp::lsp_types::{PrepareRenameResponse, TextDocumentPositionParams};

pub(crate) async fn handle(
    state: &Arc<State>,
    params: TextDocumentPositionParams,
) -> Result<Option<PrepareRenameResponse>> {
    let Some(snapshot) = state.snapshot(&params.text_document.uri).await else { return Ok(None) };
    let Some(offset) = snapshot.offset(state, params.position) else { return Ok(None) };
    let state = state.clone();
    let found = tokio::task::spawn_blocking(move || {
        let (span, placeholder) = rename_place(&snapshot.analysis, &snapshot.file, offset)?;
        let documents = state.documents();
        let range = state.words(&snapshot.analysis, &documents).range(&snapshot.file, span);
        Some(PrepareRenameResponse::RangeWithPlaceholder { range, placeholder })
    });
    Ok(found.await.unwrap_or_default())
}
