//! Asking the client something, without ever depending on an answer.

use std::time::Duration;
use tower_lsp::Client;
use tower_lsp::lsp_types::request::Request;

/// Asks in a task of its own: an answer that comes too late still finds somebody waiting, for tower-lsp panics otherwise.
/// An error and silence are None. Never awaited on the path of a message.
pub(crate) async fn ask<R>(client: &Client, params: R::Params, limit: Duration) -> Option<R::Result>
where
    R: Request + 'static,
    R::Params: Send + 'static,
    R::Result: Send + 'static,
{
    let client = client.clone();
    let asked = tokio::spawn(async move { client.send_request::<R>(params).await });
    match tokio::time::timeout(limit, asked).await {
        Ok(Ok(Ok(answer))) => Some(answer),
        Ok(Ok(Err(error))) => {
            tracing::info!(method = R::METHOD, %error, "the client answered with an error");
            None
        }
        Ok(Err(panic)) => {
            tracing::error!(method = R::METHOD, %panic, "asking the client failed");
            None
        }
        Err(_) => {
            tracing::info!(method = R::METHOD, "the client did not answer");
            None
        }
    }
}
