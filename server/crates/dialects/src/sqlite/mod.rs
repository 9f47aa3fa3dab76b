//! SQLite.

pub(crate) mod constraints;
pub(crate) mod create_index;
pub(crate) mod create_table;
pub(crate) mod create_view;
pub(crate) mod defaults;
pub(crate) mod expressions;
pub(crate) mod names;
pub(crate) mod script;
pub mod statements;
pub(crate) mod triggers;
pub(crate) mod types;
