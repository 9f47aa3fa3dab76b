//! Names, types and values to choose from, the unpleasant ones included.

use crate::random::Random;

/// For tables, columns and whatever else has a name.
const NAMES: [&str; 34] = [
    "users",
    "posts",
    "tags",
    "owner",
    "order",
    "select",
    "user",
    "group",
    "table",
    "default",
    "check",
    "current_user",
    "a b",
    "q\"uote",
    "\"both\"",
    "it's",
    "x.y",
    "semi;colon",
    "--c",
    "/*c*/",
    "$1",
    "1st",
    "back\\slash",
    "100%",
    "(par)",
    "Ünï",
    "表",
    "A",
    "a",
    "CamelCase",
    "_",
    "a_name_that_is_longer_than_sixty_three_bytes_and_so_is_cut_by_the_server",
    "a_name_that_is_longer_than_sixty_three_bytes_and_so_is_cut_by_the_server_too",
    "ein_Ñame_der_länger_ist_als_drei_und_sechzig_Bytes_und_gekürzt_wird",
];

pub(super) fn name(random: &mut Random, letter: char, limit: usize) -> String {
    match random.below(3) {
        0 => (*random.pick(&NAMES)).to_owned(),
        _ => format!("{letter}{}", random.below(limit)),
    }
}

/// As the server keeps it: cut to 63 bytes, where a character ends.
pub(super) fn cut(name: &str) -> &str {
    let mut end = name.len().min(63);
    while !name.is_char_boundary(end) {
        end -= 1;
    }
    &name[..end]
}

/// Another name where this one is taken. True where it was free.
pub(super) fn claim(name: &mut String, id: usize, taken: &mut Vec<String>) {
    while taken.iter().any(|it| it == cut(name)) {
        *name = format!("{id}{name}");
    }
    taken.push(cut(name).to_owned());
}

pub(super) const COMMENTS: [&str; 5] = ["plain", "it's", "two\nlines", "back\\slash \"and\" quotes", "äöü"];

pub(super) const ENUM_VALUES: [&str; 10] = ["on", "off", "it's", "a b", "", "Ünï", "select", "x,y", "{br}", "q\"uote"];

/// What can be done with values of a type.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Family {
    Serial,
    Integer,
    Number,
    Text,
    Bool,
    Time,
    Plain,
    Jsonb,
    IntArray,
    TextArray,
    Range,
    /// Values of which cannot be compared.
    Incomparable,
    Enum,
    EnumArray,
    Domain,
}

pub(super) struct PlainType {
    pub(super) name: &'static str,
    pub(super) family: Family,
    pub(super) defaults: &'static [&'static str],
}

const fn plain(name: &'static str, family: Family, defaults: &'static [&'static str]) -> PlainType {
    PlainType { name, family, defaults }
}

const INTEGERS: &[&str] = &["0", "42", "-1", "(1 + 2)", "'7'"];
const NUMBERS: &[&str] = &["0", "1.5", "-2.25", "'3'", "1e3"];
const TEXTS: &[&str] =
    &["''", "'plain'", "'it''s'", "'a\"b'", "'back\\slash'", "E'tab\\tend'", "'1'", "'NULL'", "lower('X')", "'ü'"];
const TIMES: &[&str] = &["now()", "CURRENT_TIMESTAMP", "'2020-01-02 03:04:05'"];

pub(super) const TYPES: [PlainType; 34] = [
    plain("integer", Family::Integer, INTEGERS),
    plain("integer", Family::Integer, INTEGERS),
    plain("bigint", Family::Integer, INTEGERS),
    plain("smallint", Family::Integer, INTEGERS),
    plain("serial", Family::Serial, &[]),
    plain("bigserial", Family::Serial, &[]),
    plain("smallserial", Family::Serial, &[]),
    plain("text", Family::Text, TEXTS),
    plain("text", Family::Text, TEXTS),
    plain("varchar(20)", Family::Text, TEXTS),
    plain("varchar(90)", Family::Text, TEXTS),
    plain("varchar", Family::Text, TEXTS),
    plain("char(3)", Family::Text, &["'abc'", "''", "'it'''"]),
    plain("numeric(10,2)", Family::Number, NUMBERS),
    plain("numeric", Family::Number, NUMBERS),
    plain("real", Family::Number, NUMBERS),
    plain("double precision", Family::Number, NUMBERS),
    plain("boolean", Family::Bool, &["true", "false", "'t'", "(NOT true)"]),
    plain("date", Family::Time, &["CURRENT_DATE", "'2020-01-02'", "now()"]),
    plain("timestamp", Family::Time, TIMES),
    plain("timestamp(3)", Family::Time, TIMES),
    plain("timestamptz", Family::Time, TIMES),
    plain("timestamptz(3)", Family::Time, TIMES),
    plain("time", Family::Plain, &["'03:04'", "CURRENT_TIME::time"]),
    plain("interval", Family::Plain, &["'1 day'", "'1 hour'::interval"]),
    plain("uuid", Family::Plain, &["gen_random_uuid()", "'00000000-0000-0000-0000-000000000001'"]),
    plain("json", Family::Incomparable, &["'{\"a\": \"it''s\"}'", "'[]'"]),
    plain("jsonb", Family::Jsonb, &["'{\"a\": \"it''s\"}'", "'{}'::jsonb", "'[1, 2]'"]),
    plain("bytea", Family::Plain, &["'\\x00ff'", "''"]),
    plain("inet", Family::Plain, &["'10.0.0.1'"]),
    plain("integer[]", Family::IntArray, &["'{1,2}'", "ARRAY[1, 2]", "'{}'", "'{}'::integer[]"]),
    plain("text[]", Family::TextArray, &["'{a,\"b c\"}'", "ARRAY['a', 'it''s']", "ARRAY[]::text[]"]),
    plain("int4range", Family::Range, &["'[1,5)'", "int4range(1, 5)"]),
    plain("point", Family::Incomparable, &["'(1,2)'"]),
];
