//! `workspace/symbol`: tables, columns, enums and views of all projects by name.

use crate::state::State;
use tower_lsp::jsonrpc::Result;
use tower_lsp::lsp_types::{SymbolInformation, WorkspaceSymbolParams};

/// More than this no editor shows.
const MAX_SYMBOLS: usize = 500;

pub(crate) async fn handle(state: &State, params: WorkspaceSymbolParams) -> Result<Option<Vec<SymbolInformation>>> {
    let analysis = state.latest_analysis().await;
    let found = analysis.workspace_symbols(&params.query, MAX_SYMBOLS);
    let documents = state.documents();
    let words = state.words(&analysis, &documents);
    Ok(Some(found.iter().filter_map(|symbol| words.workspace_symbol(symbol)).collect()))
}
