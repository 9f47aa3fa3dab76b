//! `driftlens reset`: a development database set up anew.

use analysis::{Answer, DevelopmentCommand, Permission, Project, permission};
use anyhow::{Context as _, bail};
use database::{Access, Connection, Direction, Migrating, Rows, connect};
use history::Script;
use schema::{ObjectKind, ObjectPath, Schema};
use std::process::{Command, ExitCode};
use std::time::Instant;
use workspace::{
    Environment, Reset, emptied_namespaces, look_at_ledger, made_only_by_migrations, reset, witness_applied,
};

use super::inspect::{analyze, the_project};
use super::migrate::{ask, close, folder_of, journal, lock, run_scripts};
use crate::arguments::Selected;
use crate::live::{self, Where};
use crate::render::migrate as say;
use crate::{PlainFormat, render};

/// What is asked for, as the flags say it.
pub(crate) struct Wanted<'a> {
    pub(crate) project: &'a Selected,
    pub(crate) database: Where,
    pub(crate) is_confirmed: bool,
    pub(crate) via_migrations: bool,
    pub(crate) without_seed: bool,
}

pub(crate) fn run(wanted: &Wanted<'_>) -> anyhow::Result<ExitCode> {
    let analysis = analyze(wanted.project.path.as_deref(), wanted.project.config.as_deref())?;
    let project = the_project(&analysis, wanted.project.project.as_deref())?;
    let environment = live::environment_of(project, &wanted.database)?;
    let given = if wanted.is_confirmed { Answer::Yes } else { Answer::NotAsked };
    let decided = permission(DevelopmentCommand::Reset, environment.kind, &environment.name, true, given);
    if let Permission::Refused(why) = decided {
        render::note(&why);
        return Ok(ExitCode::FAILURE);
    }
    let history = folder_of(project)?;
    let mut scripts = Vec::new();
    for position in 0..history.steps.len() {
        match history.script(position) {
            Ok(script) => scripts.push(script),
            Err(no) => {
                say::no_script(&no);
                return Ok(ExitCode::FAILURE);
            }
        }
    }
    let code = live::wait(async {
        let mut connection = connect(&environment.address, Access::Create).await?;
        let done = set_up(wanted, project, &environment, &mut connection, scripts).await;
        connection.close().await;
        done
    })??;
    if code == ExitCode::SUCCESS && !wanted.without_seed { seed(&environment) } else { Ok(code) }
}

