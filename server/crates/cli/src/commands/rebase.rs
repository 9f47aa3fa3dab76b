//! `driftlens rebase`: the migrations of this branch behind those of another.

use analysis::{RebaseOutcome, RebaseRequest, Side, rebase};
use anyhow::bail;
use source::FilePath;
use std::path::Path;
use std::process::ExitCode;
use workspace::{Disk, FolderLock};

use super::inspect::{analyze, the_project};
use crate::git::Repository;
use crate::{GenerateFormat, render};

/// What is asked for, as the flags say it.
pub(crate) struct Wanted<'a> {
    pub(crate) onto: Option<&'a str>,
    pub(crate) path: Option<&'a Path>,
    pub(crate) config: Option<&'a Path>,
    pub(crate) project: Option<&'a str>,
    pub(crate) is_dry_run: bool,
}

pub(crate) fn run(wanted: &Wanted<'_>) -> anyhow::Result<ExitCode> {
    let analysis = analyze(wanted.path, wanted.config)?;
    let project = the_project(&analysis, wanted.project)?;
    let Some(config) = &project.config else {
        let reasons: Vec<&str> = project.diagnostics.iter().map(|found| found.message.as_str()).collect();
        bail!("{}: {}", render::short_path(project.source()), reasons.join("; "));
    };
    let repository = Repository::of(&config.migrations)?;
    let inside = repository.inside(&config.migrations)?;
    let (onto, local) = match (wanted.onto, repository.in_progress()) {
        (Some(onto), _) => (onto, None),
        (None, Some((onto, local))) => (onto, Some(local)),
        (None, None) => bail!(
            "git is not in the middle of a merge or rebase, so it is not known what comes first: name the other branch, as in `driftlens rebase --onto main`"
        ),
    };
    let onto_copy = repository.checkout(onto, Some(&inside))?;
    let local_copy = local.map(|local| repository.checkout(local, Some(&inside))).transpose()?;
    let disk = Disk::new();
    // A journal with conflict markers still tells the format, by where it is.
    let format = project.history.as_ref().map(|it| it.folder.format);
    let Some(format) = format else { bail!("{}: it has no migrations", render::short_path(project.source())) };
    let folder = |copy: Option<&tempfile::TempDir>| match copy {
        Some(copy) => Disk::normalize(&copy.path().join(&inside)),
        None => config.migrations.clone(),
    };
    let read = |folder: &FilePath| history::read(format, config.dialect, folder, &disk);
    let (onto_history, local_history) = (read(&folder(Some(&onto_copy))), read(&folder(local_copy.as_ref())));
    let moment = workspace::moment();
    let request = RebaseRequest {
        config,
        onto: Side { history: &onto_history, files: &disk },
        local: Side { history: &local_history, files: &disk },
        working: &disk,
        moment: &moment,
    };
    match rebase(&request) {
        RebaseOutcome::Nothing => {
            render::note(&format!("nothing to do: no migration of this branch has to come behind those of {onto}"));
            Ok(ExitCode::SUCCESS)
        }
        RebaseOutcome::Refused(findings) => {
            render::generate::refused(&analysis, &findings, GenerateFormat::Text)?;
            Ok(ExitCode::FAILURE)
        }
        RebaseOutcome::Conflicts(conflicts) => {
            eprint!("{}", render::rebase::conflicts(&conflicts, onto));
            Ok(ExitCode::FAILURE)
        }
        RebaseOutcome::Changes { addition, renamed } => {
            if !wanted.is_dry_run {
                FolderLock::take(&config.migrations, || ())?.write(&addition)?;
            }
            render::print(&render::rebase::done(&addition, &renamed, !wanted.is_dry_run, local.is_some()))?;
            Ok(ExitCode::SUCCESS)
        }
    }
}
