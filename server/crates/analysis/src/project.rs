//! One project: what its configuration, schema files and migrations folder say together.

use diff::RenameCandidate;
use history::History;
use languages::Desired;
use languages::drizzle::DrizzleConfig;
use schema::Change;
use source::{Diagnostic, FilePath, Location};
use std::sync::Arc;

/// A change that lacks its migration, at the place in the schema files that causes it.
#[derive(Clone, Debug)]
pub struct Pending {
    pub change: Change,
    pub diagnostic: Diagnostic,
}

/// One configuration file and everything read from it.
pub struct Project {
    pub config_file: FilePath,
    /// None where the configuration cannot be worked with; `diagnostics` says why.
    pub config: Option<DrizzleConfig>,
    pub desired: Option<Arc<Desired>>,
    pub history: Option<Arc<History>>,
    pub pending: Vec<Pending>,
    pub renames: Vec<RenameCandidate>,
    /// Everything found but the pending changes.
    pub diagnostics: Vec<Diagnostic>,
}

impl Project {
    /// Where the project is, for a person: the folder of its configuration.
    pub fn location(&self) -> Location {
        Location::start_of(&self.config_file)
    }
}
