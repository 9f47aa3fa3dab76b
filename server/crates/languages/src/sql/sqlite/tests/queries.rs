//! Views, and what their queries read; indexes and triggers.

use expect_test::{Expect, expect};

fn check(text: &str, expected: Expect) {
    expected.assert_eq(&super::print::print(text));
}

#[test]
fn a_view_keeps_its_query_as_written() {
    check(
        "CREATE VIEW `adults` AS select  \"id\" from \"users\" where \"age\" > 18;",
        expect![[r#"
        create view adults as select  "id" from "users" where "age" > 18
          reads [users]
    "#]],
    );
    check(
        "CREATE TEMP VIEW IF NOT EXISTS main.v (a, [b c]) AS VALUES (1, 2)",
        expect![[r#"
        create view main.v (a, b c) if not exists temporary as VALUES (1, 2)
          reads []
    "#]],
    );
    check(
        "CREATE VIEW v AS (SELECT 1)",
        expect![[r#"
        create view v as SELECT 1
          reads []
    "#]],
    );
    check(
        "CREATE VIEW v AS SELECT (1",
        expect![[r#"
        unreadable: this parenthesis is not closed | ( | names [v]
    "#]],
    );
    check(
        "CREATE VIEW v AS DELETE FROM t",
        expect![[r#"
        unreadable: expected a query, not `DELETE` | DELETE | names [v]
    "#]],
    );
}

#[test]
fn a_view_reads_what_stands_behind_from_and_join() {
    check(
        "CREATE VIEW v AS SELECT a, b FROM t1, main.\"t 2\" x, t1 JOIN t3 ON t3.a = t1.a, t4 WHERE a IN (1, 2)",
        expect![[r#"
            create view v as SELECT a, b FROM t1, main."t 2" x, t1 JOIN t3 ON t3.a = t1.a, t4 WHERE a IN (1, 2)
              reads [t1, main.t 2, t3, t4]
        "#]],
    );
    check(
        "CREATE VIEW v AS SELECT (SELECT max(x) FROM t1), y FROM (SELECT * FROM t2) s LEFT JOIN (t3 NATURAL JOIN t4, t5)",
        expect![[r#"
            create view v as SELECT (SELECT max(x) FROM t1), y FROM (SELECT * FROM t2) s LEFT JOIN (t3 NATURAL JOIN t4, t5)
              reads [t1, t2, t3, t4, t5]
        "#]],
    );
    check(
        "CREATE VIEW v AS SELECT 1 FROM json_each('[]', x), t1 UNION ALL SELECT 2 FROM [t2] ORDER BY a, b",
        expect![[r#"
            create view v as SELECT 1 FROM json_each('[]', x), t1 UNION ALL SELECT 2 FROM [t2] ORDER BY a, b
              reads [t1, t2]
        "#]],
    );
    check(
        "CREATE VIEW v AS SELECT a IS NOT DISTINCT FROM b, c FROM t WHERE EXISTS (SELECT 1 FROM u)",
        expect![[r#"
        create view v as SELECT a IS NOT DISTINCT FROM b, c FROM t WHERE EXISTS (SELECT 1 FROM u)
          reads [t, u]
    "#]],
    );
}

#[test]
fn a_common_table_expression_is_no_relation() {
    check(
        "CREATE VIEW v AS WITH RECURSIVE a(x, y) AS (SELECT 1, 2 FROM t1 UNION SELECT x, y FROM A), b AS NOT MATERIALIZED (SELECT * FROM a), c AS MATERIALIZED (VALUES (1)) SELECT * FROM a, b, c, main.a",
        expect![[r#"
            create view v as WITH RECURSIVE a(x, y) AS (SELECT 1, 2 FROM t1 UNION SELECT x, y FROM A), b AS NOT MATERIALIZED (SELECT * FROM a), c AS MATERIALIZED (VALUES (1)) SELECT * FROM a, b, c, main.a
              reads [t1, main.a]
        "#]],
    );
}

#[test]
fn an_index_has_columns_and_expressions() {
    check(
        "CREATE UNIQUE INDEX IF NOT EXISTS main.`i` ON `t` (`a`, \"b\" DESC, c COLLATE NOCASE ASC NULLS LAST) WHERE a > 1 AND (b)",
        expect![[r#"
            create index main.i on t unique if not exists where a > 1 AND (b)
              a
              b desc
              c collate NOCASE nulls last
        "#]],
    );
    check(
        "CREATE INDEX i ON t (lower(a) COLLATE x DESC, a || b COLLATE nocase, (a + b), ((c)), desc, not (a) collate y)",
        expect![[r#"
            create index i on t
              (lower(a)) collate x desc
              (a || b COLLATE nocase)
              (a + b)
              c
              desc
              (not (a) collate y)
        "#]],
    );
    check(
        "CREATE INDEX i ON t (CAST(a AS text) COLLATE \"NoCase\", json_extract(d, '$.a, b'), libsql_vector_idx(e))",
        expect![[r#"
            create index i on t
              (CAST(a AS text)) collate NoCase
              (json_extract(d, '$.a, b'))
              (libsql_vector_idx(e))
        "#]],
    );
    check(
        "CREATE INDEX i ON t ()",
        expect![[r#"
        unreadable: expected a column or an expression at each place of this list | ( | names [i, t]
    "#]],
    );
    check(
        "CREATE INDEX i ON t (a,)",
        expect![[r#"
        unreadable: expected a column or an expression at each place of this list | a, | names [i, t]
    "#]],
    );
    check(
        "CREATE INDEX i ON t (a) WHERE",
        expect![[r#"
        unreadable: expected a condition behind this | WHERE | names [i, t]
    "#]],
    );
    check(
        "CREATE INDEX i ON t (a) WHERE b)",
        expect![[r#"
        unreadable: this parenthesis closes nothing | ) | names [i, t]
    "#]],
    );
    check(
        "CREATE INDEX i ON main.t (a)",
        expect![[r#"
        unreadable: expected `(`, not `.` | . | names [i, main.t]
    "#]],
    );
}

#[test]
fn a_trigger_is_known_by_name() {
    check(
        "CREATE TRIGGER IF NOT EXISTS touch AFTER UPDATE OF a, b ON t FOR EACH ROW WHEN new.a <> old.a BEGIN
           UPDATE t SET end = CASE WHEN 1 THEN 'a;b' ELSE 2 END WHERE id = new.id; -- ; END
           SELECT 1;
         END;
         CREATE TEMP TRIGGER main.x INSTEAD OF DELETE ON v BEGIN SELECT 1; END;
         CREATE TRIGGER y INSERT ON \"T\" BEGIN DELETE FROM u; END",
        expect![[r#"
            create trigger touch on t if not exists
            create trigger main.x on v
            create trigger y on T
        "#]],
    );
}

#[test]
fn a_trigger_without_its_end_stops_at_the_next_definition() {
    check(
        "CREATE TRIGGER x AFTER INSERT ON t BEGIN SELECT 1; SELECT 2; CREATE TABLE u (a);",
        expect![[r#"
        unreadable: expected END behind this | ; | names [x]
        create table u
          a
    "#]],
    );
    check(
        "CREATE TRIGGER x AFTER INSERT ON t BEGIN SELECT 1; SELECT ';",
        expect![[r#"
        unreadable: this string has no end | '; | names [x]
    "#]],
    );
    check(
        "CREATE TRIGGER x AFTER INSERT ON t BEGIN SELECT 1; END garbage; DROP TABLE u",
        expect![[r#"
        unreadable: expected the end of the statement, not `garbage` | garbage | names [x]
        drop Table u
    "#]],
    );
    check(
        "CREATE TRIGGER x AFTER INSERT ON t BEGIN END; DROP TABLE u",
        expect![[r#"
        unreadable: expected `;` behind this | END | names [x]
        drop Table u
    "#]],
    );
    check(
        "CREATE TRIGGER x AFTER INSERT ON t; DROP TABLE u",
        expect![[r#"
        unreadable: expected BEGIN behind this | t | names [x]
        drop Table u
    "#]],
    );
    check(
        "CREATE TRIGGER x ON t BEGIN SELECT 1; END; DROP TABLE u",
        expect![[r#"
        unreadable: expected DELETE, INSERT or UPDATE, not `ON` | ON | names [x]
        drop Table u
    "#]],
    );
}
