//! Estimates of rows and sizes, as the server keeps them.

use analysis::{ColumnStatistics, IndexStatistics, Statistics, TableStatistics};
use schema::Name;

/// Every row is: kind, namespace, table, column or index, and up to three values.
pub(crate) const QUERY: &str = "\
SELECT 'table', n.nspname::text, c.relname::text, NULL, CASE WHEN c.reltuples >= 0 THEN c.reltuples::bigint::text END,
    pg_total_relation_size(c.oid)::text, to_char(greatest(s.last_analyze, s.last_autoanalyze), 'YYYY-MM-DD HH24:MI')
FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace LEFT JOIN pg_stat_user_tables s ON s.relid = c.oid
WHERE c.relkind IN ('r', 'p', 'm') AND n.nspname !~ '^pg_' AND n.nspname <> 'information_schema'
UNION ALL SELECT 'index', n.nspname::text, c.relname::text, i.relname::text, coalesce(s.idx_scan, 0)::text,
    pg_relation_size(i.oid)::text, NULL
FROM pg_index x JOIN pg_class i ON i.oid = x.indexrelid JOIN pg_class c ON c.oid = x.indrelid
JOIN pg_namespace n ON n.oid = c.relnamespace LEFT JOIN pg_stat_user_indexes s ON s.indexrelid = i.oid
WHERE n.nspname !~ '^pg_' AND n.nspname <> 'information_schema'
UNION ALL SELECT 'column', schemaname::text, tablename::text, attname::text, null_frac::text, n_distinct::text, NULL
FROM pg_stats WHERE schemaname !~ '^pg_' AND schemaname <> 'information_schema' AND NOT inherited";

/// Of the rows that [`QUERY`] answers with.
pub(crate) fn statistics_of(rows: Vec<Vec<Option<String>>>) -> Statistics {
    let mut statistics = Statistics::default();
    for row in rows {
        let mut values = row.into_iter();
        let mut next = || values.next().flatten();
        let (Some(kind), Some(namespace), Some(table)) = (next(), next(), next()) else { continue };
        let (part, first, second, third) = (next().unwrap_or_default(), next(), next(), next());
        let name = Name::new(namespace.as_str(), table);
        match kind.as_str() {
            "table" => {
                let (rows, bytes) = (number(first), number(second));
                statistics.tables.insert(name, TableStatistics { rows, bytes, analyzed: third });
            }
            "index" => {
                let found = IndexStatistics { scans: number(first).unwrap_or_default(), bytes: number(second) };
                statistics.indexes.insert(Name::new(namespace, part), found);
            }
            _ => {
                let real = |text: Option<String>| text.and_then(|it| it.parse().ok()).unwrap_or_default();
                let found = ColumnStatistics { null_fraction: real(first), distinct: real(second) };
                statistics.columns.insert((name, part), found);
            }
        }
    }
    statistics
}

fn number(text: Option<String>) -> Option<u64> {
    text.and_then(|it| it.parse().ok())
}
