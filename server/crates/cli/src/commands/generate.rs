//! `driftlens generate`: the migration that makes the pending changes.

use analysis::{
    Analysis, GenerateRequest, Generated, Host, Project, RenameAnswers, generate, migrations_without_snapshot, repair,
};
use anyhow::bail;
use history::formats;
use std::io::{IsTerminal as _, stderr, stdin};
use std::path::{Path, PathBuf};
use std::process::ExitCode;
use workspace::{Disk, FolderLock, replace_file};

use super::ask_rename::ask;
use super::inspect::the_project;
use crate::render;
use crate::{GenerateFormat, UNANSWERED, target};

/// What is asked for, as the flags say it.
pub(crate) struct Wanted<'a> {
    pub(crate) path: Option<&'a Path>,
    pub(crate) config: Option<&'a Path>,
    pub(crate) project: Option<&'a str>,
    pub(crate) name: Option<&'a str>,
    pub(crate) is_custom: bool,
    pub(crate) is_dry_run: bool,
    pub(crate) with_down: bool,
    pub(crate) with_repair: bool,
    pub(crate) format: GenerateFormat,
    pub(crate) answers: RenameAnswers,
}

pub(crate) fn run(wanted: Wanted<'_>) -> anyhow::Result<ExitCode> {
    let mut answers = wanted.answers.clone();
    let wanted = &wanted;
    let mut lock: Option<FolderLock> = None;
    let mut is_repair_open = true;
    loop {
        let analysis = analyze(wanted)?;
        let project = the_project(&analysis, wanted.project)?;
        if std::mem::take(&mut is_repair_open) && is_to_be_repaired(project, wanted)? {
            match write_snapshots(&analysis, project, wanted)? {
                Repaired::Written => continue,
                Repaired::Not => return Ok(ExitCode::FAILURE),
                Repaired::Shown => {}
            }
        }
        let moment = workspace::moment();
        let request = GenerateRequest {
            name: wanted.name,
            is_custom: wanted.is_custom,
            with_down: wanted.with_down,
            answers: &answers,
            moment: &moment,
        };
        match generate(project, &request, &Disk::new()) {
            Generated::Questions(open) => {
                let is_asked = wanted.format == GenerateFormat::Text && stdin().is_terminal() && stderr().is_terminal();
                // Nobody waits for a person's answer.
                lock = None;
                if !is_asked {
                    render::generate::questions(&open, wanted.format)?;
                    return Ok(ExitCode::from(UNANSWERED));
                }
                if !ask(&open, &mut answers)? {
                    render::note("nothing was written");
                    return Ok(ExitCode::from(UNANSWERED));
                }
            }
            Generated::Nothing => {
                render::generate::nothing(project, wanted.format)?;
                return Ok(ExitCode::SUCCESS);
            }
            Generated::Refused(findings) => {
                render::generate::refused(&analysis, &findings, wanted.format)?;
                return Ok(ExitCode::FAILURE);
            }
            Generated::Impossible(sentence) => bail!("{}: {sentence}", render::short_path(project.source())),
            Generated::Migration(migration) if wanted.is_dry_run => {
                render::generate::migration(&migration, false, wanted.format)?;
                return Ok(ExitCode::SUCCESS);
            }
            Generated::Migration(migration) => {
                if lock.is_none() {
                    lock = Some(take_lock(project)?);
                    // Another process may have written a migration before the folder was ours.
                    if !is_current(project) {
                        continue;
                    }
                }
                if let Some(lock) = &lock {
                    lock.write(&migration.addition)?;
                }
                if let Some(answers) = &migration.answers {
                    replace_file(&answers.path, answers.text.as_deref())?;
                }
                render::generate::migration(&migration, true, wanted.format)?;
                return Ok(ExitCode::SUCCESS);
            }
        }
    }
}

/// What became of the missing snapshots.
enum Repaired {
    Written,
    /// With `--dry-run`.
    Shown,
    /// Something is in the way.
    Not,
}

/// Whether missing snapshots are made first: as the flag says, else as a person does.
fn is_to_be_repaired(project: &Project, wanted: &Wanted<'_>) -> anyhow::Result<bool> {
    let n_missing = migrations_without_snapshot(project);
    if n_missing == 0 || wanted.with_repair {
        return Ok(n_missing > 0);
    }
    let without = format!("{} without a snapshot", render::counted(n_missing, "migration"));
    if wanted.format == GenerateFormat::Text && !wanted.is_dry_run && stdin().is_terminal() && stderr().is_terminal() {
        let question =
            format!("{without}: drizzle-kit would repeat what their SQL did. Make the snapshots from the SQL first?");
        return Ok(dialoguer::Confirm::new().with_prompt(question).default(false).interact_opt()?.unwrap_or(false));
    }
    render::note(&format!(
        "{without}: drizzle-kit would repeat what their SQL did; --repair makes the snapshots from the SQL"
    ));
    Ok(false)
}

fn write_snapshots(analysis: &Analysis, project: &Project, wanted: &Wanted<'_>) -> anyhow::Result<Repaired> {
    let lock = if wanted.is_dry_run { None } else { Some(take_lock(project)?) };
    let addition = match repair(project, &mut || workspace::moment().id, &Disk::new()) {
        Ok(Some(addition)) => addition,
        Ok(None) => return Ok(Repaired::Shown),
        Err(findings) => {
            render::generate::refused(analysis, &findings, wanted.format)?;
            return Ok(Repaired::Not);
        }
    };
    let Some(lock) = lock else {
        render::generate::files("would write", &addition);
        return Ok(Repaired::Shown);
    };
    if is_current(project) {
        lock.write(&addition)?;
        render::generate::files("wrote", &addition);
    }
    Ok(Repaired::Written)
}

fn analyze(wanted: &Wanted<'_>) -> anyhow::Result<Analysis> {
    let paths: Vec<PathBuf> = wanted.path.map(Path::to_path_buf).into_iter().collect();
    let target = target::find(&paths, wanted.config)?;
    // Dropping the host would take a tenth of the time.
    let mut host = std::mem::ManuallyDrop::new(Host::new());
    let analysis = host.analyze(&target.sources, &Disk::new().trusting_changes());
    target::must_hold_projects(&target, &analysis)?;
    Ok(analysis)
}

fn take_lock(project: &Project) -> anyhow::Result<FolderLock> {
    let Some(config) = &project.config else {
        let reasons: Vec<&str> = project.diagnostics.iter().map(|found| found.message.as_str()).collect();
        bail!("{}: {}", project.source().display(), reasons.join("; "));
    };
    let waiting =
        || render::note(&format!("{}: another driftlens writes there; waiting for it", config.migrations.display()));
    Ok(FolderLock::take(&config.migrations, waiting)?)
}

/// True where the folder lists the migrations that the analysis saw.
fn is_current(project: &Project) -> bool {
    let Some(history) = &project.history else { return true };
    let folder = &history.folder;
    formats::read(folder.format, folder.dialect, &folder.path, &Disk::new()).migrations == folder.migrations
}
