//! SQL: a schema file is a migration from nothing. A front end for each dialect reads statements, one interpreter applies them.

pub mod statement;
pub mod tokens;

mod apply;
mod postgres;
mod reader;
mod sqlite;
mod state;

pub use apply::apply;
pub use reader::read_schema;
pub use state::{Effect, State};

use schema::Dialect;
use statement::Statement;

/// The statements of a text in their order, with spans into it. Never fails: what cannot be read is `Kind::Unreadable`.
pub fn statements(dialect: Dialect, text: &str) -> Vec<Statement> {
    match dialect {
        Dialect::Postgres => postgres::statements(text),
        Dialect::Sqlite => sqlite::statements(text),
    }
}
