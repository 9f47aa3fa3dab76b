//! `driftlens/status`: projects and counts, for a status bar.

use crate::state::State;
use serde_json::Value;
use tower_lsp::jsonrpc::{Error, Result};

pub(crate) async fn handle(state: &State) -> Result<Value> {
    let analysis = state.latest_analysis().await;
    let mut status = serde_json::to_value(analysis.status()).map_err(|error| {
        tracing::error!(%error, "the status cannot be written as JSON");
        Error::internal_error()
    })?;
    let members = status.get_mut("projects").and_then(Value::as_array_mut).into_iter().flatten();
    for (member, project) in members.zip(&analysis.projects) {
        if let Value::Object(member) = member {
            member.insert(String::from("index"), project.id.index.into());
            member.insert(String::from("label"), project.label().into());
            member.insert(String::from("environments"), state.live.environments(project));
            member.insert(String::from("database"), state.live.status(project));
        }
    }
    Ok(status)
}
