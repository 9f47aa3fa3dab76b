//! Serves a tower-lsp service over a pair of streams, in place of `tower_lsp::Server`.
//!
//! The part of a handler before its first await runs in arrival order; what then still waits becomes a task of its own. No
//! handler, panic, malformed frame or slow reader at the other end keeps the next message from being served.

use crate::frames::{Frame, FrameParser};
use crate::message::Message;
use crate::outbox::Outbox;
use crate::parent;
use futures::{FutureExt, Sink, StreamExt};
use serde_json::Value;
use std::any::Any;
use std::panic::AssertUnwindSafe;
use std::pin::Pin;
use std::sync::Arc;
use std::task::Poll;
use std::time::Duration;
use tokio::io::{AsyncRead, AsyncReadExt, AsyncWrite};
use tokio::sync::Notify;
use tokio::sync::mpsc::{UnboundedSender, unbounded_channel};
use tokio::task::JoinSet;
use tokio::time::timeout;
use tower::Service;
use tower_lsp::jsonrpc::{Error, Id, Request, Response};
use tower_lsp::{ClientSocket, ExitedError, LanguageServer, Loopback, LspService};

/// From the moment the end is known, the server is gone within this time.
pub const END_WITHIN: Duration = Duration::from_secs(2);
/// What running handlers get to finish when the input ends; a client that says `exit` wants no answers.
const FINISH_WITHIN: Duration = Duration::from_millis(1_000);
/// What the client gets to read what was written.
const FLUSH_WITHIN: Duration = Duration::from_millis(500);

/// Why the server ended.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ExitReason {
    /// The client said `exit`.
    Exit,
    /// The input ended.
    EndOfInput,
    /// The client no longer takes what is written.
    OutputClosed,
    /// The client's process is gone.
    ClientGone,
}

/// How the server ended.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Ended {
    pub reason: ExitReason,
    /// Whether the client had said `shutdown`.
    pub after_shutdown: bool,
}

impl Ended {
    /// The process' exit code, as LSP has it.
    pub fn code(self) -> i32 {
        i32::from(!self.after_shutdown)
    }
}

/// Serves until the client says `exit`, closes a stream or is gone. `ending` is called as soon as that is known, even while a
/// handler blocks: whoever owns the process can see to [`END_WITHIN`].
pub async fn serve<S: LanguageServer>(
    input: impl AsyncRead + Unpin + Send + 'static,
    output: impl AsyncWrite + Unpin + Send + 'static,
    service: LspService<S>,
    socket: ClientSocket,
    ending: impl Fn() + Send + Sync + 'static,
) -> Ended {
    let ending: Arc<dyn Fn() + Send + Sync> = Arc::new(ending);
    let (mut requests, answers) = socket.split();
    let (outbox, writer) = Outbox::start(output);
    let (frames, mut inbox) = unbounded_channel();

    // Dropped at the end, which stops them.
    let mut helpers = JoinSet::new();
    helpers.spawn(read_all(input, frames, ending.clone()));
    let to_client = outbox.clone();
    helpers.spawn(async move {
        while let Some(request) = requests.next().await {
            to_client.send(&request);
        }
    });

    let client_gone = Arc::new(Notify::new());
    let mut driver = Driver { service, answers, outbox: outbox.clone(), handlers: JoinSet::new() };
    let mut after_shutdown = false;
    let reason = loop {
        let frame = tokio::select! {
            frame = inbox.recv() => frame,
            () = outbox.closed() => break ExitReason::OutputClosed,
            () = client_gone.notified() => break ExitReason::ClientGone,
        };
        let value = match frame {
            Some(Frame::Json(value)) => value,
            Some(Frame::Malformed(reason)) => {
                driver.malformed(&reason);
                continue;
            }
            None => break ExitReason::EndOfInput,
        };
        match Message::from_json(value) {
            Message::Call(request) => {
                match request.method() {
                    "initialize" => {
                        if let Some(pid) = client_pid(&request) {
                            let (ending, client_gone) = (ending.clone(), client_gone.clone());
                            helpers.spawn(async move {
                                parent::gone(pid).await;
                                ending();
                                client_gone.notify_one();
                            });
                        }
                    }
                    "shutdown" => after_shutdown = true,
                    _ => {}
                }
                let is_exit = request.method() == "exit";
                driver.call(request).await;
                if is_exit {
                    break ExitReason::Exit;
                }
            }
            Message::Answer(response) => driver.answer(response),
            Message::Invalid(response) => outbox.send(&response),
        }
    };
    ending();
    tracing::info!(?reason, after_shutdown, "the server ends");

    let Driver { mut handlers, outbox: last_outbox, .. } = driver;
    if reason == ExitReason::EndOfInput {
        let _ = timeout(FINISH_WITHIN, async { while handlers.join_next().await.is_some() {} }).await;
    }
    drop((handlers, helpers, outbox, last_outbox));
    let _ = timeout(FLUSH_WITHIN, writer).await;
    Ended { reason, after_shutdown }
}

