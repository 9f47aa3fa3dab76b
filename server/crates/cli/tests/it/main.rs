//! The program itself, on real projects and databases. One test binary: it is linked once, and what waits leaves the cores to others.
#![allow(
    clippy::expect_used,
    clippy::indexing_slicing,
    clippy::panic,
    clippy::print_stdout,
    clippy::unwrap_used,
    reason = "tests say so by failing"
)]

#[cfg(unix)]
mod brought_up;
mod commands;
#[cfg(unix)]
mod databases;
mod diff;
#[cfg(unix)]
mod faults;
mod generate;
#[cfg(unix)]
mod generate_kit_1;
#[cfg(unix)]
mod generate_postgres;
#[cfg(unix)]
mod history;
#[cfg(unix)]
mod init;
#[cfg(unix)]
mod kit_1_steps;
#[cfg(unix)]
mod live;
#[cfg(unix)]
mod migrate;
mod project;
#[cfg(unix)]
mod pull;
#[cfg(unix)]
mod push;
mod rebase;
#[cfg(unix)]
mod safety;
#[cfg(unix)]
mod up;
#[cfg(unix)]
mod up_compose;
#[cfg(unix)]
mod workflow;
