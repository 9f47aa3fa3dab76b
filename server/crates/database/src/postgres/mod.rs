//! PostgreSQL.

mod planned;
mod probe;
mod statistics;
mod unfinished_index;

pub use probe::Settled;
pub(crate) use probe::settle;
pub(crate) use statistics::statistics;

use crate::connection::{Catalog, Connection};
use crate::error::Error;

/// One message: the answer is one snapshot, in one round trip.
pub(crate) async fn catalog(connection: &mut Connection) -> Result<Catalog, Error> {
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
    let mut schema = dialects::catalog_schema(&json).map_err(|error| connection.not_understood(error))?;
    dialects::fold_serials(&mut schema);
    let number = version.split_whitespace().next().unwrap_or_default();
    Ok(Catalog { schema, server: format!("PostgreSQL {number}") })
}
