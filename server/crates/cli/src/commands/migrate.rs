//! `driftlens migrate`: applies the migrations of the folder that a database lacks.

use analysis::Project;
use anyhow::{anyhow, bail};
use database::{Access, Connection, Direction, Failure, MigrateError, MigrateProgress, Migrating};
use history::{History, MigrationState, Obstacle};
use schema::Schema;
use std::process::ExitCode;
use std::time::Duration;
use workspace::{
    Environment, EnvironmentKind, Extent, Journal, LedgerLook, Next, Prepared, Recording, known_history,
    made_only_by_migrations, migrate_error, open_for_migrations, prepare_migrations, witness_applied,
};

use super::inspect::{analyze, the_project};
use super::push::is_terminal;
use crate::arguments::Selected;
use crate::live::{self, Where};
use crate::render::migrate::{self as say, Ended};
use crate::{PlainFormat, render};

/// How long other processes that change the database are waited for.
pub(super) const WAIT_FOR_OTHERS: Duration = Duration::from_secs(600);

/// From so many migrations on somebody may want to know the shorter way.
const LONG_FOLDER: usize = 50;

/// What is asked for, as the flags say it.
pub(crate) struct Wanted<'a> {
    pub(crate) project: &'a Selected,
    pub(crate) database: Where,
    pub(crate) to: Option<&'a str>,
    pub(crate) is_dry_run: bool,
    pub(crate) is_confirmed: bool,
    pub(crate) is_single: bool,
    pub(crate) is_out_of_order: bool,
    pub(crate) middle: Middle,
    pub(crate) format: PlainFormat,
}

/// What to do with a migration that was left in the middle.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Middle {
    /// Say so, and change nothing.
    Ask,
    Resume,
    FromStart,
}

pub(crate) fn run(wanted: &Wanted<'_>) -> anyhow::Result<ExitCode> {
    let analysis = analyze(wanted.project.path.as_deref(), wanted.project.config.as_deref())?;
    let project = the_project(&analysis, wanted.project.project.as_deref())?;
    let history = folder_of(project)?;
    let environment = live::environment_of(project, &wanted.database)?;
    live::wait(async {
        let mut connection = open(&environment, wanted.is_dry_run).await?;
        let done = apply(wanted, project, history, &environment, &mut connection).await;
        connection.close().await;
        done
    })?
}

/// The folder, where it can be told which migrations there are.
pub(super) fn folder_of(project: &Project) -> anyhow::Result<&History> {
    known_history(project).map_err(|why| anyhow!("{}: {why}", render::short_path(project.source())))
}

/// A SQLite file that is not there is made by the first migration, and is empty for one that only looks.
pub(super) async fn open(environment: &Environment, is_dry_run: bool) -> anyhow::Result<Connection> {
    Ok(open_for_migrations(environment, if is_dry_run { Access::Read } else { Access::Create }).await?)
}

async fn apply(
    wanted: &Wanted<'_>,
    project: &Project,
    history: &History,
    environment: &Environment,
    connection: &mut Connection,
) -> anyhow::Result<ExitCode> {
    let report = say::Report { command: "migrate", environment, history, format: wanted.format };
    if !wanted.is_dry_run && !lock(connection, wanted.format).await? {
        report.ended(Ended::Busy, &[], &[])?;
        return Ok(ExitCode::FAILURE);
    }
    let journal = journal("migrate", project, environment, connection, wanted.format).await?;
    let extent =
        Extent { to: wanted.to, with_skipped: wanted.is_out_of_order, with_failed: wanted.middle != Middle::Ask };
    let mut n_before = 0;
    let mut is_confirmed = wanted.is_confirmed;
    loop {
        let Prepared { look, next } = prepare_migrations(connection, history, environment, extent).await?;
        let (scripts, lost) = match next {
            Next::Refused(why) => bail!("{why}"),
            Next::Obstacle(obstacle) => return in_the_way(&report, &obstacle),
            Next::NoScript(no) => {
                tell_of_others(&look, history);
                say::no_script(&no);
                return Ok(ExitCode::FAILURE);
            }
            Next::Scripts { scripts, losses } => {
                tell_of_others(&look, history);
                (scripts, losses)
            }
        };
        if scripts.is_empty() {
            if n_before > 0 {
                witness_applied(connection, project, environment).await;
            }
            report.ended(if n_before > 0 { Ended::Applied(n_before) } else { Ended::Nothing }, &[], &[])?;
            return Ok(ExitCode::SUCCESS);
        }
        if let Some(script) = scripts.iter().find(|script| wanted.is_single && script.alone.is_some()) {
            let why = script.alone.unwrap_or_default();
            bail!("--single-transaction: {} cannot be part of one: {why}", script.tag);
        }
        let resume = match (wanted.middle, journal.left_in_the_middle(&scripts)) {
            (Middle::FromStart, _) | (Middle::Ask, None) => None,
            (Middle::Resume, Some(left)) if left.is_unchanged => Some(left.resume),
            (Middle::Resume | Middle::Ask, left) => {
                report.in_the_middle(&scripts, left.as_ref())?;
                return Ok(ExitCode::FAILURE);
            }
        };
        if wanted.is_dry_run {
            report.ended(Ended::DryRun, &scripts, &lost)?;
            return Ok(ExitCode::SUCCESS);
        }
        if !lost.is_empty() && !is_confirmed {
            report.losses(&lost);
            if !ask(
                &format!("Apply this to {}, and lose what is named above?", render::push::place(environment)),
                wanted.format,
            ) {
                report.ended(Ended::Stopped, &scripts, &lost)?;
                return Ok(ExitCode::FAILURE);
            }
            is_confirmed = true;
        }
        let is_empty = look.rows.as_ref().is_none_or(Vec::is_empty);
        let is_development = environment.kind == EnvironmentKind::Development;
        let is_long = scripts.len() >= LONG_FOLDER && wanted.format == PlainFormat::Text;
        let nothing = Schema::new(connection.dialect());
        // A reset applies the folder too where the schema files do not name all of it.
        if is_empty && is_development && is_long && made_only_by_migrations(project, &nothing).is_empty() {
            render::note("a development database is set up at once by `driftlens reset`, without the folder");
        }
        let rows = look.rows.unwrap_or_default();
        let it = Migrating {
            ledger: &look.ledger,
            scripts: &scripts,
            direction: Direction::Apply,
            rows: &rows,
            unnamed: &look.state.unnamed,
            is_single: wanted.is_single,
            resume,
        };
        match run_scripts(connection, it, &report, &journal).await {
            Ok(()) => n_before += scripts.len(),
            // Somebody else went on with the same file.
            Err(MigrateError { failure: Failure::Changed, n_done, .. }) => n_before += n_done,
            Err(failed) => {
                report.failed(&scripts, &failed, n_before)?;
                return Ok(ExitCode::FAILURE);
            }
        }
    }
}

