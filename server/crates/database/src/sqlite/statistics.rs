//! SQLite keeps estimates only where `ANALYZE` was run.

use analysis::{Statistics, TableStatistics};
use schema::Name;

use crate::connection::Connection;
use crate::error::Error;

pub(crate) const QUERY: &str = "SELECT tbl, stat FROM sqlite_stat1";

pub(crate) async fn statistics(connection: &mut Connection) -> Result<Vec<Vec<Option<String>>>, Error> {
    let is_analyzed = "SELECT name FROM sqlite_schema WHERE name = 'sqlite_stat1'";
    match connection.value(is_analyzed).await? {
        Some(_) => connection.rows(QUERY).await,
        None => Ok(Vec::new()),
    }
}

/// Of the rows that [`QUERY`] answers with.
pub(crate) fn statistics_of(rows: Vec<Vec<Option<String>>>) -> Statistics {
    let mut statistics = Statistics::default();
    for row in rows {
        let mut values = row.into_iter().flatten();
        let (Some(table), Some(stat)) = (values.next(), values.next()) else { continue };
        // The first number is that of the rows.
        let rows = stat.split_whitespace().next().and_then(|it| it.parse().ok());
        statistics.tables.insert(Name::new("", table), TableStatistics { rows, ..TableStatistics::default() });
    }
    statistics
}
