//! Plans of small schemas: text in, text out.

use std::sync::Arc;

use expect_test::{Expect, expect};
use languages::sql::{State, apply, statements};
use schema::{Dialect, Name, ObjectKind, ObjectPath, Schema};

use crate::{Hazard, Rename, plan};

fn schema(text: &str) -> Schema {
    let mut state = State::new(Dialect::Sqlite);
    for statement in statements(Dialect::Sqlite, text) {
        apply(&mut state, &statement);
    }
    state.into_schema()
}

/// `a->b` or `t.a->t.b`.
fn rename(text: &str) -> Rename {
    let (from, to) = text.split_once("->").unwrap();
    let path = |text: &str| match text.split_once('.') {
        Some((table, column)) => ObjectPath::part(ObjectKind::Column, &Name::new("", table), column),
        None => ObjectPath::new(ObjectKind::Table, &Name::new("", text)),
    };
    Rename { from: path(from), to: path(to) }
}

fn check(before: &str, after: &str, renames: &[&str], expected: Expect) {
    let renames: Vec<Rename> = renames.iter().map(|text| rename(text)).collect();
    check_schemas(&schema(before), &schema(after), &renames, expected);
}

fn check_schemas(before: &Schema, after: &Schema, renames: &[Rename], expected: Expect) {
    let plan = plan(before, after, renames);
    let mut found = String::new();
    for obstacle in &plan.obstacles {
        found.push_str(&format!("obstacle {}: {}\n", obstacle.object, obstacle.reason));
    }
    for step in &plan.steps {
        found.push_str(&format!("{}\n", step.sql));
        for hazard in &step.hazards {
            found.push_str(&format!("  -- {} {}\n", step.kind, shown(hazard)));
        }
    }
    expected.assert_eq(&found);
}

fn shown(hazard: &Hazard) -> String {
    match hazard {
        Hazard::Rewrites(table) => format!("rewrites {table}"),
        Hazard::Scans(table) => format!("scans {table}"),
        Hazard::BuildsIndex(table) => format!("builds an index of {table}"),
        Hazard::LosesData(text) => format!("loses data: {text}"),
        Hazard::MayFail(text) => format!("may fail: {text}"),
        Hazard::NotInTransaction(text) => format!("not in a transaction: {text}"),
    }
}

