//! PostgreSQL.

mod planned;
mod probe;
mod statistics;
mod unfinished_index;
mod witness;

pub use probe::Settled;
pub(crate) use probe::settle;
pub(crate) use statistics::{QUERY as STATISTICS_QUERY, statistics_of};
pub(crate) use witness::Proof;
pub use witness::{Making, Witness};

use schema::Schema;

use crate::connection::Connection;
use crate::error::Error;

/// The server's name and its answer for [`catalog_schema`]. One message: the answer is one snapshot, in one round trip.
pub(crate) async fn catalog(connection: &mut Connection) -> Result<(String, String), Error> {
    // Within a transaction of the caller's the search path is set for a moment and set back, for it would stay.
    let question = format!(
        "SELECT current_setting('server_version') AS version, current_setting('search_path') AS path, set_config('search_path', 'public', false); {}",
        dialects::CATALOG_QUERY
    );
    let rows = connection.rows(&question).await?;
    let mut rows = rows.into_iter();
    let settings = rows.next().unwrap_or_default();
    let path = settings.get(1).cloned().flatten().unwrap_or_default();
    connection.execute(&format!("SELECT set_config('search_path', '{}', false)", path.replace('\'', "''"))).await?;
    let version = settings.into_iter().next().flatten().unwrap_or_default();
    let json = rows.next().and_then(|row| row.into_iter().next()).flatten();
    let json = json.ok_or_else(|| connection.not_understood("the catalog is empty"))?;
    let number = version.split_whitespace().next().unwrap_or_default();
    Ok((format!("PostgreSQL {number}"), json))
}

pub(crate) fn catalog_schema(answer: &str) -> Result<Schema, serde_json::Error> {
    let mut schema = dialects::catalog_schema(answer)?;
    dialects::fold_serials(&mut schema);
    Ok(schema)
}
