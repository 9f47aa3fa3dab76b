//! Whatever the text is: no panic, spans inside of it, statements in order, and time in proportion.

use crate::sql::statement::{Kind, Statement};

const FIXTURE: &str = include_str!("fixture.sql");

/// The statements, after a look at their places.
fn check(text: &str) -> Vec<Statement> {
    let statements = super::super::statements(text);
    let mut end = 0;
    for statement in &statements {
        let span = statement.span;
        assert!(end <= span.start && !span.is_empty(), "{span:?} behind {end} in {text:?}");
        assert!(text.get(span.start as usize..span.end as usize).is_some(), "{span:?} in {text:?}");
        if let Kind::Unreadable(unreadable) = &statement.kind {
            assert!(span.contains(unreadable.at), "{unreadable:?} in {span:?} of {text:?}");
        }
        end = span.end;
    }
    super::print::print(text);
    statements
}

#[test]
fn the_fixture_is_read_whole() {
    let unreadable: Vec<_> = check(FIXTURE).into_iter().filter(|it| matches!(it.kind, Kind::Unreadable(_))).collect();
    assert_eq!(unreadable, []);
}

#[test]
fn every_prefix_and_every_suffix_can_be_read() {
    for (place, _) in FIXTURE.char_indices() {
        check(&FIXTURE[..place]);
        check(&FIXTURE[place..]);
    }
}

#[test]
fn every_character_can_be_missing_or_another() {
    for (place, character) in FIXTURE.char_indices() {
        let (before, after) = (&FIXTURE[..place], &FIXTURE[place + character.len_utf8()..]);
        for other in ["", "'", "\"", "(", ")", ";", "/*", "\0"] {
            check(&format!("{before}{other}{after}"));
        }
    }
}

#[test]
fn depth_costs_no_stack_and_no_square_of_time() {
    let n = 50_000;
    let nested = format!("{}a{}", "(".repeat(n), ")".repeat(n));
    for text in [
        format!("CREATE TABLE t (a CHECK {nested})"),
        format!("CREATE TABLE t (a DEFAULT {nested})"),
        format!("CREATE TABLE t (a, PRIMARY KEY ({nested}))"),
        format!("CREATE INDEX i ON t ({nested}, {nested} COLLATE x) WHERE {nested}"),
        format!("CREATE INDEX i ON t (a {})", "COLLATE x ".repeat(n)),
        format!("CREATE VIEW v AS {}", nested.replace('a', "SELECT a")),
        format!("CREATE VIEW v AS SELECT * FROM {}", nested.replace('(', "(SELECT * FROM (")),
        "CREATE TABLE t (".repeat(n),
        "CREATE TRIGGER t INSERT ON t BEGIN SELECT 1;".repeat(n),
        "CREATE TABLE t (a, CHECK (".repeat(n),
        "'".repeat(n + 1),
        "/*".repeat(n),
        "x REFERENCES a ".repeat(n),
        "--> statement-breakpoint CREATE ".repeat(n),
    ] {
        super::super::statements(&text);
    }
}
