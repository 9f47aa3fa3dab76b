//! What can be asked of an analysis, one file each.

pub(crate) mod hover;
pub(crate) mod navigation;
pub(crate) mod status;
pub(crate) mod symbols;
