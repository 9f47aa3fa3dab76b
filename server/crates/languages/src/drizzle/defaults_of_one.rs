//! A column's default as drizzle-kit 1.0 serialises it: always SQL text, its form chosen by the column's type.
//! (drizzle-kit's `dialects/{postgres,sqlite}/grammar.ts`)

use schema::{Dialect, Form};
use source::Location;

use super::defaults::{DefaultText, json_text};
use super::entities::sql::{Style, render};
use super::entities::{ColumnBuilder, Entity, Known, reason};
use super::evaluate::{Interpreter, Value, display, iso_date};

/// How drizzle-kit writes the values of a type.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Kind {
    /// As JavaScript prints it.
    Bare,
    /// The same in quotes.
    Quoted,
    Text,
    Enum,
    Boolean,
    Json,
    Date,
    /// With a time zone?
    Time(bool),
    Timestamp(bool),
    Point,
    Line,
    Vector,
    /// In a way of its own that is not followed.
    Other,
}

/// The text of `value` as the default of `column`, whose type is `sql_type`.
pub(super) fn default_text(
    interpreter: &mut Interpreter<'_>,
    column: &ColumnBuilder,
    sql_type: &str,
    value: &Value,
    at: &Location,
) -> Known<DefaultText> {
    let text = match value {
        Value::Entity(Entity::Sql(sql)) => {
            let style = Style { dialect: column.dialect, bare_columns: true, inline: true };
            let text = render(interpreter, &sql.chunks, style, at)?.text;
            match column.dialect {
                Dialect::Postgres => without_casts(&text).to_owned(),
                Dialect::Sqlite => text,
            }
        }
        Value::Unknown(reason) => return Err(reason.clone()),
        _ => {
            let lowered = sql_type.to_lowercase();
            let kind = match column.dialect {
                Dialect::Postgres => postgres_kind(column, &lowered),
                Dialect::Sqlite => sqlite_kind(&lowered),
            };
            let text = match (value.as_array(), column.is_array) {
                (Some(_), true) => array_text(kind, value).map(|text| format!("'{text}'")),
                _ => scalar_text(interpreter, column, kind, value)?,
            };
            text.ok_or_else(|| {
                reason(interpreter, "drizzle-kit writes a default of this type in a way of its own", at)
            })?
        }
    };
    Ok(DefaultText { text, form: Form::Sql, fault: None })
}

fn postgres_kind(column: &ColumnBuilder, lowered: &str) -> Kind {
    if column.enum_type.is_some() {
        return Kind::Enum;
    }
    let element = lowered.split('[').next().unwrap_or(lowered);
    let word = element.split('(').next().unwrap_or(element).trim_end();
    match word {
        "smallint" | "integer" | "bigint" | "real" | "double precision" => Kind::Bare,
        "numeric" | "uuid" | "inet" | "cidr" | "macaddr" | "macaddr8" | "bit" => Kind::Quoted,
        "point" => Kind::Point,
        "line" => Kind::Line,
        "vector" | "halfvec" => Kind::Vector,
        _ if word.starts_with("interval") => Kind::Quoted,
        "boolean" => Kind::Boolean,
        "text" | "varchar" | "char" => Kind::Text,
        "json" | "jsonb" => Kind::Json,
        "date" => Kind::Date,
        "time" => Kind::Time(element.ends_with("with time zone")),
        _ if word.starts_with("timestamp") => Kind::Timestamp(element.ends_with("with time zone")),
        _ => Kind::Other,
    }
}

fn sqlite_kind(lowered: &str) -> Kind {
    match lowered.split('(').next().unwrap_or(lowered) {
        "integer" | "real" => Kind::Bare,
        "numeric" => Kind::Quoted,
        "text" => Kind::Text,
        "blob" => Kind::Json,
        _ => Kind::Other,
    }
}

/// None where the way is not followed.
fn scalar_text(
    interpreter: &mut Interpreter<'_>,
    column: &ColumnBuilder,
    kind: Kind,
    value: &Value,
) -> Known<Option<String>> {
    let is_sqlite = column.dialect == Dialect::Sqlite;
    Ok(match (kind, value) {
        (_, Value::BigInt(digits)) if is_sqlite => Some(format!("'{digits}'")),
        (Kind::Bare, Value::Date(time)) => match column.mode.as_deref() {
            Some("timestamp") => Some(format!("{:.0}", time / 1000.0)),
            _ => Some(format!("{time:.0}")),
        },
        (Kind::Quoted, Value::Number(_)) if is_sqlite => display(value),
        (Kind::Text, Value::String(text)) => Some(format!("'{}'", text.replace('\\', "\\\\").replace('\'', "''"))),
        (Kind::Enum, Value::String(text)) => Some(format!("'{}'", text.replace('\'', "''"))),
        (Kind::Json, Value::Date(_)) | (Kind::Text, Value::Date(_)) => None,
        (Kind::Json, _) | (Kind::Text, Value::Object(_) | Value::Array(_)) if is_sqlite || kind == Kind::Json => {
            // A quote is doubled inside of the JSON's strings, and there is none elsewhere.
            Some(format!("'{}'", json_text(interpreter, value)?.replace('\'', "''")))
        }
        (Kind::Bare | Kind::Boolean, Value::Number(_) | Value::BigInt(_) | Value::Boolean(_)) => display(value),
        (Kind::Quoted, Value::Number(_) | Value::BigInt(_) | Value::String(_)) => {
            display(value).map(|text| format!("'{text}'"))
        }
        (Kind::Date, Value::Date(time)) => Some(format!("'{}'", day(*time))),
        (Kind::Timestamp(zoned), Value::Date(time)) => Some(format!("'{}'", moment(*time, zoned))),
        (Kind::Timestamp(true) | Kind::Time(true), Value::String(text)) if !has_zone(text) => {
            Some(format!("'{text}+00'"))
        }
        (Kind::Point, Value::Array(_)) => display(value).map(|numbers| format!("'({numbers})'")),
        (Kind::Line, Value::Array(_)) => display(value).map(|numbers| format!("'{{{numbers}}}'")),
        (Kind::Vector, Value::Array(_)) => display(value).map(|numbers| format!("'[{numbers}]'")),
        (Kind::Date | Kind::Time(_) | Kind::Timestamp(_), Value::String(text)) => Some(format!("'{text}'")),
        _ => None,
    })
}

