//! What can be asked of an analysis, one file each.

pub(crate) mod code_hover;
pub(crate) mod completion;
pub(crate) mod folding;
pub(crate) mod hover;
pub(crate) mod links;
pub(crate) mod log;
pub(crate) mod migration_hover;
pub(crate) mod migration_symbols;
pub(crate) mod navigation;
pub(crate) mod pending_tables;
pub(crate) mod since;
pub(crate) mod status;
pub(crate) mod symbols;
pub(crate) mod trees;
pub(crate) mod unmanaged;
