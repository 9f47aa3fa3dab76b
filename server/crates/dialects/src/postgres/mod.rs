//! PostgreSQL.

pub(crate) mod defaults;
pub(crate) mod expressions;
pub mod implicit_names;
pub(crate) mod names;
pub(crate) mod serial;
pub(crate) mod types;
