//! `textDocument/foldingRange`: the statements of a migration or a SQL schema file, and its longer comments.

use crate::state::State;
use tower_lsp::jsonrpc::Result;
use tower_lsp::lsp_types::{FoldingRange, FoldingRangeKind, FoldingRangeParams};

pub(crate) async fn handle(state: &State, params: FoldingRangeParams) -> Result<Option<Vec<FoldingRange>>> {
    let Some(snapshot) = state.snapshot(&params.text_document.uri).await else { return Ok(None) };
    let documents = state.documents();
    let words = state.words(&snapshot.analysis, &documents);
    let folds = snapshot.analysis.folds(&snapshot.file);
    let ranges = folds.iter().map(|fold| {
        let range = words.range(&snapshot.file, fold.span);
        FoldingRange {
            start_line: range.start.line,
            end_line: range.end.line,
            kind: fold.is_comment.then_some(FoldingRangeKind::Comment),
            ..FoldingRange::default()
        }
    });
    Ok(Some(ranges.collect()))
}
