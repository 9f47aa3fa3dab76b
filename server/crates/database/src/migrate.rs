//! Applies migrations and takes them back, each together with its row in the ledger.

use std::time::{Duration, Instant};

use futures::{Stream, TryStreamExt as _};
use history::{LedgerRow, Script};
use schema::Dialect;
use source::Span;
use sqlx::{AssertSqlSafe, Either, Executor as _};

use crate::apply::{ATTEMPTS, FIRST_PAUSE, LOCK_TIMEOUT};
use crate::connection::{Connection, Inner};
use crate::error::{Error, StatementError};
use crate::ledger::Ledger;

/// A SQLite file that another process writes to is waited for so long.
const FILE_WAIT: Duration = Duration::from_secs(60);

/// Which way.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Direction {
    Apply,
    TakeBack,
}

/// What is to be done.
#[derive(Clone, Copy, Debug)]
pub struct Migrating<'a> {
    pub ledger: &'a Ledger,
    /// In the order in which they run.
    pub scripts: &'a [Script],
    pub direction: Direction,
    /// What the ledger held when it was decided what to do.
    pub rows: &'a [LedgerRow],
    /// Rows of an older ledger, with the names that they get.
    pub unnamed: &'a [(LedgerRow, String)],
    /// All or nothing, in one transaction; none of them may be one that cannot run in one.
    pub is_single: bool,
    /// Where one of them, which is no transaction, was left in the middle.
    pub resume: Option<Resume>,
}

/// Where a migration goes on that is no transaction.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Resume {
    /// Among the scripts.
    pub position: usize,
    /// So many of its statements are there, and are not run again.
    pub n_statements: usize,
    /// True where the next one was sent, and may have ended: that something is there already is no error then.
    pub is_running: bool,
}

/// What happens meanwhile, by the position among the scripts.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum MigrateProgress {
    Begun(usize),
    Done(usize, Duration),
    /// Of a script that is no transaction, so many statements are there for good, and the next one is sent or not yet.
    Statement {
        position: usize,
        n_done: usize,
        is_running: bool,
    },
    /// A lock was not had in time: its transaction is taken back, and begun anew after a pause.
    Locked {
        position: usize,
        attempt: u32,
        attempts: u32,
    },
}

/// How far it came.
#[derive(Clone, Debug, PartialEq)]
pub struct MigrateError {
    pub failure: Failure,
    /// The script that failed; None where it was before or after all of them.
    pub position: Option<usize>,
    /// So many scripts are done for good.
    pub n_done: usize,
}

/// Why it did not go on.
#[derive(Clone, Debug, PartialEq)]
pub enum Failure {
    /// Another process wrote into the ledger: what is to be done has to be decided anew.
    Changed,
    Failed {
        error: Error,
        /// The statement, in the script's text.
        statement: Option<Span>,
        /// Where in it.
        offset: Option<usize>,
        /// Of a script that is no transaction: so many of its statements are there for good.
        n_statements: usize,
        /// True where the connection ended while a transaction was being ended: it may be there or not.
        is_unclear: bool,
    },
}

impl Failure {
    pub(crate) fn of(error: Error) -> Failure {
        Failure::Failed { error, statement: None, offset: None, n_statements: 0, is_unclear: false }
    }
}

impl Connection {
    /// Runs the scripts, one after the other. On an error the transaction of the one that failed is taken back; those before it stay, unless
    /// all are one transaction. On PostgreSQL the caller holds the [lock](Connection::lock).
    pub async fn migrate(
        &mut self,
        it: Migrating<'_>,
        progress: &mut (dyn FnMut(MigrateProgress) + Send),
    ) -> Result<(), MigrateError> {
        let whole = |failure| MigrateError { failure, position: None, n_done: 0 };
        if self.dialect() == Dialect::Sqlite {
            let wait = FILE_WAIT.as_millis();
            let settings = format!("PRAGMA busy_timeout = {wait}; PRAGMA foreign_keys = OFF");
            self.execute(&settings).await.map_err(|error| whole(Failure::of(error)))?;
        }
        let done = self.migrate_all(it, progress).await;
        if self.dialect() == Dialect::Sqlite {
            let restored = self.execute("PRAGMA foreign_keys = ON").await;
            return done
                .and(restored.map_err(|error| MigrateError { n_done: it.scripts.len(), ..whole(Failure::of(error)) }));
        }
        done
    }

    /// Writes into the ledger that these are applied, without running them. Within a transaction of the caller's.
    pub async fn record(&mut self, ledger: &Ledger, scripts: &[Script]) -> Result<(), Error> {
        if scripts.is_empty() {
            return Ok(());
        }
        ledger.prepare(self, &[]).await?;
        let rows: Vec<String> = scripts.iter().map(|script| ledger.record_sql(script, 0)).collect();
        self.execute(&rows.join("; ")).await
    }

