//! What Driftlens keeps for itself on this machine: what was done to which database, what it held, and what its server said of spellings.
//! The tables are made by the migrations in the top folder `migrations`, in sqlx' own format and ledger.

mod catalogs;
mod operations;
mod witnesses;

pub use catalogs::{Answers, CatalogKey};
pub(crate) use operations::{Begun, OpenRecord, Unfinished, Written};
pub use operations::{OperationRecord, Outcome, StepRecord};

use sqlx::migrate::{Migration, MigrationType, Migrator};
use sqlx::sqlite::{SqliteConnectOptions, SqliteConnection, SqliteJournalMode, SqliteSynchronous};
use sqlx::{ConnectOptions as _, Connection as _, SqlStr};
use std::borrow::Cow;
use std::fs::File;
use std::path::{Path, PathBuf};
use std::sync::mpsc;
use std::time::{Duration, SystemTime, UNIX_EPOCH};

/// Names another folder for the state than the platform's.
const VARIABLE: &str = "DRIFTLENS_STATE";
const FILE: &str = "state.db";
/// How long another process that writes is waited for.
const WAIT: Duration = Duration::from_secs(10);

/// The files of `migrations`, in order.
const MIGRATIONS: [(i64, &str, &str); 3] = [
    (1, "operations", include_str!("../../../../../migrations/0001_operations.sql")),
    (2, "catalogs", include_str!("../../../../../migrations/0002_catalogs.sql")),
    (3, "witnesses", include_str!("../../../../../migrations/0003_witnesses.sql")),
];

/// Why nothing can be kept, or what was kept cannot be read.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct StoreError(pub String);

impl std::fmt::Display for StoreError {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(&self.0)
    }
}

impl std::error::Error for StoreError {}

/// What comes of a question.
type Answer<T> = mpsc::Receiver<Result<T, sqlx::Error>>;
type Question = Box<dyn FnOnce(&tokio::runtime::Runtime, &mut SqliteConnection) + Send>;

/// The open store. What it is asked it answers on a thread of its own, one after the other. A process that is killed loses nothing that it
/// has answered.
pub struct Store {
    folder: PathBuf,
    questions: mpsc::Sender<Question>,
}

impl Store {
    /// Opens that of this user, and makes it where there is none.
    pub fn open() -> Result<Store, StoreError> {
        Store::open_in(&folder()?)
    }

    pub(crate) fn open_in(folder: &Path) -> Result<Store, StoreError> {
        make_private(folder).map_err(|error| failed(folder, error))?;
        let (questions, asked) = mpsc::channel::<Question>();
        let (opened, is_open) = mpsc::channel();
        let path = folder.join(FILE);
        let lock = folder.join("lock");
        std::thread::Builder::new()
            .name(String::from("store"))
            .spawn(move || {
                let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build();
                let connected = runtime
                    .map_err(|error| failed(&path, error))
                    .and_then(|runtime| Ok((runtime.block_on(connect(&path, &lock))?, runtime)));
                let (mut connection, runtime) = match connected {
                    Ok(connected) => connected,
                    Err(error) => return drop(opened.send(Err(error))),
                };
                let _ = opened.send(Ok(()));
                for question in asked {
                    question(&runtime, &mut connection);
                }
                let _ = runtime.block_on(connection.close());
            })
            .map_err(|error| failed(folder, error))?;
        is_open.recv().map_err(|error| failed(folder, error))??;
        Ok(Store { folder: folder.to_owned(), questions })
    }

    fn folder(&self) -> &Path {
        &self.folder
    }

    /// Asks, and waits for the answer.
    fn ask<T: Send + 'static>(
        &self,
        question: impl AsyncFnOnce(&mut SqliteConnection) -> Result<T, sqlx::Error> + Send + 'static,
    ) -> Result<T, StoreError> {
        self.answer(&self.asked(question)?)
    }

    /// Asks; the answer comes meanwhile.
    fn asked<T: Send + 'static>(
        &self,
        question: impl AsyncFnOnce(&mut SqliteConnection) -> Result<T, sqlx::Error> + Send + 'static,
    ) -> Result<Answer<T>, StoreError> {
        let (answer, answered) = mpsc::channel();
        let asked: Question = Box::new(move |runtime, connection| {
            let _ = answer.send(runtime.block_on(question(connection)));
        });
        self.questions.send(asked).map_err(|error| failed(&self.folder, error))?;
        Ok(answered)
    }

    fn answer<T>(&self, answered: &Answer<T>) -> Result<T, StoreError> {
        let answer = answered.recv().map_err(|error| failed(&self.folder, error))?;
        answer.map_err(|error| failed(&self.folder.join(FILE), error))
    }
}

