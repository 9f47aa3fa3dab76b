//! The pieces of statements whose rules are SQLite's own; whole statements are read in the specs of plans.

use schema::{Dialect, Form};

use super::{has_constant_default, requalified, unqualified};
use crate::sql_type;

#[test]
fn a_tables_name_before_a_column_goes_or_changes() {
    let table = [
        ("\"t\".\"a\" > 1", "\"a\" > 1", "\"n\".\"a\" > 1"),
        ("T.a || 't.a'", "a || 't.a'", "n.a || 't.a'"),
        ("main.`t`.a", "a", "main.`n`.a"),
        ("[t].[a]", "[a]", "[n].[a]"),
        ("lower(t.a) + 1.5", "lower(a) + 1.5", "lower(n.a) + 1.5"),
        ("other.a", "a", "other.a"),
        ("a -- t.a", "a -- t.a", "a -- t.a"),
        ("'open t.a", "'open t.a", "'open t.a"),
    ];
    for (text, without, with) in table {
        assert_eq!(unqualified(text), without, "{text}");
        assert_eq!(requalified(text, "t", "n"), with, "{text}");
    }
    assert_eq!(requalified("t.a", "t", "select x"), "\"select x\".a");
}

#[test]
fn a_constant_default_is_one_literal() {
    let table = [
        ("1", true),
        ("-1.5", true),
        ("(- 1)", true),
        ("'x'", true),
        ("x'00'", true),
        ("\"x\"", true),
        ("word", true),
        ("(word)", false),
        ("(true)", true),
        ("NULL", true),
        ("CURRENT_TIMESTAMP", false),
        ("(current_date)", false),
        ("(1 + 1)", false),
        ("(unixepoch())", false),
        ("'open", false),
    ];
    let column = sql_type(Dialect::Sqlite, "text", None);
    for (text, expected) in table {
        assert_eq!(
            has_constant_default(&crate::default(Dialect::Sqlite, text, Form::Sql, &column)),
            expected,
            "{text}"
        );
    }
}