#[test]
fn a_rebuild_says_what_it_does_to_the_rows_that_refer_to_it() {
    check(
        "create table p (id integer primary key); create table c (id integer primary key, p integer references p (id) on delete cascade);",
        "create table p (id integer primary key, n text unique); create table c (id integer primary key, p integer references p (id) on delete cascade);",
        &[],
        expect![[r#"
            PRAGMA foreign_keys=OFF;
              -- foreign_keys_off not in a transaction: PRAGMA foreign_keys does nothing inside a transaction: foreign keys stay as they were.
            CREATE TABLE `__new_p` (
            	`id` integer PRIMARY KEY,
            	`n` text,
            	UNIQUE(`n`)
            );
            INSERT INTO `__new_p`("id") SELECT "id" FROM `p`;
              -- copy_rows rewrites p
              -- copy_rows may fail: Fails where two rows of `p` have the same `n`.
            DROP TABLE `p`;
              -- drop_old_table loses data: Where foreign keys are on, as they stay inside a transaction, the rows of `c` that refer to `p` are deleted (ON DELETE CASCADE).
            ALTER TABLE `__new_p` RENAME TO `p`;
            PRAGMA foreign_keys=ON;
              -- foreign_keys_on not in a transaction: PRAGMA foreign_keys does nothing inside a transaction: foreign keys stay as they were.
        "#]],
    );
}

#[test]
fn a_renamed_column_is_altered_under_its_new_name() {
    check(
        "create table users (id integer primary key, name text);",
        "create table people (id integer primary key, full_name text not null default 'x');",
        &["users->people", "users.name->people.full_name"],
        expect![[r#"
            ALTER TABLE `users` RENAME TO `people`;
            ALTER TABLE `people` RENAME COLUMN "name" TO "full_name";
            PRAGMA foreign_keys=OFF;
              -- foreign_keys_off not in a transaction: PRAGMA foreign_keys does nothing inside a transaction: foreign keys stay as they were.
            CREATE TABLE `__new_people` (
            	`id` integer PRIMARY KEY,
            	`full_name` text DEFAULT 'x' NOT NULL
            );
            INSERT INTO `__new_people`("id", "full_name") SELECT "id", "full_name" FROM `people`;
              -- copy_rows rewrites people
              -- copy_rows may fail: Fails where `full_name` of a row of `people` is NULL.
            DROP TABLE `people`;
            ALTER TABLE `__new_people` RENAME TO `people`;
            PRAGMA foreign_keys=ON;
              -- foreign_keys_on not in a transaction: PRAGMA foreign_keys does nothing inside a transaction: foreign keys stay as they were.
        "#]],
    );
}

#[test]
fn swapped_names_take_a_passing_one() {
    check(
        "create table a (x text, y integer); create table b (z blob);",
        "create table b (y text, x integer); create table a (z blob);",
        &["a->b", "b->a", "a.x->b.y", "a.y->b.x"],
        expect![[r#"
            ALTER TABLE `a` RENAME TO `__old_a`;
            ALTER TABLE `b` RENAME TO `a`;
            ALTER TABLE `__old_a` RENAME TO `b`;
            ALTER TABLE `b` RENAME COLUMN "y" TO "__old_y";
            ALTER TABLE `b` RENAME COLUMN "x" TO "y";
            ALTER TABLE `b` RENAME COLUMN "__old_y" TO "x";
        "#]],
    );
}

#[test]
fn names_that_differ_in_case_alone_are_renamed() {
    check(
        "create table Users (Id integer);",
        "create table users (id integer);",
        &[],
        expect![[r#"
        ALTER TABLE `Users` RENAME TO `__old_Users`;
        ALTER TABLE `__old_Users` RENAME TO `users`;
        ALTER TABLE `users` RENAME COLUMN "Id" TO "id";
    "#]],
    );
}

#[test]
fn a_trigger_is_made_again_behind_the_rebuild_of_its_table() {
    check(
        "create table t (a text); create trigger g after insert on t begin select 1; end;",
        "create table t (a text not null); create trigger g after insert on t begin select 1; end;",
        &[],
        expect![[r#"
            DROP TRIGGER `g`;
            PRAGMA foreign_keys=OFF;
              -- foreign_keys_off not in a transaction: PRAGMA foreign_keys does nothing inside a transaction: foreign keys stay as they were.
            CREATE TABLE `__new_t` (
            	`a` text NOT NULL
            );
            INSERT INTO `__new_t`("a") SELECT "a" FROM `t`;
              -- copy_rows rewrites t
              -- copy_rows may fail: Fails where `a` of a row of `t` is NULL.
            DROP TABLE `t`;
            ALTER TABLE `__new_t` RENAME TO `t`;
            PRAGMA foreign_keys=ON;
              -- foreign_keys_on not in a transaction: PRAGMA foreign_keys does nothing inside a transaction: foreign keys stay as they were.
            CREATE TRIGGER `g` after insert ON `t` begin select 1; end;
        "#]],
    );
}

#[test]
fn a_trigger_elsewhere_keeps_the_rename_from_looking_into_it() {
    check(
        "create table t (a integer, check (t.a > 1)); create table u (b); create trigger g after insert on u begin insert into t (a) values (2); end;",
        "create table t (a integer not null, check (t.a > 1)); create table u (b); create trigger g after insert on u begin insert into t (a) values (2); end;",
        &[],
        expect![[r#"
            DROP TRIGGER `g`;
            PRAGMA foreign_keys=OFF;
              -- foreign_keys_off not in a transaction: PRAGMA foreign_keys does nothing inside a transaction: foreign keys stay as they were.
            CREATE TABLE `__new_t` (
            	`a` integer NOT NULL,
            	CHECK(__new_t.a > 1)
            );
            INSERT INTO `__new_t`("a") SELECT "a" FROM `t`;
              -- copy_rows rewrites t
              -- copy_rows may fail: Fails where `a` of a row of `t` is NULL.
            DROP TABLE `t`;
            ALTER TABLE `__new_t` RENAME TO `t`;
            PRAGMA foreign_keys=ON;
              -- foreign_keys_on not in a transaction: PRAGMA foreign_keys does nothing inside a transaction: foreign keys stay as they were.
            CREATE TRIGGER `g` after insert ON `u` begin insert into t (a) values (2); end;
        "#]],
    );
}

#[test]
fn what_is_not_known_is_named() {
    check(
        "",
        "create virtual table v using fts5 (a);",
        &[],
        expect![[r#"
        obstacle v: only the name of `v` is known, not what makes it: create it by hand
    "#]],
    );
    check(
        "create table t (a);",
        "create table t (a); create trigger g after insert on t begin select 1; end;",
        &[],
        expect![[r#"
            CREATE TRIGGER `g` after insert ON `t` begin select 1; end;
        "#]],
    );
}

#[test]
fn a_view_whose_query_cannot_be_told_stays_as_it_is() {
    let before = schema("create table t (a text); create view v as select a from t;");
    let mut after = schema("create table t (a text not null); create view v as select a from t;");
    let view = Arc::make_mut(after.views.get_mut(&Name::new("", "v")).unwrap());
    (view.definition, view.opaque) = (None, true);
    check_schemas(
        &before,
        &after,
        &[],
        expect![[r#"
        PRAGMA foreign_keys=OFF;
          -- foreign_keys_off not in a transaction: PRAGMA foreign_keys does nothing inside a transaction: foreign keys stay as they were.
        CREATE TABLE `__new_t` (
        	`a` text NOT NULL
        );
        INSERT INTO `__new_t`("a") SELECT "a" FROM `t`;
          -- copy_rows rewrites t
          -- copy_rows may fail: Fails where `a` of a row of `t` is NULL.
        DROP TABLE `t`;
        PRAGMA legacy_alter_table=ON;
        ALTER TABLE `__new_t` RENAME TO `t`;
        PRAGMA legacy_alter_table=OFF;
        PRAGMA foreign_keys=ON;
          -- foreign_keys_on not in a transaction: PRAGMA foreign_keys does nothing inside a transaction: foreign keys stay as they were.
    "#]],
    );
}

#[test]
fn what_could_not_be_evaluated_is_needed_only_where_it_is_written() {
    let before = schema("create table t (a text); create table u (a text);");
    let mut after = schema("create table t (a text, b text); create table u (a text, b text unique);");
    for table in after.tables.values_mut() {
        Arc::make_mut(table).columns.get_mut("a").unwrap().unknown.default = true;
    }
    check_schemas(
        &before,
        &after,
        &[],
        expect![[r#"
        obstacle u.a: `u`.`a` cannot be told without running code: write it so that it can be read
    "#]],
    );
    after.tables.shift_remove(&Name::new("", "u"));
    check_schemas(
        &before,
        &after,
        &[],
        expect![[r#"
        ALTER TABLE `t` ADD `b` text;
        DROP TABLE `u`;
          -- drop_table loses data: All rows of `u` are lost.
    "#]],
    );
    after.open = true;
    check_schemas(
        &before,
        &after,
        &[],
        expect![[r#"
        obstacle main: the schema as it should be could not be read as a whole, so what it lacks may be there: see its diagnostics
    "#]],
    );
}
