//! Real PostgreSQL servers: found or installed, started for a test run, and read.

mod check;
mod installed;
mod probe;
mod server;
mod session;

pub use check::{Compared, Outcome};
pub use installed::{Installed, installed, newest, of_the_machine};
pub use probe::Settled;
pub use server::Server;
pub use session::Session;
