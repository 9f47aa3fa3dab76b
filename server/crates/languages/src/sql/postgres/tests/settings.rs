//! The search path and transactions.

use expect_test::expect;

use super::check;

#[test]
fn the_search_path_is_set_in_many_ways() {
    check(
        r#"SET search_path TO a, "B c", 'D';
SET LOCAL search_path = "$user", public;
SET SESSION search_path = '';
SET search_path TO DEFAULT;
SET SCHEMA 'x';
RESET search_path;
RESET ALL;
DISCARD ALL;
SELECT pg_catalog.set_config('search_path', '', false);
select set_config('search_path', '$user, "A", b', true)"#,
        expect![[r#"
            SET search_path TO a, "B c", 'D' => SetSearchPath(["a", "B c", "D"])
            SET LOCAL search_path = "$user", public => SetSearchPath(["$user", "public"])
            SET SESSION search_path = '' => SetSearchPath([])
            SET search_path TO DEFAULT => SetSearchPath(None)
            SET SCHEMA 'x' => SetSearchPath(["x"])
            RESET search_path => SetSearchPath(None)
            RESET ALL => SetSearchPath(None)
            DISCARD ALL => SetSearchPath(None)
            SELECT pg_catalog.set_config('search_pat… => SetSearchPath([])
            select set_config('search_path', '$user,… => SetSearchPath(["$user", "A", "b"])
        "#]],
    );
}

#[test]
fn other_settings_change_nothing() {
    check(
        "SET statement_timeout = 0; SET ROLE a; SET TIME ZONE 'utc'; SELECT set_config('a.search_path', 'x', false); DISCARD PLANS;
        SET SESSION CHARACTERISTICS AS TRANSACTION READ ONLY; ALTER ROLE a SET search_path TO b",
        expect![[r#"
            SET statement_timeout = 0 => Nothing
            SET ROLE a => Nothing
            SET TIME ZONE 'utc' => Nothing
            SELECT set_config('a.search_path', 'x', … => Nothing
            DISCARD PLANS => Nothing
            SET SESSION CHARACTERISTICS AS TRANSACTI… => Nothing
            ALTER ROLE a SET search_path TO b => Nothing
        "#]],
    );
}

#[test]
fn transactions_begin_and_end() {
    check(
        "BEGIN; START TRANSACTION ISOLATION LEVEL SERIALIZABLE; COMMIT; END; COMMIT PREPARED 'x';
        ROLLBACK; ABORT; ROLLBACK TO a; ROLLBACK WORK TO SAVEPOINT a; SAVEPOINT a; RELEASE a; PREPARE TRANSACTION 'x';
        SET TRANSACTION READ ONLY; PREPARE p AS SELECT 1",
        expect![[r#"
            BEGIN => Transaction(Begin)
            START TRANSACTION ISOLATION LEVEL SERIAL… => Transaction(Begin)
            COMMIT => Transaction(Commit)
            END => Transaction(Commit)
            COMMIT PREPARED 'x' => Transaction(Other)
            ROLLBACK => Transaction(Rollback)
            ABORT => Transaction(Rollback)
            ROLLBACK TO a => Transaction(Other)
            ROLLBACK WORK TO SAVEPOINT a => Transaction(Other)
            SAVEPOINT a => Transaction(Other)
            RELEASE a => Transaction(Other)
            PREPARE TRANSACTION 'x' => Transaction(Other)
            SET TRANSACTION READ ONLY => Transaction(Other)
            PREPARE p AS SELECT 1 => Nothing
        "#]],
    );
}
