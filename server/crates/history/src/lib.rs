//! The migrations folder: order, integrity, snapshots.

pub mod formats;

use schema::Schema;
use source::{Diagnostic, FilePath, Span};

/// One recorded migration, in the order of the journal.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Migration {
    /// The journal's tag, such as `0003_brave_hulk`.
    pub tag: String,
    pub index: u64,
    /// Milliseconds since 1970: what drizzle's runner orders by.
    pub when: u64,
    /// The `.sql` file, whether it exists or not.
    pub file: FilePath,
    /// Where the journal names it.
    pub journal_span: Span,
    pub has_snapshot: bool,
}

/// What the team has recorded.
#[derive(Clone, Debug)]
pub struct History {
    pub schema: Schema,
    pub migrations: Vec<Migration>,
    pub diagnostics: Vec<Diagnostic>,
    /// The journal, where the format has one and the folder holds it.
    pub journal: Option<FilePath>,
    /// The snapshot that `schema` was read from.
    pub snapshot: Option<FilePath>,
    /// SQL of migrations recorded after that snapshot, lower-cased: a change whose object one of them names may already be made.
    pub not_replayed: Vec<String>,
    /// True where the history cannot be told at all (an unreadable journal or snapshot): nothing is pending then.
    pub unreadable: bool,
}

impl History {
    /// No migrations yet: everything in the schema is pending.
    pub fn empty(dialect: schema::Dialect) -> History {
        History {
            schema: Schema::new(dialect),
            migrations: Vec::new(),
            diagnostics: Vec::new(),
            journal: None,
            snapshot: None,
            not_replayed: Vec::new(),
            unreadable: false,
        }
    }
}
