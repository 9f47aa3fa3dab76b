//! The language server over raw frames: faults of the transport, and the protocol of the real server.

#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::indexing_slicing,
    clippy::panic,
    reason = "test code: clippy's own exception covers only the bodies of tests"
)]

mod code_lens;
mod completion;
mod everyday;
mod faults;
mod generate;
mod generate_all;
mod harness;
mod lifecycle;
#[cfg(unix)]
mod live;
#[cfg(unix)]
mod live_facts;
mod migrations;
#[cfg(unix)]
mod operations;
mod project;
mod pull_diagnostics;
mod quick_fixes;
mod rename;
mod show_sql;
mod watching;
