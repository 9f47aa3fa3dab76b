//! JavaScript's own objects, as far as schemas use them.

use std::rc::Rc;
use std::sync::Arc;

use source::{Location, Span};

use super::interpreter::{Environment, Interpreter};
use super::text::{display, json};
use super::value::{Native, Object, Value};
use super::{dates, methods, paths};

/// The global names that stand for something here.
const GLOBALS: &[&str] = &[
    "Object",
    "Array",
    "String",
    "Number",
    "Boolean",
    "Date",
    "Math",
    "JSON",
    "BigInt",
    "Set",
    "Map",
    "Symbol",
    "process",
    "console",
    "parseInt",
    "parseFloat",
    "structuredClone",
    "Buffer",
    "require",
    "globalThis",
    "crypto",
    "URL",
];

pub(super) fn global(name: &str) -> Option<Value> {
    match name {
        "NaN" => Some(Value::Number(f64::NAN)),
        "Infinity" => Some(Value::Number(f64::INFINITY)),
        _ => GLOBALS.contains(&name).then(|| Value::Native(Native::Global(Arc::from(name)))),
    }
}

/// A member of a global object: `Object.keys`, `process.env.NAME`.
pub(super) fn member(interpreter: &mut Interpreter<'_>, object: &str, name: &str, at: &Location) -> Value {
    match (object, name) {
        ("process.env", _) => match interpreter.environment {
            Environment::Real => interpreter.modules.environment(name).map_or(Value::Undefined, Value::string),
            Environment::Unknown => {
                interpreter.unknown(format!("it depends on the environment variable {name}"), at.clone())
            }
        },
        ("import.meta", _) => paths::meta(name, &at.file),
        ("Number", "MAX_SAFE_INTEGER") => Value::Number(9_007_199_254_740_991.0),
        ("Number", "MIN_SAFE_INTEGER") => Value::Number(-9_007_199_254_740_991.0),
        ("Math", "PI") => Value::Number(std::f64::consts::PI),
        _ => Value::Native(Native::Global(Arc::from(format!("{object}.{name}")))),
    }
}

/// Calls `Object.keys(…)`, `String(…)` and the like.
pub(super) fn call(interpreter: &mut Interpreter<'_>, name: &str, arguments: Vec<Value>, at: &Location) -> Value {
    if let Some(unknown) = arguments.iter().find(|argument| argument.reason().is_some()) {
        return unknown.clone();
    }
    let first = arguments.first().cloned().unwrap_or(Value::Undefined);
    match name {
        "Object.keys" | "Object.values" | "Object.entries" => entries(interpreter, name, &first, at),
        "Object.fromEntries" => from_entries(interpreter, &first, at),
        "Object.assign" => assign(interpreter, &arguments, at),
        "Object.freeze" | "Object.seal" | "structuredClone" | "Object" | "Promise.resolve" => first,
        "Array.from" => array_from(interpreter, &arguments, at),
        "Array.of" => Value::array(arguments),
        "Array.isArray" => Value::Boolean(matches!(first, Value::Array(_))),
        "Array" => array_constructor(&arguments),
        "String" => display(&first).map_or_else(|| not_plain(interpreter, at), Value::string),
        "Boolean" => Value::Boolean(first.truth().unwrap_or_default()),
        "Number" | "parseFloat" | "parseInt" | "Number.parseInt" | "Number.parseFloat" => number(&first),
        "BigInt" => match display(&first) {
            Some(digits) => Value::BigInt(Arc::from(digits)),
            None => not_plain(interpreter, at),
        },
        "Date.UTC" => {
            let parts: Vec<f64> = arguments.iter().filter_map(as_number).collect();
            Value::Number(dates::utc(&parts))
        }
        "Date.parse" => match first.as_str().and_then(|text| dates::parse_date(text)) {
            Some(time) => Value::Number(time),
            None => interpreter.unknown("this date depends on the time zone", at.clone()),
        },
        "JSON.stringify" => match json(interpreter, &first) {
            Ok(Some(json)) if arguments.len() == 1 => Value::string(json.to_string()),
            Ok(None) => Value::Undefined,
            Err(unknown) if unknown.reason().is_some() => unknown,
            _ => not_plain(interpreter, at),
        },
        "Symbol" => Value::Undefined,
        "require" => match &first {
            Value::String(specifier) => interpreter.required(specifier, at),
            _ => interpreter.unknown("what is required here is not known", at.clone()),
        },
        _ if ["path.", "url.", "process."].iter().any(|module| name.starts_with(module)) => {
            paths::call(interpreter, name, &arguments, at)
                .unwrap_or_else(|| interpreter.unknown(format!("`{name}` is not evaluated"), at.clone()))
        }
        _ if name.starts_with("Math.") => math(interpreter, name, &arguments, at),
        _ if name.starts_with("console.") => Value::Undefined,
        _ => interpreter.unknown(format!("`{name}` is not evaluated"), at.clone()),
    }
}

