//! Defaults: as values where the database would hold the same, else as SQL.

use schema::{Column, Dialect, Form, Scalar};

use super::Printer;
use super::literals::string;
use super::types::Values;
use crate::drizzle::evaluate::number_text;

impl Printer<'_> {
    /// The call that gives a column its default; empty where it has none.
    pub(super) fn default(&mut self, column: &Column, values: Values) -> String {
        let Some(default) = &column.default else { return String::new() };
        match (values, default.canonical.as_str()) {
            (Values::Time, "now()") if self.is_postgres() => return String::from(".defaultNow()"),
            (Values::Uuid, "gen_random_uuid()") => return String::from(".defaultRandom()"),
            _ => {}
        }
        match self.value(column, default, values) {
            Some(value) => format!(".default({value})"),
            None => {
                let text = match self.schema.dialect {
                    Dialect::Postgres => default.text.trim().to_owned(),
                    Dialect::Sqlite => in_parentheses(default.text.trim()),
                };
                format!(".default({})", self.sql(&text))
            }
        }
    }

    /// None where there is no value whose text is sure to come out the same.
    fn value(&self, column: &Column, default: &Scalar, values: Values) -> Option<String> {
        let canonical = default.canonical.as_str();
        let is_array = column.sql_type.canonical.ends_with("[]");
        let (value, text, form) = match values {
            _ if is_array => ((canonical == "'{}'").then(|| String::from("[]"))?, String::from("'{}'"), Form::Sql),
            Values::Number => {
                let number: f64 = canonical.parse().ok()?;
                let text = number_text(number);
                let is_exact = text == canonical && number.abs() < 9_007_199_254_740_992.0;
                (is_exact.then(|| text.clone())?, text, Form::Number)
            }
            Values::Digits => {
                let digits = unquoted(canonical).unwrap_or_else(|| canonical.to_owned());
                let is_plain = digits.bytes().all(|byte| byte.is_ascii_digit() || byte == b'.' || byte == b'-');
                (is_plain.then(|| string(&digits))?, format!("'{digits}'"), Form::Sql)
            }
            Values::Boolean => {
                let is_word = matches!(canonical, "true" | "false");
                (is_word.then(|| canonical.to_owned())?, canonical.to_owned(), Form::Boolean)
            }
            Values::Json => {
                let json = plain_json(&unquoted(canonical)?)?;
                let text = format!("'{json}'::{}", column.sql_type.canonical);
                (json, text, Form::Sql)
            }
            Values::Member => {
                let name = column.sql_type.enum_name.as_ref()?;
                let text = unquoted(canonical)?;
                let is_member = self.schema.enums.get(name)?.values.contains(&text);
                (is_member.then(|| string(&text))?, quoted(&text), Form::Sql)
            }
            // 1.0 adds a time zone to what has none, and doubles backslashes.
            Values::Time if self.is_one() => return None,
            Values::Text if self.is_one() && canonical.contains('\\') => return None,
            Values::Text | Values::Time | Values::Uuid => {
                let text = unquoted(canonical)?;
                (string(&text), quoted(&text), Form::Sql)
            }
            Values::Other => return None,
        };
        let read = dialects::default(self.schema.dialect, &text, form, &column.sql_type);
        (read.canonical == default.canonical).then_some(value)
    }
}

fn quoted(text: &str) -> String {
    format!("'{}'", text.replace('\'', "''"))
}

/// What stands in a literal that is nothing else.
fn unquoted(canonical: &str) -> Option<String> {
    let inner = canonical.strip_prefix('\'')?.strip_suffix('\'')?;
    let text = inner.replace("''", "'");
    (quoted(&text) == canonical).then_some(text)
}

/// The JSON as TypeScript and back again is the same text. It is not where a number has a fraction (`1.0`), or a quote has to be doubled.
fn plain_json(text: &str) -> Option<String> {
    let json: serde_json::Value = serde_json::from_str(text).ok()?;
    let printed = json.to_string();
    let is_same = printed == text && !text.contains(['\'', '\\']) && !text.contains("__proto__");
    (is_same && has_whole_numbers(&json)).then(|| text.to_owned())
}

fn has_whole_numbers(json: &serde_json::Value) -> bool {
    match json {
        serde_json::Value::Number(number) => number.as_i64().is_some_and(|it| it.unsigned_abs() < 1 << 53),
        serde_json::Value::Array(items) => items.iter().all(has_whole_numbers),
        // JavaScript moves keys that are numbers to the front.
        serde_json::Value::Object(pairs) => {
            pairs.iter().all(|(key, item)| !key.starts_with(|it: char| it.is_ascii_digit()) && has_whole_numbers(item))
        }
        _ => true,
    }
}

/// SQLite takes an expression only so.
fn in_parentheses(text: &str) -> String {
    let is_literal = text.starts_with(['\'', '"', '(', '+', '-']) || text.starts_with(|it: char| it.is_ascii_digit());
    let is_blob = text.len() > 1 && text.to_ascii_lowercase().starts_with("x'");
    let is_word = ["null", "true", "false", "current_time", "current_date", "current_timestamp"]
        .iter()
        .any(|word| word.eq_ignore_ascii_case(text));
    if is_literal || is_blob || is_word { text.to_owned() } else { format!("({text})") }
}
