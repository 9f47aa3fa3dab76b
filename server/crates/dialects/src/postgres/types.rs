//! PostgreSQL's types in the spelling of `format_type`. (Data Types, table 8.1; `format_type.c`.)

use schema::{Dialect, Name};

use crate::lexer::{self, Kind, Token};

/// Aliases resolved, spacing and case folded, array sizes (which PostgreSQL ignores) dropped, the number of dimensions kept.
/// `serial` stays: it is more than a type.
pub(crate) fn canonical(text: &str) -> String {
    if is_canonical(text) {
        return text.to_owned();
    }
    match lexer::tokens(Dialect::Postgres, text) {
        Some(tokens) if n_tokens(&tokens) == tokens.len() => spelled(&tokens),
        Some(tokens) => lexer::folded(Dialect::Postgres, &tokens),
        None => text.trim().to_owned(),
    }
}

/// The full name of the enum, and the array suffix of `text`.
pub(crate) fn of_enum(text: &str, name: &Name) -> String {
    let n_dimensions = dimensions(text).len() / 2;
    format!("{}{}", quoted_name(name), "[]".repeat(n_dimensions))
}

/// As SQL spells it, with quotes where needed.
pub(crate) fn quoted_name(name: &Name) -> String {
    let identifier = |text: &str| super::names::identifier(&super::names::quote(text));
    match name.namespace.as_str() {
        "" => identifier(&name.name),
        namespace => format!("{}.{}", identifier(namespace), identifier(&name.name)),
    }
}

/// `[]` for each dimension of an array type.
pub(crate) fn dimensions(text: &str) -> String {
    let mut rest = text.trim_end();
    let mut suffix = String::new();
    while let Some((start, size)) = rest.strip_suffix(']').and_then(|inner| inner.rsplit_once('[')) {
        if !size.trim().bytes().all(|byte| byte.is_ascii_digit()) {
            break;
        }
        suffix.push_str("[]");
        rest = start.trim_end();
    }
    suffix
}

/// The canonical type without length, precision and array suffix.
pub(crate) fn base(canonical: &str) -> String {
    let element = canonical.trim_end_matches("[]");
    match (element.find('('), element.rfind(')')) {
        (Some(open), Some(close)) => {
            format!("{}{}", element.get(..open).unwrap_or_default(), element.get(close + 1..).unwrap_or_default())
        }
        _ => element.to_owned(),
    }
}

/// The commonest types are spelled canonically already.
fn is_canonical(text: &str) -> bool {
    matches!(
        text,
        "text"
            | "integer"
            | "serial"
            | "bigint"
            | "bigserial"
            | "boolean"
            | "timestamp"
            | "uuid"
            | "jsonb"
            | "json"
            | "date"
            | "numeric"
            | "real"
            | "double precision"
            | "smallint"
            | "timestamp with time zone"
            | "text[]"
            | "integer[]"
    )
}