    async fn migrate_all(
        &mut self,
        it: Migrating<'_>,
        progress: &mut (dyn FnMut(MigrateProgress) + Send),
    ) -> Result<(), MigrateError> {
        let mut rows = it.rows.to_vec();
        let groups: Vec<&[Script]> = if it.is_single { vec![it.scripts] } else { it.scripts.chunks(1).collect() };
        let mut n_done = 0;
        for group in groups {
            let mut attempt = 1;
            let mut pause = FIRST_PAUSE;
            loop {
                if let Err(error) = self.go_on() {
                    return Err(MigrateError { failure: Failure::of(error), position: None, n_done });
                }
                let run = match group {
                    [script] if script.alone.is_some() => self.run_alone(it, n_done, script, &mut rows, progress).await,
                    _ => self.run_together(it, n_done, group, &mut rows, progress).await,
                };
                match run {
                    Ok(()) => break,
                    Err((position, Failure::Failed { error, n_statements: 0, .. }))
                        if error.is_locked() && attempt < ATTEMPTS =>
                    {
                        attempt += 1;
                        progress(MigrateProgress::Locked { position, attempt, attempts: ATTEMPTS });
                        tokio::time::sleep(pause).await;
                        pause *= 2;
                    }
                    Err((position, failure)) => return Err(MigrateError { failure, position: Some(position), n_done }),
                }
            }
            n_done += group.len();
        }
        Ok(())
    }

    /// In one transaction, ledger and all. `rows` is what the ledger has to hold before, and what it holds after.
    async fn run_together(
        &mut self,
        it: Migrating<'_>,
        first: usize,
        group: &[Script],
        rows: &mut Vec<LedgerRow>,
        progress: &mut (dyn FnMut(MigrateProgress) + Send),
    ) -> Result<(), (usize, Failure)> {
        let result = match self.dialect() {
            Dialect::Postgres => {
                self.run_inside_postgres(it, first, group, progress).await.map(|inside| (inside, None))
            }
            Dialect::Sqlite => self.run_inside_sqlite(it, first, group, rows, progress).await,
        };
        let result = result.and_then(|done| self.go_on().map(|()| done).map_err(|error| (first, Failure::of(error))));
        if result.is_err() {
            let _ = self.execute("ROLLBACK").await;
        }
        let (Inside { times, unsent }, after) = result?;
        let ended = self.execute(&(unsent + "COMMIT")).await;
        if let Err(error) = ended {
            let is_unclear = matches!(error, Error::Lost { .. });
            if !is_unclear {
                let _ = self.execute("ROLLBACK").await;
            }
            let failure = Failure::Failed { error, statement: None, offset: None, n_statements: 0, is_unclear };
            return Err((first + group.len().saturating_sub(1), failure));
        }
        if let Some(after) = after {
            *rows = after;
        }
        for (position, took) in times {
            progress(MigrateProgress::Done(position, took));
        }
        Ok(())
    }

    async fn run_inside_postgres(
        &mut self,
        it: Migrating<'_>,
        first: usize,
        group: &[Script],
        progress: &mut (dyn FnMut(MigrateProgress) + Send),
    ) -> Result<Inside, (usize, Failure)> {
        let plain = |error: Error| (first, Failure::of(error));
        let mut begin = format!("BEGIN; SET LOCAL lock_timeout = '{LOCK_TIMEOUT}'; ");
        if first == 0 {
            self.execute(&std::mem::take(&mut begin)).await.map_err(plain)?;
            it.ledger.prepare(self, it.unnamed).await.map_err(plain)?;
        }
        self.run_scripts(it, first, group, begin, progress).await
    }

    /// Also the rows of the ledger, read before the end: behind it others may have gone on already.
    async fn run_inside_sqlite(
        &mut self,
        it: Migrating<'_>,
        first: usize,
        group: &[Script],
        rows: &[LedgerRow],
        progress: &mut (dyn FnMut(MigrateProgress) + Send),
    ) -> Result<(Inside, Option<Vec<LedgerRow>>), (usize, Failure)> {
        let plain = |error: Error| (first, Failure::of(error));
        let at_last = |error: Error| (first + group.len().saturating_sub(1), Failure::of(error));
        self.execute("BEGIN IMMEDIATE").await.map_err(plain)?;
        // No lock is held between the transactions of a file.
        if it.ledger.rows(self).await.map_err(plain)?.unwrap_or_default() != rows {
            return Err((first, Failure::Changed));
        }
        let orphans = self.orphans().await.map_err(plain)?;
        self.prepare_first(it, first).await.map_err(plain)?;
        let mut inside = self.run_scripts(it, first, group, String::new(), progress).await?;
        self.execute(&std::mem::take(&mut inside.unsent)).await.map_err(at_last)?;
        let now = self.orphans().await.map_err(plain)?;
        if let Some((of, to)) = now.iter().find(|orphan| !orphans.contains(orphan)) {
            let message = format!("a row of {of} would refer to no row of {to}");
            return Err(at_last(Error::Statement(Box::new(StatementError { message, ..Default::default() }))));
        }
        let after = it.ledger.rows(self).await.map_err(plain)?;
        Ok((inside, after))
    }

