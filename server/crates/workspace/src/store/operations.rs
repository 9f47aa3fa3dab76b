//! What was done to which database: each operation, its steps, and how far a migration came that is no transaction.

use super::{Answer, Store, StoreError, now};
use sqlx::sqlite::{SqliteConnection, SqliteRow};
use sqlx::{Connection as _, Row as _};
use std::fs::File;
use std::path::PathBuf;

/// Operations older than the newest so many are forgotten.
const MAX_OPERATIONS: i64 = 10_000;
/// So long an operation may be there before the file that tells of its process.
const NO_LOCK_YET_MS: i64 = 5_000;

/// What is about to be done.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Begun {
    /// Such as `migrate`.
    pub command: String,
    /// The file that makes the project one.
    pub project: String,
    pub environment: String,
    /// Its kind, as the configuration calls it.
    pub kind: String,
    /// Without its password.
    pub address: String,
    /// As the [database](database::Connection::identity) tells it.
    pub identity: String,
}

/// How an operation ended.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Outcome {
    Done,
    Failed,
    /// Its process ended in the middle of it.
    Killed,
    /// It has not ended.
    Running,
}

impl Outcome {
    pub fn as_str(self) -> &'static str {
        match self {
            Outcome::Done => "done",
            Outcome::Failed => "failed",
            Outcome::Killed => "killed",
            Outcome::Running => "running",
        }
    }
}

/// An operation as it was kept. Times are milliseconds since 1970.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct OperationRecord {
    pub id: i64,
    pub begun: Begun,
    /// Of Driftlens.
    pub version: String,
    pub began_at: i64,
    pub ended_at: Option<i64>,
    pub outcome: Outcome,
    pub error: Option<String>,
    pub steps: Vec<StepRecord>,
}

/// A migration, or a step of a plan.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct StepRecord {
    pub name: String,
    pub began_at: i64,
    /// None where it was begun and is not known to have ended.
    pub ended_at: Option<i64>,
}

/// How far a migration came that is no transaction.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Unfinished {
    /// Its tag.
    pub migration: String,
    /// So many of its statements are there for good.
    pub n_statements: usize,
    /// Of its text up to their end, in hexadecimal.
    pub checksum: String,
    /// True where the next one was sent, and its end was not heard of.
    pub is_running: bool,
    /// Milliseconds since 1970.
    pub at: i64,
}

/// An operation that runs. Where its process ends before [`OpenRecord::end`], it counts as killed.
pub struct OpenRecord<'a> {
    store: &'a Store,
    id: i64,
    begun: Begun,
    /// Held while the process lives.
    _alive: File,
    alive_path: PathBuf,
    ended: Option<EndedStep>,
    /// The record that is written meanwhile.
    unanswered: Option<Answer<()>>,
    /// The first record that could not be written.
    error: Option<StoreError>,
}

