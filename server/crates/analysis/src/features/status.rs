//! Projects and counts: what a status bar shows.

use serde::Serialize;
use source::Severity;

use crate::Project;

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

pub(crate) fn of(project: &Project) -> ProjectStatus {
    let count = |severity| project.diagnostics.iter().filter(|diagnostic| diagnostic.severity == severity).count();
    ProjectStatus {
        config: project.config_file.display().to_string(),
        dialect: project.config.as_ref().map(|config| config.dialect_word.clone()),
        tables: project.desired.as_ref().map_or(0, |desired| desired.schema.tables.len()),
        migrations: project.history.as_ref().map_or(0, |history| history.folder.migrations.len()),
        pending: project.pending.len(),
        unknown: project.desired.as_ref().map_or(0, |desired| desired.unknown.len()),
        errors: count(Severity::Error),
        warnings: count(Severity::Warning),
        in_sync: project.in_sync(),
    }
}
