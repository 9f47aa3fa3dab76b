//! How far an operation is, and a person's way to stop it.

use crate::progress::{Cancellable, News, Progress as Shown};
use crate::state::State;
use database::Stop;
use std::sync::Arc;
use std::sync::atomic::Ordering;
use tokio::sync::Notify;
use tower_lsp::Client;
use workspace::OperationNews;

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
    /// None where the client shows nothing.
    shown: Option<Shown>,
}

impl Progress {
    pub(super) fn start(state: &Arc<State>, client: &Client, title: String) -> Progress {
        let token = format!("driftlens-{}", workspace::moment().id);
        let cancel = Arc::new(Cancel::default());
        state.operations.running.lock().insert(token.clone(), cancel.clone());
        if state.operations.is_over.load(Ordering::Relaxed) {
            cancel.ask();
        }
        let first = News { message: None, percentage: Some(0) };
        let show = || Shown::start(client, title, token.clone(), Cancellable::Yes, first);
        let shown = state.settings().shows_progress.then(show);
        Progress { cancel, state: state.clone(), token, shown }
    }

    /// Tells of it from wherever the work is done.
    pub(super) fn teller(&self) -> impl FnMut(OperationNews) + Send + 'static {
        let shown = self.shown.clone();
        move |news| {
            let percentage = percent(&news);
            if let Some(shown) = &shown {
                shown.tell(News { message: Some(news.message), percentage });
            }
        }
    }
}

impl Drop for Progress {
    fn drop(&mut self) {
        self.state.operations.running.lock().remove(&self.token);
    }
}

fn percent(news: &OperationNews) -> Option<u32> {
    (news.total > 0).then(|| u32::try_from(news.done * 100 / news.total).unwrap_or(100))
}
