//! `textDocument/didSave`: the file on disk has changed, which a client that does not watch files says in no other way.

use crate::from_proto::file_path;
use crate::state::{Event, State};
use tower_lsp::lsp_types::DidSaveTextDocumentParams;

pub(crate) fn handle(state: &State, params: &DidSaveTextDocumentParams) {
    let Some(file) = file_path(&params.text_document.uri) else { return };
    state.live.look_again();
    state.update(|documents| {
        documents.touch();
        Some(Event::Saved(file))
    });
}
