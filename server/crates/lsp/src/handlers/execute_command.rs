//! `workspace/executeCommand`: what lenses, menus and key bindings call. Some clients send no arguments at all.

use super::refused;
use crate::ask::ask;
use crate::server::Server;
use crate::state::State;
use crate::wanted::Wanted;
use crate::{migration_edit, operations, preview};
use serde_json::Value;
use std::sync::Arc;
use std::time::Duration;
use tower_lsp::Client;
use tower_lsp::jsonrpc::{Error, Result};
use tower_lsp::lsp_types::request::ApplyWorkspaceEdit;
use tower_lsp::lsp_types::{ApplyWorkspaceEditParams, ExecuteCommandParams, MessageType, WorkspaceEdit};
use workspace::Operation;

pub(crate) const SHOW_SQL: &str = "driftlens.showSql";
pub(crate) const GENERATE: &str = "driftlens.generate";
pub(crate) const PUSH: &str = "driftlens.push";
pub(crate) const MIGRATE: &str = "driftlens.migrate";
/// With the token of a plan: the yes to it.
pub(crate) const PUSH_CONFIRMED: &str = "driftlens.push.confirmed";
pub(crate) const MIGRATE_CONFIRMED: &str = "driftlens.migrate.confirmed";
/// Has the databases read again.
pub(crate) const READ_DATABASE: &str = "driftlens.readDatabase";
pub(crate) const COMMANDS: [&str; 7] =
    [SHOW_SQL, GENERATE, PUSH, MIGRATE, PUSH_CONFIRMED, MIGRATE_CONFIRMED, READ_DATABASE];

/// A person may have to confirm.
const APPLIED_WITHIN: Duration = Duration::from_secs(600);

pub(crate) async fn handle(server: &Server, params: ExecuteCommandParams) -> Result<Option<Value>> {
    match params.command.as_str() {
        PUSH => return operations::plan(server, Operation::Push, params.arguments).await,
        MIGRATE => return operations::plan(server, Operation::Migrate, params.arguments).await,
        PUSH_CONFIRMED => return operations::confirmed(server, Operation::Push, params.arguments).await,
        MIGRATE_CONFIRMED => return operations::confirmed(server, Operation::Migrate, params.arguments).await,
        READ_DATABASE => {
            server.state.live.look_at_once();
            return Ok(None);
        }
        _ => {}
    }
    let wanted = Wanted::from_arguments(params.arguments).map_err(Error::invalid_params)?;
    let (state, client) = (server.state.clone(), server.client.clone());
    match params.command.as_str() {
        SHOW_SQL => show_sql(state, client, wanted).await?,
        GENERATE => generate(state, client, wanted).await?,
        other => return Err(Error::invalid_params(format!("there is no command {other}"))),
    }
    Ok(None)
}

async fn show_sql(state: Arc<State>, client: Client, wanted: Wanted) -> Result<()> {
    let analysis = state.latest_analysis().await;
    let for_making = state.clone();
    let made = tokio::task::spawn_blocking(move || preview::prepare(&for_making, &analysis, &wanted)).await;
    let shown = made.map_err(|error| refused(&error.to_string()))?.map_err(|reason| refused(&reason))?;
    // The client may not listen before it has the answer to the command.
    tokio::spawn(async move { preview::show(&state, &client, shown).await });
    Ok(())
}

async fn generate(state: Arc<State>, client: Client, wanted: Wanted) -> Result<()> {
    if !state.settings().creates_files {
        return Err(refused("this editor's edits cannot create files: run `driftlens generate` in a terminal"));
    }
    let analysis = state.latest_analysis().await;
    let for_making = state.clone();
    let made = tokio::task::spawn_blocking(move || {
        let projects = wanted.projects(&analysis)?;
        match projects.as_slice() {
            [project] => {
                let answers = wanted.answers(&for_making, project);
                let edit = migration_edit::of_one(&for_making, project, &answers);
                edit.map(|edit| (Some(edit), Vec::new())).map_err(|reason| format!("{}: {reason}", project.label()))
            }
            _ => migration_edit::of_many(&for_making, &projects),
        }
    });
    let made = made.await.map_err(|error| refused(&error.to_string()))?;
    let (edit, left_out) = made.map_err(|reason| refused(&reason))?;
    tokio::spawn(async move { apply(&client, edit, &left_out).await });
    Ok(())
}

async fn apply(client: &Client, edit: Option<WorkspaceEdit>, left_out: &[String]) {
    match edit {
        Some(edit) => {
            let params = ApplyWorkspaceEditParams { label: Some(String::from("Generate migration")), edit };
            let answer = ask::<ApplyWorkspaceEdit>(client, params, APPLIED_WITHIN).await;
            if let Some(answer) = answer.filter(|answer| !answer.applied) {
                let reason = answer.failure_reason.map(|reason| format!(": {reason}")).unwrap_or_default();
                client.show_message(MessageType::WARNING, format!("The migration was not created{reason}")).await;
            }
        }
        None if left_out.is_empty() => {
            client.show_message(MessageType::INFO, "Nothing is pending: the migrations have every change.").await;
        }
        None => {}
    }
    if !left_out.is_empty() {
        let message = format!("No migration was made for {}", left_out.join("; for "));
        client.show_message(MessageType::WARNING, message).await;
    }
}
