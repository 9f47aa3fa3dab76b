//! `workspace/didChangeConfiguration`: what a person has set. Asked for where the client can be asked, else taken as it is sent.

use super::{code_lens, inlay_hint};
use crate::ask::ask;
use crate::from_proto::{BesideText, database_settings};
use crate::server::Server;
use crate::state::State;
use serde_json::Value;
use std::time::Duration;
use tower_lsp::Client;
use tower_lsp::lsp_types::request::WorkspaceConfiguration;
use tower_lsp::lsp_types::{ConfigurationItem, ConfigurationParams, DidChangeConfigurationParams};

const SECTION: &str = "driftlens";
const ANSWER_WITHIN: Duration = Duration::from_secs(10);

pub(crate) fn handle(server: &Server, params: &DidChangeConfigurationParams) {
    if server.state.settings().has_configuration {
        return ask_for_settings(server);
    }
    take(&server.state, &server.client, &params.settings);
}

/// Waits for the client in a task of its own.
pub(crate) fn ask_for_settings(server: &Server) {
    if !server.state.settings().has_configuration {
        return;
    }
    let (state, client) = (server.state.clone(), server.client.clone());
    tokio::spawn(async move {
        let item = ConfigurationItem { scope_uri: None, section: Some(SECTION.to_owned()) };
        let params = ConfigurationParams { items: vec![item] };
        let answer = ask::<WorkspaceConfiguration>(&client, params, ANSWER_WITHIN).await;
        let settings = answer.and_then(|answer| answer.into_iter().next()).unwrap_or_default();
        take(&state, &client, &settings);
    });
}

fn take(state: &State, client: &Client, settings: &Value) {
    state.live.set_settings(database_settings(settings));
    let now = state.beside().with(settings);
    let before = state.set_beside(now);
    let lenses = |beside: BesideText| (beside.has_lenses, beside.has_live_lenses);
    if lenses(before) != lenses(now) {
        code_lens::refresh(state, client);
    }
    if before.has_hints != now.has_hints {
        inlay_hint::refresh(state, client);
    }
}
