//! Expressions as both databases compare them, and texts meant to break the parser.

#![allow(clippy::disallowed_methods, reason = "the clock shows here that nothing grows out of hand")]

use std::time::{Duration, Instant};

use schema::Dialect::{self, Postgres, Sqlite};

use super::*;

/// A line is `a == b` or `a <> b`.
fn check(dialect: Dialect, table: &str) {
    for line in table.lines().map(str::trim).filter(|line| !line.is_empty()) {
        let (left, right, is_equal) = match line.split_once("  ==  ") {
            Some((left, right)) => (left, right, true),
            None => line.split_once("  <>  ").map(|(left, right)| (left, right, false)).unwrap(),
        };
        let (left, right) = (expression(dialect, left), expression(dialect, right));
        assert_eq!(left == right, is_equal, "{line}\n  {}\n  {}", left.canonical, right.canonical);
    }
}

#[test]
fn postgres_expressions_that_are_stored_alike_are_equal() {
    check(
        Postgres,
        r#"
        "users"."age" > 21  ==  age > 21
        "age" > 21  ==  (AGE > 21)
        (age > 21)  ==  ((age) > (21))
        a != b  ==  a <> b
        a AND (b AND c)  ==  (a and b) and c
        a OR (b AND c)  ==  a or b and c
        x BETWEEN 1 AND 2  ==  ((x >= 1) AND (x <= 2))
        x NOT BETWEEN 1 AND 2 AND y  ==  ((x < 1) OR (x > 2)) AND y
        status IN ('a', 'b')  ==  (status = ANY (ARRAY['a'::text, 'b'::text]))
        status IN ('a', 'b')  ==  (status = ANY (ARRAY['a'::public.status, 'b'::public.status]))
        status IN ('a')  ==  status = 'a'::status
        status NOT IN ('a', 'b')  ==  (status <> ALL (ARRAY['a'::text, 'b'::text]))
        x > -1  ==  (x > '-1'::integer)
        price >= 0  ==  (price >= (0)::numeric)
        name LIKE 'a%'  ==  (name ~~ 'a%'::text)
        name NOT ILIKE 'a%'  ==  (name !~~* 'a%'::text)
        coalesce(name, '')  ==  COALESCE(name, ''::text)
        a || ' ' || b  ==  ((a || ' '::text) || b)
        x IS NOT NULL  ==  (x) notnull
        x IS NOT DISTINCT FROM y  ==  (NOT (x IS DISTINCT FROM y))
        CAST(x AS int4)  ==  x::integer
        x AT TIME ZONE 'utc'  ==  timezone('utc'::text, x)
        interval '1 day'  ==  '1 day'::interval
        to_tsvector('english', body)  ==  to_tsvector('english'::regconfig, body)
        pg_catalog.lower(x)  ==  lower(x)
        case when a then 1 else 2 end  ==  CASE WHEN (a) THEN 1 ELSE 2 END
        EXTRACT(epoch FROM x)  ==  extract(EPOCH from (x))
        data #>> '{a,b}'  ==  (data #>> '{a,b}'::text[])
        (select auth.uid()) = user_id  ==  (( SELECT auth.uid() ) = user_id)
        exists (select 1 from t)  ==  EXISTS ( SELECT 1 FROM t)
        select a, "b" from t;  ==  SELECT a , b  FROM "t"
        a /* why /* not */ */ + b  ==  a + b
        $$x$$  ==  'x'
        .5  ==  0.5
        "#,
    );
}

#[test]
fn postgres_expressions_that_may_differ_are_different() {
    check(
        Postgres,
        r#"
        now()  <>  current_timestamp
        (now() AT TIME ZONE 'utc')::text  <>  now() AT TIME ZONE 'utc'
        "Age" > 1  <>  age > 1
        "user" = 'a'  <>  user = 'a'
        a AND (b OR c)  <>  a AND b OR c
        a - (b - c)  <>  a - b - c
        NOT a AND b  <>  NOT (a AND b)
        x COLLATE "C"  <>  x
        id::text = '1'  <>  id = '1'
        1::numeric / 2  <>  1 / 2
        '1 day'::interval + x  <>  '1 day' + x
        'A' = x  <>  'a' = x
        x = 'a'::varchar(3)  <>  x = 'a'
        x IN ('a', 'b')  <>  x IN ('b', 'a')
        a = b  <>  b = a
        lower(a)  <>  s.lower(a)
        e'\n' = x  <>  '\n' = x
        x[1]  <>  x[2]
        "#,
    );
}

#[test]
fn sqlite_expressions() {
    check(
        Sqlite,
        r#"
        "users"."Age" > 21  ==  age > 21
        `a` == 1  ==  a = 1
        [a] != 1  ==  a <> 1
        (a + b)  ==  a + b
        a IS NOT NULL  ==  a NOTNULL
        a not null  <>  a
        a IN (1, 2)  ==  "a" in (1,2)
        a IS b  <>  a = b
        a || b || c  ==  ((a || b) || c)
        a->>'$.b' > 1  ==  (a ->> '$.b') > 1
        a GLOB 'x*'  ==  a glob 'x*'
        cast(a as TEXT)  ==  CAST(a AS text)
        x BETWEEN 1 AND 2  ==  x >= 1 AND x <= 2
        user  ==  "user"
        "#,
    );
}

#[test]
fn a_canonical_text_is_its_own_canonical_text() {
    let texts = ["a and b or not c", "x between 1 and 2", "f(a, b) > 1", "a in ('x', 'y')", "case a when 1 then 2 end"];
    for text in texts {
        let once = expression(Postgres, text).canonical;
        assert_eq!(expression(Postgres, &once).canonical, once, "{text}");
    }
}

#[test]
fn hostile_texts_neither_overflow_nor_take_long() {
    let n = 20_000;
    let texts = [
        "(".repeat(n),
        format!("{}1{}", "(".repeat(n), ")".repeat(n)),
        "not ".repeat(n),
        "- ".repeat(n),
        "a + ".repeat(n) + "a",
        "a and ".repeat(n) + "a",
        "a or b and ".repeat(n) + "a",
        "a between 1 and 2 = ".repeat(n),
        format!("{}a{}", "(".repeat(50), " between 1 and 2)".repeat(50)),
        "a::text".repeat(n),
        "a".to_owned() + &"::text".repeat(n),
        "case when ".repeat(n),
        "$a$".repeat(n) + "$b",
        "/*".repeat(n),
        "[".repeat(n),
        "a[".repeat(n),
        "array[".repeat(n),
        "x in (".repeat(n),
        "é'".repeat(n),
        "+".repeat(n),
        "+-".repeat(n),
        "e'\\".to_owned(),
        "a.".repeat(n),
        "x in (".to_owned() + &"1,".repeat(n) + "1)",
        "(select ".repeat(n),
        "\u{0}\u{1}".repeat(n),
        "[a".repeat(n),
    ];
    let start = Instant::now();
    for text in &texts {
        for dialect in [Postgres, Sqlite] {
            let column = sql_type(dialect, text, None);
            expression(dialect, text);
            default(dialect, text, Form::Sql, &column);
        }
    }
    assert!(start.elapsed() < Duration::from_secs(20), "{:?}", start.elapsed());
}

#[test]
fn option_values_are_equal_without_their_quotes() {
    assert_eq!(option_value("'70'", Form::Sql), option_value("70", Form::Number));
    assert_eq!(option_value("TRUE", Form::Sql), option_value("true", Form::Boolean));
    assert_ne!(option_value("local", Form::Sql), option_value("cascaded", Form::Sql));
}
