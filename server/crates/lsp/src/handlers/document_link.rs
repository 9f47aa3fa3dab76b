//! `textDocument/documentLink`: from the entries of a journal to their migrations.

use crate::state::State;
use tower_lsp::jsonrpc::Result;
use tower_lsp::lsp_types::{DocumentLink, DocumentLinkParams};

pub(crate) async fn handle(state: &State, params: DocumentLinkParams) -> Result<Option<Vec<DocumentLink>>> {
    let Some(snapshot) = state.snapshot(&params.text_document.uri).await else { return Ok(None) };
    let documents = state.documents();
    let words = state.words(&snapshot.analysis, &documents);
    let links = snapshot.analysis.links(&snapshot.file);
    let links = links.iter().filter_map(|link| {
        let target = Some(words.uri(&link.target)?);
        let range = words.range(&snapshot.file, link.span);
        Some(DocumentLink { range, target, tooltip: Some(String::from("Open the migration")), data: None })
    });
    Ok(Some(links.collect()))
}
