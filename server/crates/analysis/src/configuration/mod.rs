//! What a project is read from, whichever file says so: the desired schema, the migrations folder, its format and its database.

mod claims;
mod detected;
mod detector;
mod driftlens;
mod entry;
mod resolve;
#[cfg(test)]
mod tests;

pub(crate) use claims::unclaimed;
pub(crate) use detector::Detector;
pub(crate) use entry::entries;
pub(crate) use resolve::{Configured, resolve};

use history::Format;
use languages::drizzle::DrizzleConfig;
use schema::Dialect;
use source::{FilePath, Location};

/// Which project: a configuration file may hold several.
#[derive(Clone, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct ProjectId {
    /// The configuration file; the migrations folder itself where no file configures it.
    pub source: FilePath,
    /// The position in a file with several projects.
    pub index: usize,
}

/// A configuration that can be worked with.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ProjectConfig {
    pub dialect: Dialect,
    /// The dialect as the configuration spells it (`postgresql`, `sqlite`, `turso`).
    pub dialect_word: String,
    pub desired: DesiredSource,
    pub migrations: FilePath,
    pub format: Format,
    /// Where a finding is shown that no place in a schema file causes.
    pub schema_location: Location,
}

/// Where it stands what the schema should be.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum DesiredSource {
    Drizzle(DrizzleConfig),
    /// SQL files in the order in which they are run. `is_whole` is false where a path names nothing: what is then missing in
    /// the schema may stand there.
    Sql {
        files: Vec<FilePath>,
        is_whole: bool,
    },
    /// Nowhere: the migrations themselves are checked, and nothing can be pending.
    None,
}
