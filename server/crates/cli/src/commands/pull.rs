//! `driftlens pull`: what the database holds, as a Drizzle schema file.

use analysis::{DesiredSource, Project, Pulled, pull, release_of, schema_file};
use anyhow::{Context as _, anyhow, bail};
use source::FilePath;
use std::path::Path;
use std::process::ExitCode;
use workspace::{Disk, replace_file};

use super::inspect::{analyze, the_project};
use super::push::is_terminal;
use crate::arguments::Selected;
use crate::live::{self, Where};
use crate::render;

/// What is asked for, as the flags say it.
pub(crate) struct Wanted<'a> {
    pub(crate) project: &'a Selected,
    pub(crate) database: Where,
    pub(crate) out: Option<&'a Path>,
    pub(crate) is_forced: bool,
    pub(crate) is_dry_run: bool,
}

pub(crate) fn run(wanted: &Wanted<'_>) -> anyhow::Result<ExitCode> {
    let analysis = analyze(wanted.project.path.as_deref(), wanted.project.config.as_deref())?;
    let project = the_project(&analysis, wanted.project.project.as_deref())?;
    let environment = live::environment_of(project, &wanted.database)?;
    let file = if wanted.is_dry_run { None } else { Some(file(project, wanted)?) };
    // Before anybody connects: what is there is not replaced without a word.
    if let Some(file) = file.as_ref().filter(|file| file.exists() && !wanted.is_forced && !is_terminal()) {
        bail!(
            "{} is there already, and nothing was written; --force replaces it, --out names another file",
            file.display()
        );
    }
    let catalog = live::whole_catalog(project, &environment)?;
    let dialect = catalog.schema.dialect;
    if let Some(config) = project.config.as_ref().filter(|it| matches!(it.desired, DesiredSource::Drizzle(_)))
        && config.dialect != dialect
    {
        let label = render::short_path(project.source());
        bail!("{label} is of {}, and {} of {}", config.dialect.as_str(), environment.address, dialect.as_str());
    }
    let pulled = pull(&catalog.schema, release_of(project));
    match &file {
        None => render::print(&pulled.text)?,
        Some(file) => {
            if file.exists() && !wanted.is_forced && !may_replace(file)? {
                render::note("nothing was written");
                return Ok(ExitCode::FAILURE);
            }
            replace_file(file, Some(&pulled.text))?;
        }
    }
    say(&pulled);
    if catalog.schema.opaque.values().any(|object| object.definition.is_some()) {
        render::note(
            "`driftlens inspect live --format sql` prints functions, procedures and triggers in full, for a migration of your own",
        );
    }
    if let Some(file) = &file {
        let tables = render::counted(catalog.schema.tables.len(), "table");
        render::print(&format!(
            "{}: {tables} of {} ({})\n",
            render::short_path(file),
            environment.address,
            catalog.server
        ))?;
    }
    Ok(if pulled.differs.is_empty() { ExitCode::SUCCESS } else { ExitCode::FAILURE })
}

fn file(project: &Project, wanted: &Wanted<'_>) -> anyhow::Result<FilePath> {
    match wanted.out {
        Some(out) if out.is_dir() => bail!("{} is a folder; --out names a file", out.display()),
        Some(out) => {
            let file = Disk::normalize(out);
            if let Some(folder) = file.parent().filter(|folder| !folder.is_dir()) {
                bail!("{} cannot be written: there is no folder {}", out.display(), folder.display());
            }
            Ok(file)
        }
        None => {
            let found = schema_file(project).map_err(|sentence| anyhow!(sentence));
            Ok(Disk::normalize(&found.with_context(|| render::short_path(project.source()))?))
        }
    }
}

fn may_replace(file: &FilePath) -> anyhow::Result<bool> {
    let question = format!("Replace {}?", file.display());
    let answer = dialoguer::Confirm::new().with_prompt(question).default(false).interact_opt();
    Ok(matches!(answer, Ok(Some(true))))
}

/// What is not in the file, and what in it means something else.
fn say(pulled: &Pulled) {
    for left_out in &pulled.left_out {
        render::note(&format!("{}: {}", left_out.object.short(), left_out.what));
    }
    for (object, step) in &pulled.differs {
        let step = step.lines().next().unwrap_or_default();
        render::note(&format!(
            "{}: the file does not say exactly this; a push would begin with `{step}`",
            object.short()
        ));
    }
}
