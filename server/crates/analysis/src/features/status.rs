//! Projects and counts: what a status bar shows.

use serde::Serialize;

#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Status {
    pub projects: Vec<ProjectStatus>,
}

/// One project in numbers.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct ProjectStatus {
    /// Absolute path of the configuration file.
    pub config: String,
    pub dialect: Option<String>,
    pub tables: usize,
    pub migrations: usize,
    pub pending: usize,
    pub unknown: usize,
    pub errors: usize,
    pub warnings: usize,
    pub in_sync: bool,
}
