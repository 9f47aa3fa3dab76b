//! Configurations besides Drizzle's: our own `driftlens.toml`, and what the files of other tools say of schema files and migrations.

pub mod driftlens_toml;
pub mod keys;

pub mod compose;
pub mod diesel;
pub mod sqlc;
pub mod supabase;

mod by_hand;
mod paths;
mod yaml_leaves;

pub use by_hand::is_written_by_hand;
pub use paths::{joined, sql_files};
