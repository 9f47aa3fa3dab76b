//! A PostgreSQL of a project's own: a folder with its data, a port on the loopback interface and a password, run with the programs that
//! are installed.

mod account;
mod error;
mod fetch;
mod holder;
mod programs;
mod server;
mod state;

pub use error::LocalError;
pub use programs::{PROGRAMS_VARIABLE, Programs, packaged_server};
pub use server::{LocalServer, Lock, Standing, Started};
pub use state::write_private;
