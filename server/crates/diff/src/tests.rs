//! Small schemas, changed one fact at a time.

#![allow(clippy::disallowed_methods, reason = "the clock shows here that nothing grows out of hand")]

use std::sync::Arc;
use std::time::Instant;

use schema::{
    Action, Column, ColumnFacts, Dialect, Enum, Expression, Form, Index, Name, ObjectKind, PrimaryKey, Scalar, Schema,
    SqlType, Table, View,
};

use super::*;

fn name(name: &str) -> Name {
    Name::new("public", name)
}

fn column(name: &str, sql_type: &str) -> Column {
    Column {
        name: name.to_owned(),
        sql_type: SqlType { text: sql_type.to_owned(), canonical: sql_type.to_owned(), enum_name: None },
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

fn table(table_name: &str, columns: &[(&str, &str)]) -> Table {
    let mut table = Table::new(name(table_name));
    table.columns = columns.iter().map(|(name, ty)| ((*name).to_owned(), column(name, ty))).collect();
    table
}

fn schema(tables: impl IntoIterator<Item = Table>) -> Schema {
    let mut schema = Schema::new(Dialect::Postgres);
    schema.tables = tables.into_iter().map(|table| (table.name.clone(), Arc::new(table))).collect();
    schema
}

fn with_enum(values: &[&str]) -> Schema {
    let mut schema = Schema::new(Dialect::Postgres);
    let values = values.iter().map(|value| (*value).to_owned()).collect();
    schema.enums.insert(name("e"), Arc::new(Enum { name: name("e"), values, values_unknown: false }));
    schema
}

fn index(concurrently: bool) -> Index {
    Index {
        name: String::from("i"),
        unique: false,
        method: String::from("btree"),
        columns: Vec::new(),
        include: Vec::new(),
        predicate: None,
        with: Default::default(),
        nulls_not_distinct: false,
        concurrently: Some(concurrently),
    }
}

/// The changes as lines, such as `alter_column public.t.a: type integer -> text`.
fn check(before: &Schema, after: &Schema, expected: &str) {
    let lines: Vec<String> = diff(before, after).changes.iter().map(line).collect();
    let expected: Vec<&str> = expected.lines().map(str::trim).filter(|line| !line.is_empty()).collect();
    assert_eq!(lines, expected);
}

fn line(change: &Change) -> String {
    let head = format!("{} {}", change.kind(), change.object);
    let Action::Alter(alterations) = &change.action else { return head };
    let word = |text: &Option<String>| text.clone().unwrap_or_else(|| String::from("nothing"));
    let facts: Vec<String> =
        alterations.iter().map(|it| format!("{} {} -> {}", it.aspect.as_str(), word(&it.from), word(&it.to))).collect();
    format!("{head}: {}", facts.join(", "))
}

#[test]
fn tables_are_created_and_dropped_whole() {
    let before = schema([table("a", &[("id", "integer")])]);
    let after = schema([table("z", &[("x", "text"), ("y", "text")]), table("b", &[("q", "date")])]);
    check(&before, &after, "create_table public.z\n create_table public.b\n drop_table public.a");
    let mut open = after.clone();
    open.open = true;
    check(&before, &open, "create_table public.z\n create_table public.b");
}

#[test]
fn columns_differ_by_known_facts_only() {
    let before = schema([table("t", &[("a", "integer"), ("b", "text"), ("c", "text")])]);
    let mut changed = table("t", &[("d", "text"), ("b", "text"), ("a", "text")]);
    check(
        &before,
        &schema([changed.clone()]),
        "add_column public.t.d\n drop_column public.t.c\n alter_column public.t.a: type integer -> text",
    );
    if let Some(column) = changed.columns.get_mut("a") {
        column.unknown.sql_type = true;
        column.not_null = true;
        column.default = Some(Scalar { text: String::from("1"), form: Form::Number, canonical: String::from("1") });
    }
    changed.set_open(ObjectKind::Index);
    check(
        &before,
        &schema([changed.clone()]),
        "add_column public.t.d\n drop_column public.t.c\n alter_column public.t.a: default nothing -> 1, NOT NULL false -> true",
    );
    changed.set_open(ObjectKind::Column);
    check(&before, &schema([changed]), "add_column public.t.d");
}

#[test]
fn the_order_of_columns_never_counts() {
    let before = schema([table("t", &[("a", "integer"), ("b", "text")]), table("u", &[])]);
    let after = schema([table("u", &[]), table("t", &[("b", "text"), ("a", "integer")])]);
    check(&before, &after, "");
}

#[test]
fn an_unnamed_primary_key_has_the_name_postgres_gives_it() {
    let with_key = |key: Option<(Option<&str>, &[&str])>| {
        let mut table = table("t", &[("a", "integer")]);
        table.primary_key = key.map(|(name, columns)| {
            let columns = columns.iter().map(|column| (*column).to_owned()).collect();
            PrimaryKey::new(name.map(str::to_owned), columns)
        });
        schema([table])
    };
    let bare = with_key(Some((None, &["a"])));
    check(&bare, &with_key(Some((Some("t_pkey"), &["a"]))), "");
    check(&bare, &with_key(Some((Some("k"), &["a"]))), "alter_primary_key public.t.k: name t_pkey -> k");
    check(&bare, &with_key(Some((None, &["a", "b"]))), "alter_primary_key public.t.a_b: columns a -> a, b");
    check(&bare, &with_key(None), "drop_primary_key public.t.a");
    check(&with_key(None), &bare, "add_primary_key public.t.a");
}

#[test]
fn enum_values_come_and_go_one_by_one() {
    let before = with_enum(&["a", "b"]);
    check(&before, &with_enum(&["c", "a", "b", "d"]), "add_enum_value public.e.c\n add_enum_value public.e.d");
    check(&before, &with_enum(&["b"]), "drop_enum_value public.e.a");
    check(&before, &with_enum(&["b", "a"]), "alter_enum public.e: values a, b -> b, a");
}

#[test]
fn building_an_index_concurrently_counts() {
    let with_index = |concurrently| {
        let mut table = table("t", &[("a", "integer")]);
        table.indexes.insert(String::from("i"), index(concurrently));
        schema([table])
    };
    check(&with_index(false), &with_index(true), "alter_index public.t.i: CONCURRENTLY false -> true");
}

#[test]
fn a_policy_switches_row_level_security_on() {
    let before = schema([table("t", &[])]);
    let mut changed = table("t", &[]);
    changed.row_level_security = true;
    let after = schema([changed]);
    check(&before, &after, "enable_row_level_security public.t");
    check(&after, &before, "disable_row_level_security public.t");
}

#[test]
fn a_renamed_column_is_a_candidate_and_stays_two_changes() {
    let before = schema([table("t", &[("id", "integer"), ("name", "text")])]);
    let after = schema([table("t", &[("id", "integer"), ("full_name", "text"), ("born", "date")])]);
    let renames = diff(&before, &after).renames;
    let pairs: Vec<String> = renames.iter().map(|it| format!("{} -> {}", it.from, it.to)).collect();
    assert_eq!(pairs, ["public.t.name -> public.t.full_name"]);
    let unlike = schema([table("t", &[("id", "integer"), ("x", "date"), ("price", "numeric")])]);
    assert_eq!(diff(&before, &unlike).renames, []);
}

#[test]
fn a_renamed_table_is_a_candidate() {
    let columns = [("id", "integer"), ("name", "text")];
    let before = schema([table("user", &columns), table("log", &[("at", "date")])]);
    let after = schema([table("people", &columns), table("users", &columns)]);
    let renames = diff(&before, &after).renames;
    let pairs: Vec<String> = renames.iter().map(|it| format!("{} -> {}", it.from, it.to)).collect();
    assert_eq!(pairs, ["public.user -> public.users"]);
}

#[test]
fn existing_views_are_left_alone() {
    let with_view = |existing: bool| {
        let mut schema = Schema::new(Dialect::Postgres);
        let text = String::from("select 1");
        let definition = (!existing).then(|| Expression { text: text.clone(), canonical: text.clone() });
        let view = View {
            indexes: schema::Map::default(),
            name: name("v"),
            materialized: false,
            existing,
            definition,
            opaque: false,
            reads: Vec::new(),
            columns: Default::default(),
            primary_key: Vec::new(),
            with: Default::default(),
            with_no_data: None,
            using: None,
            tablespace: None,
        };
        schema.views.insert(name("v"), Arc::new(view));
        schema
    };
    let none = Schema::new(Dialect::Postgres);
    check(&none, &with_view(true), "");
    check(&with_view(true), &none, "");
    check(&with_view(false), &with_view(true), "");
    check(&none, &with_view(false), "create_view public.v");
    check(
        &with_view(true),
        &with_view(false),
        "alter_view public.v: existing true -> false, definition nothing -> select 1",
    );
}

#[test]
fn three_thousand_equal_tables_take_no_time() {
    let columns: Vec<String> = (0..12).map(|position| format!("column_{position}")).collect();
    let columns: Vec<(&str, &str)> = columns.iter().map(|name| (name.as_str(), "text")).collect();
    let make = || schema((0..3_000).map(|position| table(&format!("table_{position}"), &columns)));
    let (before, after) = (make(), make());
    let start = Instant::now();
    assert_eq!(diff(&before, &after), Diff::default());
    let by_value = start.elapsed();
    let start = Instant::now();
    assert_eq!(diff(&before, &before.clone()), Diff::default());
    println!("by value {by_value:?}, shared {:?}", start.elapsed());
    // Far above what is needed: this catches a quadratic step, not a slow machine.
    assert!(by_value.as_millis() < 500, "{by_value:?}");
}

/// A table with a unique constraint on `a` of this name, which nobody chose where `by_default`.
fn with_unique(unique: &str, column: &str, by_default: bool) -> Schema {
    let mut table = table("t", &[("a", "text"), ("b", "text")]);
    table.uniques.insert(unique.to_owned(), schema::Unique::new(unique.to_owned(), vec![column.to_owned()], false));
    if by_default {
        table.default_names.insert((ObjectKind::Unique, unique.to_owned()));
    }
    schema([table])
}

#[test]
fn a_name_that_nobody_chose_is_not_compared() {
    let kinds = |before: &Schema, after: &Schema| -> Vec<String> {
        diff(before, after).changes.iter().map(|change| format!("{} {}", change.kind(), change.object)).collect()
    };
    let kept = with_unique("t_old_key", "a", true);
    assert_eq!(kinds(&kept, &with_unique("t_a_key", "a", true)), [""; 0]);
    assert_eq!(
        kinds(&kept, &with_unique("chosen", "a", false)),
        ["add_unique_constraint public.t.chosen", "drop_unique_constraint public.t.t_old_key"]
    );
    assert_eq!(
        kinds(&kept, &with_unique("t_b_key", "b", true)),
        ["add_unique_constraint public.t.t_b_key", "drop_unique_constraint public.t.t_old_key"]
    );
}
