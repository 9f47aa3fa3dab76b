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
    /// Absolute path of the configuration file; of the migrations folder where no file configures it.
    pub config: String,
    /// What the project is called among those of the file.
    pub name: Option<String>,
    pub dialect: Option<String>,
    /// Of the schema files; where there are none, of the migrations.
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
        config: project.source().display().to_string(),
        name: project.name.clone(),
        dialect: project.config.as_ref().map(|config| config.dialect_word.clone()),
        tables: project.tables(),
        migrations: project.history.as_ref().map_or(0, |history| history.folder.migrations.len()),
        pending: project.pending.len(),
        unknown: project.desired.as_ref().map_or(0, |desired| desired.unknown.len()),
        errors: count(Severity::Error),
        warnings: count(Severity::Warning),
        in_sync: project.in_sync(),
    }
}
