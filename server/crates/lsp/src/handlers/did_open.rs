//! `textDocument/didOpen`: from now on the buffer is the file.

use crate::from_proto::file_path;
use crate::state::{Event, State};
use tower_lsp::lsp_types::DidOpenTextDocumentParams;

pub(crate) fn handle(state: &State, params: DidOpenTextDocumentParams) {
    let Some(file) = file_path(&params.text_document.uri) else { return };
    state.update(|documents| {
        documents.open(&file, params.text_document);
        Some(Event::Opened(file))
    });
}
