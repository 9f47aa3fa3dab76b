//! Column builders: what `text('name', { … })` and the like make, with the SQL type Drizzle gives them.
//!
//! Types follow `getSQLType()` of drizzle-orm 0.45.

use std::rc::Rc;
use std::sync::Arc;

use schema::{ColumnFacts, Dialect};
use source::Location;

use super::super::Release;
use super::super::evaluate::{Interpreter, Object, Value, display};
use super::chain::ColumnBuilder;
use super::table::EnumType;
use super::{Entity, Known, known_string, reason};

/// The column builders of pg-core.
pub(super) const POSTGRES: &[&str] = &[
    "smallint",
    "integer",
    "bigint",
    "smallserial",
    "serial",
    "bigserial",
    "boolean",
    "text",
    "varchar",
    "char",
    "numeric",
    "decimal",
    "real",
    "doublePrecision",
    "json",
    "jsonb",
    "time",
    "timestamp",
    "date",
    "interval",
    "uuid",
    "inet",
    "cidr",
    "macaddr",
    "macaddr8",
    "point",
    "line",
    "geometry",
    "bit",
    "vector",
    "halfvec",
    "sparsevec",
    "bytea",
];

/// The column builders of sqlite-core.
pub(super) const SQLITE: &[&str] = &["integer", "int", "text", "real", "numeric", "blob"];

/// What the arguments `(name?, config?)` of every column builder say.
struct Arguments {
    name: Option<Known<Arc<str>>>,
    config: Option<Rc<Object>>,
    unknown: Option<Value>,
}

fn arguments(interpreter: &Interpreter<'_>, arguments: &[Value], at: &Location) -> Arguments {
    let mut parsed = Arguments { name: None, config: None, unknown: None };
    let config = match arguments.first() {
        Some(Value::String(name)) => {
            parsed.name = (!name.is_empty()).then(|| Ok(name.clone()));
            arguments.get(1)
        }
        Some(Value::Unknown(reason)) => {
            // Either a name or a configuration: neither the name nor the type is known.
            parsed.name = Some(Err(reason.clone()));
            parsed.unknown = Some(Value::Unknown(reason.clone()));
            arguments.get(1)
        }
        Some(Value::Object(_)) => arguments.first(),
        Some(Value::Undefined) | None => arguments.get(1),
        Some(other) => {
            parsed.name = Some(known_string(interpreter, other, at));
            arguments.get(1)
        }
    };
    match config {
        Some(Value::Object(object)) => {
            parsed.unknown = parsed.unknown.or_else(|| object.open_reason().map(Value::Unknown));
            parsed.config = Some(object.clone());
        }
        Some(unknown @ Value::Unknown(_)) => parsed.unknown = Some(unknown.clone()),
        _ => {}
    }
    parsed
}

/// A builder call such as `varchar('name', { length: 255 })`.
pub(super) fn make_column(
    interpreter: &mut Interpreter<'_>,
    dialect: Dialect,
    function: &'static str,
    values: &[Value],
    at: &Location,
) -> Value {
    let parsed = arguments(interpreter, values, at);
    let sql_type = match dialect {
        Dialect::Postgres => postgres_type(interpreter, function, parsed.config.as_ref()),
        Dialect::Sqlite => sqlite_type(interpreter, function, parsed.config.as_ref()),
    };
    let mode = option_text(interpreter, parsed.config.as_ref(), "mode").ok().flatten();
    let mut builder = ColumnBuilder::new(dialect, function, parsed.name, sql_type, at.clone());
    builder.mode = mode.map(Arc::from);
    let is_big_serial_bigint = function == "bigserial" && builder.mode.as_deref() == Some("bigint");
    builder.not_null = dialect == Dialect::Postgres && function.ends_with("serial") && !is_big_serial_bigint;
    if let Some(Value::Unknown(unknown)) = parsed.unknown {
        // A configuration that is only partly known may still say everything that counts.
        if builder.sql_type.is_ok() && type_depends_on_config(dialect, function) {
            builder.sql_type = Err(unknown);
        }
    }
    Value::Entity(Entity::Column(Rc::new(builder)))
}

fn type_depends_on_config(dialect: Dialect, function: &str) -> bool {
    match dialect {
        Dialect::Postgres => matches!(
            function,
            "varchar"
                | "char"
                | "numeric"
                | "decimal"
                | "time"
                | "timestamp"
                | "interval"
                | "bit"
                | "vector"
                | "halfvec"
                | "sparsevec"
        ),
        Dialect::Sqlite => function == "text",
    }
}

/// An option as text; None where it is not given.
fn option_text(
    interpreter: &mut Interpreter<'_>,
    config: Option<&Rc<Object>>,
    key: &str,
) -> Result<Option<String>, Value> {
    let Some(config) = config else { return Ok(None) };
    match interpreter.property(config, key) {
        Value::Undefined => Ok(None),
        unknown @ Value::Unknown(_) => Err(unknown),
        value => Ok(display(&value)),
    }
}

