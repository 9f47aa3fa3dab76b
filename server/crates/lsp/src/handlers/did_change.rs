//! `textDocument/didChange`: edits the buffer.

use crate::from_proto::file_path;
use crate::state::{Event, State};
use tower_lsp::lsp_types::DidChangeTextDocumentParams;

pub(crate) fn handle(state: &State, params: DidChangeTextDocumentParams) {
    let Some(file) = file_path(&params.text_document.uri) else { return };
    let encoding = state.settings().encoding;
    state.update(|documents| {
        if documents.change(&file, params.text_document.version, encoding, params.content_changes) {
            return Some(Event::Changed(file));
        }
        tracing::warn!(file = %file.display(), "a change of a file that is not open is ignored");
        None
    });
}
