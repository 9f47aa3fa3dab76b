//! Behaviour across crates, in one binary.

#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::indexing_slicing,
    clippy::panic,
    clippy::print_stdout,
    reason = "tests say so by failing"
)]

mod bad_input;
mod conformance;
mod hostile_sql;
mod layers;
mod live_truth;
mod oracle;
#[cfg(unix)]
mod plan_postgres;
mod plan_sqlite;
mod prefixes;
mod print_drizzle;
mod recorded_history;
#[cfg(unix)]
mod replay_postgres;
mod replay_sqlite;
mod specs;
mod sql_text;
#[cfg(unix)]
mod sql_text_live;
