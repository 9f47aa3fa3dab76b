//! Methods of arrays, strings, objects, numbers and dates.

use std::rc::Rc;
use std::sync::Arc;

use source::Location;

use super::dates::iso_date;
use super::expressions::equal;
use super::interpreter::Interpreter;
use super::text::{display, number_text};
use super::value::{Object, Value};

/// `receiver.name(arguments)`.
pub(super) fn method(
    interpreter: &mut Interpreter<'_>,
    receiver: &Value,
    name: &Arc<str>,
    arguments: Vec<Value>,
    at: &Location,
) -> Value {
    match receiver {
        Value::Unknown(_) => return receiver.clone(),
        Value::Array(items) => {
            if let Some(value) = changing_method(items, name, &arguments) {
                return value;
            }
            let items = items.borrow().clone();
            if let Some(value) = array_method(interpreter, receiver, &items, name, &arguments, at) {
                return value;
            }
        }
        Value::String(text) => {
            if let Some(unknown) = arguments.iter().find(|argument| argument.reason().is_some()) {
                return unknown.clone();
            }
            if let Some(value) = string_method(interpreter, text, name, &arguments, at) {
                return value;
            }
        }
        Value::Date(time) => match &**name {
            "toISOString" | "toJSON" => return Value::string(iso_date(*time)),
            "getTime" | "valueOf" => return Value::Number(*time),
            "getUTCFullYear" => return iso_part(*time, 0..4, 0.0),
            "getUTCMonth" => return iso_part(*time, 5..7, -1.0),
            "getUTCDate" => return iso_part(*time, 8..10, 0.0),
            "getUTCHours" => return iso_part(*time, 11..13, 0.0),
            _ => {}
        },
        Value::Number(number) => match (&**name, arguments.first()) {
            ("toString", None) => return Value::string(number_text(*number)),
            ("toFixed", Some(Value::Number(digits))) => {
                #[expect(
                    clippy::cast_possible_truncation,
                    clippy::cast_sign_loss,
                    reason = "JavaScript allows 0 to 100"
                )]
                let digits = digits.clamp(0.0, 100.0) as usize;
                return Value::string(format!("{number:.digits$}"));
            }
            _ => {}
        },
        Value::Boolean(_) | Value::BigInt(_) if &**name == "toString" => {
            return display(receiver).map_or(Value::Undefined, Value::string);
        }
        Value::Undefined | Value::Null => {
            return interpreter.unknown(format!("`{name}` is called on something undefined"), at.clone());
        }
        _ => {}
    }
    interpreter.unknown(format!("the method `{name}` is not evaluated"), at.clone())
}

/// A number out of the ISO text of a date.
fn iso_part(time: f64, range: std::ops::Range<usize>, offset: f64) -> Value {
    let text = iso_date(time);
    let number = text.get(range).and_then(|digits| digits.parse::<f64>().ok());
    Value::Number(number.map_or(f64::NAN, |number| number + offset))
}

/// Methods every object has.
pub(super) fn object_method(
    interpreter: &mut Interpreter<'_>,
    object: &Rc<Object>,
    name: &str,
    arguments: Vec<Value>,
    at: &Location,
) -> Value {
    match (name, arguments.first().and_then(Value::as_str)) {
        ("hasOwnProperty", Some(key)) => Value::Boolean(object.slot(key).is_some()),
        _ => interpreter.unknown(format!("the object has no `{name}` to call"), at.clone()),
    }
}

/// The elements without repetitions, first sight wins.
pub(super) fn distinct(items: &[Value]) -> Vec<Value> {
    let mut kept: Vec<Value> = Vec::new();
    for item in items {
        if !kept.iter().any(|known| equal(known, item) == Some(true)) {
            kept.push(item.clone());
        }
    }
    kept
}

/// Methods that change the array they are called on.
fn changing_method(items: &Rc<std::cell::RefCell<Vec<Value>>>, name: &str, arguments: &[Value]) -> Option<Value> {
    let mut items = items.borrow_mut();
    match name {
        "push" | "add" => {
            items.extend(arguments.iter().cloned());
            #[expect(clippy::cast_precision_loss, reason = "array lengths are small")]
            let length = items.len() as f64;
            Some(Value::Number(length))
        }
        "pop" => Some(items.pop().unwrap_or(Value::Undefined)),
        _ => None,
    }
}