fn postgres_type(interpreter: &mut Interpreter<'_>, function: &str, config: Option<&Rc<Object>>) -> Known<String> {
    let is_one = interpreter.release == Release::One;
    let mut option = |key: &str| {
        option_text(interpreter, config, key).map_err(|value| match value {
            Value::Unknown(reason) => reason,
            _ => Rc::new(super::super::evaluate::Reason {
                message: String::from("an option has no plain text"),
                location: Location::start_of(&Arc::from(std::path::Path::new(""))),
                is_foreign: false,
            }),
        })
    };
    let in_parentheses = |value: Option<String>| value.map(|value| format!("({value})")).unwrap_or_default();
    Ok(match function {
        "varchar" | "char" => format!("{function}{}", in_parentheses(option("length")?)),
        "numeric" | "decimal" => match (option("precision")?, option("scale")?) {
            (Some(precision), Some(scale)) if is_one => format!("numeric({precision},{scale})"),
            (Some(precision), Some(scale)) => format!("numeric({precision}, {scale})"),
            (Some(precision), None) => format!("numeric({precision})"),
            (None, _) => String::from("numeric"),
        },
        "doublePrecision" => String::from("double precision"),
        "time" | "timestamp" => {
            let space = if function == "timestamp" && !is_one { " " } else { "" };
            let precision = option("precision")?.map(|precision| format!("{space}({precision})")).unwrap_or_default();
            let zone = if option("withTimezone")?.as_deref() == Some("true") { " with time zone" } else { "" };
            format!("{function}{precision}{zone}")
        }
        "interval" => {
            let fields = option("fields")?.map(|fields| format!(" {fields}")).unwrap_or_default();
            format!("interval{fields}{}", in_parentheses(option("precision")?))
        }
        "geometry" => match option("srid")? {
            Some(srid) if is_one => format!("geometry(point,{srid})"),
            _ => String::from("geometry(point)"),
        },
        "bit" | "vector" | "halfvec" | "sparsevec" => format!("{function}{}", in_parentheses(option("dimensions")?)),
        _ => function.to_owned(),
    })
}

fn sqlite_type(interpreter: &mut Interpreter<'_>, function: &str, config: Option<&Rc<Object>>) -> Known<String> {
    Ok(match function {
        "int" => String::from("integer"),
        "text" => match option_text(interpreter, config, "length") {
            Ok(Some(length)) => format!("text({length})"),
            Ok(None) => String::from("text"),
            Err(Value::Unknown(reason)) => return Err(reason),
            Err(_) => String::from("text"),
        },
        _ => function.to_owned(),
    })
}

/// `role('name')` of a `pgEnum`.
pub(super) fn enum_column(
    interpreter: &mut Interpreter<'_>,
    spec: &Rc<EnumType>,
    values: &[Value],
    at: &Location,
) -> Value {
    let parsed = arguments(interpreter, values, at);
    let sql_type = spec.name.clone().map(|name| name.to_string());
    let mut builder = ColumnBuilder::new(Dialect::Postgres, "enum", parsed.name, sql_type, at.clone());
    builder.enum_type = Some(spec.clone());
    Value::Entity(Entity::Column(Rc::new(builder)))
}

/// `tsvector('name', config)` of a `customType({ dataType })`.
pub(super) fn custom_column(
    interpreter: &mut Interpreter<'_>,
    dialect: Dialect,
    config: &Value,
    values: &[Value],
    at: &Location,
) -> Value {
    let parsed = arguments(interpreter, values, at);
    let argument = match (&parsed.config, &parsed.unknown) {
        (_, Some(unknown)) => unknown.clone(),
        (Some(object), None) => Value::Object(object.clone()),
        (None, None) => Value::Undefined,
    };
    let data_type = match config {
        Value::Object(object) => interpreter.property(object, "dataType"),
        other => other.clone(),
    };
    let sql_type = match interpreter.call(&data_type, vec![argument], at) {
        Value::String(text) => Ok(text.to_string()),
        Value::Unknown(reason) => Err(reason),
        _ => Err(reason(interpreter, "`dataType` does not give a string", at)),
    };
    let builder = ColumnBuilder::new(dialect, "custom", parsed.name, sql_type, at.clone());
    Value::Entity(Entity::Column(Rc::new(builder)))
}

/// What a method sets when its argument is unknown.
pub(super) fn facts_of(method: &str) -> ColumnFacts {
    let none = ColumnFacts::default();
    match method {
        "default" => ColumnFacts { default: true, ..none },
        "generatedAlwaysAs" => ColumnFacts { generated: true, ..none },
        "generatedAlwaysAsIdentity" | "generatedByDefaultAsIdentity" => ColumnFacts { identity: true, ..none },
        "primaryKey" => ColumnFacts { autoincrement: true, ..none },
        "array" => ColumnFacts { sql_type: true, ..none },
        _ => none,
    }
}
