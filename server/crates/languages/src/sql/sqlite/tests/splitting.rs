//! Where statements start and end.

use expect_test::{Expect, expect};

use crate::sql::statement::Kind;

/// Each statement's text on a line of its own.
fn check(text: &str, expected: Expect) {
    let statements = super::super::statements(text);
    let lines = statements.iter().map(|statement| match &statement.kind {
        Kind::Psql { command } => format!("{:?} is {command}\n", statement.span.text(text)),
        _ => format!("{:?}\n", statement.span.text(text)),
    });
    expected.assert_eq(&lines.collect::<String>());
}

#[test]
fn blanks_comments_and_semicolons_are_left_out() {
    check(
        "\u{feff} ; -- c\n/* ; */ DROP TABLE a /* x */ ; ;; \u{feff}DROP TABLE b -- y\n/* open",
        expect![[r#"
        "DROP TABLE a"
        "DROP TABLE b"
    "#]],
    );
    check(
        "SELECT 1 /* ; */ -- ;\n + 1 -- end\n ; SELECT 2 /* open",
        expect![[r#"
        "SELECT 1 /* ; */ -- ;\n + 1"
        "SELECT 2"
    "#]],
    );
    check("", expect![[r#""#]]);
}

#[test]
fn quotes_and_comments_hide_semicolons() {
    check(
        "SELECT ';' || \";\" || `;` || [;] || 'it''s;'; SELECT 2;",
        expect![[r#"
        "SELECT ';' || \";\" || `;` || [;] || 'it''s;'"
        "SELECT 2"
    "#]],
    );
    check(
        "CREATE TABLE \"a;b\" (c DEFAULT ';', [d;e] int); SELECT 2;",
        expect![[r#"
        "CREATE TABLE \"a;b\" (c DEFAULT ';', [d;e] int)"
        "SELECT 2"
    "#]],
    );
    check(
        "SELECT a - b / c; SELECT 'a'';'; SELECT \"a\"\";\"; SELECT 1 /*/ ; */; SELECT 2",
        expect![[r#"
        "SELECT a - b / c"
        "SELECT 'a'';'"
        "SELECT \"a\"\";\""
        "SELECT 1"
        "SELECT 2"
    "#]],
    );
}

#[test]
fn a_breakpoint_ends_a_statement_without_a_semicolon() {
    check(
        "DROP TABLE a--> statement-breakpoint\r\nDROP TABLE b\r\n--> statement-breakpoint\r\nINSERT INTO c",
        expect![[r#"
            "DROP TABLE a"
            "DROP TABLE b"
            "INSERT INTO c"
        "#]],
    );
    check(
        "CREATE TABLE a (b DEFAULT ';\n--> statement-breakpoint\nDROP TABLE c;",
        expect![[r#"
        "CREATE TABLE a (b DEFAULT ';\n"
        "DROP TABLE c"
    "#]],
    );
    check(
        "CREATE TRIGGER x INSERT ON t BEGIN SELECT 1;\n--> statement-breakpoint\nDROP TABLE c;",
        expect![[r#"
        "CREATE TRIGGER x INSERT ON t BEGIN SELECT 1;"
        "DROP TABLE c"
    "#]],
    );
}

#[test]
fn the_body_of_a_trigger_is_one_statement() {
    check(
        "CREATE TRIGGER x INSERT ON t BEGIN SELECT ';'; END; DROP TABLE a",
        expect![[r#"
        "CREATE TRIGGER x INSERT ON t BEGIN SELECT ';'; END"
        "DROP TABLE a"
    "#]],
    );
    check(
        "BEGIN; SELECT 1; END; DROP TABLE a",
        expect![[r#"
        "BEGIN"
        "SELECT 1"
        "END"
        "DROP TABLE a"
    "#]],
    );
}

#[test]
fn a_line_for_the_shell_ends_with_its_line() {
    check(
        ".mode csv\nDROP TABLE a;\n.import x y ; \r\nDROP TABLE b",
        expect![[r#"
        ".mode csv" is .mode
        "DROP TABLE a"
        ".import x y ;" is .import
        "DROP TABLE b"
    "#]],
    );
}
