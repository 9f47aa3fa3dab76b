//! `shutdown`: nothing more is asked for. What runs on a database stops, and what was written for reading only goes.

use crate::state::State;
use std::sync::Arc;

pub(crate) async fn handle(state: &Arc<State>) {
    state.operations.end();
    let state = state.clone();
    let removed = tokio::task::spawn_blocking(move || state.remove_previews());
    if let Err(panic) = removed.await {
        tracing::error!(%panic, "the previews cannot be removed");
    }
}
