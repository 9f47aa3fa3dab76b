//! What the server answers, one file a message.

pub(crate) mod code_action;
pub(crate) mod code_action_resolve;
pub(crate) mod definition;
pub(crate) mod did_change;
pub(crate) mod did_change_watched_files;
pub(crate) mod did_change_workspace_folders;
pub(crate) mod did_close;
pub(crate) mod did_open;
pub(crate) mod did_save;
pub(crate) mod document_symbol;
pub(crate) mod hover;
pub(crate) mod initialize;
pub(crate) mod initialized;
pub(crate) mod references;
pub(crate) mod status;
pub(crate) mod workspace_symbol;
