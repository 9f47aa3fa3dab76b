//! The third picture: what a database holds, beside what the code says and what the migrations record.

mod above_tables;
mod beside_columns;
mod comparable;
mod findings;
mod hover;
mod in_history;
mod standing;
mod statistics;

pub use above_tables::{LiveTable, live_tables};
pub use beside_columns::{LiveHint, live_hints};
pub use comparable::comparable;
pub use findings::LiveFindings;
pub use hover::live_block;
pub use in_history::NameInHistory;
pub use standing::{applied_schema, differing};
pub use statistics::{ColumnStatistics, IndexStatistics, Statistics, TableStatistics};

use std::sync::Arc;

use schema::{ObjectPath, Schema};

/// What was read of a database.
#[derive(Clone, Debug)]
pub struct LivePicture {
    /// Such as `PostgreSQL 15.8`.
    pub server: String,
    /// What the project is about of it.
    pub schema: Arc<Schema>,
    pub statistics: Arc<Statistics>,
}

/// How it stands with a project's database at the moment of a question. Ages and waits are in seconds.
#[derive(Clone, Debug)]
pub enum LiveState {
    /// It is not looked at, for this reason.
    Off(String),
    /// It is being read for the first time.
    Connecting {
        environment: String,
        /// What it held when it was read some time before.
        last: Option<(LivePicture, u64)>,
    },
    Connected {
        environment: String,
        picture: LivePicture,
        /// What the database spells otherwise than the schema files or the migrations, and could not be proved to mean the same.
        unproved: Vec<ObjectPath>,
        age: u64,
    },
    Unreachable {
        environment: String,
        reason: String,
        next_try: u64,
        last: Option<(LivePicture, u64)>,
    },
}