fn not_plain(interpreter: &Interpreter<'_>, at: &Location) -> Value {
    interpreter.unknown("the value has no plain text", at.clone())
}

fn as_number(value: &Value) -> Option<f64> {
    match value {
        Value::Number(number) => Some(*number),
        _ => None,
    }
}

fn number(value: &Value) -> Value {
    Value::Number(match value {
        Value::Number(number) => *number,
        Value::Boolean(value) => f64::from(u8::from(*value)),
        Value::String(text) | Value::BigInt(text) => text.trim().parse().unwrap_or(f64::NAN),
        Value::Null => 0.0,
        Value::Date(time) => *time,
        _ => f64::NAN,
    })
}

fn math(interpreter: &Interpreter<'_>, name: &str, arguments: &[Value], at: &Location) -> Value {
    let numbers: Vec<f64> = arguments.iter().filter_map(as_number).collect();
    let first = numbers.first().copied().unwrap_or(f64::NAN);
    Value::Number(match name {
        "Math.max" => numbers.iter().copied().fold(f64::NEG_INFINITY, f64::max),
        "Math.min" => numbers.iter().copied().fold(f64::INFINITY, f64::min),
        "Math.floor" => first.floor(),
        "Math.ceil" => first.ceil(),
        "Math.round" => (first + 0.5).floor(),
        "Math.trunc" => first.trunc(),
        "Math.abs" => first.abs(),
        "Math.pow" => first.powf(numbers.get(1).copied().unwrap_or(f64::NAN)),
        _ => return interpreter.unknown(format!("`{name}` is not evaluated"), at.clone()),
    })
}

fn array_constructor(arguments: &[Value]) -> Value {
    match arguments {
        [Value::Number(length)] if *length >= 0.0 && *length <= 10_000.0 => {
            #[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "between 0 and 10,000")]
            let length = *length as usize;
            Value::array(vec![Value::Undefined; length])
        }
        _ => Value::array(arguments.to_vec()),
    }
}

fn entries(interpreter: &mut Interpreter<'_>, name: &str, value: &Value, at: &Location) -> Value {
    let object = match value {
        Value::Object(object) => object.clone(),
        Value::Entity(_) | Value::Array(_) | Value::Module(_) => {
            let object = Object::default();
            interpreter.spread_into(&object, value, at);
            Rc::new(object)
        }
        _ => return interpreter.unknown("the keys of this value are not known", at.clone()),
    };
    if let Some(reason) = object.open_reason() {
        return Value::Unknown(reason);
    }
    let mut items = Vec::new();
    for key in object.keys() {
        items.push(match name {
            "Object.keys" => Value::String(key),
            "Object.values" => interpreter.property(&object, &key),
            _ => Value::array(vec![Value::String(key.clone()), interpreter.property(&object, &key)]),
        });
    }
    Value::array(items)
}