/// `{a,b}`; None where the way is not followed.
fn array_text(kind: Kind, value: &Value) -> Option<String> {
    let items = value.as_array()?;
    let parts = items.iter().map(|item| {
        Some(match (kind, item) {
            (_, Value::Array(_)) => array_text(kind, item)?,
            (Kind::Bare | Kind::Quoted, Value::Number(_) | Value::BigInt(_)) => display(item)?,
            (Kind::Timestamp(zoned), Value::Date(time)) => format!("\"{}\"", moment(*time, zoned)),
            (Kind::Boolean, Value::Boolean(value)) => String::from(if *value { "t" } else { "f" }),
            (Kind::Text | Kind::Enum, Value::String(text)) => element(text, kind == Kind::Text),
            _ => return None,
        })
    });
    let parts: Option<Vec<String>> = parts.collect();
    let parts = parts?;
    match parts.iter().all(|part| part == "{}") {
        true => Some(String::from("{}")),
        false => Some(format!("{{{}}}", parts.join(","))),
    }
}

fn element(text: &str, quotes_nothing: bool) -> String {
    let escaped = text.replace('\'', "''").replace('\\', "\\\\").replace('"', "\\\"");
    match text.contains(['\\', '"', ',']) || (quotes_nothing && text.is_empty()) {
        true => format!("\"{escaped}\""),
        false => escaped,
    }
}

fn day(time: f64) -> String {
    iso_date(time).split('T').next().unwrap_or_default().to_owned()
}

fn moment(time: f64, zoned: bool) -> String {
    let text = iso_date(time).replace('T', " ");
    text.trim_end_matches('Z').to_owned() + if zoned { "+00" } else { "" }
}

/// `…Z`, `…+01`, `…-05:30`: for drizzle-kit the end of `2020-01-01` is one too.
fn has_zone(text: &str) -> bool {
    let is_offset = |text: &str| {
        let (sign, digits) = text.split_at_checked(1).unwrap_or_default();
        matches!(sign, "+" | "-") && digits.len() == 2 && digits.bytes().all(|byte| byte.is_ascii_digit())
    };
    let end = |length: usize| text.len().checked_sub(length).and_then(|start| text.get(start..)).unwrap_or_default();
    let minutes = |text: &str| text.split_once(':').is_some_and(|(hours, _)| is_offset(hours));
    text.ends_with(['Z', 'z']) || is_offset(end(3)) || minutes(end(6))
}

/// SQL without the casts at its end, which drizzle-kit 1.0 leaves out of its snapshots.
fn without_casts(text: &str) -> &str {
    let mut text = text.strip_suffix("[]").unwrap_or(text);
    while let Some((before, cast)) = text.rsplit_once("::") {
        if !is_type(cast) {
            break;
        }
        text = before;
    }
    text
}

/// A type's name, its modifier in parentheses, its zone, its brackets.
fn is_type(text: &str) -> bool {
    let text = text.strip_suffix("[]").unwrap_or(text);
    let is_name = |name: &str| {
        let is_part = |character: char| {
            character.is_ascii_alphanumeric() || character.is_whitespace() || "_\".-".contains(character)
        };
        !name.is_empty() && name.chars().all(is_part)
    };
    match text.split_once('(') {
        None => is_name(text),
        Some((name, rest)) => {
            let zone = rest.split_once(')').filter(|(modifier, _)| !modifier.contains('(')).map(|(_, zone)| zone);
            let is_zone = |zone: &str| {
                zone.is_empty()
                    || matches!(zone.trim_start().to_ascii_lowercase().as_str(), "with time zone" | "without time zone")
            };
            is_name(name) && zone.is_some_and(is_zone)
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn casts_at_the_end_are_left_out() {
        for (text, expected) in [
            ("'{}'::text[]", "'{}'"),
            ("now()::timestamp(3) with time zone", "now()"),
            ("'a'::varchar(10)::text", "'a'"),
            ("1::numeric(10, 2)", "1"),
            ("(1::text)", "(1::text)"),
            ("x::int + 1", "x::int + 1"),
            ("'a'::\"app\".\"mood\"", "'a'"),
        ] {
            assert_eq!(without_casts(text), expected, "{text}");
        }
    }

    #[test]
    fn a_zone_stands_at_the_end() {
        let zoned = ["10:00+00", "2020-01-01 10:00:00-05:30", "10:00Z", "2020-01-01"];
        assert!(zoned.into_iter().all(has_zone));
        assert!(!["10:00", "2020-01-01 10:00:00", "", "é"].into_iter().any(has_zone));
    }

    #[test]
    fn elements_are_quoted_where_they_must_be() {
        assert_eq!(element("d'e", true), "d''e");
        assert_eq!(element("b\"c", true), "\"b\\\"c\"");
        assert_eq!((element("", true), element("", false)), (String::from("\"\""), String::new()));
    }
}