impl Store {
    /// Records that something is about to be done.
    pub fn begin(&self, begun: Begun) -> Result<OpenRecord<'_>, StoreError> {
        let (about, at) = (begun.clone(), now());
        let id = self.ask(async move |connection| {
            let id = sqlx::query(
                "INSERT INTO operations (command, project, environment, kind, address, identity, version, began_at) VALUES (?, ?, ?, ?, ?, ?, ?, ?)",
            )
            .bind(about.command)
            .bind(about.project)
            .bind(about.environment)
            .bind(about.kind)
            .bind(about.address)
            .bind(about.identity)
            .bind(env!("CARGO_PKG_VERSION"))
            .bind(at)
            .execute(&mut *connection)
            .await?
            .last_insert_rowid();
            sqlx::query("DELETE FROM operations WHERE id <= ?").bind(id - MAX_OPERATIONS).execute(connection).await?;
            Ok(id)
        })?;
        let alive_path = self.alive_path(id);
        let alive = File::create(&alive_path).and_then(|file| file.lock().map(|()| file));
        let alive = alive.map_err(|error| super::failed(&alive_path, error))?;
        Ok(OpenRecord { store: self, id, begun, _alive: alive, alive_path, ended: None, unanswered: None, error: None })
    }

    fn alive_path(&self, id: i64) -> PathBuf {
        self.folder().join(format!("operation-{id}.lock"))
    }

    /// The newest operations first, with their steps: those of a project, or all.
    pub fn operations(&self, project: Option<&str>, limit: u32) -> Result<Vec<OperationRecord>, StoreError> {
        let project = project.map(str::to_owned);
        let found = self.ask(async move |connection| {
            let rows =
                sqlx::query("SELECT * FROM operations WHERE ?1 IS NULL OR project = ?1 ORDER BY id DESC LIMIT ?2");
            let rows = rows.bind(project).bind(limit).fetch_all(&mut *connection).await?;
            with_steps(connection, rows).await
        });
        Ok(self.judged(found?))
    }

    /// Operations on a database that did not end, because their processes did, the oldest first.
    pub fn killed(&self, address: &str) -> Result<Vec<OperationRecord>, StoreError> {
        let address = address.to_owned();
        let found = self.ask(async move |connection| {
            let rows = sqlx::query("SELECT * FROM operations WHERE address = ? AND outcome IS NULL ORDER BY id");
            let rows = rows.bind(address).fetch_all(&mut *connection).await?;
            with_steps(connection, rows).await
        });
        Ok(self.judged(found?).into_iter().filter(|it| it.outcome == Outcome::Killed).collect())
    }

    /// Records that a person was told of one that was killed.
    pub fn settle(&self, id: i64) -> Result<(), StoreError> {
        let at = now();
        self.ask(async move |connection| {
            let query =
                sqlx::query("UPDATE operations SET outcome = 'killed', ended_at = ? WHERE id = ? AND outcome IS NULL");
            query.bind(at).bind(id).execute(connection).await.map(|_| ())
        })?;
        let _ = std::fs::remove_file(self.alive_path(id));
        Ok(())
    }

    /// The migrations of a database that were left in the middle, the oldest first; none that another process is at.
    pub fn unfinished(&self, address: &str, identity: &str) -> Result<Vec<Unfinished>, StoreError> {
        let (address, identity) = (address.to_owned(), identity.to_owned());
        let found: Vec<(i64, Option<i64>, Unfinished)> = self.ask(async move |connection| {
            let rows = sqlx::query(
                "SELECT unfinished.*, CASE WHEN outcome IS NULL THEN began_at END AS open_since FROM unfinished JOIN operations ON operations.id = operation WHERE unfinished.address = ? AND unfinished.identity IN (?, '') ORDER BY at",
            );
            let rows = rows.bind(address).bind(identity).fetch_all(connection).await?;
            let one = |row: &SqliteRow| {
                let it = Unfinished {
                    migration: row.try_get("migration")?,
                    n_statements: usize::try_from(row.try_get::<i64, _>("statements")?).unwrap_or_default(),
                    checksum: row.try_get("checksum")?,
                    is_running: row.try_get("running")?,
                    at: row.try_get("at")?,
                };
                Ok((row.try_get("operation")?, row.try_get("open_since")?, it))
            };
            rows.iter().map(one).collect()
        })?;
        let is_left = |(id, open_since, _): &(i64, Option<i64>, Unfinished)| {
            open_since.is_none_or(|began_at| !self.is_alive(*id, began_at))
        };
        Ok(found.into_iter().filter(is_left).map(|(_, _, it)| it).collect())
    }

    /// Nothing that was left in the middle of a database is there any more.
    pub fn forget_unfinished(&self, address: &str) -> Result<(), StoreError> {
        let address = address.to_owned();
        self.ask(async move |connection| {
            sqlx::query("DELETE FROM unfinished WHERE address = ?").bind(address).execute(connection).await.map(|_| ())
        })
    }

    /// One operation.
    pub fn operation(&self, id: i64) -> Result<Option<OperationRecord>, StoreError> {
        let found = self.ask(async move |connection| {
            let rows =
                sqlx::query("SELECT * FROM operations WHERE id = ?").bind(id).fetch_all(&mut *connection).await?;
            with_steps(connection, rows).await
        });
        Ok(self.judged(found?).pop())
    }

    /// True while the process of an operation that has no end lives: it holds the lock on a file, which is there a moment after its record.
    fn is_alive(&self, id: i64, began_at: i64) -> bool {
        match File::open(self.alive_path(id)) {
            Ok(file) => file.try_lock().is_err(),
            Err(_) => now() - began_at <= NO_LOCK_YET_MS,
        }
    }

    /// Tells those that run from those whose process is gone.
    fn judged(&self, mut found: Vec<OperationRecord>) -> Vec<OperationRecord> {
        for it in found.iter_mut().filter(|it| it.outcome == Outcome::Running) {
            if !self.is_alive(it.id, it.began_at) {
                it.outcome = Outcome::Killed;
            }
        }
        found
    }
}

