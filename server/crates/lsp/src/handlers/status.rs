//! `driftlens/status`: projects and counts, for a status bar.

use crate::state::State;
use serde_json::Value;
use tower_lsp::jsonrpc::{Error, Result};

pub(crate) async fn handle(state: &State) -> Result<Value> {
    let analysis = state.latest_analysis().await;
    serde_json::to_value(analysis.status()).map_err(|error| {
        tracing::error!(%error, "the status cannot be written as JSON");
        Error::internal_error()
    })
}
