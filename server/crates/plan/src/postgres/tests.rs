//! What steps lock, rewrite, lose and want, and what keeps a plan from being made. The statements themselves have specs of their own.

use expect_test::{Expect, expect};
use languages::sql::{State, apply, statements};
use schema::{ColumnFacts, Dialect, ObjectKind, Schema};
use std::sync::Arc;

use crate::{Hazard, Lock, Plan, Step};

fn schema(text: &str) -> Schema {
    let mut state = State::new(Dialect::Postgres);
    for statement in statements(Dialect::Postgres, text) {
        apply(&mut state, &statement);
    }
    assert!(state.take_diagnostics().is_empty(), "{text}");
    state.into_schema()
}

fn shown(plan: &Plan) -> String {
    let steps = plan.steps.iter().map(step);
    let obstacles = plan.obstacles.iter().map(|it| format!("! {}: {}\n", it.object, it.reason));
    let lost = plan.not_brought_back.iter().map(|it| format!("- {}: {}\n", it.object, it.what));
    steps.chain(obstacles).chain(lost).collect()
}

fn step(step: &Step) -> String {
    let locks = step.locks.iter().map(|Lock { table, mode }| format!("  {table} {mode:?}\n"));
    let hazards = step.hazards.iter().map(|hazard| match hazard {
        Hazard::Rewrites(table) => format!("  rewrites {table}\n"),
        Hazard::Scans(table) => format!("  scans {table}\n"),
        Hazard::BuildsIndex(table) => format!("  builds an index of {table}\n"),
        Hazard::LosesData(what) | Hazard::MayFail(what) | Hazard::NotInTransaction(what) => format!("  {what}\n"),
    });
    format!("{}: {}\n{}", step.kind, step.sql, locks.chain(hazards).collect::<String>())
}

fn check(before: &str, after: &str, expected: Expect) {
    expected.assert_eq(&shown(&crate::plan(&schema(before), &schema(after), &[])));
}