fn from_entries(interpreter: &mut Interpreter<'_>, list: &Value, at: &Location) -> Value {
    let object = Object::default();
    for entry in list.as_array().unwrap_or_default() {
        match entry.as_array().as_deref() {
            Some([key, value]) => match display(key) {
                Some(key) => object.set(Arc::from(key), value.clone()),
                None => return not_plain(interpreter, at),
            },
            _ => return interpreter.unknown("an entry is not a pair", at.clone()),
        }
    }
    Value::Object(Rc::new(object))
}

/// The target is copied, never changed: what else refers to it would not notice anyway.
fn assign(interpreter: &mut Interpreter<'_>, arguments: &[Value], at: &Location) -> Value {
    let object = Object::default();
    for argument in arguments {
        interpreter.spread_into(&object, argument, at);
    }
    Value::Object(Rc::new(object))
}

fn array_from(interpreter: &mut Interpreter<'_>, arguments: &[Value], at: &Location) -> Value {
    let items = match arguments.first() {
        Some(Value::Array(items)) => items.borrow().clone(),
        Some(Value::String(text)) => text.chars().map(|character| Value::string(character.to_string())).collect(),
        Some(Value::Object(object)) => match interpreter.property(object, "length") {
            length @ Value::Number(_) => array_constructor(&[length]).as_array().unwrap_or_default(),
            _ => return interpreter.unknown("the elements of this value are not known", at.clone()),
        },
        _ => return interpreter.unknown("the elements of this value are not known", at.clone()),
    };
    match arguments.get(1) {
        Some(callback) => {
            methods::method(interpreter, &Value::array(items), &Arc::from("map"), vec![callback.clone()], at)
        }
        None => Value::array(items),
    }
}

impl Interpreter<'_> {
    pub(crate) fn member(&mut self, object: &Value, name: &Arc<str>, at: &Location) -> Value {
        self.member_at(object, name, at, at.span)
    }

    /// `object.name`; `at` is the whole expression, `property_span` the name in it.
    pub(crate) fn member_at(&mut self, object: &Value, name: &Arc<str>, at: &Location, property_span: Span) -> Value {
        match object {
            Value::Unknown(_) => object.clone(),
            Value::Object(inner) => self.property(inner, name),
            Value::Module(number) => self.module_member(*number, name, at),
            Value::Native(Native::Global(parent)) => member(self, parent, name, at),
            Value::Native(Native::Package(package)) => {
                super::super::entities::natives::import(self, *package, name, at)
            }
            Value::Native(Native::Drizzle(package, parent)) => {
                Value::Native(Native::Drizzle(*package, Arc::from(format!("{parent}.{name}"))))
            }
            Value::Entity(entity) => match super::super::entities::member(self, entity, name, at, property_span) {
                Some(value) => value,
                None => Value::Method(Rc::new((object.clone(), name.clone()))),
            },
            Value::Array(items) => match &**name {
                #[expect(clippy::cast_precision_loss, reason = "array lengths are small")]
                "length" => Value::Number(items.borrow().len() as f64),
                _ => match name.parse::<usize>() {
                    Ok(position) => items.borrow().get(position).cloned().unwrap_or(Value::Undefined),
                    Err(_) => Value::Method(Rc::new((object.clone(), name.clone()))),
                },
            },
            Value::String(text) => match &**name {
                #[expect(clippy::cast_precision_loss, reason = "string lengths are small")]
                "length" => Value::Number(text.encode_utf16().count() as f64),
                _ => match name.parse::<usize>() {
                    Ok(position) => {
                        text.chars().nth(position).map_or(Value::Undefined, |found| Value::string(found.to_string()))
                    }
                    Err(_) => Value::Method(Rc::new((object.clone(), name.clone()))),
                },
            },
            Value::Undefined | Value::Null => {
                self.unknown(format!("`{name}` is asked of something undefined"), at.clone())
            }
            Value::Function(_) if &**name == "name" => Value::Undefined,
            _ => Value::Method(Rc::new((object.clone(), name.clone()))),
        }
    }
}
