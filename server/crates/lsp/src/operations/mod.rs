//! Pushing and migrating from the editor: the plan is shown, a person says yes, and only then something is done.

mod asked;
mod progress;
mod question;
mod running;
mod tickets;

pub(crate) use asked::Asked;
pub(crate) use tickets::Ticket;

use crate::handlers::refused;
use crate::server::Server;
use crate::state::State;
use parking_lot::Mutex;
use progress::{Cancel, Progress};
use serde_json::{Value, json};
use std::collections::HashMap;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use tickets::Tickets;
use tower_lsp::Client;
use tower_lsp::jsonrpc::Result;
use tower_lsp::lsp_types::MessageType;
use workspace::{Operation, Planned, Planning};

/// What is under way, and what was shown and waits for a yes.
#[derive(Default)]
pub(crate) struct Operations {
    tickets: Tickets,
    /// By the token of their progress.
    running: Mutex<HashMap<String, Arc<Cancel>>>,
    is_over: AtomicBool,
}

impl Operations {
    /// A person does not want to wait for it any longer.
    pub(crate) fn cancel(&self, token: &str) {
        if let Some(cancel) = self.running.lock().get(token) {
            cancel.ask();
        }
    }

    /// The server ends: what runs stops, and nothing is begun any more.
    pub(crate) fn end(&self) {
        self.is_over.store(true, Ordering::Relaxed);
        self.running.lock().values().for_each(|cancel| cancel.ask());
    }

    /// True where something was shown that waits for a yes.
    pub(crate) fn is_waiting(&self) -> bool {
        !self.tickets.is_empty()
    }

    pub(crate) fn tickets(&self) -> &Tickets {
        &self.tickets
    }
}

/// Plans and asks. The answer is the plan for clients that ask a person themselves, and null where we ask or nothing is to be done.
pub(crate) async fn plan(server: &Server, operation: Operation, arguments: Vec<Value>) -> Result<Option<Value>> {
    let (state, client) = (server.state.clone(), server.client.clone());
    let asked = Asked::from_arguments(operation, arguments).map_err(tower_lsp::jsonrpc::Error::invalid_params)?;
    let (asked, planning) = {
        let progress = Progress::start(&state, &client, format!("Planning to {}", operation.as_str()));
        running::plan(&state, asked, &progress).await.map_err(|why| refused(&why))?
    };
    let planned = match planning {
        Planning::Refused(why) => return Err(refused(&why)),
        Planning::Nothing(sentence) => {
            tokio::spawn(async move { client.show_message(MessageType::INFO, sentence).await });
            return Ok(None);
        }
        Planning::Planned(planned) => *planned,
    };
    if state.settings().confirms {
        let (ticket, shown) = (Ticket::new(asked, &planned), planned);
        return Ok(Some(as_result(&state.operations.tickets.issue(ticket), operation, &shown)));
    }
    if state.settings().asks_by_message {
        // The client may not listen before it has the answer to the command.
        tokio::spawn(async move {
            if question::is_yes(&state, &client, &planned).await {
                running::run(&state, &client, asked, &planned.fingerprint).await;
            }
        });
        return Ok(None);
    }
    let ticket = Ticket::new(asked, &planned);
    let answer = as_result(&state.operations.tickets.issue(ticket), operation, &planned);
    tokio::spawn(async move { question::show_without_asking(&state, &client, &planned).await });
    Ok(Some(answer))
}

/// Does what a token was given for, once. The answer comes when it has ended; how, is told by a message.
pub(crate) async fn confirmed(server: &Server, operation: Operation, arguments: Vec<Value>) -> Result<Option<Value>> {
    let (state, client) = (server.state.clone(), server.client.clone());
    let argument = arguments.into_iter().next().unwrap_or_default();
    let token = argument.get("token").and_then(Value::as_str).unwrap_or_default();
    let ticket = state.operations.tickets.take(token, operation).map_err(|why| refused(&why))?;
    // It goes on where the client takes its request back.
    let run = tokio::spawn(async move { running::run(&state, &client, ticket.asked, &ticket.fingerprint).await });
    let _ = run.await;
    Ok(None)
}

/// The plan as clients get it that ask a person themselves.
fn as_result(token: &str, operation: Operation, planned: &Planned) -> Value {
    json!({
        "token": token,
        "verb": planned.title,
        "title": operation.doing(&planned.environment.name),
        "environment": planned.environment.name,
        "kind": planned.environment.kind.as_str(),
        "address": planned.environment.address.to_string(),
        "question": planned.question,
        "detail": planned.detail.join("\n"),
        "isDestructive": planned.is_destructive,
        "sql": planned.sql,
    })
}

/// How an operation ended, and a look at what the database is now.
async fn tell(state: &State, client: &Client, ended: workspace::Ended) {
    state.live.look_at_once();
    let kind = if ended.is_done { MessageType::INFO } else { MessageType::ERROR };
    client.show_message(kind, ended.message).await;
}
