//! Running what was planned and agreed to, and telling what came of it.

use database::{ApplyError, Connection, Direction, Error, Failure, MigrateError, MigrateProgress, Migrating, Progress};
use history::Script;
use plan::Plan;

use crate::operation::{Ended, OperationNews, Planned, Steps, Work};
use crate::operation_words::{counted, migration_remains, place, place_in_script, push_remains};
use crate::{Journal, LedgerLook, Recording, migrate_error, witness_applied};

type News<'n> = &'n mut (dyn FnMut(OperationNews) + Send);

/// On a connection that holds the lock, of the plan that was made on it.
pub(crate) async fn run(work: &Work, planned: &Planned, connection: &mut Connection, news: News<'_>) -> Ended {
    match &planned.steps {
        Steps::Push(plan) => {
            let journal = match journal(work, "push", connection).await {
                Ok(journal) => journal,
                Err(ended) => return ended,
            };
            push(work, plan, connection, &journal, news).await
        }
        Steps::Migrate { look, scripts } => {
            let journal = match journal(work, "migrate", connection).await {
                Ok(journal) => journal,
                Err(ended) => return ended,
            };
            migrate(work, look, scripts, connection, &journal, news).await
        }
    }
}

async fn journal(work: &Work, command: &str, connection: &mut Connection) -> Result<Journal, Ended> {
    let journal = Journal::open(command, &work.project, &work.environment, connection).await;
    journal.map_err(|error| Ended { is_done: false, message: format!("{}: {error}", place(&work.environment)) })
}

/// Records how it ended. What could not be recorded is told behind the rest, for it does not mean that anything else failed.
fn close(journal: &Journal, recording: Recording<'_>, error: Option<String>) -> String {
    let recorded = recording.end(error.as_deref());
    let problem = journal.problem.clone().or(recorded.err());
    problem.map(|problem| format!("\nThis is not recorded: {problem}")).unwrap_or_default()
}

async fn push(work: &Work, plan: &Plan, connection: &mut Connection, journal: &Journal, news: News<'_>) -> Ended {
    let mut recording = journal.begin();
    let place = place(&work.environment);
    let total = plan.steps.len();
    let object = |step: usize| plan.steps.get(step).map(|step| step.object.short()).unwrap_or_default();
    let mut tell = |progress| {
        recording.applying(plan, progress);
        let (message, done) = match progress {
            Progress::Step(step) => (format!("step {} of {total}: {}", step + 1, object(step)), step),
            Progress::Locked { step, attempt, attempts } => {
                (format!("{}: somebody else has a lock, attempt {attempt} of {attempts}", object(step)), step)
            }
        };
        news(OperationNews { message, done, total });
    };
    let applied = connection.apply(plan, &mut tell).await;
    let note = close(journal, recording, applied.as_ref().err().map(|failed| failed.error.to_string()));
    if applied.is_ok() {
        witness_applied(connection, &work.project, &work.environment).await;
    }
    let mut ended = match applied {
        Ok(()) => Ended { is_done: true, message: format!("{place}: pushed {}", counted(total, "step")) },
        Err(failed) => Ended { is_done: false, message: format!("{place}: {}", push_failed(plan, &failed)) },
    };
    ended.message.push_str(&note);
    ended
}

fn push_failed(plan: &Plan, failed: &ApplyError) -> String {
    let remains = push_remains(plan, failed, "push");
    match (&failed.error, failed.step) {
        (Error::Stopped, _) => format!("stopped as asked; {remains}"),
        (error, Some(step)) => format!("step {} of {} failed: {error}\n{remains}", step + 1, plan.steps.len()),
        (error, None) => format!("the end of the transaction failed: {error}\n{remains}"),
    }
}

async fn migrate(
    work: &Work,
    look: &LedgerLook,
    scripts: &[Script],
    connection: &mut Connection,
    journal: &Journal,
    news: News<'_>,
) -> Ended {
    let mut recording = journal.begin();
    let place = place(&work.environment);
    let total = scripts.len();
    let tag = |position: usize| scripts.get(position).map(|script| script.tag.as_str()).unwrap_or_default();
    let mut tell = |progress| {
        recording.migrating(scripts, progress);
        let (message, done) = match progress {
            MigrateProgress::Statement { .. } => return,
            MigrateProgress::Begun(position) => (tag(position).to_owned(), position),
            MigrateProgress::Done(position, _) => (tag(position).to_owned(), position + 1),
            MigrateProgress::Locked { position, attempt, attempts } => {
                (format!("{}: somebody else has a lock, attempt {attempt} of {attempts}", tag(position)), position)
            }
        };
        news(OperationNews { message, done, total });
    };
    let rows = look.rows.clone().unwrap_or_default();
    let it = Migrating {
        ledger: &look.ledger,
        scripts,
        direction: Direction::Apply,
        rows: &rows,
        unnamed: &look.state.unnamed,
        is_single: false,
        resume: None,
    };
    let applied = connection.migrate(it, &mut tell).await;
    let note = close(journal, recording, applied.as_ref().err().map(migrate_error));
    if applied.is_ok() {
        witness_applied(connection, &work.project, &work.environment).await;
    }
    let mut ended = match applied {
        Ok(()) => Ended { is_done: true, message: format!("{place}: applied {}", counted(total, "migration")) },
        Err(failed) => Ended { is_done: false, message: migrate_failed(&place, scripts, &failed) },
    };
    ended.message.push_str(&note);
    ended
}

fn migrate_failed(place: &str, scripts: &[Script], failed: &MigrateError) -> String {
    let applied = format!("{} of {} applied", failed.n_done, counted(scripts.len(), "migration"));
    match &failed.failure {
        Failure::Changed => {
            format!("{place}: {applied}; another process migrates the same file, ask again when it is done")
        }
        Failure::Failed { error: Error::Stopped, .. } => format!("{place}: stopped as asked; {applied}"),
        Failure::Failed { error, statement, offset, n_statements, is_unclear } => {
            let script = failed.position.and_then(|position| scripts.get(position));
            let remains = migration_remains(script, failed.n_done, *n_statements, *is_unclear, "migrate");
            let Some(script) = script else { return format!("{place}: {error}\n{remains}") };
            let (line, column) = place_in_script(script, offset.or(statement.map(|it| it.start as usize)));
            format!("{place}: {}:{line}:{column}: {error}\n{remains}", script.file.display())
        }
    }
}
