//! What the tests share: real databases, what they hold as a `schema::Schema`, and how that is compared with a replay.

#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::indexing_slicing,
    clippy::panic,
    clippy::print_stdout,
    reason = "tests say so by failing"
)]

pub mod comparison;
pub mod facts;
pub mod interpreter;
pub mod plan_specs;
pub mod random;
pub mod random_schema_postgres;
pub mod random_schema_sqlite;
pub mod sqldef;
pub mod sqlite;
pub mod sqlite_plans;

#[cfg(unix)]
pub mod postgres;
