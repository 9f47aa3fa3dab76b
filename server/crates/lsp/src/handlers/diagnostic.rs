//! `textDocument/diagnostic`: the findings of an open document, for clients that ask. What is not open is published.

use crate::ask::ask;
use crate::from_proto::file_path;
use crate::pulled::Answer;
use crate::state::State;
use crate::to_proto::DIAGNOSTIC_SOURCE;
use std::time::Duration;
use tower_lsp::Client;
use tower_lsp::jsonrpc::{Error, ErrorCode, Result};
use tower_lsp::lsp_types::request::WorkspaceDiagnosticRefresh;
use tower_lsp::lsp_types::{
    Diagnostic, DiagnosticOptions, DiagnosticServerCancellationData, DiagnosticServerCapabilities,
    DocumentDiagnosticParams, DocumentDiagnosticReport, DocumentDiagnosticReportResult, FullDocumentDiagnosticReport,
    RelatedFullDocumentDiagnosticReport, RelatedUnchangedDocumentDiagnosticReport, UnchangedDocumentDiagnosticReport,
    WorkDoneProgressOptions,
};

const ANSWER_WITHIN: Duration = Duration::from_secs(10);
/// LSP's `ServerCancelled`: the client may be told to ask again.
const SERVER_CANCELLED: i64 = -32802;

/// Of the workspace only open documents: whether a client asks for the rest, it does not say, and what nobody asks for is not seen.
pub(crate) fn capability(is_pulled: bool) -> Option<DiagnosticServerCapabilities> {
    is_pulled.then(|| {
        DiagnosticServerCapabilities::Options(DiagnosticOptions {
            identifier: Some(DIAGNOSTIC_SOURCE.to_owned()),
            inter_file_dependencies: true,
            workspace_diagnostics: false,
            work_done_progress_options: WorkDoneProgressOptions::default(),
        })
    })
}

pub(crate) async fn handle(state: &State, params: DocumentDiagnosticParams) -> Result<DocumentDiagnosticReportResult> {
    let Some(file) = file_path(&params.text_document.uri) else { return Ok(full(None, Vec::new())) };
    let _waiting = state.pulled.wait(&file);
    let Some(world) = state.world_for(&file).await else { return Err(ask_again()) };
    let documents = state.documents();
    // What nobody has open is published: answered too, it would be shown twice.
    if documents.get(&file).is_none() {
        return Ok(full(None, Vec::new()));
    }
    let diagnostics = state.words(&world.analysis, &documents).diagnostics(world.found.get(&file));
    Ok(match state.pulled.answer(&file, diagnostics, params.previous_result_id.as_deref()) {
        Answer::Full { id, diagnostics } => full(Some(id), diagnostics),
        Answer::Unchanged { id } => unchanged(id),
    })
}

/// Has the client ask again for what it shows. Waits in a task of its own.
pub(crate) fn refresh(client: &Client) {
    let client = client.clone();
    tokio::spawn(async move { ask::<WorkspaceDiagnosticRefresh>(&client, (), ANSWER_WITHIN).await });
}

fn full(result_id: Option<String>, items: Vec<Diagnostic>) -> DocumentDiagnosticReportResult {
    let full_document_diagnostic_report = FullDocumentDiagnosticReport { result_id, items };
    let report = RelatedFullDocumentDiagnosticReport { related_documents: None, full_document_diagnostic_report };
    DocumentDiagnosticReport::Full(report).into()
}

fn unchanged(result_id: String) -> DocumentDiagnosticReportResult {
    let unchanged_document_diagnostic_report = UnchangedDocumentDiagnosticReport { result_id };
    let report =
        RelatedUnchangedDocumentDiagnosticReport { related_documents: None, unchanged_document_diagnostic_report };
    DocumentDiagnosticReport::Unchanged(report).into()
}

fn ask_again() -> Error {
    let data = serde_json::to_value(DiagnosticServerCancellationData { retrigger_request: true });
    let message = "the analysis of this text takes long: ask again".into();
    Error { code: ErrorCode::ServerError(SERVER_CANCELLED), message, data: data.ok() }
}