#[test]
fn a_table_is_locked_as_postgresql_locks_it() {
    check(
        "CREATE TABLE p (id int PRIMARY KEY); CREATE TABLE t (a int, b text, c int CONSTRAINT gone REFERENCES p);",
        "CREATE TABLE p (id int PRIMARY KEY);
         CREATE TABLE t (a int CONSTRAINT fk REFERENCES p, b text NOT NULL, c int, CONSTRAINT ck CHECK (a > 0)) WITH (fillfactor = 70);
         CREATE INDEX i ON t (b); COMMENT ON TABLE t IS 'x'; ALTER TABLE t ENABLE ROW LEVEL SECURITY;",
        expect![[r#"
            enable_row_level_security: ALTER TABLE "t" ENABLE ROW LEVEL SECURITY;
              public.t AccessExclusive
            alter_table: ALTER TABLE "t" SET (fillfactor = 70);
              public.t ShareUpdateExclusive
            drop_foreign_key: ALTER TABLE "t" DROP CONSTRAINT "gone";
              public.t AccessExclusive
              public.p AccessExclusive
            set_not_null: ALTER TABLE "t" ALTER COLUMN "b" SET NOT NULL;
              public.t AccessExclusive
              scans public.t
              Fails where b of a row of public.t is NULL.
            add_foreign_key: ALTER TABLE "t" ADD CONSTRAINT "fk" FOREIGN KEY ("a") REFERENCES "public"."p"("id") ON DELETE no action ON UPDATE no action;
              public.t ShareRowExclusive
              public.p ShareRowExclusive
              scans public.t
              scans public.p
              Fails where a row of public.t refers to none of public.p.
            create_index: CREATE INDEX "i" ON "t" USING btree ("b");
              public.t Share
              builds an index of public.t
            add_check_constraint: ALTER TABLE "t" ADD CONSTRAINT "ck" CHECK (a > 0);
              public.t AccessExclusive
              scans public.t
              Fails where a row of public.t does not hold to ck.
            comment: COMMENT ON TABLE "t" IS 'x';
              public.t ShareUpdateExclusive
        "#]],
    );
}

#[test]
fn rows_are_written_anew_where_postgresql_does_so() {
    check(
        "CREATE TABLE t (id int PRIMARY KEY, a int, b varchar(10), c numeric(10,2));",
        "CREATE TABLE t (id int PRIMARY KEY, a bigint, b varchar(20), c numeric(10,1), d int DEFAULT 1, e uuid DEFAULT gen_random_uuid(),
         f serial, g timestamp DEFAULT now(), h int NOT NULL);",
        expect![[r#"
            set_data_type: ALTER TABLE "t" ALTER COLUMN "a" SET DATA TYPE bigint;
              public.t AccessExclusive
              rewrites public.t
              builds an index of public.t
            set_data_type: ALTER TABLE "t" ALTER COLUMN "b" SET DATA TYPE varchar(20);
              public.t AccessExclusive
            set_data_type: ALTER TABLE "t" ALTER COLUMN "c" SET DATA TYPE numeric(10,1);
              public.t AccessExclusive
              rewrites public.t
              builds an index of public.t
              Fails where c of a row of public.t cannot be read as numeric(10,1).
              The values of the column public.t.c are rounded to what numeric(10,1) holds.
            add_column: ALTER TABLE "t" ADD COLUMN "d" int DEFAULT 1;
              public.t AccessExclusive
            add_column: ALTER TABLE "t" ADD COLUMN "e" uuid DEFAULT gen_random_uuid();
              public.t AccessExclusive
              rewrites public.t
            add_column: ALTER TABLE "t" ADD COLUMN "f" serial NOT NULL;
              public.t AccessExclusive
              rewrites public.t
            add_column: ALTER TABLE "t" ADD COLUMN "g" timestamp DEFAULT now();
              public.t AccessExclusive
            add_column: ALTER TABLE "t" ADD COLUMN "h" int NOT NULL;
              public.t AccessExclusive
              Fails where public.t has rows: h is NOT NULL and has no default.
        "#]],
    );
}

#[test]
fn what_is_lost_is_said_and_said_again_of_the_way_back() {
    let before =
        schema("CREATE TABLE a (x int); CREATE TABLE t (a int, b int); CREATE MATERIALIZED VIEW m AS SELECT a FROM t;");
    let after = schema("CREATE TABLE t (a int);");
    expect![[r#"
        drop_view: DROP MATERIALIZED VIEW "public"."m";
          The rows of the materialized view public.m are gone, and the indexes on it.
        drop_table: DROP TABLE "a" CASCADE;
          public.a AccessExclusive
          All rows of the table public.a are gone.
        drop_column: ALTER TABLE "t" DROP COLUMN "b";
          public.t AccessExclusive
          The values of the column public.t.b are gone.
    "#]]
    .assert_eq(&shown(&crate::plan(&before, &after, &[])));
    expect![[r#"
        create_table: CREATE TABLE "a" (
        	"x" int
        );
        add_column: ALTER TABLE "t" ADD COLUMN "b" int;
          public.t AccessExclusive
        create_view: CREATE MATERIALIZED VIEW "public"."m" AS (SELECT a FROM t);
          public.t AccessShare
          scans public.t
        - public.m: The rows of the materialized view public.m are gone, and the indexes on it.
        - public.a: All rows of the table public.a are gone.
        - public.t.b: The values of the column public.t.b are gone.
    "#]]
    .assert_eq(&shown(&crate::reverse(&before, &after, &[])));
}

#[test]
fn what_cannot_run_in_a_transaction_says_so() {
    let before = schema("CREATE TYPE e AS ENUM ('a'); CREATE TABLE t (a e);");
    let mut after =
        schema("CREATE TYPE e AS ENUM ('a', 'b'); CREATE TABLE t (a e DEFAULT 'b'); CREATE INDEX i ON t (a);");
    for table in after.tables.values_mut() {
        for index in Arc::make_mut(table).indexes.values_mut() {
            index.concurrently = Some(true);
        }
    }
    expect![[r#"
        add_enum_value: ALTER TYPE "public"."e" ADD VALUE 'b';
          A later step uses the value b: PostgreSQL wants the transaction that adds it to be over by then.
        set_default: ALTER TABLE "t" ALTER COLUMN "a" SET DEFAULT 'b';
          public.t AccessExclusive
        create_index: CREATE INDEX CONCURRENTLY "i" ON "t" USING btree ("a");
          public.t ShareUpdateExclusive
          builds an index of public.t
          CREATE INDEX CONCURRENTLY cannot run inside a transaction.
    "#]]
    .assert_eq(&shown(&crate::plan(&before, &after, &[])));
}

#[test]
fn nothing_is_guessed_where_a_fact_is_not_known() {
    let before = schema("CREATE TABLE t (a int); CREATE TABLE gone (a int);");
    let mut after = schema("CREATE TABLE t (a int, b int); CREATE TABLE u (a int);");
    after.open = true;
    after.unknown.insert(schema::Name::new("public", "u"));
    for table in after.tables.values_mut() {
        if let Some(column) = Arc::make_mut(table).columns.get_mut("b") {
            column.unknown = ColumnFacts { default: true, ..ColumnFacts::default() };
        }
    }
    expect![[r#"
        ! public.u: It cannot be told whether public.u is to be created: a statement or expression about it could not be read (`driftlens check` names it). Write it so that it can, or make this change by hand.
        ! public.gone: It cannot be told whether public.gone is to be dropped: a statement or expression about it could not be read (`driftlens check` names it). Write it so that it can, or make this change by hand.
        ! public.t.b: The default of the column b could not be evaluated: write it out as a literal.
    "#]].assert_eq(&shown(&crate::plan(&before, &after, &[])));
}

#[test]
fn parts_of_a_table_that_may_be_missing_are_not_dropped() {
    let before = schema("CREATE TABLE t (a int, b int);");
    let mut after = schema("CREATE TABLE t (a int);");
    after.tables.values_mut().for_each(|table| Arc::make_mut(table).set_open(ObjectKind::Column));
    expect![[r#"
        ! public.t.b: It cannot be told whether public.t.b is to be dropped: a statement or expression about it could not be read (`driftlens check` names it). Write it so that it can, or make this change by hand.
    "#]].assert_eq(&shown(&crate::plan(&before, &after, &[])));
}

#[test]
fn equal_schemas_need_no_steps() {
    let text = "CREATE TYPE e AS ENUM ('a'); CREATE TABLE t (id serial PRIMARY KEY, a e DEFAULT 'a', b int GENERATED ALWAYS AS IDENTITY);
                CREATE VIEW v AS SELECT a FROM t; CREATE FUNCTION f() RETURNS int LANGUAGE sql AS 'SELECT 1';";
    check(text, text, expect![[""]]);
}
