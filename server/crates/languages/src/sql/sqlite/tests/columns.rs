//! A column's definition.

use expect_test::{Expect, expect};

/// `definition` is the only column of a table.
fn check(definition: &str, expected: Expect) {
    let printed = super::print::print(&format!("CREATE TABLE t ({definition});"));
    expected.assert_eq(printed.trim_start_matches("create table t").trim());
}

#[test]
fn a_column_needs_no_type() {
    check("a", expect!["a"]);
    check("a NOT NULL", expect!["a; not null"]);
    check(
        "a DEFAULT 1, b PRIMARY KEY",
        expect![[r#"
        a; default 1
          b; primary key"#]],
    );
}

#[test]
fn a_type_is_any_words_and_two_numbers() {
    check(
        "a VARCHAR(255), b UNSIGNED BIG INT, c double precision",
        expect![[r#"
        a VARCHAR(255)
          b UNSIGNED BIG INT
          c double precision"#]],
    );
    check(
        "a DECIMAL ( 10 , -2 ) NOT NULL, b [my type], c \"text\"(3), d 'int'",
        expect![[r#"
            a DECIMAL ( 10 , -2 ); not null
              b my type
              c text
              d int"#]],
    );
    check(
        "a INTEGER AUTO_INCREMENT, b generated, c key, d F32_BLOB(3)",
        expect![[r#"
        a INTEGER AUTO_INCREMENT
          b generated
          c key
          d F32_BLOB(3)"#]],
    );
    check("a VARCHAR(max)", expect!["unreadable: expected a number, not `max` | max | names [t]"]);
    check("a LEFT", expect!["unreadable: expected a column's constraint, `,` or `)`, not `LEFT` | LEFT | names [t]"]);
}

#[test]
fn names_come_in_four_quotes_or_as_keywords() {
    check("\"a b\" int, `c``d` int, [e]] int", expect!["unreadable: SQLite cannot read this | ] | names [t]"]);
    check(
        "\"a\"\"b\" int, [c d] int, 'e''f' int",
        expect![[r#"
        a"b int
          c d int
          e'f int"#]],
    );
    check(
        "key int, action int, desc int, row int, left int, current_date int, if int, über int",
        expect![[r#"
        key int
          action int
          desc int
          row int
          left int
          current_date int
          if int
          über int"#]],
    );
    check("order int", expect!["unreadable: expected a column name, not `order` | order | names [t]"]);
}

#[test]
fn constraints_come_in_any_order() {
    check(
        "id INTEGER CONSTRAINT pk PRIMARY KEY DESC ON CONFLICT ROLLBACK AUTOINCREMENT NOT NULL",
        expect!["id INTEGER; pk: primary key autoincrement; not null"],
    );
    check(
        "a text UNIQUE ON CONFLICT IGNORE COLLATE NOCASE DEFAULT 'x' NOT NULL ON CONFLICT FAIL",
        expect!["a text; collate NOCASE; unique; default 'x'; not null"],
    );
    check("a text COLLATE \"rtrim\" NULL CONSTRAINT lonely", expect!["a text; collate rtrim; null"]);
    check(
        "a int CONSTRAINT one CONSTRAINT \"two\" CHECK (a > (1)) CHECK(a<9)",
        expect!["a int; two: check a > (1); check a<9"],
    );
}

#[test]
fn defaults_are_kept_as_written() {
    check(
        "a DEFAULT 'it''s', b DEFAULT -1.5e+3, c DEFAULT +2, d DEFAULT NULL, e DEFAULT x'00'",
        expect![[r#"
        a; default 'it''s'
          b; default -1.5e+3
          c; default +2
          d; default NULL
          e; default x'00'"#]],
    );
    check(
        "a DEFAULT TRUE, b DEFAULT CURRENT_TIMESTAMP, c DEFAULT \"text\", d DEFAULT word, e DEFAULT 0xFF",
        expect![[r#"
            a; default TRUE
              b; default CURRENT_TIMESTAMP
              c; default "text"
              d; default word
              e; default 0xFF"#]],
    );
    check(
        "a DEFAULT (strftime('%s', 'now') * 1000) NOT NULL, b DEFAULT ( (1) )",
        expect![[r#"
        a; default (strftime('%s', 'now') * 1000); not null
          b; default ( (1) )"#]],
    );
    check(
        "a DEFAULT /* one */ - -- sign\n 1 NOT NULL",
        expect![[r#"
        a; default - -- sign
         1; not null"#]],
    );
    check(
        "a DEFAULT",
        expect!["unreadable: expected a value, or an expression in parentheses, not `)` | ) | names [t]"],
    );
    check("a DEFAULT - NOT NULL", expect!["unreadable: expected a number, not `NOT` | NOT | names [t]"]);
    check("a DEFAULT ()", expect!["unreadable: expected an expression in these parentheses | () | names [t]"]);
}

#[test]
fn references_say_what_happens_and_when() {
    check("a int REFERENCES users", expect!["a int; references users"]);
    check(
        "a int REFERENCES `users` (`id`) ON DELETE cascade ON UPDATE SET  NULL",
        expect!["a int; references users (id) on delete cascade on update set null"],
    );
    check(
        "a REFERENCES u(x) MATCH FULL ON INSERT RESTRICT ON DELETE NO ACTION NOT NULL",
        expect!["a; references u (x); not null"],
    );
    check(
        "a CONSTRAINT fk REFERENCES u(x) DEFERRABLE INITIALLY DEFERRED UNIQUE",
        expect!["a; fk: references u (x) Deferred; unique"],
    );
    check(
        "a REFERENCES u NOT NULL DEFERRABLE, b REFERENCES u NOT DEFERRABLE INITIALLY IMMEDIATE",
        expect![[r#"
        a; references u Deferrable; not null
          b; references u"#]],
    );
    check(
        "a REFERENCES u(x) ON DELETE EXPLODE",
        expect![
            "unreadable: expected CASCADE, RESTRICT, SET NULL, SET DEFAULT or NO ACTION, not `EXPLODE` | EXPLODE | names [t, u]"
        ],
    );
}

#[test]
fn generated_columns_are_virtual_unless_stored() {
    check(
        "a int GENERATED ALWAYS AS (b + (1)) STORED, c AS (a) VIRTUAL, d text AS (upper(e)) NOT NULL",
        expect![[r#"
        a int; generated stored b + (1)
          c; generated virtual a
          d text; generated virtual upper(e); not null"#]],
    );
    check("a int AS", expect!["unreadable: expected `(`, not `)` | ) | names [t]"]);
}
