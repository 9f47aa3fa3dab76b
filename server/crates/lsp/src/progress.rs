//! Work that takes long is shown in the editor: from when it has taken a while, until it ends, however it ends.

use crate::ask::ask;
use std::time::Duration;
use tokio::sync::oneshot::{self, Sender};
use tokio::time::timeout;
use tower_lsp::Client;
use tower_lsp::lsp_types::notification::Progress as ProgressNotification;
use tower_lsp::lsp_types::request::WorkDoneProgressCreate;
use tower_lsp::lsp_types::{
    NumberOrString, ProgressParams, ProgressParamsValue, WorkDoneProgress, WorkDoneProgressBegin,
    WorkDoneProgressCreateParams, WorkDoneProgressEnd,
};

/// What is done sooner is not shown.
const NOT_SHOWN_WITHIN: Duration = Duration::from_millis(300);
const ANSWER_WITHIN: Duration = Duration::from_secs(10);

/// Ends what is shown when it is dropped.
pub(crate) struct Progress {
    _running: Sender<()>,
}

impl Progress {
    /// Never waits: the client is asked in a task of its own.
    pub(crate) fn start(client: &Client, title: &str, token: String) -> Progress {
        let (running, mut ended) = oneshot::channel::<()>();
        let (client, title) = (client.clone(), title.to_owned());
        tokio::spawn(async move {
            if timeout(NOT_SHOWN_WITHIN, &mut ended).await.is_ok() {
                return;
            }
            let token = NumberOrString::String(token);
            let params = WorkDoneProgressCreateParams { token: token.clone() };
            // Nothing may be told of a token that the client did not take.
            if ask::<WorkDoneProgressCreate>(&client, params, ANSWER_WITHIN).await.is_none() {
                return;
            }
            let begin = WorkDoneProgressBegin { title, ..WorkDoneProgressBegin::default() };
            tell(&client, &token, WorkDoneProgress::Begin(begin)).await;
            // An error: the other half is gone, which is the end.
            let _ = ended.await;
            tell(&client, &token, WorkDoneProgress::End(WorkDoneProgressEnd::default())).await;
        });
        Progress { _running: running }
    }
}

async fn tell(client: &Client, token: &NumberOrString, value: WorkDoneProgress) {
    let params = ProgressParams { token: token.clone(), value: ProgressParamsValue::WorkDone(value) };
    client.send_notification::<ProgressNotification>(params).await;
}
