//! What a database allows us, and what is odd about it: facts, for whoever has to find out why something does not work.

use std::time::{SystemTime, UNIX_EPOCH};

use schema::Dialect;

use crate::connection::Connection;
use crate::error::Error;

/// The oldest PostgreSQL whose catalog is read.
const OLDEST_POSTGRES: u32 = 13;

/// What was found out about a database.
#[derive(Clone, Debug, PartialEq)]
pub struct Examination {
    pub server: String,
    /// False where the server is older than what is read.
    pub is_known_version: bool,
    /// Who we are there; None where the database knows no users.
    pub user: Option<String>,
    /// Whether tables can be made, and whether schemas can.
    pub creates_tables: bool,
    pub creates_schemas: bool,
    /// True for a server that only follows another one: nothing can be written.
    pub is_replica: bool,
    /// The extensions, with the schema that each is in.
    pub extensions: Vec<(String, String)>,
    /// How many seconds the server's clock is ahead of ours.
    pub clock_ahead: f64,
}

/// Looks at a database through an open connection. Nothing is changed.
pub async fn examine(connection: &mut Connection) -> Result<Examination, Error> {
    match connection.dialect() {
        Dialect::Postgres => postgres(connection).await,
        Dialect::Sqlite => sqlite(connection).await,
    }
}

async fn postgres(connection: &mut Connection) -> Result<Examination, Error> {
    let question = "SELECT current_setting('server_version'), current_setting('server_version_num'), current_user::text, \
        has_schema_privilege(current_user, 'public', 'CREATE')::text, has_database_privilege(current_database(), 'CREATE')::text, \
        pg_is_in_recovery()::text, extract(epoch FROM clock_timestamp())::text";
    let row = connection.rows(question).await?.into_iter().next().unwrap_or_default();
    let ours = now();
    let mut values = row.into_iter();
    let mut next = || values.next().flatten().unwrap_or_default();
    let (version, number, user) = (next(), next(), next());
    let (creates_tables, creates_schemas, is_replica) = (next() == "true", next() == "true", next() == "true");
    let clock_ahead = next().parse::<f64>().unwrap_or(ours) - ours;
    let extensions = "SELECT extname::text, extnamespace::regnamespace::text FROM pg_extension ORDER BY extname";
    let extensions = connection.rows(extensions).await?.into_iter();
    let extensions = extensions.filter_map(|row| {
        let mut row = row.into_iter().flatten();
        Some((row.next()?, row.next()?))
    });
    let extensions = extensions.collect();
    let major = number.parse::<u32>().unwrap_or_default() / 10_000;
    let number = version.split_whitespace().next().unwrap_or_default();
    Ok(Examination {
        server: format!("PostgreSQL {number}"),
        is_known_version: major >= OLDEST_POSTGRES,
        user: Some(user),
        creates_tables,
        creates_schemas,
        is_replica,
        extensions,
        clock_ahead,
    })
}

async fn sqlite(connection: &mut Connection) -> Result<Examination, Error> {
    let version = connection.value("SELECT sqlite_version()").await?.unwrap_or_default();
    let file = connection.address().sqlite_file();
    let is_writable = file.is_none_or(|file| std::fs::metadata(file).is_ok_and(|it| !it.permissions().readonly()));
    Ok(Examination {
        server: format!("SQLite {version}"),
        is_known_version: true,
        user: None,
        creates_tables: is_writable,
        creates_schemas: false,
        is_replica: false,
        extensions: Vec::new(),
        clock_ahead: 0.0,
    })
}

fn now() -> f64 {
    SystemTime::now().duration_since(UNIX_EPOCH).map(|since| since.as_secs_f64()).unwrap_or_default()
}
