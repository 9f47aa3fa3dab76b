//! `driftlens down`: stops the development database of a project.

use anyhow::Context as _;
use database::local::{LocalServer, Standing};
use schema::Dialect;
use std::process::ExitCode;
use workspace::{ComposeDatabase, DevelopmentDatabase};

use super::inspect::{analyze, the_project};
use super::migrate::ask;
use crate::arguments::Selected;
use crate::{PlainFormat, live, render};

/// What is asked for, as the flags say it.
pub(crate) struct Wanted<'a> {
    pub(crate) project: &'a Selected,
    pub(crate) with_volumes: bool,
    pub(crate) is_confirmed: bool,
}

pub(crate) fn run(wanted: &Wanted<'_>) -> anyhow::Result<ExitCode> {
    let analysis = analyze(wanted.project.path.as_deref(), wanted.project.config.as_deref())?;
    let project = the_project(&analysis, wanted.project.project.as_deref())?;
    let label = render::short_path(project.source());
    let about = live::about(project)?;
    if about.dialect == Dialect::Sqlite {
        let file = if wanted.with_volumes { "; its file is yours to remove" } else { "" };
        render::print(&format!("{label}: SQLite has no server to stop{file}\n"))?;
        return Ok(ExitCode::SUCCESS);
    }
    let database = DevelopmentDatabase::of(&about);
    let (compose, server) = (database.remembered_compose(), database.server());
    if compose.is_none() && server.standing() == Standing::Absent {
        render::print(&format!("{label}: nothing to stop: `driftlens up` has brought nothing up here\n"))?;
        return Ok(ExitCode::SUCCESS);
    }
    let down = Down { wanted, label, database };
    let mut code = ExitCode::SUCCESS;
    if let Some((compose, is_ours)) = compose {
        code = if is_ours { down.compose(&compose)? } else { down.others(&compose)? };
    }
    if server.standing() != Standing::Absent && code == ExitCode::SUCCESS {
        code = down.server(&server)?;
    }
    Ok(code)
}

struct Down<'a> {
    wanted: &'a Wanted<'a>,
    label: String,
    database: DevelopmentDatabase,
}

impl Down<'_> {
    /// True where the data of this may go; silence is no.
    fn may_remove(&self, what: &str) -> bool {
        if self.wanted.is_confirmed || ask(&format!("Remove {what}, with everything in it?"), PlainFormat::Text) {
            return true;
        }
        render::note(&format!("nothing was changed; --yes says that {what} may be lost with everything in it"));
        false
    }

    fn compose(&self, compose: &ComposeDatabase) -> anyhow::Result<ExitCode> {
        let (label, service, file) = (&self.label, &compose.service, render::short_path(&compose.file));
        if !self.wanted.with_volumes {
            compose.stop()?;
            self.database.forget_compose();
            render::print(&format!("{label}: `{service}` of {file} is stopped, and its data is kept\n"))?;
            return Ok(ExitCode::SUCCESS);
        }
        let others: Vec<String> = compose.services()?.into_iter().filter(|name| name != service).collect();
        if !others.is_empty() {
            render::note(&format!(
                "nothing was changed: {file} has other services too ({}), whose volumes would go with it: `{}` removes them all",
                others.join(", "),
                compose.words("down --volumes")
            ));
            return Ok(ExitCode::FAILURE);
        }
        if !self.may_remove(&format!("the database `{service}` of {file}")) {
            return Ok(ExitCode::FAILURE);
        }
        compose.remove()?;
        self.database.forget_compose();
        render::print(&format!("{label}: `{service}` of {file} is removed with its volumes\n"))?;
        Ok(ExitCode::SUCCESS)
    }

    /// Who has started it stops it.
    fn others(&self, compose: &ComposeDatabase) -> anyhow::Result<ExitCode> {
        let (file, service) = (render::short_path(&compose.file), &compose.service);
        let words = compose.words(&format!("stop {service}"));
        self.database.forget_compose();
        render::note(&format!(
            "{}: `{service}` of {file} ran before `driftlens up`, so it was left alone: `{words}` stops it",
            self.label
        ));
        Ok(ExitCode::SUCCESS)
    }

    fn server(&self, server: &LocalServer) -> anyhow::Result<ExitCode> {
        let (label, folder) = (&self.label, render::short_path(server.folder()));
        if self.wanted.with_volumes && !self.may_remove(&format!("the database in {folder}")) {
            return Ok(ExitCode::FAILURE);
        }
        let lock = server.lock(|| render::note("another driftlens brings it up or down; waiting for it"))?;
        let ran = server.stop(&lock).with_context(|| label.clone())?;
        let stopped = if ran { "is stopped" } else { "did not run" };
        if !self.wanted.with_volumes {
            render::print(&format!("{label}: the database in {folder} {stopped}, and its data is kept\n"))?;
            return Ok(ExitCode::SUCCESS);
        }
        server.remove(&lock).with_context(|| label.clone())?;
        render::print(&format!("{label}: the database in {folder} {stopped}, and its data is removed\n"))?;
        Ok(ExitCode::SUCCESS)
    }
}
