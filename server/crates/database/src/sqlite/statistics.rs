//! SQLite keeps estimates only where `ANALYZE` was run.

use analysis::{Statistics, TableStatistics};
use schema::Name;

use crate::connection::Connection;
use crate::error::Error;

pub(crate) async fn statistics(connection: &mut Connection) -> Result<Statistics, Error> {
    let mut statistics = Statistics::default();
    let is_analyzed = "SELECT name FROM sqlite_schema WHERE name = 'sqlite_stat1'";
    if connection.value(is_analyzed).await?.is_none() {
        return Ok(statistics);
    }
    for row in connection.rows("SELECT tbl, stat FROM sqlite_stat1").await? {
        let mut values = row.into_iter().flatten();
        let (Some(table), Some(stat)) = (values.next(), values.next()) else { continue };
        // The first number is that of the rows.
        let rows = stat.split_whitespace().next().and_then(|it| it.parse().ok());
        statistics.tables.insert(Name::new("", table), TableStatistics { rows, ..TableStatistics::default() });
    }
    Ok(statistics)
}
