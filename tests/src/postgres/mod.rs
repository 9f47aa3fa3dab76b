//! Real PostgreSQL servers: found or installed, started for a test run, and read.

mod check;
mod installed;
mod proxy;
mod server;
mod session;

pub use check::{Compared, Outcome};
pub use database::Settled;
pub use installed::{Installed, installed, newest, of_the_machine};
pub use proxy::{Fault, Proxy};
pub use server::Server;
pub use session::Session;
