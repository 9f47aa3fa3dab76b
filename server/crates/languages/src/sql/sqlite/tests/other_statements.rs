//! ALTER, DROP, virtual tables, transactions, PRAGMA, and what is not read.

use expect_test::{Expect, expect};

fn check(text: &str, expected: Expect) {
    expected.assert_eq(&super::print::print(text));
}

#[test]
fn alter_table_renames_adds_and_drops() {
    check(
        "ALTER TABLE `__new_users` RENAME TO `users`; alter table main.t rename column a to \"b\"",
        expect![[r#"
        alter Table __new_users
          rename to users
        alter Table main.t
          rename a to b
    "#]],
    );
    check(
        "ALTER TABLE t RENAME a TO b; ALTER TABLE t DROP COLUMN `a`; ALTER TABLE t DROP a",
        expect![[r#"
        alter Table t
          rename a to b
        alter Table t
          drop a
        alter Table t
          drop a
    "#]],
    );
    check(
        "ALTER TABLE t ADD `age` integer DEFAULT 1 NOT NULL REFERENCES u(id); ALTER TABLE t ADD COLUMN b",
        expect![[r#"
            alter Table t
              add age integer; default 1; not null; references u (id)
            alter Table t
              add b
        "#]],
    );
}

#[test]
fn alter_table_changes_not_null_and_checks_since_3_53() {
    check(
        "ALTER TABLE t ALTER COLUMN a SET NOT NULL ON CONFLICT FAIL; ALTER TABLE t ALTER a DROP NOT NULL",
        expect![[r#"
            alter Table t
              alter a SetNotNull
            alter Table t
              alter a DropNotNull
        "#]],
    );
    check(
        "ALTER TABLE t ADD CONSTRAINT c CHECK (a > 0); ALTER TABLE t ADD CHECK (b); ALTER TABLE t DROP CONSTRAINT c",
        expect![[r#"
            alter Table t
              add - c: check a > 0
            alter Table t
              add - check b
            alter Table t
              drop constraint c
        "#]],
    );
    check(
        "ALTER TABLE t ADD CONSTRAINT c UNIQUE (a)",
        expect![[r#"
        unreadable: expected CHECK, not `UNIQUE` | UNIQUE | names [t]
    "#]],
    );
}

#[test]
fn libsql_replaces_a_whole_column() {
    check(
        "ALTER TABLE `users` ALTER COLUMN \"name\" TO \"name\" text NOT NULL DEFAULT 'name';",
        expect![[r#"
        alter Table users
          replace name by name text; not null; default 'name'
    "#]],
    );
    check(
        "ALTER TABLE users ALTER COLUMN a TO b integer REFERENCES u(id) ON DELETE no action ON UPDATE no action",
        expect![[r#"
            alter Table users
              replace a by b integer; references u (id)
        "#]],
    );
}

#[test]
fn drop_names_one_object() {
    check(
        "DROP TABLE IF EXISTS main.`a`; DROP INDEX i; DROP VIEW IF EXISTS v; DROP TRIGGER t",
        expect![[r#"
        drop Table main.a if exists
        drop Index i
        drop View v if exists
        drop Opaque(Trigger) t
    "#]],
    );
    check(
        "DROP TABLE a, b; DROP FUNCTION f",
        expect![[r#"
        unreadable: expected the end of the statement, not `,` | , | names [a]
        unreadable: expected TABLE, INDEX, VIEW or TRIGGER, not `FUNCTION` | FUNCTION | names []
    "#]],
    );
}

#[test]
fn a_virtual_table_is_known_by_name() {
    check(
        "CREATE VIRTUAL TABLE IF NOT EXISTS main.docs USING fts5(title, body, tokenize = 'porter ascii')",
        expect![[r#"
            create virtual table main.docs if not exists
        "#]],
    );
    check(
        "CREATE VIRTUAL TABLE r USING rtree",
        expect![[r#"
        create virtual table r
    "#]],
    );
}

#[test]
fn transactions_are_told_apart() {
    check(
        "BEGIN; BEGIN IMMEDIATE TRANSACTION; COMMIT; END TRANSACTION; ROLLBACK TRANSACTION x",
        expect![[r#"
        Transaction(Begin)
        Transaction(Begin)
        Transaction(Commit)
        Transaction(Commit)
        Transaction(Rollback)
    "#]],
    );
    check(
        "SAVEPOINT a; RELEASE a; RELEASE SAVEPOINT a; ROLLBACK TO a; ROLLBACK TRANSACTION TO SAVEPOINT a",
        expect![[r#"
            Transaction(Other)
            Transaction(Other)
            Transaction(Other)
            Transaction(Other)
            Transaction(Other)
        "#]],
    );
    check(
        "BEGIN work; COMMIT x y",
        expect![[r#"
        unreadable: expected the end of the statement, not `work` | work | names []
        unreadable: expected the end of the statement, not `x` | x | names []
    "#]],
    );
}

#[test]
fn a_pragma_is_a_name() {
    check(
        "PRAGMA foreign_keys=OFF; pragma main.User_Version(3); PRAGMA optimize",
        expect![[r#"
        Pragma { name: "foreign_keys" }
        Pragma { name: "user_version" }
        Pragma { name: "optimize" }
    "#]],
    );
}

#[test]
fn data_and_maintenance_are_skipped() {
    check(
        "INSERT INTO a VALUES (';'); replace into a values (1); UPDATE a SET b = 1; DELETE FROM a; SELECT 1; VALUES (1);
         WITH c AS (SELECT 1) INSERT INTO a SELECT * FROM c; EXPLAIN QUERY PLAN CREATE TABLE x (a); ANALYZE; REINDEX a;
         VACUUM INTO 'file'; ATTACH 'x' AS y; DETACH y",
        expect![[r#"
            Nothing
            Nothing
            Nothing
            Nothing
            Nothing
            Nothing
            Nothing
            Nothing
            Nothing
            Nothing
            Nothing
            Nothing
            Nothing
        "#]],
    );
}