fn array_method(
    interpreter: &mut Interpreter<'_>,
    receiver: &Value,
    items: &[Value],
    name: &str,
    arguments: &[Value],
    at: &Location,
) -> Option<Value> {
    let first = arguments.first().cloned().unwrap_or(Value::Undefined);
    Some(match name {
        "map" | "filter" | "flatMap" | "find" | "findIndex" | "some" | "every" | "forEach" => {
            each(interpreter, receiver, items, name, &first, at)
        }
        "reduce" | "reduceRight" => reduce(interpreter, items, name, arguments, at),
        "concat" => {
            let mut all = items.to_vec();
            for argument in arguments {
                match argument {
                    Value::Array(more) => all.extend(more.borrow().iter().cloned()),
                    Value::Unknown(_) => return Some(argument.clone()),
                    other => all.push(other.clone()),
                }
            }
            Value::array(all)
        }
        "slice" => {
            let (start, end) = range(arguments, items.len());
            Value::array(items.get(start..end).unwrap_or_default().to_vec())
        }
        "includes" | "has" => {
            let answers: Vec<Option<bool>> = items.iter().map(|item| equal(item, &first)).collect();
            match (answers.contains(&Some(true)), answers.contains(&None)) {
                (true, _) => Value::Boolean(true),
                (false, false) => Value::Boolean(false),
                (false, true) => interpreter.unknown("an element is not known", at.clone()),
            }
        }
        "indexOf" => {
            let position = items.iter().position(|item| equal(item, &first) == Some(true));
            index_number(position)
        }
        "join" => {
            let separator = first.as_str().map_or_else(|| String::from(","), |text| text.to_string());
            let mut parts = Vec::new();
            for item in items {
                match (item, display(item)) {
                    (Value::Unknown(_), _) => return Some(item.clone()),
                    (item, _) if item.is_nullish() => parts.push(String::new()),
                    (_, Some(text)) => parts.push(text),
                    (_, None) => return None,
                }
            }
            Value::string(parts.join(&separator))
        }
        "flat" => Value::array(flatten(items)),
        "reverse" | "toReversed" => Value::array(items.iter().rev().cloned().collect()),
        "sort" | "toSorted" => sorted(interpreter, items, &first, at),
        "at" => match first {
            Value::Number(_) => {
                let (start, _) = range(&[first], items.len());
                items.get(start).cloned().unwrap_or(Value::Undefined)
            }
            _ => Value::Undefined,
        },
        "keys" => {
            #[expect(clippy::cast_precision_loss, reason = "array lengths are small")]
            let positions = (0..items.len()).map(|position| Value::Number(position as f64)).collect();
            Value::array(positions)
        }
        "values" => Value::array(items.to_vec()),
        "entries" => {
            #[expect(clippy::cast_precision_loss, reason = "array lengths are small")]
            let pairs = items
                .iter()
                .enumerate()
                .map(|(position, item)| Value::array(vec![Value::Number(position as f64), item.clone()]))
                .collect();
            Value::array(pairs)
        }
        "fill" => Value::array(vec![first; items.len()]),
        "toString" => return array_method(interpreter, receiver, items, "join", &[], at),
        _ => return None,
    })
}

fn index_number(position: Option<usize>) -> Value {
    #[expect(clippy::cast_precision_loss, reason = "array lengths are small")]
    let number = position.map_or(-1.0, |position| position as f64);
    Value::Number(number)
}

fn flatten(items: &[Value]) -> Vec<Value> {
    let mut all = Vec::new();
    for item in items {
        match item {
            Value::Array(inner) => all.extend(inner.borrow().iter().cloned()),
            other => all.push(other.clone()),
        }
    }
    all
}