async fn with_steps(
    connection: &mut SqliteConnection,
    rows: Vec<SqliteRow>,
) -> Result<Vec<OperationRecord>, sqlx::Error> {
    let mut found = Vec::with_capacity(rows.len());
    for row in rows {
        let id: i64 = row.try_get("id")?;
        let steps = sqlx::query("SELECT name, began_at, ended_at FROM steps WHERE operation = ? ORDER BY position");
        let steps = steps.bind(id).fetch_all(&mut *connection).await?;
        let step = |row: &SqliteRow| {
            Ok(StepRecord {
                name: row.try_get("name")?,
                began_at: row.try_get("began_at")?,
                ended_at: row.try_get("ended_at")?,
            })
        };
        let outcome = match row.try_get::<Option<String>, _>("outcome")?.as_deref() {
            None => Outcome::Running,
            Some("done") => Outcome::Done,
            Some("killed") => Outcome::Killed,
            Some(_) => Outcome::Failed,
        };
        found.push(OperationRecord {
            id,
            begun: Begun {
                command: row.try_get("command")?,
                project: row.try_get("project")?,
                environment: row.try_get("environment")?,
                kind: row.try_get("kind")?,
                address: row.try_get("address")?,
                identity: row.try_get("identity")?,
            },
            version: row.try_get("version")?,
            began_at: row.try_get("began_at")?,
            ended_at: row.try_get("ended_at")?,
            outcome,
            error: row.try_get("error")?,
            steps: steps.iter().map(step).collect::<Result<Vec<StepRecord>, sqlx::Error>>()?,
        });
    }
    Ok(found)
}

/// When a step is recorded.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Written {
    /// Before anything of it is done.
    Before,
    /// While it is done: in a transaction, of which the database itself tells in the end whether all of it is there.
    Meanwhile,
}

impl Written {
    pub fn of(is_in_transaction: bool) -> Written {
        if is_in_transaction { Written::Meanwhile } else { Written::Before }
    }
}

/// A step that ended, and is not yet written.
#[derive(Debug)]
struct EndedStep {
    operation: i64,
    position: i64,
    at: i64,
    address: String,
    identity: String,
}

impl EndedStep {
    async fn write(self, connection: &mut SqliteConnection) -> Result<(), sqlx::Error> {
        let EndedStep { operation, position, at, address, identity } = self;
        let query = sqlx::query("UPDATE steps SET ended_at = ? WHERE operation = ? AND position = ?");
        query.bind(at).bind(operation).bind(position).execute(&mut *connection).await?;
        let query = sqlx::query(
            "DELETE FROM unfinished WHERE address = ? AND identity = ? AND migration = (SELECT name FROM steps WHERE operation = ? AND position = ?)",
        );
        query.bind(address).bind(identity).bind(operation).bind(position).execute(connection).await.map(|_| ())
    }
}

