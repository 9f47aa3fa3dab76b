//! What a database holds, made of what it answered. The answers can be kept, and read again later.

use std::hash::{DefaultHasher, Hash as _, Hasher as _};

use analysis::Statistics;
use schema::{Dialect, Schema};

use crate::{postgres, sqlite};

/// A database as it is at one moment.
#[derive(Clone, Debug, PartialEq)]
pub struct Catalog {
    /// `serial` folded, what belongs to the system left out.
    pub schema: Schema,
    /// Such as `PostgreSQL 15.8` or `SQLite 3.50.2`.
    pub server: String,
    /// What the database said, word for word, of which the schema is made.
    pub answer: String,
}

impl Catalog {
    /// Reads an answer, be it one of today or one that was kept; an error says what of it is not understood.
    pub fn of_answer(dialect: Dialect, server: String, answer: String) -> Result<Catalog, String> {
        let schema = match dialect {
            Dialect::Postgres => postgres::catalog_schema(&answer).map_err(|error| error.to_string())?,
            Dialect::Sqlite => sqlite::catalog_schema(&answer),
        };
        Ok(Catalog { schema, server, answer })
    }
}

/// Estimates of rows, sizes and use, of what [`crate::Connection::statistics`] answered.
pub fn statistics_of(dialect: Dialect, rows: Vec<Vec<Option<String>>>) -> Statistics {
    match dialect {
        Dialect::Postgres => postgres::statistics_of(rows),
        Dialect::Sqlite => sqlite::statistics_of(rows),
    }
}

/// Tells the answers to these questions from those to the questions of another Driftlens.
pub fn questions(dialect: Dialect) -> String {
    let mut hasher = DefaultHasher::new();
    match dialect {
        Dialect::Postgres => (dialects::CATALOG_QUERY, postgres::STATISTICS_QUERY).hash(&mut hasher),
        Dialect::Sqlite => (sqlite::CATALOG_QUERY, sqlite::STATISTICS_QUERY).hash(&mut hasher),
    }
    format!("{:016x}", hasher.finish())
}