/// Where the state of this user is kept.
fn folder() -> Result<PathBuf, StoreError> {
    if let Some(named) = std::env::var_os(VARIABLE).filter(|it| !it.is_empty()) {
        return Ok(PathBuf::from(named));
    }
    let variable = |name: &str| std::env::var_os(name).map(PathBuf::from).filter(|path| path.is_absolute());
    let found = if cfg!(windows) {
        variable("LOCALAPPDATA")
    } else if cfg!(target_os = "macos") {
        variable("HOME").map(|home| home.join("Library/Application Support"))
    } else {
        variable("XDG_STATE_HOME").or_else(|| Some(variable("HOME")?.join(".local/state")))
    };
    let found = found.map(|folder| folder.join("driftlens"));
    found.ok_or_else(|| StoreError(format!("there is no home folder to keep it in: set {VARIABLE} to a folder")))
}

async fn connect(path: &Path, lock: &Path) -> Result<SqliteConnection, StoreError> {
    let options = SqliteConnectOptions::new()
        .filename(path)
        .create_if_missing(true)
        .busy_timeout(WAIT)
        .journal_mode(SqliteJournalMode::Wal)
        // Not lost with a process, but with the power, which takes the operation with it.
        .synchronous(SqliteSynchronous::Normal)
        .disable_statement_logging();
    // One after the other: two that make the same tables, or switch a new file to WAL, are in each other's way.
    let lock = File::options().create(true).truncate(false).write(true).open(lock);
    let lock = lock.and_then(|lock| lock.lock().map(|()| lock)).map_err(|error| failed(path, error))?;
    let mut connection = options.connect().await.map_err(|error| failed(path, error))?;
    migrator().run(&mut connection).await.map_err(|error| failed(path, error))?;
    drop(lock);
    Ok(connection)
}

fn migrator() -> Migrator {
    let migration = |(version, name, text): (i64, &'static str, &'static str)| {
        Migration::new(version, Cow::Borrowed(name), MigrationType::Simple, SqlStr::from_static(text), false)
    };
    let mut migrator = Migrator::with_migrations(MIGRATIONS.into_iter().map(migration).collect());
    // A newer Driftlens may have added to it.
    migrator.set_ignore_missing(true);
    migrator
}

fn failed(path: &Path, error: impl std::fmt::Display) -> StoreError {
    StoreError(format!("{}: {error}", path.display()))
}

/// Makes a folder that only its owner looks into.
fn make_private(folder: &Path) -> std::io::Result<()> {
    if folder.is_dir() {
        return Ok(());
    }
    let mut builder = std::fs::DirBuilder::new();
    builder.recursive(true);
    #[cfg(unix)]
    {
        use std::os::unix::fs::DirBuilderExt as _;
        builder.mode(0o700);
    }
    builder.create(folder)
}

/// Milliseconds since 1970.
fn now() -> i64 {
    let since = SystemTime::now().duration_since(UNIX_EPOCH).unwrap_or_default();
    i64::try_from(since.as_millis()).unwrap_or(i64::MAX)
}

#[cfg(test)]
#[allow(clippy::unwrap_used, clippy::indexing_slicing, clippy::panic, reason = "tests say so by failing")]
mod tests {
    use super::*;

    #[test]
    fn every_file_of_the_folder_is_run() {
        let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../../migrations");
        let mut names: Vec<String> = std::fs::read_dir(folder)
            .unwrap()
            .map(|entry| entry.unwrap().file_name().into_string().unwrap())
            .filter(|name| name.ends_with(".sql"))
            .collect();
        names.sort();
        let run: Vec<String> = MIGRATIONS.iter().map(|(n, name, _)| format!("{n:04}_{name}.sql")).collect();
        assert_eq!(names, run);
    }

    #[test]
    fn many_may_open_a_new_one_at_once() {
        let folder = tempfile::tempdir().unwrap();
        std::thread::scope(|scope| {
            for _ in 0..8 {
                scope.spawn(|| Store::open_in(&folder.path().join("state")).unwrap());
            }
        });
    }

    #[test]
    fn a_file_that_is_no_database_is_named() {
        let folder = tempfile::tempdir().unwrap();
        std::fs::write(
            folder.path().join(FILE),
            "not a database, and longer than the header of one would have to be, by far",
        )
        .unwrap();
        let Err(error) = Store::open_in(folder.path()) else { panic!("it was opened") };
        assert!(error.0.contains(FILE), "{error}");
    }
}