impl OpenRecord<'_> {
    /// When a migration or a step is begun; begun anew it is the same step. That the one before it ended is written with it.
    pub fn step_begun(&mut self, position: usize, name: &str, written: Written) {
        let (id, position, name, at) = (self.id, as_number(position), name.to_owned(), now());
        let ended = self.ended.take();
        let record = async move |connection: &mut SqliteConnection| {
            let mut both = connection.begin().await?;
            if let Some(ended) = ended {
                ended.write(&mut both).await?;
            }
            let query = sqlx::query(
                "INSERT INTO steps (operation, position, name, began_at) VALUES (?, ?, ?, ?) ON CONFLICT (operation, position) DO UPDATE SET began_at = excluded.began_at",
            );
            query.bind(id).bind(position).bind(name).bind(at).execute(&mut *both).await?;
            both.commit().await
        };
        match written {
            Written::Before => self.keep(record),
            Written::Meanwhile => self.keep_meanwhile(record),
        }
    }

    /// After it; what was kept of how far it came is no longer of use. Written with what comes next: thousands of migrations are not to wait
    /// twice each. Who is killed before that was at the end of this one, and the ledger says so.
    pub fn step_done(&mut self, position: usize) {
        self.write_ended();
        let (address, identity) = (self.begun.address.clone(), self.begun.identity.clone());
        self.ended =
            Some(EndedStep { operation: self.id, position: as_number(position), at: now(), address, identity });
    }

    fn write_ended(&mut self) {
        if let Some(ended) = self.ended.take() {
            self.keep(async move |connection| ended.write(connection).await);
        }
    }

    /// Before and after each statement of a migration that is no transaction.
    pub fn came_to(&mut self, it: &Unfinished) {
        self.write_ended();
        let (id, it, at) = (self.id, it.clone(), now());
        let (address, identity) = (self.begun.address.clone(), self.begun.identity.clone());
        self.keep(async move |connection| {
            let query = sqlx::query(
                "INSERT OR REPLACE INTO unfinished (address, identity, migration, operation, statements, checksum, running, at) VALUES (?, ?, ?, ?, ?, ?, ?, ?)",
            );
            let query = query.bind(address).bind(identity).bind(it.migration).bind(id);
            let query = query.bind(as_number(it.n_statements)).bind(it.checksum).bind(it.is_running).bind(at);
            query.execute(connection).await.map(|_| ())
        });
    }

    /// How it ended; the first record of it that could not be written is the error.
    pub fn end(mut self, outcome: Outcome, error: Option<&str>) -> Result<(), StoreError> {
        self.write_ended();
        let (id, at, outcome, error) = (self.id, now(), outcome.as_str(), error.map(str::to_owned));
        self.keep(async move |connection| {
            let query = sqlx::query("UPDATE operations SET ended_at = ?, outcome = ?, error = ? WHERE id = ?");
            query.bind(at).bind(outcome).bind(error).bind(id).execute(connection).await.map(|_| ())
        });
        let _ = std::fs::remove_file(&self.alive_path);
        self.error.map_or(Ok(()), Err)
    }

    fn keep(&mut self, record: impl AsyncFnOnce(&mut SqliteConnection) -> Result<(), sqlx::Error> + Send + 'static) {
        self.keep_meanwhile(record);
        self.wait();
    }

    /// At most one record is on its way: who is killed has lost no more than that.
    fn keep_meanwhile(
        &mut self,
        record: impl AsyncFnOnce(&mut SqliteConnection) -> Result<(), sqlx::Error> + Send + 'static,
    ) {
        self.wait();
        match self.store.asked(record) {
            Ok(unanswered) => self.unanswered = Some(unanswered),
            Err(error) => drop(self.error.get_or_insert(error)),
        }
    }

    fn wait(&mut self) {
        let answer = self.unanswered.take().map(|unanswered| self.store.answer(&unanswered));
        if let Some(Err(error)) = answer {
            self.error.get_or_insert(error);
        }
    }
}

fn as_number(n: usize) -> i64 {
    i64::try_from(n).unwrap_or(i64::MAX)
}