async fn set_up(
    wanted: &Wanted<'_>,
    project: &Project,
    environment: &Environment,
    connection: &mut Connection,
    mut scripts: Vec<Script>,
) -> anyhow::Result<ExitCode> {
    let place = render::push::place(environment);
    let report =
        say::Report { command: "migrate", environment, history: folder_of(project)?, format: PlainFormat::Text };
    let start = Instant::now();
    if !lock(connection, PlainFormat::Text).await? {
        report.ended(say::Ended::Busy, &[], &[])?;
        return Ok(ExitCode::FAILURE);
    }
    let live = connection.catalog().await?.schema;
    let namespaces = emptied_namespaces(project, environment, &live);
    if !wanted.is_confirmed {
        let lost = lost(connection, &live, &namespaces).await?;
        report.losses(&lost);
        if !ask(&format!("Empty {place}, and set it up anew?"), PlainFormat::Text) {
            render::note(&format!("{place}: nothing was changed; --confirm says that everything in it may be lost"));
            return Ok(ExitCode::FAILURE);
        }
    }
    let unnamed = made_only_by_migrations(project, &live);
    if !unnamed.is_empty() && !wanted.via_migrations {
        render::note(&format!("{}, so they are applied", render::push::made_by_migrations(&unnamed)));
    }
    let via_migrations = wanted.via_migrations || !unnamed.is_empty() || project.desired.is_none();
    if via_migrations {
        let roles = connection.roles().await?;
        for script in &mut scripts {
            for role in script.leave_out_roles(connection.dialect(), &roles) {
                render::note(&format!("{}: the role {role} is on the server already, and stays as it is", script.tag));
            }
        }
    }
    let journal = journal("reset", project, environment, connection, PlainFormat::Text).await?;
    let recording = journal.begin();
    let done = reset(connection, project, environment, &namespaces, via_migrations).await;
    if matches!(done, Reset::SetUp { .. } | Reset::Emptied) {
        journal.forget_unfinished();
    }
    let error = match &done {
        Reset::SetUp { .. } | Reset::Emptied => None,
        Reset::Impossible(why) => Some(why.clone()),
        Reset::Failed { error, .. } => Some(error.to_string()),
    };
    close(recording, error.as_deref());
    match done {
        Reset::SetUp { n_steps, n_marked } => {
            witness_applied(connection, project, environment).await;
            let (steps, marked) = (render::counted(n_steps, "step"), render::counted(n_marked, "migration"));
            render::print(&format!(
                "{place}: emptied, {steps} made what the schema files say, {marked} marked as applied ({} ms)\n",
                start.elapsed().as_millis()
            ))?;
            Ok(ExitCode::SUCCESS)
        }
        Reset::Emptied => {
            let look = look_at_ledger(connection, report.history, environment).await?;
            if let Some(why) = look.ledger.refusal() {
                bail!("{place}: it is empty now; {why}");
            }
            let rows = look.rows.unwrap_or_default();
            let it = Migrating {
                ledger: &look.ledger,
                scripts: &scripts,
                direction: Direction::Apply,
                rows: &rows,
                unnamed: &look.state.unnamed,
                is_single: false,
                resume: None,
            };
            match run_scripts(connection, it, &report, &journal).await {
                Ok(()) => {
                    witness_applied(connection, project, environment).await;
                    let applied = render::counted(scripts.len(), "migration");
                    render::print(&format!(
                        "{place}: emptied, applied {applied} ({} ms)\n",
                        start.elapsed().as_millis()
                    ))?;
                    Ok(ExitCode::SUCCESS)
                }
                Err(failed) => {
                    report.failed(&scripts, &failed, 0)?;
                    Ok(ExitCode::FAILURE)
                }
            }
        }
        Reset::Impossible(why) => {
            render::note(&format!("{place}: nothing was changed: {why}; --via-migrations applies the folder instead"));
            Ok(ExitCode::FAILURE)
        }
        Reset::Failed { error, sql } => {
            render::note(&format!("{place}: nothing was changed: {error}"));
            sql.iter().flat_map(|sql| sql.lines()).for_each(|line| eprintln!("  {line}"));
            Ok(ExitCode::FAILURE)
        }
    }
}

/// The tables that are emptied and hold rows.
async fn lost(
    connection: &mut Connection,
    live: &Schema,
    namespaces: &[String],
) -> anyhow::Result<Vec<(ObjectPath, Rows)>> {
    let mut lost = Vec::new();
    for name in live.tables.keys().filter(|name| name.namespace.is_empty() || namespaces.contains(&name.namespace)) {
        let table = ObjectPath::new(ObjectKind::Table, name);
        if let Some(rows) = connection.rows_of(&table).await?.filter(|rows| *rows != Rows::Exactly(0)) {
            lost.push((table, rows));
        }
    }
    Ok(lost)
}

/// Runs the command that fills the database, where one is configured.
fn seed(environment: &Environment) -> anyhow::Result<ExitCode> {
    let Some(command) = &environment.seed else { return Ok(ExitCode::SUCCESS) };
    render::note(&format!("seed: {command}"));
    let (shell, flag) = if cfg!(windows) { ("cmd", "/C") } else { ("sh", "-c") };
    let mut process = Command::new(shell);
    process
        .arg(flag)
        .arg(command)
        .current_dir(&environment.base)
        .env("DATABASE_URL", environment.address.for_a_command());
    let status = process.status().with_context(|| format!("the seed command does not start: {command}"))?;
    if !status.success() {
        render::note(&format!("the database is set up, but the seed command ended with {status}: {command}"));
        return Ok(ExitCode::FAILURE);
    }
    Ok(ExitCode::SUCCESS)
}
