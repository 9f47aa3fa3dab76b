//! SQLite's operators. (lang_expr.html, 2. Operators, and Parse-Affecting Attributes.)

use crate::parser::Powers;

pub(crate) const POWERS: Powers = Powers { is: EQUALITY, like: EQUALITY, collate: 23, at: 0, cast: 0 };

const EQUALITY: u8 = 7;

/// How strongly an operator between two operands binds.
pub(crate) fn power(operator: &str) -> u8 {
    match operator {
        "=" | "==" | "<>" | "!=" => EQUALITY,
        "<" | ">" | "<=" | ">=" => 9,
        "&" | "|" | "<<" | ">>" => 13,
        "+" | "-" => 15,
        "*" | "/" | "%" => 17,
        _ => 19,
    }
}

/// How strongly an operator before its operand binds; None for what is no such operator.
pub(crate) fn prefix_power(operator: &str) -> Option<u8> {
    matches!(operator, "+" | "-" | "~").then_some(25)
}
