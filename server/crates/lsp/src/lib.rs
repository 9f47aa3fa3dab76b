//! The JSON-RPC face on tower-lsp. Holds no decision about schemas: it carries the editor's words to the engine and back.
//! Nothing but the driver may write to standard output.

mod ask;
mod batch;
mod documents;
pub mod driver;
mod encoding;
mod frames;
mod from_proto;
mod handlers;
mod kept;
mod live;
mod live_reading;
mod live_watch;
mod manual;
mod message;
mod migration_edit;
mod operations;
mod outbox;
mod owner;
mod parent;
mod preview;
mod progress;
mod publish;
mod pulled;
mod remembered;
mod server;
mod state;
mod text_edit;
mod to_proto;
mod wanted;
mod watching;

pub use server::{PREVIEW_TEXT_METHOD, STATUS_METHOD};

use anyhow::Context;
use std::sync::mpsc::channel;
use tokio::io::{AsyncRead, AsyncWrite};
use tracing_subscriber::EnvFilter;

/// Names what is logged to standard error, in the syntax of tracing-subscriber: `DRIFTLENS_LOG=lsp=debug`.
pub const LOG_VARIABLE: &str = "DRIFTLENS_LOG";

/// How far the server is with ending.
enum Progress {
    Ending,
    Ended(i32),
}

/// Serves over standard input and output until the client ends it, and returns the exit code. The caller must then end the
/// process: a read of standard input cannot be interrupted.
pub fn run_stdio() -> anyhow::Result<i32> {
    let filter = EnvFilter::try_from_env(LOG_VARIABLE).unwrap_or_else(|_| EnvFilter::new("warn,lsp=info"));
    // Fails only when the caller has set up its own.
    let _ = tracing_subscriber::fmt().with_env_filter(filter).with_writer(std::io::stderr).with_ansi(false).try_init();
    let runtime = tokio::runtime::Builder::new_multi_thread()
        // One more than may plausibly be busy at once: timers and the writer must always find one.
        .worker_threads(4)
        .enable_all()
        .build()
        .context("the runtime cannot be started")?;
    let (progress, received) = channel();
    let ending = progress.clone();
    runtime.spawn(async move {
        let code = serve_until(tokio::io::stdin(), tokio::io::stdout(), move || {
            let _ = ending.send(Progress::Ending);
        });
        let _ = progress.send(Progress::Ended(code.await));
    });
    let code = match received.recv() {
        Ok(Progress::Ended(code)) => code,
        // From now on a handler that hangs does not keep the process alive.
        Ok(Progress::Ending) => loop {
            match received.recv_timeout(driver::END_WITHIN) {
                Ok(Progress::Ended(code)) => break code,
                Ok(Progress::Ending) => {}
                Err(_) => break 1,
            }
        },
        Err(_) => 1,
    };
    runtime.shutdown_background();
    Ok(code)
}

/// Serves over a pair of streams inside the caller's runtime, and returns what would be the exit code.
pub async fn serve(
    input: impl AsyncRead + Unpin + Send + 'static,
    output: impl AsyncWrite + Unpin + Send + 'static,
) -> i32 {
    serve_until(input, output, || {}).await
}

async fn serve_until(
    input: impl AsyncRead + Unpin + Send + 'static,
    output: impl AsyncWrite + Unpin + Send + 'static,
    ending: impl Fn() + Send + Sync + 'static,
) -> i32 {
    let (service, socket) = server::service();
    driver::serve(input, output, service, socket, ending).await.code()
}
