//! The commands, one file each.

pub(crate) mod check;
pub(crate) mod demo;
mod demo_client;
pub(crate) mod explain;
pub(crate) mod inspect;
mod inspect_unmanaged;
pub(crate) mod log;
pub(crate) mod lsp;
