//! One connection to a database, of either kind.

use std::time::{Duration, Instant};

use futures::{Stream, TryStreamExt as _};
use schema::{Dialect, Schema};
use sqlx::postgres::{PgConnectOptions, PgConnection};
use sqlx::sqlite::{SqliteConnectOptions, SqliteConnection};
use sqlx::{AssertSqlSafe, ConnectOptions, Connection as _, Either, Executor, Row};

use crate::catalog::Catalog;
use crate::{Address, Error, Stop, postgres, sqlite};

/// What a server gets to answer when it is connected to.
const CONNECT_WITHIN: Duration = Duration::from_secs(10);
/// How long a server that is full, or that has just been started, is asked again by who wants to change something,
const ADMITTED_WITHIN: Duration = Duration::from_secs(60);
/// and how often.
const ASK_AGAIN_AFTER: Duration = Duration::from_millis(250);
/// What a question about the catalog gets, in the server's words.
const READ_WITHIN: &str = "30s";

/// What a connection is for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Access {
    /// The server itself refuses every change.
    Read,
    Write,
    /// As `Write`; a SQLite file is made where there is none.
    Create,
}

/// An open connection.
pub struct Connection {
    address: Address,
    pub(crate) proof: postgres::Proof,
    pub(crate) witnesses: Vec<postgres::Witness>,
    pub(crate) stop: Stop,
    pub(crate) inner: Inner,
}

pub(crate) enum Inner {
    Postgres(Box<PgConnection>),
    Sqlite(Box<SqliteConnection>),
}

/// Connects. A SQLite file that is not there is an error unless it is to be made. A server without a free place is asked again for a
/// while: many who deploy at once wait for each other here.
pub async fn connect(address: &Address, access: Access) -> Result<Connection, Error> {
    let within = if access == Access::Read { CONNECT_WITHIN } else { ADMITTED_WITHIN };
    let start = Instant::now();
    loop {
        match connect_once(address, access).await {
            Err(Error::Busy { .. }) if start.elapsed() < within => tokio::time::sleep(ASK_AGAIN_AFTER).await,
            connected => return connected,
        }
    }
}

async fn connect_once(address: &Address, access: Access) -> Result<Connection, Error> {
    let connecting = async {
        match address.dialect {
            Dialect::Postgres => postgres(address, access).await,
            Dialect::Sqlite => sqlite(address, access).await,
        }
    };
    match tokio::time::timeout(CONNECT_WITHIN, connecting).await {
        Ok(connected) => connected,
        Err(_) => {
            let reason = format!("no answer within {} seconds", CONNECT_WITHIN.as_secs());
            Err(Error::Unreachable { address: address.to_string(), reason })
        }
    }
}

async fn postgres(address: &Address, access: Access) -> Result<Connection, Error> {
    let options: PgConnectOptions = address
        .secret_url()
        .unwrap_or_default()
        .parse()
        .map_err(|error: sqlx::Error| Error::connecting(error, address))?;
    let options = options.application_name("driftlens").disable_statement_logging();
    let connection = options.connect().await.map_err(|error| Error::connecting(error, address))?;
    let mut connection = Connection::new(address, access, Inner::Postgres(Box::new(connection)));
    let mut settings = String::from("SET jit = off");
    if access == Access::Read {
        settings += &format!("; SET default_transaction_read_only = on; SET statement_timeout = '{READ_WITHIN}'");
    }
    connection.execute(&settings).await?;
    Ok(connection)
}

async fn sqlite(address: &Address, access: Access) -> Result<Connection, Error> {
    let options = match address.sqlite_file() {
        Some(file) => SqliteConnectOptions::new().filename(file),
        None => SqliteConnectOptions::new().in_memory(true),
    };
    if let Some(file) = address.sqlite_file().filter(|file| access != Access::Create && !file.exists()) {
        let reason = format!("there is no file {}", file.display());
        return Err(Error::Unreachable { address: address.to_string(), reason });
    }
    let options = options
        .create_if_missing(access == Access::Create)
        .foreign_keys(access != Access::Read)
        .busy_timeout(CONNECT_WITHIN)
        .disable_statement_logging();
    let connection = options.connect().await.map_err(|error| Error::connecting(error, address))?;
    let mut connection = Connection::new(address, access, Inner::Sqlite(Box::new(connection)));
    if access == Access::Read {
        connection.execute("PRAGMA query_only = ON").await?;
    }
    Ok(connection)
}

impl Connection {
    fn new(address: &Address, access: Access, inner: Inner) -> Connection {
        let proof = match access {
            Access::Read => postgres::Proof::Looking,
            Access::Write | Access::Create => postgres::Proof::Building,
        };
        Connection { address: address.clone(), proof, witnesses: Vec::new(), stop: Stop::default(), inner }
    }

    pub fn address(&self) -> &Address {
        &self.address
    }

    pub fn dialect(&self) -> Dialect {
        self.address.dialect
    }

    /// Runs a text of any number of statements as one message.
    pub async fn execute(&mut self, sql: &str) -> Result<(), Error> {
        let query = sqlx::raw_sql(AssertSqlSafe(sql.to_owned()));
        let done = match &mut self.inner {
            Inner::Postgres(connection) => connection.execute(query).await.map(|_| ()),
            Inner::Sqlite(connection) => connection.execute(query).await.map(|_| ()),
        };
        done.map_err(|error| Error::of(error, &self.address))
    }

    /// The rows of one statement, every value as text; None is NULL. The statement casts what is no text.
    pub async fn rows(&mut self, sql: &str) -> Result<Vec<Vec<Option<String>>>, Error> {
        Ok(self.rows_of_each(sql).await?.into_iter().flatten().collect())
    }

