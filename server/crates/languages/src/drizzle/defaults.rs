//! A column's default as drizzle-kit serialises it.

use schema::{Dialect, Form};
use source::Location;

use super::entities::sql::{Style, render};
use super::entities::{ColumnBuilder, Entity, Known, reason};
use super::evaluate::{Interpreter, Value, display, iso_date, json, number_text};

/// A default as text.
pub(super) struct DefaultText {
    pub(super) text: String,
    pub(super) form: Form,
    /// What is wrong with it as SQL, where drizzle-kit writes it unescaped.
    pub(super) fault: Option<&'static str>,
}

impl DefaultText {
    fn sql(text: String) -> DefaultText {
        DefaultText { text, form: Form::Sql, fault: None }
    }
}

/// The text of `value` as the default of `column`, whose type is `sql_type`.
pub(super) fn default_text(
    interpreter: &mut Interpreter<'_>,
    column: &ColumnBuilder,
    sql_type: &str,
    value: &Value,
    at: &Location,
) -> Known<DefaultText> {
    let lowered = sql_type.to_lowercase();
    Ok(match value {
        Value::Entity(Entity::Sql(sql)) => {
            // drizzle-kit refuses values in a default's SQL; written out they are what was meant.
            let style = Style { dialect: column.dialect, bare_columns: true, inline: true };
            DefaultText::sql(render(interpreter, &sql.chunks, style, at)?.text)
        }
        Value::String(text) => DefaultText::sql(quoted(text)),
        _ if column.dialect == Dialect::Postgres && matches!(lowered.as_str(), "json" | "jsonb") => {
            let text = json_text(interpreter, value)?;
            let fault = text.contains('\'').then_some("a quote in it is not doubled");
            DefaultText { fault, ..DefaultText::sql(format!("'{text}'::{lowered}")) }
        }
        Value::Number(number) => DefaultText { text: number_text(*number), form: Form::Number, fault: None },
        Value::Boolean(value) => DefaultText { text: value.to_string(), form: Form::Boolean, fault: None },
        // drizzle-kit cannot write a BigInt at all; its digits are what was meant.
        Value::BigInt(digits) => DefaultText::sql(digits.to_string()),
        _ if column.dialect == Dialect::Sqlite => {
            let text = json_text(interpreter, value)?;
            let fault = text.contains('\'').then_some("a quote in it is not doubled");
            let fault = match value {
                Value::Date(_) => Some("the date becomes a JSON string"),
                _ => fault,
            };
            DefaultText { fault, ..DefaultText::sql(format!("'{text}'")) }
        }
        Value::Null => DefaultText { text: String::from("NULL"), form: Form::Null, fault: None },
        Value::Date(time) => DefaultText::sql(format!("'{}'", date_text(*time, &lowered))),
        Value::Array(_) if column.is_array => {
            let text = array_text(interpreter, value, lowered.split('[').next().unwrap_or(&lowered))?;
            let fault = text.contains('\'').then_some("a quote in it is not doubled");
            DefaultText { fault, ..DefaultText::sql(format!("'{text}'")) }
        }
        Value::Array(_) | Value::Object(_) => {
            let fault = Some("the value is printed as JavaScript prints it ([object Object] or 1,2)");
            DefaultText { fault, ..DefaultText::sql(format!("'{}'", json_text(interpreter, value)?)) }
        }
        Value::Unknown(reason) => return Err(reason.clone()),
        _ => return Err(reason(interpreter, "a default of this kind is not evaluated", at)),
    })
}

fn quoted(text: &str) -> String {
    format!("'{}'", text.replace('\'', "''"))
}

/// How a date prints depends on the exact type: drizzle-kit knows `date` and `timestamp` without anything behind them.
fn date_text(time: f64, lowered_type: &str) -> String {
    let iso = iso_date(time);
    match lowered_type {
        "date" => iso.split('T').next().unwrap_or_default().to_owned(),
        "timestamp" => iso.replace('T', " ").chars().take(23).collect(),
        _ => iso,
    }
}

pub(super) fn json_text(interpreter: &mut Interpreter<'_>, value: &Value) -> Known<String> {
    match json(interpreter, value) {
        Ok(Some(json)) => Ok(json.to_string()),
        Ok(None) => Ok(String::from("undefined")),
        Err(Value::Unknown(reason)) => Err(reason),
        Err(_) => Err(reason(
            interpreter,
            "a value in this default cannot be written as JSON",
            &Location::start_of(&source::FilePath::from(std::path::Path::new(""))),
        )),
    }
}

/// `{a,b}` as `buildArrayString` makes it: strings in double quotes, nothing escaped.
fn array_text(interpreter: &mut Interpreter<'_>, value: &Value, lowered_type: &str) -> Known<String> {
    let Some(items) = value.as_array() else { return Ok(String::new()) };
    let mut parts = Vec::with_capacity(items.len());
    for item in &items {
        parts.push(match item {
            Value::Number(_) | Value::BigInt(_) | Value::Boolean(_) => display(item).unwrap_or_default(),
            Value::Array(_) => interpreter.nested(|interpreter| array_text(interpreter, item, lowered_type))?,
            Value::Date(time) => format!("\"{}\"", date_text(*time, lowered_type)),
            Value::Object(_) => format!("\"{}\"", json_text(interpreter, item)?.replace('"', "\\\"")),
            Value::Unknown(reason) => return Err(reason.clone()),
            other => format!("\"{}\"", display(other).unwrap_or_default()),
        });
    }
    Ok(format!("{{{}}}", parts.join(",")))
}
