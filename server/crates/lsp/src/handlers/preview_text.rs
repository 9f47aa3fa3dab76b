//! `driftlens/previewText`: the text of a document of the scheme `driftlens-preview`, as it is now: SQL, or a page of the manual.

use super::refused;
use crate::state::State;
use crate::{manual, preview};
use serde_json::{Value, json};
use std::sync::Arc;
use tower_lsp::jsonrpc::{Error, Result};

pub(crate) async fn handle(state: &Arc<State>, params: &Value) -> Result<Value> {
    let uri = params.get("uri").and_then(Value::as_str);
    let uri = uri.ok_or_else(|| Error::invalid_params("`uri` is missing: the document's, as it was shown"))?;
    if let Some(page) = manual::text(uri) {
        return Ok(json!({ "text": page }));
    }
    let wanted = preview::wanted_of(uri).map_err(Error::invalid_params)?;
    let analysis = state.latest_analysis().await;
    let state = state.clone();
    let made = tokio::task::spawn_blocking(move || preview::text(&state, &analysis, &wanted)).await;
    let text = made.map_err(|error| refused(&error.to_string()))?.map_err(|reason| refused(&reason))?;
    Ok(json!({ "text": text }))
}