    /// The same of several statements in one message, statement by statement.
    pub(crate) async fn rows_of_each(&mut self, sql: &str) -> Result<Vec<Vec<Vec<Option<String>>>>, Error> {
        let query = sqlx::raw_sql(AssertSqlSafe(sql.to_owned()));
        let rows = match &mut self.inner {
            Inner::Postgres(connection) => {
                each(connection.fetch_many(query), |row, column| row.try_get(column).unwrap_or(None)).await
            }
            Inner::Sqlite(connection) => {
                each(connection.fetch_many(query), |row, column| row.try_get_unchecked(column).unwrap_or(None)).await
            }
        };
        rows.map_err(|error| Error::of(error, &self.address))
    }

    /// The first value of the first row.
    pub async fn value(&mut self, sql: &str) -> Result<Option<String>, Error> {
        Ok(self.rows(sql).await?.into_iter().next().and_then(|row| row.into_iter().next()).flatten())
    }

    /// Reads what the database holds, in one snapshot of it.
    pub async fn catalog(&mut self) -> Result<Catalog, Error> {
        let dialect = self.dialect();
        let (server, answer) = match dialect {
            Dialect::Postgres => postgres::catalog(self).await?,
            Dialect::Sqlite => sqlite::catalog(self).await?,
        };
        Catalog::of_answer(dialect, server, answer).map_err(|error| self.not_understood(error))
    }

    /// What the database keeps of rows, sizes and use, for [`crate::statistics_of`].
    pub async fn statistics(&mut self) -> Result<Vec<Vec<Option<String>>>, Error> {
        match self.dialect() {
            Dialect::Postgres => self.rows(postgres::STATISTICS_QUERY).await,
            Dialect::Sqlite => sqlite::statistics(self).await,
        }
    }

    /// Replaces, in what was read from the catalog, each expression that means the same as ours by ours. SQLite keeps the texts as they
    /// were written; PostgreSQL is asked in a transaction that is taken back: by making the objects on a connection that may write, else
    /// by planning, which proves less.
    pub async fn settle(&mut self, ours: &Schema, theirs: &mut Schema) -> Result<postgres::Settled, Error> {
        match self.dialect() {
            Dialect::Postgres => postgres::settle(self, ours, theirs).await,
            Dialect::Sqlite => Ok(postgres::Settled::default()),
        }
    }

    /// Begins a transaction of the caller's. Foreign keys of SQLite are off until it ends, for the switch does nothing within.
    pub async fn begin(&mut self) -> Result<(), Error> {
        match self.dialect() {
            Dialect::Postgres => self.execute("BEGIN").await,
            Dialect::Sqlite => self.execute("PRAGMA foreign_keys = OFF; BEGIN IMMEDIATE").await,
        }
    }

    /// Ends it: all of it is kept, or nothing.
    pub async fn end(&mut self, is_kept: bool) -> Result<(), Error> {
        let ended = self.execute(if is_kept { "COMMIT" } else { "ROLLBACK" }).await;
        match self.dialect() {
            Dialect::Postgres => ended,
            Dialect::Sqlite => ended.and(self.execute("PRAGMA foreign_keys = ON").await),
        }
    }

    /// The names of the server's roles, which belong to all of its databases; none on SQLite.
    pub async fn roles(&mut self) -> Result<Vec<String>, Error> {
        match self.dialect() {
            Dialect::Postgres => {
                let rows = self.rows("SELECT rolname::text FROM pg_roles").await?;
                Ok(rows.into_iter().flatten().flatten().collect())
            }
            Dialect::Sqlite => Ok(Vec::new()),
        }
    }

    /// Tells this database from one that is made anew under the same address; empty where nothing does.
    pub async fn identity(&mut self) -> Result<String, Error> {
        match self.dialect() {
            Dialect::Postgres => {
                let question = "SELECT oid::text FROM pg_database WHERE datname = current_database()";
                Ok(self.value(question).await?.unwrap_or_default())
            }
            Dialect::Sqlite => Ok(self.address.sqlite_file().and_then(file_identity).unwrap_or_default()),
        }
    }

    pub(crate) fn not_understood(&self, reason: impl ToString) -> Error {
        Error::NotUnderstood { reason: self.address.redacted(&reason.to_string()) }
    }

    /// Ends the connection in the server's good order.
    pub async fn close(self) {
        let _ = match self.inner {
            Inner::Postgres(connection) => connection.close().await,
            Inner::Sqlite(connection) => connection.close().await,
        };
    }
}

/// Reads the answers to the end, value by value.
async fn each<Done, R: Row>(
    mut answers: impl Stream<Item = Result<Either<Done, R>, sqlx::Error>> + Unpin,
    value: impl Fn(&R, usize) -> Option<String>,
) -> Result<Vec<Vec<Vec<Option<String>>>>, sqlx::Error> {
    let (mut all, mut rows) = (Vec::new(), Vec::new());
    while let Some(answer) = answers.try_next().await? {
        match answer {
            Either::Left(_) => all.push(std::mem::take(&mut rows)),
            Either::Right(row) => rows.push((0..row.len()).map(|column| value(&row, column)).collect()),
        }
    }
    if !rows.is_empty() {
        all.push(rows);
    }
    Ok(all)
}

#[cfg(unix)]
fn file_identity(file: &std::path::Path) -> Option<String> {
    use std::os::unix::fs::MetadataExt as _;
    file.metadata().ok().map(|found| format!("{}:{}", found.dev(), found.ino()))
}

#[cfg(not(unix))]
fn file_identity(file: &std::path::Path) -> Option<String> {
    let made = file.metadata().ok()?.created().ok()?.duration_since(std::time::UNIX_EPOCH).ok()?;
    Some(made.as_millis().to_string())
}
