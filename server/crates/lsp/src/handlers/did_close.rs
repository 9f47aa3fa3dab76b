//! `textDocument/didClose`: from now on the file is what the disk has.

use crate::from_proto::file_path;
use crate::state::{Event, State};
use tower_lsp::lsp_types::DidCloseTextDocumentParams;

pub(crate) fn handle(state: &State, params: &DidCloseTextDocumentParams) {
    let Some(file) = file_path(&params.text_document.uri) else { return };
    state.pulled.forget(&file);
    state.update(|documents| if documents.close(&file) { Some(Event::Closed(file)) } else { None });
}
