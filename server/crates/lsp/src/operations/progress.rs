//! What a person sees of something that takes long, and their way to stop it. Short work shows nothing; what was begun is ended.

use crate::ask::ask;
use crate::state::State;
use database::Stop;
use std::sync::Arc;
use std::sync::atomic::Ordering;
use std::time::Duration;
use tokio::sync::Notify;
use tokio::sync::mpsc::{UnboundedReceiver, UnboundedSender, unbounded_channel};
use tower_lsp::Client;
use tower_lsp::lsp_types::notification::Progress as ProgressNotification;
use tower_lsp::lsp_types::request::WorkDoneProgressCreate;
use tower_lsp::lsp_types::{
    NumberOrString, ProgressParams, ProgressParamsValue, WorkDoneProgress, WorkDoneProgressBegin,
    WorkDoneProgressCreateParams, WorkDoneProgressEnd, WorkDoneProgressReport,
};
use workspace::OperationNews;

/// What is done sooner flickers.
const SHOWN_AFTER: Duration = Duration::from_millis(300);
const ANSWER_WITHIN: Duration = Duration::from_secs(10);

/// The wish to stop, for what looks at it now and then and for what waits.
#[derive(Default)]
pub(super) struct Cancel {
    pub(super) stop: Stop,
    asked: Notify,
}

impl Cancel {
    pub(super) fn ask(&self) {
        self.stop.ask();
        self.asked.notify_one();
    }

    pub(super) async fn asked(&self) {
        self.asked.notified().await;
    }
}

/// Lasts as long as the work.
pub(super) struct Progress {
    pub(super) cancel: Arc<Cancel>,
    state: Arc<State>,
    token: String,
    news: UnboundedSender<OperationNews>,
}

impl Progress {
    pub(super) fn start(state: &Arc<State>, client: &Client, title: String) -> Progress {
        let token = format!("driftlens-{}", workspace::moment().id);
        let (news, received) = unbounded_channel();
        let cancel = Arc::new(Cancel::default());
        state.operations.running.lock().insert(token.clone(), cancel.clone());
        if state.operations.is_over.load(Ordering::Relaxed) {
            cancel.ask();
        }
        if state.settings().shows_progress {
            tokio::spawn(show(client.clone(), token.clone(), title, received));
        }
        Progress { cancel, state: state.clone(), token, news }
    }

    pub(super) fn news(&self) -> UnboundedSender<OperationNews> {
        self.news.clone()
    }
}

impl Drop for Progress {
    fn drop(&mut self) {
        self.state.operations.running.lock().remove(&self.token);
    }
}

/// Until the last sender is gone.
async fn show(client: Client, token: String, title: String, mut received: UnboundedReceiver<OperationNews>) {
    let mut latest = None;
    let early = async {
        while let Some(news) = received.recv().await {
            latest = Some(news);
        }
    };
    if tokio::time::timeout(SHOWN_AFTER, early).await.is_ok() {
        return;
    }
    let token = NumberOrString::String(token);
    let params = WorkDoneProgressCreateParams { token: token.clone() };
    if ask::<WorkDoneProgressCreate>(&client, params, ANSWER_WITHIN).await.is_none() {
        return;
    }
    let send = async |value: WorkDoneProgress| {
        let value = ProgressParamsValue::WorkDone(value);
        client.send_notification::<ProgressNotification>(ProgressParams { token: token.clone(), value }).await;
    };
    let (message, percentage) = latest.map_or((None, Some(0)), |news| (Some(news.message.clone()), percent(&news)));
    let begin = WorkDoneProgressBegin { title, cancellable: Some(true), message, percentage };
    send(WorkDoneProgress::Begin(begin)).await;
    while let Some(news) = received.recv().await {
        let percentage = percent(&news);
        let report = WorkDoneProgressReport { cancellable: Some(true), message: Some(news.message), percentage };
        send(WorkDoneProgress::Report(report)).await;
    }
    send(WorkDoneProgress::End(WorkDoneProgressEnd { message: None })).await;
}

fn percent(news: &OperationNews) -> Option<u32> {
    (news.total > 0).then(|| u32::try_from(news.done * 100 / news.total).unwrap_or(100))
}
