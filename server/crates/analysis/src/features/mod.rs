//! What can be asked of an analysis, one file each.

pub mod hover;
pub mod status;
pub mod symbols;
