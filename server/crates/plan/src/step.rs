//! One step of a plan: a statement and the facts about it.

use schema::{Name, ObjectPath};
use serde::Serialize;

/// One statement.
#[derive(Clone, Debug, PartialEq)]
pub struct Step {
    /// What the step is about.
    pub object: ObjectPath,
    /// The stable word for what it does, such as `add_column`.
    pub kind: &'static str,
    /// As drizzle-kit words and formats it, its semicolon included, without a line end behind it.
    pub sql: String,
    /// The strongest lock on each existing table that it touches: its own and referenced ones.
    pub locks: Vec<Lock>,
    pub hazards: Vec<Hazard>,
}

impl Step {
    /// False for what the database refuses to run in one.
    pub fn runs_in_transaction(&self) -> bool {
        !self.hazards.iter().any(|hazard| matches!(hazard, Hazard::NotInTransaction(_)))
    }
}

/// A lock on a table that was there before.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Lock {
    pub table: Name,
    pub mode: LockMode,
}

/// PostgreSQL's table locks that DDL takes, the weakest first.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum LockMode {
    AccessShare,
    RowShare,
    RowExclusive,
    ShareUpdateExclusive,
    Share,
    ShareRowExclusive,
    Exclusive,
    AccessExclusive,
}

/// What a step does beside its change.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Hazard {
    /// Writes all rows of the table anew.
    Rewrites(Name),
    /// Reads all rows of the table.
    Scans(Name),
    /// Builds an index of the table, or several.
    BuildsIndex(Name),
    /// What is gone for good, as a sentence.
    LosesData(String),
    /// Fails where the rows do not allow it, as a sentence.
    MayFail(String),
    /// Cannot run inside a transaction, or not together with what uses it.
    NotInTransaction(String),
}
