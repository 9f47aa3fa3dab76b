//! `workspace/didChangeWatchedFiles`: files changed on disk, by hand, by git or by drizzle-kit.

use crate::from_proto::file_path;
use crate::state::{Event, State, Watched, WatchedKind};
use tower_lsp::lsp_types::{DidChangeWatchedFilesParams, FileChangeType};

pub(crate) fn handle(state: &State, params: &DidChangeWatchedFilesParams) {
    let changes = params.changes.iter().filter_map(|change| {
        let kind = match change.typ {
            FileChangeType::CREATED => WatchedKind::Created,
            FileChangeType::DELETED => WatchedKind::Deleted,
            _ => WatchedKind::Changed,
        };
        Some(Watched { path: file_path(&change.uri)?, kind })
    });
    let changes: Vec<_> = changes.collect();
    if changes.is_empty() {
        return;
    }
    state.live.look_again();
    state.update(|documents| {
        documents.touch();
        Some(Event::Watched(changes))
    });
}