struct Driver<S> {
    service: LspService<S>,
    answers: <ClientSocket as Loopback>::ResponseSink,
    outbox: Outbox,
    handlers: JoinSet<()>,
}

impl<S: LanguageServer> Driver<S> {
    /// Polls the handler once, here and in order; what is still waiting goes on as a task.
    async fn call(&mut self, request: Request) {
        let (id, method) = (request.id().cloned(), request.method().to_owned());
        let called = std::panic::catch_unwind(AssertUnwindSafe(|| self.service.call(request)));
        let mut handler = match called {
            Ok(handler) => AssertUnwindSafe(handler).catch_unwind().boxed(),
            Err(panic) => return finish(&self.outbox, id, &method, Err(panic)),
        };
        match futures::poll!(&mut handler) {
            Poll::Ready(outcome) => finish(&self.outbox, id, &method, outcome),
            Poll::Pending => {
                let outbox = self.outbox.clone();
                self.handlers.spawn(async move { finish(&outbox, id, &method, handler.await) });
            }
        }
        while self.handlers.try_join_next().is_some() {}
    }

    fn malformed(&self, reason: &str) {
        tracing::warn!(reason, "malformed frame");
        let mut error = Error::parse_error();
        error.message = format!("Parse error: {reason}").into();
        self.outbox.send(&Response::from_error(Id::Null, error));
    }

    /// Hands an answer to whoever asked. tower-lsp panics on one that nobody waits for any longer.
    fn answer(&mut self, response: Response) {
        let id = response.id().clone();
        let handed = std::panic::catch_unwind(AssertUnwindSafe(|| Pin::new(&mut self.answers).start_send(response)));
        if handed.is_err() {
            tracing::info!(%id, "an answer came too late and is ignored");
        }
    }
}

/// Replies with what a handler came to.
fn finish(
    outbox: &Outbox,
    id: Option<Id>,
    method: &str,
    outcome: Result<Result<Option<Response>, ExitedError>, Box<dyn Any + Send>>,
) {
    match outcome {
        Ok(Ok(Some(response))) => outbox.send(&response),
        Ok(Ok(None) | Err(_)) => {}
        Err(panic) => {
            let reason = panic
                .downcast_ref::<&str>()
                .map(|text| (*text).to_owned())
                .or_else(|| panic.downcast_ref::<String>().cloned())
                .unwrap_or_default();
            tracing::error!(method, reason, "a handler panicked");
            if let Some(id) = id {
                let mut error = Error::internal_error();
                error.message = format!("Internal error in {method}: {reason}").into();
                outbox.send(&Response::from_error(id, error));
            }
        }
    }
}

fn client_pid(initialize: &Request) -> Option<u32> {
    initialize.params()?.get("processId").and_then(Value::as_u64)?.try_into().ok()
}

/// Reads to the end, whatever the handlers do meanwhile: `exit` and the end of the input are known at once.
async fn read_all(
    mut input: impl AsyncRead + Unpin,
    frames: UnboundedSender<Frame>,
    ending: Arc<dyn Fn() + Send + Sync>,
) {
    let mut parser = FrameParser::new();
    let mut chunk = vec![0; 64 * 1024];
    loop {
        let n_bytes = match input.read(&mut chunk).await {
            Ok(n_bytes) => n_bytes,
            Err(error) => {
                tracing::warn!(%error, "the input cannot be read");
                0
            }
        };
        if n_bytes == 0 {
            return ending();
        }
        parser.push(chunk.get(..n_bytes).unwrap_or_default());
        while let Some(frame) = parser.next() {
            if matches!(&frame, Frame::Json(value) if value.get("method").is_some_and(|method| method == "exit")) {
                ending();
            }
            if frames.send(frame).is_err() {
                return;
            }
        }
    }
}
