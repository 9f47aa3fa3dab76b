//! SQLite.

pub(crate) mod defaults;
pub(crate) mod expressions;
pub(crate) mod names;
pub(crate) mod types;
