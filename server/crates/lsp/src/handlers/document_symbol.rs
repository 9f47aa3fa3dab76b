//! `textDocument/documentSymbol`: the tables, columns and enums a file declares.

use crate::state::State;
use tower_lsp::jsonrpc::Result;
use tower_lsp::lsp_types::{DocumentSymbolParams, DocumentSymbolResponse};

pub(crate) async fn handle(state: &State, params: DocumentSymbolParams) -> Result<Option<DocumentSymbolResponse>> {
    let Some(snapshot) = state.snapshot(&params.text_document.uri).await else { return Ok(None) };
    let file = &snapshot.file;
    let symbols = snapshot.analysis.document_symbols(file);
    let documents = state.documents();
    let words = state.words(&snapshot.analysis, &documents);
    Ok(Some(if state.settings().nested_symbols {
        DocumentSymbolResponse::Nested(symbols.iter().map(|symbol| words.document_symbol(file, symbol)).collect())
    } else {
        DocumentSymbolResponse::Flat(symbols.iter().flat_map(|symbol| words.flat_symbols(file, "", symbol)).collect())
    }))
}
