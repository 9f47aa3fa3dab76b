//! Where statements begin and end.

use expect_test::expect;

use super::check;

#[test]
fn a_breakpoint_separates_where_the_semicolon_is_missing() {
    check(
        "CREATE SCHEMA a\n--> statement-breakpoint\nCREATE SCHEMA b;--> statement-breakpoint\nDROP SCHEMA c;\n",
        expect![[r#"
            CREATE SCHEMA a => CreateNamespace { name: a }
            CREATE SCHEMA b => CreateNamespace { name: b }
            DROP SCHEMA c => Drop { objects: [Target { class: Namespace, name: c }] }
        "#]],
    );
}

#[test]
fn a_breakpoint_inside_a_string_or_body_separates_nothing() {
    check(
        "COMMENT ON TABLE a IS 'x\n--> statement-breakpoint\n';\n\
         CREATE FUNCTION f() RETURNS int LANGUAGE sql AS $x$ SELECT 1;\n--> statement-breakpoint\n$x$;",
        expect![[r#"
            COMMENT ON TABLE a IS 'x --> statement-b… => Comment { object: Target { class: Table, name: a }, text: "x\n--> statement-breakpoint\n" }
            CREATE FUNCTION f() RETURNS int LANGUAGE… => CreateOpaque { kind: Function, name: f, signature: "", definition: Definition { text: "() RETURNS int LANGUAGE sql AS $x$ SELECT 1;\n--> statement-breakpoint\n$x$", events: "", header: "() returns integer language sql", body: Text { language: "sql", text: " SELECT 1;\n--> statement-breakpoint\n" }, signature: Signature { result: "integer", n_defaults: 0 } } }
        "#]],
    );
}

#[test]
fn semicolons_in_quotes_comments_and_bodies_separate_nothing() {
    check(
        r#"CREATE TABLE "a;b" (c text DEFAULT ';', d text DEFAULT E'\';', e text DEFAULT $$;$$, f text DEFAULT $t$ $$; $t$); -- ;
/* ; /* ; */ ; */ DROP TABLE x /* ; */ ;
CREATE FUNCTION f() RETURNS int BEGIN ATOMIC SELECT CASE WHEN true THEN 1 END; SELECT 2; END;
CREATE RULE r AS ON INSERT TO t DO ALSO (SELECT 1; SELECT 2);
DROP TABLE y"#,
        expect![[r#"
            CREATE TABLE "a;b" (c text DEFAULT ';', … => CreateTable { name: a;b‹"a;b"›, elements: [
              ColumnDef { name: c, span: ‹c text DEFAULT ';'›, type_name: `text`:text, constraints: [ColumnConstraint { span: ‹DEFAULT ';'›, kind: Default(`';'`) }] },
              ColumnDef { name: d, span: ‹d text DEFAULT E'\';'›, type_name: `text`:text, constraints: [ColumnConstraint { span: ‹DEFAULT E'\';'›, kind: Default(`E'\';'`) }] },
              ColumnDef { name: e, span: ‹e text DEFAULT $$;$$›, type_name: `text`:text, constraints: [ColumnConstraint { span: ‹DEFAULT $$;$$›, kind: Default(`$$;$$`) }] },
              ColumnDef { name: f, span: ‹f text DEFAULT $t$ $$; $t$›, type_name: `text`:text, constraints: [ColumnConstraint { span: ‹DEFAULT $t$ $$; $t$›, kind: Default(`$t$ $$; $t$`) }] },
            ] }
            DROP TABLE x => Drop { objects: [Target { class: Table, name: x }] }
            CREATE FUNCTION f() RETURNS int BEGIN AT… => CreateOpaque { kind: Function, name: f, signature: "", definition: Definition { text: "() RETURNS int BEGIN ATOMIC SELECT CASE WHEN true THEN 1 END; SELECT 2; END", events: "", header: "() returns integer language sql", body: Sql("begin atomic select case when true then 1 end ; select 2 ; end"), signature: Signature { result: "integer", n_defaults: 0 } } }
            CREATE RULE r AS ON INSERT TO t DO ALSO … => CreateOpaque { kind: Rule, name: r, on: t }
            DROP TABLE y => Drop { objects: [Target { class: Table, name: y }] }
        "#]],
    );
}

#[test]
fn spans_leave_out_semicolons_comments_and_whitespace() {
    check(
        "\u{feff} -- one\r\n ;; DROP TABLE a /* two */ ; -- three\r\n",
        expect![[r#"
        DROP TABLE a => Drop { objects: [Target { class: Table, name: a }] }
    "#]],
    );
}

#[test]
fn lines_for_psql_and_data_of_copy_are_told_from_statements() {
    check(
        "\\connect db\nCOPY public.a (b) FROM stdin;\n1\t;\n'it''s\n\\.\n\nCREATE TABLE t (\n\\i other.sql\nDROP TABLE b;\n\\restrict x",
        expect![[r#"
            \connect db => Psql { command: "\\connect" }
            COPY public.a (b) FROM stdin => Nothing
            1 ; 'it''s \. => CopyData
            CREATE TABLE t ( => Unreadable { message: "expected ) behind the last word", at: ‹›, names: [t] }
            \i other.sql => Psql { command: "\\i" }
            DROP TABLE b => Drop { objects: [Target { class: Table, name: b }] }
            \restrict x => Psql { command: "\\restrict" }
        "#]],
    );
}

#[test]
fn copy_without_data_hides_nothing() {
    check(
        "COPY a FROM stdin;\nDROP TABLE a;\nCOPY a TO stdout;\nDROP TABLE b;",
        expect![[r#"
        COPY a FROM stdin => Nothing
        DROP TABLE a => Drop { objects: [Target { class: Table, name: a }] }
        COPY a TO stdout => Nothing
        DROP TABLE b => Drop { objects: [Target { class: Table, name: b }] }
    "#]],
    );
}

#[test]
fn data_statements_are_not_even_parsed() {
    check(
        "INSERT INTO a VALUES (;\nUPDATE a SET;\nwith x as (insert into y values (1) returning *) select 1 from x;\n\
         WITH x AS (SELECT 1) INSERT INTO y SELECT * FROM x;\n(SELECT 1);\nSELECT f('into');",
        expect![[r#"
            INSERT INTO a VALUES ( => Nothing
            UPDATE a SET => Nothing
            with x as (insert into y values (1) retu… => Nothing
            WITH x AS (SELECT 1) INSERT INTO y SELEC… => Nothing
            (SELECT 1) => Nothing
            SELECT f('into') => Nothing
        "#]],
    );
}
