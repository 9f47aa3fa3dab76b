//! What a frame's JSON is: a request, an answer to one of our requests, or neither.

use serde_json::{Map, Value, json};
use tower_lsp::jsonrpc::{Error, ErrorCode, Id, Request, Response};

/// A message from the client.
pub(crate) enum Message {
    /// A request or a notification.
    Call(Request),
    Answer(Response),
    /// Neither, with the error to reply.
    Invalid(Response),
}

impl Message {
    pub(crate) fn from_json(value: Value) -> Message {
        let Value::Object(mut object) = value else {
            return invalid(Id::Null, "a message is a JSON object; batches are not part of LSP");
        };
        let id = object.get("id").and_then(|id| serde_json::from_value(id.clone()).ok());
        if object.contains_key("method") {
            normalize_params(&mut object);
            spell_capabilities(&mut object);
            return match serde_json::from_value(Value::Object(object)) {
                Ok(request) => Message::Call(request),
                Err(error) => invalid(id.unwrap_or(Id::Null), &error.to_string()),
            };
        }
        match (id, object.remove("error"), object.remove("result")) {
            (Some(id), Some(error), _) if !error.is_null() => {
                Message::Answer(Response::from_error(id, answered_error(&error)))
            }
            (Some(id), _, Some(result)) => Message::Answer(Response::from_ok(id, result)),
            (id, _, _) => invalid(id.unwrap_or(Id::Null), "a message has a method, a result or an error"),
        }
    }
}

/// Clients differ in what they send where there is nothing to say: nothing, `null`, `{}` or `[]`. tower-lsp takes only one of
/// them for each method, and refuses a `shutdown` with any.
fn normalize_params(object: &mut Map<String, Value>) {
    let is_bare = matches!(object.get("method").and_then(Value::as_str), Some("shutdown" | "exit"));
    if is_bare {
        object.remove("params");
    } else if object.get("params").is_none_or(Value::is_null) {
        object.insert("params".to_owned(), json!({}));
    }
}

/// LSP says `workspace.diagnostics`, and the `lsp-types` that tower-lsp uses reads `workspace.diagnostic`.
fn spell_capabilities(object: &mut Map<String, Value>) {
    if object.get("method").is_some_and(|method| method == "initialize")
        && let Some(workspace) =
            object.get_mut("params").and_then(|params| params.pointer_mut("/capabilities/workspace"))
        && let Some(said) = workspace.get("diagnostics").cloned()
        && let Some(workspace) = workspace.as_object_mut()
    {
        workspace.insert("diagnostic".to_owned(), said);
    }
}

fn answered_error(error: &Value) -> Error {
    let code = error.get("code").and_then(Value::as_i64).map_or(ErrorCode::InternalError, ErrorCode::from);
    let message = error.get("message").and_then(Value::as_str).unwrap_or("no message").to_owned();
    Error { code, message: message.into(), data: error.get("data").cloned() }
}

fn invalid(id: Id, reason: &str) -> Message {
    tracing::warn!(reason, "invalid message");
    let mut error = Error::invalid_request();
    error.message = format!("Invalid request: {reason}").into();
    Message::Invalid(Response::from_error(id, error))
}
