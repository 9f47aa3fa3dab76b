//! CREATE TABLE, but for its columns.

use expect_test::{Expect, expect};

fn check(text: &str, expected: Expect) {
    expected.assert_eq(&super::print::print(text));
}

#[test]
fn a_table_has_columns_then_constraints() {
    check(
        "CREATE TABLE `posts` (\n\t`id` integer PRIMARY KEY AUTOINCREMENT NOT NULL,\n\t`author_id` integer,\n\tFOREIGN KEY (`author_id`) REFERENCES `users`(`id`) ON UPDATE no action ON DELETE cascade,\n\tCONSTRAINT \"positive\" CHECK(\"posts\".\"id\" > 0)\n);",
        expect![[r#"
            create table posts
              id integer; primary key autoincrement; not null
              author_id integer
              - foreign key (author_id) references users (id) on delete cascade
              - positive: check "posts"."id" > 0
        "#]],
    );
}

#[test]
fn constraints_need_no_commas_between_them() {
    check(
        "CREATE TABLE t (a, b, CONSTRAINT pk PRIMARY KEY (a, b) ON CONFLICT FAIL UNIQUE (b COLLATE nocase DESC)
         CONSTRAINT lonely, CHECK (a <> b) ON CONFLICT ABORT
         FOREIGN KEY (a) REFERENCES u DEFERRABLE INITIALLY DEFERRED)",
        expect![[r#"
            create table t
              a
              b
              - pk: primary key (a, b)
              - unique (b)
              - check a <> b
              - foreign key (a) references u Deferred
        "#]],
    );
}

#[test]
fn autoincrement_of_a_table_is_its_columns() {
    check(
        "CREATE TABLE t (\"id\" INTEGER, b TEXT, CONSTRAINT k PRIMARY KEY(\"ID\" AUTOINCREMENT));",
        expect![[r#"
        create table t
          id INTEGER; k: primary key autoincrement
          b TEXT
    "#]],
    );
    check(
        "CREATE TABLE t (id INTEGER, PRIMARY KEY(other AUTOINCREMENT));",
        expect![[r#"
        unreadable: AUTOINCREMENT needs one column of this table | PRIMARY KEY(other AUTOINCREMENT) | names [t]
    "#]],
    );
}

#[test]
fn options_follow_the_parenthesis() {
    check(
        "CREATE TABLE t (a int PRIMARY KEY) STRICT",
        expect![[r#"
        create table t strict=true
          a int; primary key
    "#]],
    );
    check(
        "CREATE TABLE t (a int PRIMARY KEY) without /* */ rowid, strict;",
        expect![[r#"
        create table t without rowid=true strict=true
          a int; primary key
    "#]],
    );
    check(
        "CREATE TABLE t (a int) RANDOM ROWID;",
        expect![[r#"
        create table t random rowid=true
          a int
    "#]],
    );
    check(
        "CREATE TABLE t (a int) ENGINE=InnoDB;",
        expect![[r#"
        unreadable: expected STRICT, WITHOUT ROWID or the end of the statement, not `ENGINE` | ENGINE | names [t]
    "#]],
    );
}

#[test]
fn a_table_may_be_temporary_or_in_a_database() {
    check(
        "CREATE TEMP TABLE IF NOT EXISTS t (a); create temporary table main.\"T u\" (a)",
        expect![[r#"
        create table t if not exists temporary
          a
        create table main.T u temporary
          a
    "#]],
    );
    check(
        "CREATE TABLE temp.t (a); CREATE TABLE if (a); CREATE TABLE 'x' (a)",
        expect![[r#"
        create table temp.t temporary
          a
        create table if
          a
        create table x
          a
    "#]],
    );
}

#[test]
fn a_table_of_a_query_is_known_by_name() {
    check(
        "CREATE TABLE IF NOT EXISTS a AS SELECT 1 AS x; CREATE TEMP TABLE b AS WITH c AS (SELECT 1) SELECT * FROM c",
        expect![[r#"
            create table as a if not exists
            create table as b temporary
        "#]],
    );
    check(
        "CREATE TABLE a AS b",
        expect![[r#"
        unreadable: expected a query, not `b` | b | names [a]
    "#]],
    );
}

#[test]
fn comments_stand_anywhere() {
    check(
        "CREATE/**/TABLE--\nt(a/*;*/int,--;\nb -- end",
        expect![[r#"
        unreadable: expected a column's constraint, `,` or `)` behind this | b | names [t]
    "#]],
    );
    check(
        "CREATE/**/TABLE--\nt(a/*;*/int,--;\nb) -- end",
        expect![[r#"
        create table t
          a int
          b
    "#]],
    );
}
