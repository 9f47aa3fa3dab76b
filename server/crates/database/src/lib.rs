//! The database itself: where it is, what it holds, what is done to it. The only crate that talks to one.

mod address;
mod apply;
mod catalog;
mod connection;
mod empty;
mod error;
mod examine;
mod filter;
mod ledger;
pub mod local;
mod lock;
mod losses;
mod migrate;
mod migrate_alone;
mod postgres;
mod sqlite;
mod stop;

pub use address::{Address, AddressError};
pub use apply::{ApplyError, Progress, is_one_transaction};
pub use catalog::{Catalog, questions, statistics_of};
pub use connection::{Access, Connection, connect};
pub use error::Error;
pub use examine::{Examination, examine};
pub use filter::{Filter, matches_pattern};
pub use ledger::{Ledger, ledger_tables};
pub use losses::{Loss, Rows};
pub use migrate::{Direction, Failure, MigrateError, MigrateProgress, Migrating, Resume};
pub use postgres::{Making, Settled, Witness};
pub use stop::Stop;
