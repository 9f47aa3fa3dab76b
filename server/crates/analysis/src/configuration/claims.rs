//! A migrations folder belongs to one project, unless two configurations are meant to name it.

use rustc_hash::FxHashMap;
use source::FilePath;

use super::entry::Origin;
use super::{Configured, DesiredSource};
use languages::configuration::driftlens_toml;

/// The projects that are left where each folder is its best claimant's, and a Drizzle configuration that a `driftlens.toml`
/// names is no project of its own.
pub(crate) fn unclaimed(projects: Vec<Configured>) -> Vec<Configured> {
    let is_ours =
        |project: &Configured| project.id.source.file_name().is_some_and(|name| name == driftlens_toml::FILE_NAME);
    let named_by_us: Vec<FilePath> = projects
        .iter()
        .filter(|project| is_ours(project))
        .filter_map(|project| match &project.config.as_ref()?.desired {
            DesiredSource::Drizzle(config) => Some(config.file.clone()),
            _ => None,
        })
        .collect();
    // By origin, then in the order in which they were found.
    let mut best: FxHashMap<FilePath, (Origin, usize)> = FxHashMap::default();
    for (position, project) in projects.iter().enumerate() {
        if let Some(config) = &project.config {
            let claim = (project.origin, position);
            let known = best.entry(config.migrations.clone()).or_insert(claim);
            *known = (*known).min(claim);
        }
    }
    let is_kept = |position: usize, project: &Configured| {
        if project.origin == Origin::Declared {
            return is_ours(project) || !named_by_us.contains(&project.id.source);
        }
        let claimed = project.config.as_ref().and_then(|config| best.get(&config.migrations));
        claimed.is_none_or(|(_, winner)| *winner == position)
    };
    let kept = projects.into_iter().enumerate().filter(|(position, project)| is_kept(*position, project));
    kept.map(|(_, project)| project).collect()
}
