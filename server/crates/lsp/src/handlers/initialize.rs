//! `initialize`: says what we can do, at once. Nothing is read from disk before the answer.

use super::{code_action, completion, diagnostic, execute_command};
use crate::from_proto;
use crate::live::DatabaseSettings;
use crate::state::State;
use tower_lsp::lsp_types::{
    CodeActionKind, CodeActionOptions, CodeActionProviderCapability, CodeLensOptions, DocumentLinkOptions,
    ExecuteCommandOptions, FoldingRangeProviderCapability, HoverProviderCapability, InitializeParams, InitializeResult,
    OneOf, RenameOptions, SaveOptions, ServerCapabilities, ServerInfo, TextDocumentSyncCapability,
    TextDocumentSyncKind, TextDocumentSyncOptions, WorkDoneProgressOptions, WorkspaceFoldersServerCapabilities,
    WorkspaceServerCapabilities,
};

pub(crate) fn handle(state: &State, params: &InitializeParams) -> InitializeResult {
    let settings = from_proto::settings(&params.capabilities);
    state.set_settings(settings);
    let options = params.initialization_options.clone().unwrap_or_default();
    state.set_beside(state.beside().with(&options));
    let database = from_proto::database_settings(&options);
    if !database.is_on || !settings.has_configuration {
        let is_forbidden = !database.is_on;
        state.live.set_settings(DatabaseSettings { is_forbidden, ..database });
    }
    *state.roots.lock() = from_proto::roots(params);
    let sync = TextDocumentSyncOptions {
        open_close: Some(true),
        change: Some(TextDocumentSyncKind::INCREMENTAL),
        save: Some(SaveOptions { include_text: Some(false) }.into()),
        ..TextDocumentSyncOptions::default()
    };
    let folders =
        WorkspaceFoldersServerCapabilities { supported: Some(true), change_notifications: Some(OneOf::Left(true)) };
    InitializeResult {
        capabilities: ServerCapabilities {
            position_encoding: Some(settings.encoding.kind()),
            text_document_sync: Some(TextDocumentSyncCapability::Options(sync)),
            code_action_provider: Some(CodeActionProviderCapability::Options(CodeActionOptions {
                code_action_kinds: Some(vec![
                    CodeActionKind::QUICKFIX,
                    CodeActionKind::new(code_action::GENERATE_KIND),
                ]),
                resolve_provider: Some(true),
                ..CodeActionOptions::default()
            })),
            code_lens_provider: Some(CodeLensOptions { resolve_provider: Some(false) }),
            inlay_hint_provider: Some(OneOf::Left(true)),
            execute_command_provider: Some(ExecuteCommandOptions {
                commands: execute_command::COMMANDS.map(str::to_owned).to_vec(),
                ..ExecuteCommandOptions::default()
            }),
            rename_provider: Some(rename_provider(settings.prepares_renames)),
            hover_provider: Some(HoverProviderCapability::Simple(true)),
            definition_provider: Some(OneOf::Left(true)),
            references_provider: Some(OneOf::Left(true)),
            completion_provider: Some(completion::options()),
            folding_range_provider: Some(FoldingRangeProviderCapability::Simple(true)),
            document_link_provider: Some(DocumentLinkOptions {
                resolve_provider: Some(false),
                work_done_progress_options: WorkDoneProgressOptions::default(),
            }),
            diagnostic_provider: diagnostic::capability(settings.pulls_diagnostics),
            document_symbol_provider: Some(OneOf::Left(true)),
            workspace_symbol_provider: Some(OneOf::Left(true)),
            workspace: Some(WorkspaceServerCapabilities { workspace_folders: Some(folders), file_operations: None }),
            ..ServerCapabilities::default()
        },
        server_info: Some(ServerInfo {
            name: "driftlens".to_owned(),
            version: Some(env!("CARGO_PKG_VERSION").to_owned()),
        }),
    }
}

/// A client that does not know the question beforehand must not be told of it.
fn rename_provider(is_prepared: bool) -> OneOf<bool, RenameOptions> {
    let work_done_progress_options = WorkDoneProgressOptions::default();
    match is_prepared {
        true => OneOf::Right(RenameOptions { prepare_provider: Some(true), work_done_progress_options }),
        false => OneOf::Left(true),
    }
}
