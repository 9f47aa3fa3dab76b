//! Everything the server writes: one unbounded queue and one task, so that nobody who has something to say ever waits.

use serde::Serialize;
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use tokio::io::{AsyncWrite, AsyncWriteExt, BufWriter};
use tokio::sync::mpsc::{UnboundedReceiver, UnboundedSender, unbounded_channel};
use tokio::task::JoinHandle;

/// More waiting messages than this mean that the client does not read.
const MANY_MESSAGES: usize = 1_000;

/// Takes messages for the client. Cheap to clone; the writer ends when the last one is gone.
#[derive(Clone)]
pub(crate) struct Outbox {
    queue: UnboundedSender<Vec<u8>>,
    n_waiting: Arc<AtomicUsize>,
}

impl Outbox {
    /// Starts the writer.
    pub(crate) fn start(output: impl AsyncWrite + Unpin + Send + 'static) -> (Outbox, JoinHandle<()>) {
        let (queue, messages) = unbounded_channel();
        let n_waiting = Arc::new(AtomicUsize::new(0));
        let writer = tokio::spawn(write_all(BufWriter::new(output), messages, n_waiting.clone()));
        (Outbox { queue, n_waiting }, writer)
    }

    pub(crate) fn send(&self, message: &impl Serialize) {
        let body = match serde_json::to_vec(message) {
            Ok(body) => body,
            Err(error) => {
                tracing::error!(%error, "a message cannot be written as JSON");
                return;
            }
        };
        if self.n_waiting.fetch_add(1, Ordering::Relaxed) == MANY_MESSAGES {
            tracing::warn!("the client does not read: more than {MANY_MESSAGES} messages wait to be written");
        }
        // Fails only when the output is closed, which ends the server.
        let _ = self.queue.send(body);
    }

    /// Returns when the output takes no more.
    pub(crate) async fn closed(&self) {
        self.queue.closed().await;
    }
}

async fn write_all(
    mut output: BufWriter<impl AsyncWrite + Unpin>,
    mut messages: UnboundedReceiver<Vec<u8>>,
    n_waiting: Arc<AtomicUsize>,
) {
    while let Some(body) = messages.recv().await {
        let written = async {
            output.write_all(format!("Content-Length: {}\r\n\r\n", body.len()).as_bytes()).await?;
            output.write_all(&body).await?;
            if messages.is_empty() { output.flush().await } else { Ok(()) }
        };
        if let Err(error) = written.await {
            tracing::warn!(%error, "the output is closed");
            return;
        }
        n_waiting.fetch_sub(1, Ordering::Relaxed);
    }
}
