//! PostgreSQL.

pub(crate) mod arguments;
pub(crate) mod catalog;
pub(crate) mod comments;
pub(crate) mod constraints;
pub(crate) mod create_index;
pub(crate) mod create_table;
pub(crate) mod create_types;
pub(crate) mod create_view;
pub(crate) mod defaults;
pub(crate) mod expressions;
pub(crate) mod grants;
pub mod implicit_names;
pub(crate) mod making_order;
pub(crate) mod names;
pub(crate) mod objects;
pub(crate) mod policies;
pub(crate) mod routines;
pub(crate) mod script;
pub(crate) mod sequences;
pub(crate) mod serial;
pub(crate) mod spelled_out;
pub mod statements;
pub(crate) mod triggers;
pub(crate) mod types;
