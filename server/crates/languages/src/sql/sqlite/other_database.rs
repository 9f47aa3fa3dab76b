//! Whose SQL a statement is that SQLite does not take: the commonest reason is a file of another database in the project.

use sqlparser::dialect::{Dialect, MySqlDialect, PostgreSqlDialect};
use sqlparser::parser::Parser;

/// Longer statements are not worth a second reading.
const MAX_BYTES: usize = 10_000;
/// Deeper ones are not either: the parser's own bound lies far above.
const MAX_DEPTH: usize = 50;

/// `PostgreSQL` or `MySQL`, where it reads as a statement of that database.
pub(super) fn takes(statement: &str) -> Option<&'static str> {
    if statement.len() > MAX_BYTES || depth(statement) > MAX_DEPTH {
        return None;
    }
    let others: [(&str, &dyn Dialect); 2] = [("PostgreSQL", &PostgreSqlDialect {}), ("MySQL", &MySqlDialect {})];
    others.into_iter().find(|(_, dialect)| Parser::parse_sql(*dialect, statement).is_ok()).map(|(name, _)| name)
}

fn depth(text: &str) -> usize {
    let (mut depth, mut deepest) = (0_usize, 0);
    for byte in text.bytes() {
        match byte {
            b'(' | b'[' => depth += 1,
            b')' | b']' => depth = depth.saturating_sub(1),
            _ => {}
        }
        deepest = deepest.max(depth);
    }
    deepest
}

#[cfg(test)]
mod tests {
    use super::takes;

    #[test]
    fn a_statement_of_another_database_is_told_from_a_broken_one() {
        assert_eq!(takes("CREATE TYPE mood AS ENUM ('sad', 'ok')"), Some("PostgreSQL"));
        assert_eq!(takes("CREATE TABLE t (a int) ENGINE=InnoDB, COMMENT='x'"), Some("MySQL"));
        assert_eq!(takes("CREATE TABL t (a int)"), None);
        assert_eq!(takes(&"(".repeat(100_000)), None);
    }
}