/// The methods that call a function with each element, its position and the array.
fn each(
    interpreter: &mut Interpreter<'_>,
    receiver: &Value,
    items: &[Value],
    name: &str,
    callback: &Value,
    at: &Location,
) -> Value {
    let mut kept = Vec::new();
    for (position, item) in items.iter().enumerate() {
        let arguments = vec![item.clone(), index_number(Some(position)), receiver.clone()];
        let result = interpreter.call_numbered(callback, arguments, at, position);
        match name {
            "map" => kept.push(result),
            "forEach" => {}
            "flatMap" => match result {
                Value::Array(inner) => kept.extend(inner.borrow().iter().cloned()),
                Value::Unknown(_) => return result,
                other => kept.push(other),
            },
            _ => match (result.truth(), name) {
                (None, _) => return result,
                (Some(true), "filter") => kept.push(item.clone()),
                (Some(true), "find") => return item.clone(),
                (Some(true), "findIndex") => return index_number(Some(position)),
                (Some(true), "some") => return Value::Boolean(true),
                (Some(false), "every") => return Value::Boolean(false),
                _ => {}
            },
        }
    }
    match name {
        "find" | "forEach" => Value::Undefined,
        "findIndex" => index_number(None),
        "some" => Value::Boolean(false),
        "every" => Value::Boolean(true),
        _ => Value::array(kept),
    }
}

fn reduce(interpreter: &mut Interpreter<'_>, items: &[Value], name: &str, arguments: &[Value], at: &Location) -> Value {
    let callback = arguments.first().cloned().unwrap_or(Value::Undefined);
    let mut order: Vec<(usize, &Value)> = items.iter().enumerate().collect();
    if name == "reduceRight" {
        order.reverse();
    }
    let mut order = order.into_iter();
    let mut total = match arguments.get(1) {
        Some(start) => start.clone(),
        None => order.next().map_or(Value::Undefined, |(_, item)| item.clone()),
    };
    for (position, item) in order {
        let arguments = vec![total, item.clone(), index_number(Some(position))];
        total = interpreter.call_numbered(&callback, arguments, at, position);
    }
    total
}

fn sorted(interpreter: &mut Interpreter<'_>, items: &[Value], callback: &Value, at: &Location) -> Value {
    let mut sorted: Vec<Value> = Vec::with_capacity(items.len());
    // Insertion keeps it stable and lets a comparison be a call of the project's own function.
    for item in items {
        let mut position = sorted.len();
        for (index, other) in sorted.iter().enumerate() {
            let before = match callback {
                Value::Undefined => match (display(item), display(other)) {
                    (Some(item), Some(other)) => item.encode_utf16().lt(other.encode_utf16()),
                    _ => return interpreter.unknown("the order of these elements is not known", at.clone()),
                },
                _ => match interpreter.call(callback, vec![item.clone(), other.clone()], at) {
                    Value::Number(order) => order < 0.0,
                    unknown @ Value::Unknown(_) => return unknown,
                    _ => return interpreter.unknown("the order of these elements is not known", at.clone()),
                },
            };
            if before {
                position = index;
                break;
            }
        }
        sorted.insert(position, item.clone());
    }
    Value::array(sorted)
}

/// JavaScript's (start, end) of `slice` and the like: negative counts from the end, everything clamped.
fn range(arguments: &[Value], length: usize) -> (usize, usize) {
    let clamp = |argument: Option<&Value>, otherwise: usize| match argument {
        Some(Value::Number(number)) => {
            #[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "clamped to the length")]
            let magnitude = (number.abs() as usize).min(length);
            if *number < 0.0 { length - magnitude } else { magnitude }
        }
        _ => otherwise,
    };
    let start = clamp(arguments.first(), 0);
    (start, clamp(arguments.get(1), length).max(start))
}

