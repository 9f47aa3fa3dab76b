//! `textDocument/inlayHint`: behind a column that the database has otherwise, what it has.

use crate::ask::ask;
use crate::state::State;
use analysis::live_hints;
use source::Span;
use std::time::Duration;
use tower_lsp::Client;
use tower_lsp::jsonrpc::Result;
use tower_lsp::lsp_types::request::InlayHintRefreshRequest;
use tower_lsp::lsp_types::{InlayHint, InlayHintLabel, InlayHintParams, InlayHintTooltip};

const ANSWER_WITHIN: Duration = Duration::from_secs(10);

pub(crate) async fn handle(state: &State, params: InlayHintParams) -> Result<Option<Vec<InlayHint>>> {
    if !state.beside().has_hints {
        return Ok(None);
    }
    let Some(snapshot) = state.snapshot(&params.text_document.uri).await else { return Ok(None) };
    let Some(source) = snapshot.analysis.text(&snapshot.file) else { return Ok(None) };
    let encoding = state.settings().encoding;
    let bytes = encoding.bytes(&source.text, &source.lines, params.range);
    let within = Span::new(bytes.start, bytes.end);
    let mut hints = Vec::new();
    for project in &snapshot.analysis.projects {
        let Some((environment, picture)) = state.live.last_read(&project.id) else { continue };
        hints.extend(live_hints(project, &snapshot.file, within, &picture).into_iter().map(|hint| InlayHint {
            position: encoding.position(&source.text, &source.lines, hint.at),
            label: InlayHintLabel::String(hint.label),
            kind: None,
            text_edits: None,
            tooltip: Some(InlayHintTooltip::String(format!("In {environment}: {}", hint.differs.replace('`', "")))),
            padding_left: Some(true),
            padding_right: None,
            data: None,
        }));
    }
    Ok(Some(hints))
}

/// Has the client ask again, where it can be told to. Waits in a task of its own.
pub(crate) fn refresh(state: &State, client: &Client) {
    if state.settings().refreshes_hints {
        let client = client.clone();
        tokio::spawn(async move { ask::<InlayHintRefreshRequest>(&client, (), ANSWER_WITHIN).await });
    }
}
