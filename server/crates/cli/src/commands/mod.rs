//! The commands, one file each.

mod ask_rename;
pub(crate) mod check;
pub(crate) mod demo;
mod demo_client;
pub(crate) mod diff;
pub(crate) mod doctor;
pub(crate) mod down;
mod down_volumes;
pub(crate) mod explain;
pub(crate) mod generate;
pub(crate) mod history;
pub(crate) mod init;
pub(crate) mod inspect;
mod inspect_unmanaged;
pub(crate) mod log;
pub(crate) mod lsp;
pub(crate) mod migrate;
pub(crate) mod pull;
pub(crate) mod push;
mod push_safe;
pub(crate) mod rebase;
pub(crate) mod reset;
pub(crate) mod rollback;
pub(crate) mod status;
pub(crate) mod up;
