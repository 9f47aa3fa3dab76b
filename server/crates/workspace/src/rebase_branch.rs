//! A project's migrations put behind those of another branch, with git asked for both.

use analysis::{Project, RebaseOutcome, RebaseRequest, Side, rebase};
use anyhow::{Context as _, bail};
use source::FilePath;

use crate::{Disk, Repository, moment};

/// What came of it, and between what.
#[derive(Debug)]
pub struct Rebasing {
    pub outcome: RebaseOutcome,
    /// The revision whose migrations stay.
    pub onto: String,
    /// True in the middle of a merge, rebase or cherry-pick.
    pub is_in_progress: bool,
}

/// Puts the project's own migrations behind those of `onto`; where that is not said, git has to be in the middle of bringing two branches
/// together. Nothing is written.
pub fn rebase_branch(project: &Project, onto: Option<&str>) -> anyhow::Result<Rebasing> {
    let label = project.label();
    let Some(config) = &project.config else {
        let reasons: Vec<&str> = project.diagnostics.iter().map(|found| found.message.as_str()).collect();
        bail!("{label}: {}", reasons.join("; "));
    };
    // A journal with conflict markers still tells the format, by where it is.
    let format = project.history.as_ref().map(|it| it.folder.format);
    let format = format.with_context(|| format!("{label}: it has no migrations"))?;
    let repository = Repository::of(&config.migrations)?;
    let inside = repository.inside(&config.migrations)?;
    let (onto, local) = match (onto, repository.in_progress()) {
        (Some(onto), _) => (onto, None),
        (None, Some((onto, local))) => (onto, Some(local)),
        (None, None) => bail!(
            "git is not in the middle of a merge or rebase, so it is not known what comes first: name the other branch, as in `driftlens rebase --onto main`"
        ),
    };
    let onto_copy = repository.checkout(onto, Some(&inside))?;
    let local_copy = local.map(|local| repository.checkout(local, Some(&inside))).transpose()?;
    let folder = |copy: Option<&tempfile::TempDir>| match copy {
        Some(copy) => Disk::normalize(&copy.path().join(&inside)),
        None => config.migrations.clone(),
    };
    let disk = Disk::new();
    let read = |folder: &FilePath| history::read(format, config.dialect, folder, &disk);
    let (onto_history, local_history) = (read(&folder(Some(&onto_copy))), read(&folder(local_copy.as_ref())));
    let outcome = rebase(&RebaseRequest {
        config,
        onto: Side { history: &onto_history, files: &disk },
        local: Side { history: &local_history, files: &disk },
        working: &disk,
        moment: &moment(),
    });
    Ok(Rebasing { outcome, onto: onto.to_owned(), is_in_progress: local.is_some() })
}
