//! What cannot be reached from SQL text: names in comments, parts that are not known.

use std::sync::Arc;

use expect_test::{Expect, expect};
use schema::{
    Column, ColumnFacts, Dialect, ForeignKey, ForeignKeyAction, Index, IndexColumn, IndexKey, Name, ObjectKind,
    OpaqueKey, OpaqueKind, OpaqueObject, PrimaryKey, Schema, Table, View,
};

use crate::{expression, sql_text, sql_type};

fn check(schema: &Schema, expected: Expect) {
    expected.assert_eq(&sql_text(schema));
}

fn column(dialect: Dialect, name: &str, type_text: &str) -> Column {
    Column {
        name: name.to_owned(),
        sql_type: sql_type(dialect, type_text, None),
        not_null: false,
        default: None,
        generated: None,
        identity: None,
        autoincrement: false,
        collation: None,
        comment: None,
        unknown: ColumnFacts::default(),
    }
}

fn table(dialect: Dialect, name: Name, columns: &[(&str, &str)]) -> Table {
    let mut table = Table::new(name);
    for (name, type_text) in columns {
        table.columns.insert((*name).to_owned(), column(dialect, name, type_text));
    }
    table
}

fn with_tables(dialect: Dialect, tables: Vec<Table>) -> Schema {
    let mut schema = Schema::new(dialect);
    schema.tables = tables.into_iter().map(|table| (table.name.clone(), Arc::new(table))).collect();
    schema
}

fn view(name: &str, query: Option<&str>, reads: &[&str]) -> (Name, Arc<View>) {
    let name = Name::new("public", name);
    let view = View {
        indexes: schema::Map::default(),
        name: name.clone(),
        materialized: false,
        existing: query.is_none(),
        definition: query.map(|query| expression(Dialect::Postgres, query)),
        opaque: false,
        reads: reads.iter().map(|name| Name::new("public", *name)).collect(),
        columns: Default::default(),
        primary_key: Vec::new(),
        with: Default::default(),
        with_no_data: None,
        using: None,
        tablespace: None,
    };
    (name, Arc::new(view))
}

