//! `driftlens down`: stops the development database of a project.

use anyhow::Context as _;
use database::local::{LocalServer, Standing};
use schema::Dialect;
use std::process::ExitCode;
use workspace::{ComposeDatabase, DevelopmentDatabase};

use super::down_volumes::{Removal, tell};
use super::inspect::{analyze, the_project};
use super::migrate::ask;
use super::push::is_terminal;
use crate::arguments::Selected;
use crate::{PlainFormat, live, render};

/// What is asked for, as the flags say it.
pub(crate) struct Wanted<'a> {
    pub(crate) project: &'a Selected,
    pub(crate) with_volumes: bool,
    pub(crate) is_dry_run: bool,
    pub(crate) is_confirmed: bool,
    /// Of what a dry run tells.
    pub(crate) format: PlainFormat,
}

pub(crate) fn run(wanted: &Wanted<'_>) -> anyhow::Result<ExitCode> {
    let analysis = analyze(wanted.project.path.as_deref(), wanted.project.config.as_deref())?;
    let project = the_project(&analysis, wanted.project.project.as_deref())?;
    let label = render::short_path(project.source());
    let about = live::about(project)?;
    if about.dialect == Dialect::Sqlite {
        let file = if wanted.with_volumes { "; its file is yours to remove" } else { "" };
        return nothing(wanted, &label, &format!("SQLite has no server to stop{file}"));
    }
    let database = DevelopmentDatabase::of(&about);
    let (compose, server) = (database.remembered_compose(), database.server());
    if compose.is_none() && server.standing() == Standing::Absent {
        return nothing(wanted, &label, "nothing to stop: `driftlens up` has brought nothing up here");
    }
    let down = Down { wanted, label, database };
    if wanted.is_dry_run {
        return down.told(compose, &server);
    }
    let mut code = ExitCode::SUCCESS;
    if let Some((compose, is_ours)) = compose {
        code = if is_ours { down.compose(&compose)? } else { down.others(&compose)? };
    }
    if server.standing() != Standing::Absent && code == ExitCode::SUCCESS {
        code = down.server(&server)?;
    }
    Ok(code)
}

fn nothing(wanted: &Wanted<'_>, label: &str, reason: &str) -> anyhow::Result<ExitCode> {
    if wanted.is_dry_run {
        tell(label, &[], Some(reason), wanted.format)?;
    } else {
        render::print(&format!("{label}: {reason}\n"))?;
    }
    Ok(ExitCode::SUCCESS)
}

struct Down<'a> {
    wanted: &'a Wanted<'a>,
    label: String,
    database: DevelopmentDatabase,
}

impl Down<'_> {
    /// Says what would be removed, in the order and with the refusals of what is done.
    fn told(&self, compose: Option<(ComposeDatabase, bool)>, server: &LocalServer) -> anyhow::Result<ExitCode> {
        let (mut removals, mut reason, mut goes_on) = (Vec::new(), None, true);
        match compose {
            Some((compose, true)) => match others_in_the_file(&compose)? {
                Some(why) => (reason, goes_on) = (Some(why), false),
                None => removals.push(Removal::of_compose(&compose)),
            },
            Some((compose, false)) => reason = Some(not_ours(&compose, "is")),
            None => {}
        }
        if server.standing() != Standing::Absent && goes_on {
            removals.push(Removal::of_server(server));
        }
        tell(&self.label, &removals, reason.as_deref(), self.wanted.format)?;
        Ok(ExitCode::SUCCESS)
    }

    /// True where the data of this may go; silence is no.
    fn may_remove(&self, removal: &Removal) -> anyhow::Result<bool> {
        if self.wanted.is_confirmed {
            return Ok(true);
        }
        if is_terminal() {
            render::note("Lost for good:");
            removal.lost()?.iter().for_each(|line| eprintln!("  {line}"));
        }
        if ask(&removal.question(), PlainFormat::Text) {
            return Ok(true);
        }
        let what = &removal.what;
        render::note(&format!("nothing was changed; --yes says that {what} may be lost with everything in it"));
        Ok(false)
    }

    fn compose(&self, compose: &ComposeDatabase) -> anyhow::Result<ExitCode> {
        let (label, service, file) = (&self.label, &compose.service, render::short_path(&compose.file));
        if !self.wanted.with_volumes {
            compose.stop()?;
            self.database.forget_compose();
            render::print(&format!("{label}: `{service}` of {file} is stopped, and its data is kept\n"))?;
            return Ok(ExitCode::SUCCESS);
        }
        if let Some(why) = others_in_the_file(compose)? {
            render::note(&format!("nothing was changed: {why}"));
            return Ok(ExitCode::FAILURE);
        }
        if !self.may_remove(&Removal::of_compose(compose))? {
            return Ok(ExitCode::FAILURE);
        }
        compose.remove()?;
        self.database.forget_compose();
        render::print(&format!("{label}: `{service}` of {file} is removed with its volumes\n"))?;
        Ok(ExitCode::SUCCESS)
    }

    /// Who has started it stops it.
    fn others(&self, compose: &ComposeDatabase) -> anyhow::Result<ExitCode> {
        self.database.forget_compose();
        render::note(&format!("{}: {}", self.label, not_ours(compose, "was")));
        Ok(ExitCode::SUCCESS)
    }

    fn server(&self, server: &LocalServer) -> anyhow::Result<ExitCode> {
        let (label, folder) = (&self.label, render::short_path(server.folder()));
        if self.wanted.with_volumes && !self.may_remove(&Removal::of_server(server))? {
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

fn not_ours(compose: &ComposeDatabase, verb: &str) -> String {
    let (file, service) = (render::short_path(&compose.file), &compose.service);
    let words = compose.words(&format!("stop {service}"));
    format!("`{service}` of {file} ran before `driftlens up`, so it {verb} left alone: `{words}` stops it")
}

/// Why the service cannot go with its volumes; None where it is alone in its file.
fn others_in_the_file(compose: &ComposeDatabase) -> anyhow::Result<Option<String>> {
    let others: Vec<String> = compose.services()?.into_iter().filter(|name| *name != compose.service).collect();
    Ok((!others.is_empty()).then(|| {
        format!(
            "{} has other services too ({}), whose volumes would go with it: `{}` removes them all",
            render::short_path(&compose.file),
            others.join(", "),
            compose.words("down --volumes")
        )
    }))
}
