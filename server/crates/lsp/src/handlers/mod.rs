//! What the server answers, one file a message.

pub(crate) mod code_action;
pub(crate) mod code_action_resolve;
pub(crate) mod code_lens;
pub(crate) mod completion;
pub(crate) mod definition;
pub(crate) mod diagnostic;
pub(crate) mod did_change;
pub(crate) mod did_change_configuration;
pub(crate) mod did_change_watched_files;
pub(crate) mod did_change_workspace_folders;
pub(crate) mod did_close;
pub(crate) mod did_open;
pub(crate) mod did_save;
pub(crate) mod document_link;
pub(crate) mod document_symbol;
pub(crate) mod execute_command;
pub(crate) mod folding_range;
pub(crate) mod hover;
pub(crate) mod initialize;
pub(crate) mod initialized;
pub(crate) mod inlay_hint;
mod operation_actions;
pub(crate) mod prepare_rename;
pub(crate) mod preview_text;
mod quick_fixes;
pub(crate) mod references;
pub(crate) mod rename;
pub(crate) mod shutdown;
pub(crate) mod status;
pub(crate) mod trees;
pub(crate) mod workspace_symbol;

use tower_lsp::jsonrpc::{Error, ErrorCode};

/// A request that is understood and not done, with the reason: LSP's `RequestFailed`.
pub(crate) fn refused(message: &str) -> Error {
    Error { code: ErrorCode::ServerError(-32803), message: message.to_owned().into(), data: None }
}
