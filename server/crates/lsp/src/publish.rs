//! Which findings the client has been told, and which it has to be told now: only what changed, and never about a text that
//! is no longer the buffer's.

use crate::state::{State, World};
use source::FilePath;
use std::collections::{BTreeMap, BTreeSet};
use tower_lsp::lsp_types::{self as lsp, PublishDiagnosticsParams, Url};

/// What the client shows, by file. A file without findings is not in it.
#[derive(Debug, Default)]
pub(crate) struct Published {
    files: BTreeMap<FilePath, Shown>,
}

#[derive(Debug)]
struct Shown {
    uri: Url,
    diagnostics: Vec<lsp::Diagnostic>,
    /// At which revision the buffer was opened that they were published for.
    opened_at: Option<u64>,
}

impl Published {
    /// What to say after an analysis. A file whose buffer has moved on is left out: the next round is about it.
    pub(crate) fn update(&mut self, state: &State, world: &World) -> Vec<PublishDiagnosticsParams> {
        let World { analysis, found, .. } = world;
        let documents = state.documents();
        let words = state.words(analysis, &documents);
        let files: BTreeSet<_> = found.keys().chain(self.files.keys()).cloned().collect();
        let mut news = Vec::new();
        for file in files {
            let document = documents.get(&file);
            if let (Some(document), Some(source)) = (document, analysis.text(&file))
                && *document.text != *source.text
            {
                continue;
            }
            // Of an open document the client asks by itself.
            let is_pulled = document.is_some() && state.settings().pulls_diagnostics;
            let diagnostics = words.diagnostics(if is_pulled { None } else { found.get(&file) });
            let before = self.files.remove(&file);
            // A closed file keeps the spelling under which the client knows it.
            let Some(uri) = document
                .map(|document| document.uri.clone())
                .or_else(|| before.as_ref().map(|shown| shown.uri.clone()))
                .or_else(|| words.uri(&file))
            else {
                continue;
            };
            let version = document.map(|document| document.version);
            let mut opened_at = document.map(|document| document.opened_at);
            let mut is_news = !diagnostics.is_empty();
            if let Some(before) = before {
                if before.uri == uri {
                    // A client may have dropped a file's findings when it was closed: an opened one is told again.
                    let is_expected = opened_at.is_some() && opened_at != before.opened_at && is_news;
                    is_news = before.diagnostics != diagnostics || is_expected;
                } else {
                    news.push(PublishDiagnosticsParams::new(before.uri, Vec::new(), None));
                }
                if !is_news {
                    opened_at = before.opened_at;
                }
            }
            if is_news {
                news.push(PublishDiagnosticsParams::new(uri.clone(), diagnostics.clone(), version));
            }
            if !diagnostics.is_empty() {
                self.files.insert(file, Shown { uri, diagnostics, opened_at });
            }
        }
        news
    }
}