fn string_method(
    interpreter: &mut Interpreter<'_>,
    text: &Arc<str>,
    name: &str,
    arguments: &[Value],
    at: &Location,
) -> Option<Value> {
    let argument = |position: usize| arguments.get(position).and_then(Value::as_str).map(|text| text.to_string());
    let characters: Vec<char> = text.chars().collect();
    Some(match name {
        "toLowerCase" | "toLocaleLowerCase" => Value::string(text.to_lowercase()),
        "toUpperCase" | "toLocaleUpperCase" => Value::string(text.to_uppercase()),
        "trim" => Value::string(text.trim()),
        "trimStart" => Value::string(text.trim_start()),
        "trimEnd" => Value::string(text.trim_end()),
        "toString" | "valueOf" | "normalize" => Value::String(text.clone()),
        "startsWith" => Value::Boolean(text.starts_with(&argument(0)?)),
        "endsWith" => Value::Boolean(text.ends_with(&argument(0)?)),
        "includes" => Value::Boolean(text.contains(&argument(0)?)),
        "indexOf" => {
            index_number(text.find(&argument(0)?).map(|byte| text.get(..byte).unwrap_or_default().chars().count()))
        }
        "concat" => {
            let parts: Option<Vec<String>> = arguments.iter().map(display).collect();
            Value::string(format!("{text}{}", parts?.concat()))
        }
        "split" => {
            let separator = argument(0)?;
            let parts: Vec<Value> = if separator.is_empty() {
                characters.iter().map(|character| Value::string(character.to_string())).collect()
            } else {
                text.split(&separator).map(Value::string).collect()
            };
            Value::array(parts)
        }
        "slice" => {
            let (start, end) = range(arguments, characters.len());
            Value::string(characters.get(start..end).unwrap_or_default().iter().collect::<String>())
        }
        "substring" | "substr" => {
            let (start, end) = range(arguments, characters.len());
            let end = if name == "substr" && arguments.len() > 1 {
                (start + range(arguments, characters.len()).1).min(characters.len())
            } else {
                end
            };
            Value::string(characters.get(start..end).unwrap_or_default().iter().collect::<String>())
        }
        "charAt" | "at" => {
            let (start, _) = range(arguments, characters.len());
            characters.get(start).map_or(Value::string(""), |character| Value::string(character.to_string()))
        }
        "repeat" => match arguments.first() {
            Some(Value::Number(times)) if *times >= 0.0 && *times <= 10_000.0 => {
                #[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "between 0 and 10,000")]
                let times = *times as usize;
                Value::string(text.repeat(times))
            }
            _ => return None,
        },
        "padStart" | "padEnd" => pad(&characters, name, arguments)?,
        "replace" | "replaceAll" => replace(interpreter, text, name, arguments, at)?,
        "localeCompare" => {
            let other = argument(0)?;
            Value::Number(match (**text).cmp(other.as_str()) {
                std::cmp::Ordering::Less => -1.0,
                std::cmp::Ordering::Equal => 0.0,
                std::cmp::Ordering::Greater => 1.0,
            })
        }
        _ => return None,
    })
}

fn pad(characters: &[char], name: &str, arguments: &[Value]) -> Option<Value> {
    let Some(Value::Number(width)) = arguments.first() else { return None };
    #[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "clamped")]
    let width = width.clamp(0.0, 10_000.0) as usize;
    let filler = arguments.get(1).and_then(Value::as_str).map_or_else(|| String::from(" "), |text| text.to_string());
    let missing = width.saturating_sub(characters.len());
    let padding: String = filler.chars().cycle().take(if filler.is_empty() { 0 } else { missing }).collect();
    let text: String = characters.iter().collect();
    Some(Value::string(if name == "padStart" { padding + &text } else { text + &padding }))
}

/// Plain replacements, and the two regular expressions that casing helpers are made of: anything else is unknown.
fn replace(
    interpreter: &mut Interpreter<'_>,
    text: &str,
    name: &str,
    arguments: &[Value],
    at: &Location,
) -> Option<Value> {
    let replacement = arguments.get(1)?;
    match (arguments.first()?, replacement) {
        (Value::String(pattern), Value::String(with)) if !with.contains('$') => Some(Value::string(match name {
            "replaceAll" => text.replace(&**pattern, with),
            _ => text.replacen(&**pattern, with, 1),
        })),
        (Value::Regex(pattern), _) if matches!(&**pattern, "/[A-Z]/g" | "/([A-Z])/g") => {
            let mut out = String::new();
            for character in text.chars() {
                if !character.is_ascii_uppercase() {
                    out.push(character);
                    continue;
                }
                match replacement {
                    Value::String(with) => {
                        out.push_str(&with.replace("$1", &character.to_string()).replace("$&", &character.to_string()))
                    }
                    callback => {
                        let found = Value::string(character.to_string());
                        out.push_str(&display(&interpreter.call(callback, vec![found.clone(), found], at))?);
                    }
                }
            }
            Some(Value::string(out))
        }
        (Value::Regex(pattern), Value::String(with)) if !with.contains('$') => {
            // `/literal/` and `/literal/g` without anything special in them.
            let (body, flags) = pattern.strip_prefix('/')?.rsplit_once('/')?;
            let is_literal = body.chars().all(|character| character.is_alphanumeric() || "_- ".contains(character));
            match (is_literal, flags) {
                (true, "g") => Some(Value::string(text.replace(body, with))),
                (true, "") => Some(Value::string(text.replacen(body, with, 1))),
                _ => None,
            }
        }
        _ => None,
    }
}
