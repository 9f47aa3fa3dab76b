//! Values as JavaScript would print them.

use serde_json::Value as Json;

use super::{Interpreter, Value, iso_date};

/// `String(number)`.
pub(crate) fn number_text(value: f64) -> String {
    if value.is_nan() {
        return String::from("NaN");
    }
    if value.is_infinite() {
        return String::from(if value > 0.0 { "Infinity" } else { "-Infinity" });
    }
    if value == 0.0 {
        return String::from("0");
    }
    let magnitude = value.abs();
    if (1e-6..1e21).contains(&magnitude) {
        return format!("{value}");
    }
    // Rust prints `1e21`, JavaScript `1e+21`.
    let text = format!("{value:e}");
    match text.split_once('e') {
        Some((mantissa, exponent)) if !exponent.starts_with('-') => format!("{mantissa}e+{exponent}"),
        _ => text,
    }
}

/// `String(value)`; None for what has no plain text (objects, functions, the unknown).
pub(crate) fn display(value: &Value) -> Option<String> {
    Some(match value {
        Value::Undefined => String::from("undefined"),
        Value::Null => String::from("null"),
        Value::Boolean(value) => value.to_string(),
        Value::Number(value) => number_text(*value),
        Value::BigInt(digits) | Value::String(digits) => digits.to_string(),
        Value::Array(items) => {
            let items = items.borrow();
            let parts: Option<Vec<String>> =
                items.iter().map(|item| if item.is_nullish() { Some(String::new()) } else { display(item) }).collect();
            parts?.join(",")
        }
        Value::Regex(text) => text.to_string(),
        _ => return None,
    })
}

/// `JSON.parse(JSON.stringify(value))`; Ok(None) for what JSON leaves out.
pub(crate) fn json(interpreter: &mut Interpreter<'_>, value: &Value) -> Result<Option<Json>, Value> {
    Ok(Some(match value {
        Value::Undefined | Value::Function(_) | Value::Native(_) | Value::Method(_) => return Ok(None),
        Value::Null => Json::Null,
        Value::Boolean(value) => Json::Bool(*value),
        Value::Number(value) => json_number(*value),
        Value::String(text) => Json::String(text.to_string()),
        Value::Date(time) => Json::String(iso_date(*time)),
        Value::Regex(_) => Json::Object(serde_json::Map::new()),
        Value::Array(items) => {
            let items = items.borrow().clone();
            let mut array = Vec::with_capacity(items.len());
            for item in &items {
                array.push(json(interpreter, item)?.unwrap_or(Json::Null));
            }
            Json::Array(array)
        }
        Value::Object(object) => {
            if let Some(reason) = object.open_reason() {
                return Err(Value::Unknown(reason));
            }
            let mut map = serde_json::Map::new();
            for key in object.keys() {
                let item = interpreter.property(object, &key);
                if let Some(item) = interpreter.nested(|interpreter| json(interpreter, &item))? {
                    map.insert(key.to_string(), item);
                }
            }
            Json::Object(map)
        }
        Value::Unknown(_) | Value::Entity(_) | Value::Module(_) | Value::BigInt(_) => return Err(value.clone()),
    }))
}

/// Numbers print as JavaScript prints them: `1`, not `1.0`.
fn json_number(value: f64) -> Json {
    number_text(value).parse::<serde_json::Number>().map_or(Json::Null, Json::Number)
}
