//! `workspace/didChangeWorkspaceFolders`: projects come and go with their folders.

use crate::from_proto::file_path;
use crate::server::Server;
use crate::state::Event;
use tower_lsp::lsp_types::DidChangeWorkspaceFoldersParams;

pub(crate) fn handle(server: &Server, params: &DidChangeWorkspaceFoldersParams) {
    {
        let mut roots = server.state.roots.lock();
        for folder in &params.event.removed {
            let removed = file_path(&folder.uri);
            roots.retain(|root| Some(root) != removed.as_ref());
        }
        for root in params.event.added.iter().filter_map(|folder| file_path(&folder.uri)) {
            if !roots.contains(&root) {
                roots.push(root);
            }
        }
    }
    server.state.update(|documents| {
        documents.touch();
        Some(Event::FoldersChanged)
    });
    let _ = server.folders.send(());
}
