//! Asking a person. Only the exact title of the button is a yes; null, anything else, an error and silence are no.

use crate::ask::ask;
use crate::preview::{self, Shown};
use crate::state::State;
use std::collections::HashMap;
use std::sync::Arc;
use std::time::Duration;
use tower_lsp::Client;
use tower_lsp::lsp_types::request::ShowMessageRequest;
use tower_lsp::lsp_types::{MessageActionItem, MessageType, ShowMessageRequestParams};
use workspace::{EnvironmentKind, Planned};

const ANSWER_WITHIN: Duration = Duration::from_secs(600);
const SHOW_SQL: &str = "Show SQL";
const CANCEL: &str = "Cancel";
/// Whoever has seen the SQL so often is no person.
const MAX_SHOWN: usize = 20;

pub(super) async fn is_yes(state: &Arc<State>, client: &Client, planned: &Planned) -> bool {
    for _ in 0..MAX_SHOWN {
        let action = |title: &str| MessageActionItem { title: title.to_owned(), properties: HashMap::new() };
        let params = ShowMessageRequestParams {
            typ: kind(planned),
            message: text(planned),
            actions: Some(vec![action(&planned.title), action(SHOW_SQL), action(CANCEL)]),
        };
        let answer = ask::<ShowMessageRequest>(client, params, ANSWER_WITHIN).await.flatten();
        match answer {
            Some(answer) if answer.title == planned.title => return true,
            // The question is gone with its answer, so it is asked again.
            Some(answer) if answer.title == SHOW_SQL => show_sql(state, client, planned).await,
            _ => return false,
        }
    }
    false
}

/// For clients that cannot be asked: the plan, and where the yes is.
pub(super) async fn show_without_asking(state: &Arc<State>, client: &Client, planned: &Planned) {
    let message = format!(
        "{}\nNothing is done yet: the code action `Yes: {}…` of a file of the project does it, within ten minutes and once.",
        text(planned),
        planned.title
    );
    client.show_message(kind(planned), message).await;
    show_sql(state, client, planned).await;
}

fn kind(planned: &Planned) -> MessageType {
    match planned.environment.kind {
        EnvironmentKind::Development if !planned.is_destructive => MessageType::INFO,
        _ => MessageType::WARNING,
    }
}

fn text(planned: &Planned) -> String {
    format!("{}\n{}", planned.question, planned.detail.join("\n"))
}

async fn show_sql(state: &Arc<State>, client: &Client, planned: &Planned) {
    let text = format!("-- {}\n{}", planned.question, planned.sql);
    let (for_writing, name) = (state.clone(), planned.title.clone());
    let written = tokio::task::spawn_blocking(move || preview::write_text(&for_writing, &name, &text)).await;
    match written {
        Ok(Ok(file)) => preview::show(state, client, Shown::File(file)).await,
        Ok(Err(why)) => client.show_message(MessageType::WARNING, why).await,
        Err(error) => tracing::error!(%error, "the SQL cannot be shown"),
    }
}
