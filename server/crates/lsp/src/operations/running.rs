//! Planning and running, on threads of their own: no request waits for a database.

use super::progress::Progress;
use super::{Asked, tell};
use crate::state::State;
use std::sync::Arc;
use tokio::runtime::Handle;
use tower_lsp::Client;
use workspace::{Ended, Planning, plan_operation, run_operation};

/// What would be done, made of what the project is now. Nothing is changed.
pub(super) async fn plan(
    state: &Arc<State>,
    mut asked: Asked,
    progress: &Progress,
) -> Result<(Asked, Planning), String> {
    let analysis = state.latest_analysis().await;
    let for_planning = state.clone();
    let handle = Handle::current();
    let planning = tokio::task::spawn_blocking(move || {
        let work = asked.work(&for_planning, &analysis)?;
        Ok((asked, handle.block_on(plan_operation(&work))))
    });
    tokio::select! {
        planned = planning => planned.map_err(|error| error.to_string())?,
        () = progress.cancel.asked() => Err(String::from("stopped as asked, nothing was changed")),
    }
}

/// Plans anew and does it, where the plan is still the one that somebody said yes to. Tells what came of it.
pub(super) async fn run(state: &Arc<State>, client: &Client, mut asked: Asked, fingerprint: &str) {
    let analysis = state.latest_analysis().await;
    let progress = Progress::start(state, client, format!("Driftlens: {}", asked.operation.as_str()));
    let (for_running, fingerprint) = (state.clone(), fingerprint.to_owned());
    let (handle, stop, mut told) = (Handle::current(), progress.cancel.stop.clone(), progress.teller());
    let ran = tokio::task::spawn_blocking(move || {
        let work = match asked.work(&for_running, &analysis) {
            Ok(work) => work,
            Err(why) => return Ended { is_done: false, message: format!("nothing was changed: {why}") },
        };
        handle.block_on(run_operation(&work, &fingerprint, &stop, &mut told))
    });
    let ended = ran.await;
    drop(progress);
    match ended {
        Ok(ended) => tell(state, client, ended).await,
        Err(panic) => {
            let message = format!("it broke off, and whether something was changed is not known: {panic}");
            tell(state, client, Ended { is_done: false, message }).await;
        }
    }
}