/// One at a time. False where others did not end in time.
pub(super) async fn lock(connection: &mut Connection, format: PlainFormat) -> anyhow::Result<bool> {
    let mut waiting = || {
        if format == PlainFormat::Text {
            render::note("another driftlens changes the database; waiting for it");
        }
    };
    Ok(connection.lock(WAIT_FOR_OTHERS, &mut waiting).await?)
}

/// Runs them, and tells of each.
pub(super) async fn run_scripts(
    connection: &mut Connection,
    it: Migrating<'_>,
    report: &say::Report<'_>,
    journal: &Journal,
) -> Result<(), MigrateError> {
    let scripts = it.scripts;
    let bar = report.progress(scripts.len());
    let mut recording = journal.begin();
    let mut tell = |progress| {
        recording.migrating(scripts, progress);
        match progress {
            MigrateProgress::Begun(position) => {
                if let Some(script) = scripts.get(position) {
                    bar.set_message(script.tag.clone());
                }
            }
            MigrateProgress::Done(position, took) => {
                if let Some(script) = scripts.get(position) {
                    bar.suspend(|| report.done(script, took));
                }
                bar.inc(1);
            }
            MigrateProgress::Locked { position, attempt, attempts } => {
                let tag = scripts.get(position).map(|script| script.tag.as_str()).unwrap_or_default();
                bar.suspend(|| {
                    render::note(&format!(
                        "{tag}: somebody else has a lock; taken back, attempt {attempt} of {attempts}"
                    ));
                });
            }
            MigrateProgress::Statement { .. } => {}
        }
    };
    let done = connection.migrate(it, &mut tell).await;
    bar.finish_and_clear();
    close(recording, done.as_ref().err().map(migrate_error).as_deref());
    done
}

/// The records of a database. Told is what was killed before, and why nothing can be kept.
pub(super) async fn journal(
    command: &str,
    project: &Project,
    environment: &Environment,
    connection: &mut Connection,
    format: PlainFormat,
) -> anyhow::Result<Journal> {
    let journal = Journal::open(command, project, environment, connection).await?;
    if let Some(problem) = &journal.problem {
        render::note(&format!("what is done is not recorded: {problem}"));
    }
    if format == PlainFormat::Text {
        journal.killed().iter().for_each(|it| render::note(&super::history::killed(it)));
    }
    Ok(journal)
}

/// Records how it ended.
pub(super) fn close(recording: Recording<'_>, error: Option<&str>) {
    if let Err(problem) = recording.end(error) {
        render::note(&format!("what was done is not recorded in full: {problem}"));
    }
}

/// A yes in a terminal; everything else is no.
pub(super) fn ask(question: &str, format: PlainFormat) -> bool {
    let can_ask = format == PlainFormat::Text && is_terminal();
    can_ask
        && dialoguer::Confirm::new().with_prompt(question).default(false).interact_opt().ok().flatten() == Some(true)
}

fn in_the_way(report: &say::Report<'_>, obstacle: &Obstacle) -> anyhow::Result<ExitCode> {
    report.obstacle(obstacle)?;
    Ok(if matches!(obstacle, Obstacle::NoMigration(_)) {
        ExitCode::from(crate::COULD_NOT_RUN)
    } else {
        ExitCode::FAILURE
    })
}

/// What is odd with the ledger, and keeps nothing from being done.
pub(super) fn tell_of_others(look: &LedgerLook, history: &History) {
    for position in look.state.positions(MigrationState::Modified) {
        if let Some(migration) = history.folder.migrations.get(position) {
            render::note(&format!("{}: its file was changed after it was applied", migration.tag));
        }
    }
    if !look.state.missing.is_empty() {
        render::note(&format!(
            "applied, but not in the folder: {}; is this the branch that the database was migrated with?",
            look.state.missing.join(", ")
        ));
    }
}