#[test]
fn what_is_known_by_name_only_is_listed_and_cannot_leave_its_comment() {
    let mut schema = with_tables(Dialect::Postgres, Vec::new());
    let mut archive = Table::new(Name::new("public", "archive"));
    archive.opaque = true;
    schema.tables.insert(archive.name.clone(), Arc::new(archive));
    let key = |kind, name: &str, on: Option<&str>| {
        let on = on.map(|table| Name::new("public", table));
        OpaqueKey { kind, name: Name::new("public", name), on }
    };
    for key in
        [key(OpaqueKind::Function, "touch()", None), key(OpaqueKind::Trigger, "t\n; drop table x", Some("archive"))]
    {
        schema.opaque.insert(key.clone(), Arc::new(OpaqueObject::by_name(key)));
    }
    schema.views.extend([view("theirs", None, &[])]);
    schema.unknown.insert(Name::new("app", "a\nb"));
    check(
        &schema,
        expect![[r#"
            -- Statements about these could not be read or contradict each other, so they may look different: app.a b
            -- 4 objects are not made here: see the end.

            -- table archive: made by hand-written SQL
            -- view theirs: made elsewhere
            -- function touch(): made by hand-written SQL
            -- trigger t ; drop table x on archive: made by hand-written SQL
        "#]],
    );
}

#[test]
fn what_could_not_be_evaluated_is_said_where_it_belongs() {
    let mut made = table(Dialect::Postgres, Name::new("public", "t"), &[("a", "text"), ("b", ""), ("c", "integer")]);
    let none = ColumnFacts::default();
    for (name, unknown) in
        [("a", ColumnFacts { default: true, not_null: true, ..none }), ("b", ColumnFacts { sql_type: true, ..none })]
    {
        made.columns.get_mut(name).unwrap().unknown = unknown;
    }
    made.set_open(ObjectKind::Check);
    check(
        &with_tables(Dialect::Postgres, vec![made]),
        expect![[r#"
        -- Parts of the schema files could not be told and are missing here.

        CREATE TABLE "t" (
          "a" text, -- not known: NOT NULL, default
          "c" integer
          -- "b" is a column too, its type is not known
        );
    "#]],
    );
}

#[test]
fn views_come_after_what_they_read_and_circles_end() {
    let mut schema = with_tables(Dialect::Postgres, Vec::new());
    schema.views.extend([
        view("c", Some("select * from b"), &["b"]),
        view("a", Some("select 1 as x"), &[]),
        view("b", Some("select * from a"), &["a", "b"]),
        view("e", Some("select * from f"), &["f"]),
        view("f", Some("select * from e -- itself"), &["e"]),
    ]);
    check(
        &schema,
        expect![[r#"
        CREATE VIEW "a" AS
        select 1 as x;

        CREATE VIEW "b" AS
        select * from a;

        CREATE VIEW "c" AS
        select * from b;

        CREATE VIEW "f" AS
        select * from e -- itself
        ;

        CREATE VIEW "e" AS
        select * from f;
    "#]],
    );
}

#[test]
fn a_long_chain_of_views_is_no_deep_recursion() {
    let mut schema = with_tables(Dialect::Postgres, Vec::new());
    for number in 0..20_000 {
        let below = format!("v{}", number + 1);
        schema.views.extend([view(&format!("v{number}"), Some("select 1"), &[below.as_str()])]);
    }
    assert_eq!(sql_text(&schema).lines().count(), 20_000 * 3 - 1);
}

#[test]
fn names_are_quoted_whatever_they_hold() {
    let mut made = table(Dialect::Sqlite, Name::new("", "a\"b"), &[("select", ""), ("x y", "integer")]);
    made.primary_key = Some(PrimaryKey::new(Some(String::from("p")), vec![String::from("x y")]));
    made.columns.get_mut("x y").unwrap().autoincrement = true;
    made.foreign_keys.insert(
        String::from("stands for a name"),
        ForeignKey {
            name: String::from("stands for a name"),
            unnamed: true,
            columns: vec![String::from("select")],
            to: Name::new("", "other"),
            to_columns: Vec::new(),
            on_delete: ForeignKeyAction::SetNull,
            on_update: ForeignKeyAction::NoAction,
            match_full: false,
            deferral: Default::default(),
            not_valid: false,
        },
    );
    check(
        &with_tables(Dialect::Sqlite, vec![made]),
        expect![[r#"
        CREATE TABLE "a""b" (
          "select",
          "x y" integer CONSTRAINT "p" PRIMARY KEY AUTOINCREMENT,
          FOREIGN KEY ("select") REFERENCES "other" ON DELETE SET NULL
        );
    "#]],
    );
}

#[test]
fn an_expression_of_an_index_gets_the_parentheses_it_lacks() {
    let mut made = table(Dialect::Postgres, Name::new("shop", "t"), &[("a", "text")]);
    for (position, text) in [
        "lower(a)",
        "public.\"Fold\"(a, (1))",
        "a || 'x'",
        "(a || 'x')",
        "lower(a) || upper(a)",
        "lower(a) text_pattern_ops",
        "\"a\" desc",
        "left(a, 1)",
        "not (a)",
        "a is null",
        "lower(a) -- first",
    ]
    .iter()
    .enumerate()
    {
        let name = format!("i{position}");
        let key = IndexColumn {
            key: IndexKey::Expression(expression(Dialect::Postgres, text)),
            ascending: true,
            nulls_first: false,
            opclass: None,
            collation: None,
        };
        let index = Index {
            name: name.clone(),
            unique: false,
            method: String::from("btree"),
            columns: vec![key],
            include: Vec::new(),
            predicate: None,
            with: Default::default(),
            nulls_not_distinct: false,
            concurrently: Some(true),
        };
        made.indexes.insert(name, index);
    }
    check(
        &with_tables(Dialect::Postgres, vec![made]),
        expect![[r#"
        CREATE TABLE "shop"."t" (
          "a" text
        );

        CREATE INDEX "i0" ON "shop"."t" USING btree (lower(a));
        CREATE INDEX "i1" ON "shop"."t" USING btree (public."Fold"(a, (1)));
        CREATE INDEX "i2" ON "shop"."t" USING btree ((a || 'x'));
        CREATE INDEX "i3" ON "shop"."t" USING btree (((a || 'x')));
        CREATE INDEX "i4" ON "shop"."t" USING btree ((lower(a) || upper(a)));
        CREATE INDEX "i5" ON "shop"."t" USING btree (lower(a) text_pattern_ops);
        CREATE INDEX "i6" ON "shop"."t" USING btree ("a" desc);
        CREATE INDEX "i7" ON "shop"."t" USING btree ((left(a, 1)));
        CREATE INDEX "i8" ON "shop"."t" USING btree ((not (a)));
        CREATE INDEX "i9" ON "shop"."t" USING btree ((a is null));

        CREATE INDEX "i10" ON "shop"."t" USING btree (lower(a) -- first
        );
    "#]],
    );
}