    /// In as few messages as can be, because for small migrations the way there and back is what takes the time: `unsent` goes with the first of
    /// them, and the last row of the ledger with what comes next.
    async fn run_scripts(
        &mut self,
        it: Migrating<'_>,
        first: usize,
        group: &[Script],
        mut unsent: String,
        progress: &mut (dyn FnMut(MigrateProgress) + Send),
    ) -> Result<Inside, (usize, Failure)> {
        let mut times = Vec::new();
        for (offset, script) in group.iter().enumerate() {
            let position = first + offset;
            progress(MigrateProgress::Begun(position));
            let start = Instant::now();
            for message in script.messages(self.dialect()) {
                self.go_on().map_err(|error| (position, Failure::of(error)))?;
                let before = std::mem::take(&mut unsent);
                self.run_message(script, message, &before).await.map_err(|failure| (position, failure))?;
            }
            unsent += &(ledger_sql(it, script, start.elapsed()) + "; ");
            if offset + 1 < group.len() {
                let row = std::mem::take(&mut unsent);
                self.execute(&row).await.map_err(|error| (position, Failure::of(error)))?;
            }
            times.push((position, start.elapsed()));
        }
        Ok(Inside { times, unsent })
    }

    /// Makes the ledger ready before the first migration: with that it is there for the others.
    pub(crate) async fn prepare_first(&mut self, it: Migrating<'_>, position: usize) -> Result<(), Error> {
        if position > 0 { Ok(()) } else { it.ledger.prepare(self, it.unnamed).await }
    }

    /// Sends one message of a script, behind statements that all end with `; `, and finds the statement that failed.
    async fn run_message(&mut self, script: &Script, message: Span, before: &str) -> Result<(), Failure> {
        let own = script.text.get(message.start as usize..message.end as usize).unwrap_or_default();
        let sent = format!("{before}{own}");
        let (error, n_ended) = match self.execute_counting(&sent).await {
            Ok(()) => return Ok(()),
            Err(failed) => failed,
        };
        let offset = match &error {
            Error::Statement(said) => said.position.map(|position| byte_of(&sent, position)),
            _ => None,
        };
        let offset = offset.and_then(|offset| Some(message.start as usize + offset.checked_sub(before.len())?));
        let mut inside = script.statements.iter().filter(|it| it.start >= message.start && it.end <= message.end);
        let statement = match offset {
            Some(offset) => inside.find(|it| (it.start as usize..=it.end as usize).contains(&offset)),
            // How far it came the server would have said at the end.
            None if matches!(error, Error::Lost { .. }) => None,
            None => n_ended.checked_sub(before.matches("; ").count()).and_then(|position| inside.nth(position)),
        };
        Err(Failure::Failed { error, statement: statement.copied(), offset, n_statements: 0, is_unclear: false })
    }

    /// Runs a text; on an error, with how many of its statements ran before.
    pub(crate) async fn execute_counting(&mut self, sql: &str) -> Result<(), (Error, usize)> {
        let query = sqlx::raw_sql(AssertSqlSafe(sql.to_owned()));
        let mut n_done = 0;
        let done = match &mut self.inner {
            Inner::Postgres(connection) => count(connection.fetch_many(query), &mut n_done).await,
            Inner::Sqlite(connection) => count(connection.fetch_many(query), &mut n_done).await,
        };
        done.map_err(|error| (Error::of(error, self.address()), n_done))
    }
}

/// What happened in a transaction that is not ended yet.
struct Inside {
    times: Vec<(usize, Duration)>,
    /// What is to be sent together with its end.
    unsent: String,
}

/// The statement that writes what was done into the ledger.
fn ledger_sql(it: Migrating<'_>, script: &Script, took: Duration) -> String {
    match it.direction {
        Direction::Apply => it.ledger.record_sql(script, took.as_millis()),
        Direction::TakeBack => it.ledger.remove_sql(script),
    }
}

/// Reads to the end, and counts the statements that end.
async fn count<Done, Row>(
    mut answers: impl Stream<Item = Result<Either<Done, Row>, sqlx::Error>> + Unpin,
    n_done: &mut usize,
) -> Result<(), sqlx::Error> {
    while let Some(answer) = answers.try_next().await? {
        *n_done += usize::from(answer.is_left());
    }
    Ok(())
}

/// The byte of a character that is counted from one.
pub(crate) fn byte_of(text: &str, position: usize) -> usize {
    text.char_indices().nth(position.saturating_sub(1)).map_or(text.len(), |(at, _)| at)
}
