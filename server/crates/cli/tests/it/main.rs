//! The program itself, on real projects and databases. One test binary: it is linked once, and what waits leaves the cores to others.
#![allow(
    clippy::expect_used,
    clippy::indexing_slicing,
    clippy::panic,
    clippy::print_stdout,
    clippy::unwrap_used,
    reason = "tests say so by failing"
)]

mod brought_up;
mod commands;
mod databases;
mod diff;
mod faults;
mod generate;
mod generate_kit_1;
mod generate_postgres;
mod history;
mod init;
mod killed;
mod kit_1_steps;
mod live;
mod migrate;
mod project;
mod pull;
mod push;
mod rebase;
mod safety;
mod up;
mod up_compose;
mod witnesses;
mod workflow;
