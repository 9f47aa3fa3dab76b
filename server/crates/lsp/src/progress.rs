//! Work that takes long is shown in the editor: from when it has taken a while, until it ends, however it ends.

use crate::ask::ask;
use std::time::Duration;
use tokio::sync::mpsc::{UnboundedReceiver, UnboundedSender, unbounded_channel};
use tower_lsp::Client;
use tower_lsp::lsp_types::notification::Progress as ProgressNotification;
use tower_lsp::lsp_types::request::WorkDoneProgressCreate;
use tower_lsp::lsp_types::{
    NumberOrString, ProgressParams, ProgressParamsValue, WorkDoneProgress, WorkDoneProgressBegin,
    WorkDoneProgressCreateParams, WorkDoneProgressEnd, WorkDoneProgressReport,
};

/// What is done sooner flickers.
const SHOWN_AFTER: Duration = Duration::from_millis(300);
const ANSWER_WITHIN: Duration = Duration::from_secs(10);

/// Whether a person may stop the work.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Cancellable {
    Yes,
    No,
}

/// How far it is.
#[derive(Clone, Debug, Default)]
pub(crate) struct News {
    pub(crate) message: Option<String>,
    /// Clients show no percentages where the first news have none.
    pub(crate) percentage: Option<u32>,
}

/// Ends what is shown when it and its clones are dropped.
#[derive(Clone)]
pub(crate) struct Progress(UnboundedSender<News>);

impl Progress {
    /// Never waits: the client is asked in a task of its own.
    pub(crate) fn start(client: &Client, title: String, token: String, can: Cancellable, first: News) -> Progress {
        let (news, received) = unbounded_channel();
        tokio::spawn(show(client.clone(), title, token, can == Cancellable::Yes, first, received));
        Progress(news)
    }

    pub(crate) fn tell(&self, news: News) {
        // Fails where nobody looks.
        let _ = self.0.send(news);
    }
}

/// Until the last sender is gone.
async fn show(
    client: Client,
    title: String,
    token: String,
    cancellable: bool,
    mut latest: News,
    mut received: UnboundedReceiver<News>,
) {
    let early = async {
        while let Some(news) = received.recv().await {
            latest = news;
        }
    };
    if tokio::time::timeout(SHOWN_AFTER, early).await.is_ok() {
        return;
    }
    let token = NumberOrString::String(token);
    let params = WorkDoneProgressCreateParams { token: token.clone() };
    // Nothing may be told of a token that the client did not take.
    if ask::<WorkDoneProgressCreate>(&client, params, ANSWER_WITHIN).await.is_none() {
        return;
    }
    let send = async |value: WorkDoneProgress| {
        let value = ProgressParamsValue::WorkDone(value);
        client.send_notification::<ProgressNotification>(ProgressParams { token: token.clone(), value }).await;
    };
    let cancellable = Some(cancellable);
    let News { message, percentage } = latest;
    send(WorkDoneProgress::Begin(WorkDoneProgressBegin { title, cancellable, message, percentage })).await;
    while let Some(News { message, percentage }) = received.recv().await {
        send(WorkDoneProgress::Report(WorkDoneProgressReport { cancellable, message, percentage })).await;
    }
    send(WorkDoneProgress::End(WorkDoneProgressEnd { message: None })).await;
}
