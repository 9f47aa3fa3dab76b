//! `driftlens rollback`: takes migrations back that are applied.

use analysis::{NoWayBack, Project, WayBack, way_back};
use anyhow::bail;
use database::{Connection, Direction, Failure, MigrateError, Migrating};
use history::{History, Obstacle, Script};
use std::process::ExitCode;
use workspace::{Disk, Environment, EnvironmentKind, look_at_ledger, script_losses, witness_applied};

use super::inspect::{analyze, the_project};
use super::migrate::{ask, folder_of, journal, lock, open, run_scripts};
use super::push::is_terminal;
use crate::arguments::Selected;
use crate::live::{self, Where};
use crate::render::migrate::{self as say, Ended};
use crate::{COULD_NOT_RUN, PlainFormat, render};

/// What is asked for, as the flags say it.
pub(crate) struct Wanted<'a> {
    pub(crate) project: &'a Selected,
    pub(crate) database: Where,
    pub(crate) to: Option<&'a str>,
    pub(crate) steps: usize,
    pub(crate) is_dry_run: bool,
    pub(crate) is_confirmed: bool,
    /// The name of a production environment, as somebody gave it.
    pub(crate) confirmed_name: Option<&'a str>,
    pub(crate) format: PlainFormat,
}

pub(crate) fn run(wanted: &Wanted<'_>) -> anyhow::Result<ExitCode> {
    let analysis = analyze(wanted.project.path.as_deref(), wanted.project.config.as_deref())?;
    let project = the_project(&analysis, wanted.project.project.as_deref())?;
    let history = folder_of(project)?;
    let environment = live::environment_of(project, &wanted.database)?;
    live::wait(async {
        let mut connection = open(&environment, wanted.is_dry_run).await?;
        let done = take_back(wanted, project, history, &environment, &mut connection).await;
        connection.close().await;
        done
    })?
}

async fn take_back(
    wanted: &Wanted<'_>,
    project: &Project,
    history: &History,
    environment: &Environment,
    connection: &mut Connection,
) -> anyhow::Result<ExitCode> {
    let report = say::Report { command: "rollback", environment, history, format: wanted.format };
    if !wanted.is_dry_run && !lock(connection, wanted.format).await? {
        report.ended(Ended::Busy, &[], &[])?;
        return Ok(ExitCode::FAILURE);
    }
    let look = look_at_ledger(connection, history, environment).await?;
    if look.ledger.refusal().is_some() {
        bail!("run `flyway undo`: what Flyway keeps of its migrations is not written here");
    }
    let positions = match look.state.to_take_back(history, wanted.to, wanted.steps) {
        Ok(positions) => positions,
        Err(obstacle) => {
            report.obstacle(&obstacle)?;
            let is_wrong_name = matches!(obstacle, Obstacle::NoMigration(_));
            return Ok(if is_wrong_name { ExitCode::from(COULD_NOT_RUN) } else { ExitCode::FAILURE });
        }
    };
    let mut ways: Vec<WayBack> = Vec::new();
    for position in positions {
        match way_back(history, position, &Disk::new()) {
            Ok(way) => ways.push(way),
            Err(NoWayBack::Script(no)) => {
                say::no_script(&no);
                return Ok(ExitCode::FAILURE);
            }
            Err(NoWayBack::Unknown(why)) => {
                render::note(&format!("nothing was changed: {why}"));
                return Ok(ExitCode::FAILURE);
            }
        }
    }
    let scripts: Vec<Script> =
        ways.iter().map(|way| Script { loses: way.loses.clone(), ..way.script.clone() }).collect();
    if scripts.is_empty() {
        report.ended(Ended::Nothing, &[], &[])?;
        return Ok(ExitCode::SUCCESS);
    }
    let lost = script_losses(connection, &scripts).await?;
    if wanted.format == PlainFormat::Text {
        say::ways_back(&ways);
    }
    if wanted.is_dry_run {
        report.ended(Ended::DryRun, &scripts, &lost)?;
        return Ok(ExitCode::SUCCESS);
    }
    report.losses(&lost);
    let place = render::push::place(environment);
    let is_permitted = match environment.kind {
        EnvironmentKind::Production => is_named(wanted, environment),
        EnvironmentKind::Development | EnvironmentKind::Shared => {
            lost.is_empty()
                || wanted.is_confirmed
                || ask(&format!("Take this back on {place}, and lose what is named above?"), wanted.format)
        }
    };
    if !is_permitted {
        if environment.kind == EnvironmentKind::Production && wanted.format == PlainFormat::Text {
            let name = &environment.name;
            render::note(&format!(
                "{place}: nothing was changed: it is production; --confirm {name} says that you mean it"
            ));
        } else {
            report.ended(Ended::Stopped, &scripts, &lost)?;
        }
        return Ok(ExitCode::FAILURE);
    }
    let rows = look.rows.unwrap_or_default();
    let it = Migrating {
        ledger: &look.ledger,
        scripts: &scripts,
        direction: Direction::TakeBack,
        rows: &rows,
        unnamed: &look.state.unnamed,
        is_single: false,
        resume: None,
    };
    let journal = journal("rollback", project, environment, connection, wanted.format).await?;
    match run_scripts(connection, it, &report, &journal).await {
        Ok(()) => {
            witness_applied(connection, project, environment).await;
            report.ended(Ended::TakenBack(scripts.len()), &[], &[])?;
            Ok(ExitCode::SUCCESS)
        }
        Err(MigrateError { failure: Failure::Changed, n_done, .. }) => {
            let taken = render::counted(n_done, "migration");
            render::note(&format!(
                "{place}: {taken} taken back; another process migrates the same file: try again when it is done"
            ));
            Ok(ExitCode::FAILURE)
        }
        Err(failed) => {
            report.failed(&scripts, &failed, 0)?;
            Ok(ExitCode::FAILURE)
        }
    }
}

/// True where somebody gave the name of the production environment, as a flag or when asked for it.
fn is_named(wanted: &Wanted<'_>, environment: &Environment) -> bool {
    if let Some(name) = wanted.confirmed_name {
        return name == environment.name;
    }
    if wanted.format != PlainFormat::Text || !is_terminal() {
        return false;
    }
    let prompt = format!("This is production. Type the name of the environment ({}) to go on", environment.name);
    let typed = dialoguer::Input::<String>::new().with_prompt(prompt).allow_empty(true).interact_text();
    typed.is_ok_and(|typed| typed.trim() == environment.name)
}
