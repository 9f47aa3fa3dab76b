//! `driftlens rebase`: the migrations of this branch behind those of another.

use analysis::RebaseOutcome;
use std::path::Path;
use std::process::ExitCode;
use workspace::{FolderLock, Rebasing, rebase_branch};

use super::inspect::{analyze, the_project};
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
    let Rebasing { outcome, onto, is_in_progress } = rebase_branch(project, wanted.onto)?;
    match outcome {
        RebaseOutcome::Nothing => {
            render::note(&format!("nothing to do: no migration of this branch has to come behind those of {onto}"));
            Ok(ExitCode::SUCCESS)
        }
        RebaseOutcome::Refused(findings) => {
            render::generate::refused(&analysis, &findings, GenerateFormat::Text)?;
            Ok(ExitCode::FAILURE)
        }
        RebaseOutcome::Conflicts(conflicts) => {
            eprint!("{}", render::rebase::conflicts(&conflicts, &onto));
            Ok(ExitCode::FAILURE)
        }
        RebaseOutcome::Changes { addition, renamed } => {
            if let (false, Some(config)) = (wanted.is_dry_run, &project.config) {
                FolderLock::take(&config.migrations, || ())?.write(&addition)?;
            }
            render::print(&render::rebase::done(&addition, &renamed, !wanted.is_dry_run, is_in_progress))?;
            Ok(ExitCode::SUCCESS)
        }
    }
}