/// How many tokens at the start spell a type.
pub(crate) fn n_tokens(tokens: &[Token<'_>]) -> usize {
    let is = |position: usize, text: &str| tokens.get(position).is_some_and(|it| it.text.eq_ignore_ascii_case(text));
    let mut end = 1;
    if !tokens.first().is_some_and(|token| matches!(token.kind, Kind::Word | Kind::QuotedName)) {
        return 0;
    }
    while is(end, ".") && tokens.get(end + 1).is_some_and(|it| matches!(it.kind, Kind::Word | Kind::QuotedName)) {
        end += 2;
    }
    if is(0, "national") {
        end += usize::from(is(end, "character") || is(end, "char"));
    }
    let has_two_words = (is(0, "double") && is(end, "precision")) || is(end, "varying");
    end += usize::from(has_two_words);
    if is(0, "interval") {
        while tokens.get(end).is_some_and(|it| it.kind == Kind::Word && is_interval_word(it.text)) {
            end += 1;
        }
    }
    if is(end, "(") {
        let close = tokens.iter().skip(end).position(|it| it.text == ")");
        end += close.map_or(0, |close| close + 1);
    }
    if (is(0, "timestamp") || is(0, "time"))
        && (is(end, "with") || is(end, "without"))
        && is(end + 1, "time")
        && is(end + 2, "zone")
    {
        end += 3;
    }
    end += usize::from(is(end, "array"));
    loop {
        if is(end, "[") && is(end + 1, "]") {
            end += 2;
        } else if is(end, "[") && is(end + 2, "]") && tokens.get(end + 1).is_some_and(|it| it.kind == Kind::Number) {
            end += 3;
        } else {
            return end;
        }
    }
}

fn is_interval_word(word: &str) -> bool {
    ["year", "month", "day", "hour", "minute", "second", "to"].iter().any(|it| it.eq_ignore_ascii_case(word))
}

fn spelled(tokens: &[Token<'_>]) -> String {
    let mut name = String::new();
    let mut modifier: Option<String> = None;
    let mut zone = "";
    let mut suffix = String::new();
    let mut is_inside = false;
    let mut is_array = false;
    for token in tokens {
        let text = match token.kind {
            Kind::Word => token.text.to_ascii_lowercase(),
            // `"char"` is not `char`, nor is `"integer"` `integer`: those names keep their quotes.
            Kind::QuotedName if alias(token.text.trim_matches('"')).is_some() => token.text.to_owned(),
            Kind::QuotedName => super::names::identifier(token.text),
            _ => token.text.to_owned(),
        };
        match text.as_str() {
            "(" => {
                is_inside = true;
                modifier = Some(String::new());
            }
            ")" => is_inside = false,
            _ if is_inside => {
                if let Some(modifier) = &mut modifier {
                    modifier.push_str(&text);
                }
            }
            "[" => suffix.push_str("[]"),
            // `integer ARRAY` and `integer ARRAY[3]` are other words for `integer[]`.
            "array" if token.kind == Kind::Word && !name.is_empty() => is_array = true,
            "]" => {}
            _ if !suffix.is_empty() => {}
            "with" | "without" => zone = if text == "with" { " with time zone" } else { " without time zone" },
            "time" | "zone" if !zone.is_empty() => {}
            "." => name.push('.'),
            _ => {
                if !name.is_empty() && !name.ends_with('.') {
                    name.push(' ');
                }
                name.push_str(&text);
            }
        }
    }
    if is_array && suffix.is_empty() {
        suffix.push_str("[]");
    }
    with_modifier(&name, modifier, zone) + &suffix
}

fn with_modifier(name: &str, modifier: Option<String>, zone: &str) -> String {
    let name = name.strip_prefix("pg_catalog.").unwrap_or(name);
    let (name, zone) = match name {
        "timestamptz" => ("timestamp", " with time zone"),
        "timetz" => ("time", " with time zone"),
        // WITHOUT TIME ZONE is what is meant without it.
        _ if zone == " without time zone" => (name, ""),
        _ => (name, zone),
    };
    let name = match (name, &modifier) {
        ("float", Some(bits)) => return float(bits),
        _ => alias(name).unwrap_or(name),
    };
    match (name, modifier) {
        ("numeric", Some(digits)) if !digits.contains(',') => format!("numeric({digits},0)"),
        ("character" | "bit", None) => format!("{name}(1)"),
        ("bpchar", Some(length)) => format!("character({length})"),
        (_, Some(modifier)) => format!("{name}({modifier}){zone}"),
        (_, None) => format!("{name}{zone}"),
    }
}

/// `float(1)` to `float(24)` are `real`, up to `float(53)` `double precision`. (8.1.3 Floating-Point Types.)
fn float(bits: &str) -> String {
    match bits.parse::<u8>() {
        Ok(1..=24) => String::from("real"),
        Ok(25..=53) => String::from("double precision"),
        _ => format!("float({bits})"),
    }
}

fn alias(name: &str) -> Option<&'static str> {
    Some(match name {
        "int" | "int4" | "integer" => "integer",
        "int2" | "smallint" => "smallint",
        "int8" | "bigint" => "bigint",
        "bool" | "boolean" => "boolean",
        "float4" | "real" => "real",
        "float" | "float8" | "double precision" => "double precision",
        "decimal" | "dec" | "numeric" => "numeric",
        "varchar" | "character varying" | "char varying" | "national character varying" | "national char varying" => {
            "character varying"
        }
        "char" | "character" | "nchar" | "national character" | "national char" => "character",
        "varbit" | "bit varying" => "bit varying",
        "bit" => "bit",
        "serial2" | "smallserial" => "smallserial",
        "serial4" | "serial" => "serial",
        "serial8" | "bigserial" => "bigserial",
        _ => return None,
    })
}

/// True for the name of a type that every database has: one's own type of this name is found in its namespace only.
pub(crate) fn is_builtin(name: &str) -> bool {
    let is_common = matches!(
        name,
        "text"
            | "name"
            | "uuid"
            | "json"
            | "jsonb"
            | "jsonpath"
            | "xml"
            | "date"
            | "time"
            | "timetz"
            | "timestamp"
            | "timestamptz"
            | "interval"
            | "money"
            | "bytea"
            | "oid"
            | "inet"
            | "cidr"
            | "macaddr"
            | "point"
            | "line"
            | "lseg"
            | "box"
            | "path"
            | "polygon"
            | "circle"
            | "tsvector"
            | "tsquery"
            | "bpchar"
    );
    is_common || alias(name).is_some()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(table: &str) {
        for line in table.lines().map(str::trim).filter(|line| !line.is_empty()) {
            let (text, expected) = line.split_once(" => ").unwrap();
            assert_eq!(canonical(text), expected, "{text}");
            assert_eq!(canonical(expected), expected, "{expected} is not stable");
        }
    }

    #[test]
    fn a_type_is_spelled_as_the_catalog_spells_it() {
        check(
            r#"
            int4 => integer
            INT => integer
            pg_catalog.int8 => bigint
            bool => boolean
            serial => serial
            serial8 => bigserial
            varchar => character varying
            varchar(255) => character varying(255)
            character varying (255) => character varying(255)
            char => character(1)
            "char" => "char"
            bpchar => bpchar
            bpchar(3) => character(3)
            decimal => numeric
            numeric(5) => numeric(5,0)
            numeric(5, 0) => numeric(5,0)
            numeric (10,2) => numeric(10,2)
            float(24) => real
            float(53) => double precision
            DOUBLE  PRECISION => double precision
            timestamptz => timestamp with time zone
            timestamptz(3) => timestamp(3) with time zone
            timestamp (3) with time zone => timestamp(3) with time zone
            timestamp without time zone => timestamp
            timestamp (3) => timestamp(3)
            time with time zone => time with time zone
            interval day to second(3) => interval day to second(3)
            integer[3] => integer[]
            int[][] => integer[][]
            int ARRAY => integer[]
            varchar(3) array[4] => character varying(3)[]
            timestamp with time zone ARRAY => timestamp with time zone[]
            array => array
            varchar(3) [] => character varying(3)[]
            timestamptz[] => timestamp with time zone[]
            vector(3) => vector(3)
            geometry(Point, 4326) => geometry(point,4326)
            "citext" => citext
            "My Type" => "My Type"
            "public"."Mood"[] => public."Mood"[]
            bit varying(5) => bit varying(5)
            bit => bit(1)
            "#,
        );
    }

    #[test]
    fn a_text_that_is_no_type_is_folded() {
        assert_eq!(canonical("geography( Point"), "geography ( point");
        assert_eq!(canonical("'"), "'");
        assert_eq!(canonical(""), "");
    }

    #[test]
    fn an_enum_has_its_full_name() {
        let name = Name::new("public", "moodType");
        assert_eq!(of_enum("moodType[]", &name), r#"public."moodType"[]"#);
        assert_eq!(of_enum("mood", &Name::new("public", "mood")), "public.mood");
    }
}
