//! PostgreSQL's operators and constants. (SQL syntax, 4.1.6 Operator Precedence.)

use schema::Dialect;

use crate::parser::Powers;

pub(crate) const POWERS: Powers = Powers { is: 7, like: 11, collate: 23, at: 21, cast: 29 };

const COMPARISON: u8 = 9;
const OTHER: u8 = 13;
const SIGN: u8 = 25;

/// How strongly an operator between two operands binds.
pub(crate) fn power(operator: &str) -> u8 {
    match operator {
        "=" | "<" | ">" | "<=" | ">=" | "<>" | "!=" => COMPARISON,
        "+" | "-" => 15,
        "*" | "/" | "%" => 17,
        "^" => 19,
        _ => OTHER,
    }
}

/// How strongly an operator before its operand binds; None for what is no such operator.
pub(crate) fn prefix_power(operator: &str) -> Option<u8> {
    match operator {
        "+" | "-" => Some(SIGN),
        "=" | "<" | ">" | "<=" | ">=" | "<>" | "!=" | "/" | "%" | "^" => None,
        _ => Some(OTHER + 1),
    }
}

/// The operator behind LIKE and ILIKE, as PostgreSQL prints it.
pub(crate) fn like(word: &str, is_negated: bool) -> Option<&'static str> {
    match (word, is_negated) {
        ("like", false) => Some("~~"),
        ("like", true) => Some("!~~"),
        ("ilike", false) => Some("~~*"),
        ("ilike", true) => Some("!~~*"),
        _ => None,
    }
}

/// A string constant; those in dollars and those with an `E` for nothing become plain ones.
pub(crate) fn text(dialect: Dialect, token: &str) -> String {
    if dialect == Dialect::Sqlite || token.starts_with('\'') {
        return token.to_owned();
    }
    if token.starts_with('$') {
        let tag_len = token.get(1..).and_then(|rest| rest.find('$')).map_or(0, |end| end + 2);
        let body = token.get(tag_len..token.len().saturating_sub(tag_len)).unwrap_or_default();
        return format!("'{}'", body.replace('\'', "''"));
    }
    match token.strip_prefix(['e', 'E']) {
        Some(rest) if !rest.contains('\\') => rest.to_owned(),
        Some(rest) => format!("e{rest}"),
        None => token.get(..1).unwrap_or_default().to_ascii_lowercase() + token.get(1..).unwrap_or_default(),
    }
}
