//! What cannot be read, and bad input of all sorts.

use expect_test::expect;

use super::super::super::statement::Kind;
use super::{check, printed};

#[test]
fn a_broken_statement_takes_nothing_with_it() {
    check(
        "CREATE TABLE a (id int,, b int); CREATE TABLE b (id int); CREATE TABLE c (id); CREATE TABEL d (id int); ALTER TABLE e ADD COLUMN;
CREATE TABLE f (id int) CREATE TABLE g (id int); CREATE TABLE {{ schema }}.h (id int); DROP TABLE :i; COMMENT ON COLUMN j IS 'x'; foo bar; DROP TABLE k",
        expect![[r#"
            CREATE TABLE a (id int,, b int) => Unreadable { message: "unexpected comma", at: ‹,›, names: [a] }
            CREATE TABLE b (id int) => CreateTable { name: b, elements: [ColumnDef { name: id, span: ‹id int›, type_name: `int` }] }
            CREATE TABLE c (id) => Unreadable { message: "expected a type instead of `)`", at: ‹)›, names: [c] }
            CREATE TABEL d (id int) => Unreadable { message: "no statement of PostgreSQL begins like this", at: ‹CREATE TABEL d (id int)› }
            ALTER TABLE e ADD COLUMN => Unreadable { message: "expected a name behind the last word", at: ‹›, names: [e] }
            CREATE TABLE f (id int) CREATE TABLE g (… => Unreadable { message: "`CREATE` is not expected here", at: ‹CREATE›, names: [f, g] }
            CREATE TABLE {{ schema }}.h (id int) => Unreadable { message: "expected a name instead of `{`", at: ‹{› }
            DROP TABLE :i => Unreadable { message: "`:` is not expected here", at: ‹:› }
            COMMENT ON COLUMN j IS 'x' => Unreadable { message: "this form of the statement is not known", at: ‹COMMENT ON COLUMN j IS 'x'› }
            foo bar => Unreadable { message: "no statement of PostgreSQL begins like this", at: ‹foo bar› }
            DROP TABLE k => Drop { objects: [Target { class: Table, name: k }] }
        "#]],
    );
}

#[test]
fn a_broken_statement_tells_what_it_names() {
    check(
        r#"ALTER TABLE IF EXISTS ONLY "A".b ADD CONSTRAINT k FOREIGN KEY (c) REFERENCES d (e) ON DELETE nothing ON UPDATE;
CREATE UNIQUE INDEX CONCURRENTLY IF NOT EXISTS i ON s.t USING;
ALTER TABLE t ALTER COLUMN c TYPE integer USING;"#,
        expect![[r#"
            ALTER TABLE IF EXISTS ONLY "A".b ADD CON… => Unreadable { message: "expected foreign key action instead of `nothing`", at: ‹nothing›, names: [A‹"A"›.b, d] }
            CREATE UNIQUE INDEX CONCURRENTLY IF NOT … => Unreadable { message: "expected a name behind the last word", at: ‹›, names: [i, s.t] }
            ALTER TABLE t ALTER COLUMN c TYPE intege… => Unreadable { message: "expected an expression behind the last word", at: ‹›, names: [t] }
        "#]],
    );
}

#[test]
fn open_quotes_run_to_the_end() {
    check(
        "DROP TABLE a; COMMENT ON TABLE a IS 'b; DROP TABLE c;",
        expect![[r#"
        DROP TABLE a => Drop { objects: [Target { class: Table, name: a }] }
        COMMENT ON TABLE a IS 'b; DROP TABLE c; => Unreadable { message: "missing trailing `'` symbol to terminate the string literal", at: ‹'b; DROP TABLE c;›, names: [a] }
    "#]],
    );
    check(
        "DROP TABLE \"a; DROP TABLE c;",
        expect![[r#"
        DROP TABLE "a; DROP TABLE c; => Unreadable { message: "missing trailing \" to terminate the quoted identifier", at: ‹"a; DROP TABLE c;›, names: [a; DROP TABLE c;‹"a; DROP TABLE c;›] }
    "#]],
    );
    check(
        "DROP TABLE a /* b; DROP TABLE c;",
        expect![[r#"
        DROP TABLE a => Drop { objects: [Target { class: Table, name: a }] }
    "#]],
    );
    check(
        "CREATE FUNCTION f() RETURNS int LANGUAGE sql AS $x$ a; $$ $y$ DROP TABLE c;",
        expect![[r#"
            CREATE FUNCTION f() RETURNS int LANGUAGE… => Unreadable { message: "unterminated dollar quoted string literal", at: ‹$x$ a; $$ $y$ DROP TABLE c;›, names: [f] }
        "#]],
    );
}

#[test]
fn bytes_that_sql_does_not_know() {
    check(
        "DROP TABLE a\0b; DROP TABLE c;\0\n\u{a0}DROP TABLE d; DROP\r\nTABLE\r\ne",
        expect![[r#"
        DROP TABLE a␀b => Unreadable { message: "a statement cannot hold the character NUL", at: ‹DROP TABLE a␀b›, names: [a] }
        DROP TABLE c => Drop { objects: [Target { class: Table, name: c }] }
        ␀ DROP TABLE d => Unreadable { message: "a statement cannot hold the character NUL", at: ‹␀
         DROP TABLE d›, names: [d] }
        DROP TABLE e => Drop { objects: [Target { class: Table, name: e }] }
    "#]],
    );
}

#[test]
fn deep_nesting_ends_in_an_answer() {
    let nested = |open: &str, close: &str, n: usize| {
        let text = format!("CREATE VIEW v AS SELECT {}1{}; DROP TABLE t", open.repeat(n), close.repeat(n));
        let statements = super::super::statements(&text);
        assert_eq!(statements.len(), 2, "{open}");
        matches!(statements[0].kind, Kind::Unreadable(_))
    };
    assert!(nested("(", ")", 50_000));
    assert!(nested("f(", ")", 50_000));
    assert!(nested("(SELECT ", ")", 50_000));
    for (open, close) in [("(", ")"), ("f(", ")"), ("ARRAY[", "]"), ("(SELECT ", ")"), ("x IN (SELECT 1 WHERE ", ")")] {
        assert!(!nested(open, close, 900), "{open}");
    }
    for (open, close) in
        [("- ", ""), ("NOT ", ""), ("CASE WHEN ", " THEN 1 END"), ("1 BETWEEN 1 AND ", ""), ("+ ~ @ ", "")]
    {
        assert!(!nested(open, close, 20_000), "{open}");
    }
}

#[test]
fn what_the_parser_would_never_come_back_from_is_not_given_to_it() {
    check(
        "ALTER TABLE t MERGE PARTITIONS (a, current_date) INTO b; CREATE TABLE t (a int) ALTER TABLE t ADD b int, MERGE c current_user d;
ALTER TABLE t MERGE PARTITIONS (a, b) INTO c; ALTER TABLE t ADD COLUMN merge timestamp DEFAULT current_timestamp;",
        expect![[r#"
            ALTER TABLE t MERGE PARTITIONS (a, curre… => Unreadable { message: "MERGE PARTITIONS is not known", at: ‹ALTER TABLE t MERGE PARTITIONS (a, current_date) INTO b›, names: [t] }
            CREATE TABLE t (a int) ALTER TABLE t ADD… => Unreadable { message: "MERGE PARTITIONS is not known", at: ‹CREATE TABLE t (a int) ALTER TABLE t ADD b int, MERGE c current_user d›, names: [t] }
            ALTER TABLE t MERGE PARTITIONS (a, b) IN… => AlterRelation { relation: Table, name: t, actions: [Nothing] }
            ALTER TABLE t ADD COLUMN merge timestamp… => AlterRelation { relation: Table, name: t, actions: [
              AddColumn { column: ColumnDef { name: merge, span: ‹merge timestamp DEFAULT current_timestamp›, type_name: `timestamp`, constraints: [ColumnConstraint { span: ‹DEFAULT current_timestamp›, kind: Default(`current_timestamp`) }] } },
            ] }
        "#]],
    );
}

#[test]
fn deep_blocks_end_in_an_answer() {
    let text = format!("DO $$ {} DROP TABLE t; {} $$", "BEGIN ".repeat(20_000), "END; ".repeat(20_000));
    let statements = super::super::statements(&text);
    assert!(matches!(&statements[0].kind, Kind::Do(block) if block.is_opaque && block.names.len() == 1));
}

#[test]
fn every_prefix_gives_statements_inside_the_text() {
    for end in 0..FIXTURE.len() {
        let Some(text) = FIXTURE.get(..end) else { continue };
        let statements = super::super::statements(text);
        // Printing looks at every place.
        printed(text, &statements);
        let mut last = 0;
        for statement in statements {
            assert!(last <= statement.span.start && statement.span.end as usize <= end, "{end}");
            last = statement.span.end;
        }
    }
}

const FIXTURE: &str = r#"SET search_path = a, "B";
CREATE TABLE "ä"."users" ("id" serial PRIMARY KEY, e text DEFAULT E'\'x' COLLATE "C", CHECK ((e <> '')));--> statement-breakpoint
ALTER TABLE a ADD COLUMN IF NOT EXISTS b int[] REFERENCES c (d) ON DELETE SET NULL, DROP CONSTRAINT k CASCADE;
CREATE FUNCTION f(a int = 1, OUT b text) RETURNS int BEGIN ATOMIC SELECT CASE 1 WHEN 1 THEN 2 END; END;
DO $$ <<l>> DECLARE x int; BEGIN IF NOT EXISTS (SELECT 1) THEN EXECUTE 'CREATE TYPE m AS ENUM (''a'')'; ELSE NULL; END IF;
EXCEPTION WHEN others THEN RAISE 'x'; END l $$ LANGUAGE plpgsql;
CREATE VIEW v AS WITH a AS (SELECT 1) SELECT * FROM a JOIN b USING (c) /* d /* e */ */;
\connect x
COPY t FROM stdin;
1	2
\.
GRANT SELECT ON t TO U&"\0061" UESCAPE '!';
COMMENT ON COLUMN a.b IS $t$ 'ß' $t$;"#;
