//! The methods chained on a column: `.notNull().default('x').references(() => users.id)`.

use std::rc::Rc;
use std::sync::Arc;

use schema::{ColumnFacts, Dialect, ObjectKind};
use source::Location;

use super::super::Release;
use super::super::evaluate::{Interpreter, Reason, Value, display};
use super::columns::facts_of;
use super::sql::Sql;
use super::table::EnumType;
use super::{Entity, Known, known_string};

/// A column before it belongs to a table.
#[derive(Clone)]
pub(crate) struct ColumnBuilder {
    pub(crate) dialect: Dialect,
    /// The builder function, `enum` or `custom`.
    pub(crate) function: &'static str,
    pub(crate) mode: Option<Arc<str>>,
    /// None where the object's key is the name.
    pub(crate) name: Option<Known<Arc<str>>>,
    pub(crate) sql_type: Known<String>,
    pub(crate) enum_type: Option<Rc<EnumType>>,
    pub(crate) is_array: bool,
    pub(crate) not_null: bool,
    pub(crate) primary_key: bool,
    pub(crate) autoincrement: bool,
    pub(crate) default: Option<Value>,
    /// The expression and the configuration (`{ mode }`).
    pub(crate) generated: Option<(Value, Value)>,
    /// `ALWAYS`?, and the options.
    pub(crate) identity: Option<(bool, Value)>,
    /// The name where one is given, and NULLS NOT DISTINCT.
    pub(crate) unique: Option<(Option<Known<Arc<str>>>, bool)>,
    /// The function that names the column, the actions, the call.
    pub(crate) references: Vec<(Value, Value, Location)>,
    /// Facts that are unknown, with the reason.
    pub(crate) unknown: Vec<(ColumnFacts, Rc<Reason>)>,
    /// Kinds of constraints this column may add without our knowing.
    pub(crate) open: Vec<(ObjectKind, Rc<Reason>)>,
    /// The builder call.
    pub(crate) site: Location,
}

impl ColumnBuilder {
    pub(super) fn new(
        dialect: Dialect,
        function: &'static str,
        name: Option<Known<Arc<str>>>,
        sql_type: Known<String>,
        site: Location,
    ) -> ColumnBuilder {
        ColumnBuilder {
            dialect,
            function,
            mode: None,
            name,
            sql_type,
            enum_type: None,
            is_array: false,
            not_null: false,
            primary_key: false,
            autoincrement: false,
            default: None,
            generated: None,
            identity: None,
            unique: None,
            references: Vec::new(),
            unknown: Vec::new(),
            open: Vec::new(),
            site,
        }
    }
}

/// Methods that change nothing a database would see.
const INVISIBLE: &[&str] = &["$type", "$default", "$defaultFn", "$onUpdate", "$onUpdateFn", "setName", "as"];

/// `column.name(arguments)`.
pub(super) fn chain(
    interpreter: &mut Interpreter<'_>,
    builder: &Rc<ColumnBuilder>,
    name: &str,
    arguments: Vec<Value>,
    at: &Location,
) -> Value {
    let mut column = (**builder).clone();
    let mut arguments = arguments.into_iter();
    let first = arguments.next().unwrap_or(Value::Undefined);
    let second = arguments.next().unwrap_or(Value::Undefined);
    match name {
        "notNull" => column.not_null = true,
        "default" => set_default(&mut column, first),
        "defaultNow" => column.default = Some(now(&column)),
        "defaultRandom" => column.default = Some(Value::Entity(Entity::Sql(Rc::new(Sql::raw("gen_random_uuid()"))))),
        "primaryKey" => primary_key(interpreter, &mut column, &first),
        "unique" => unique(interpreter, &mut column, &first, &second, at),
        "references" => match &first {
            Value::Unknown(reason) => column.open.push((ObjectKind::ForeignKey, reason.clone())),
            _ => column.references.push((first, second, at.clone())),
        },
        "generatedAlwaysAs" => column.generated = Some((first, second)),
        "generatedAlwaysAsIdentity" | "generatedByDefaultAsIdentity" => {
            column.not_null = true;
            column.identity = Some((name == "generatedAlwaysAsIdentity", first));
        }
        "array" if interpreter.release == Release::One => array_of_one(&mut column, &first),
        "array" => array(&mut column, &first),
        _ if INVISIBLE.contains(&name) => {}
        _ => {
            let message = format!("`.{name}()` of a column is not known");
            if let Value::Unknown(reason) = interpreter.unknown(message, at.clone()) {
                column.unknown.push((ColumnFacts::ALL, reason));
            }
        }
    }
    Value::Entity(Entity::Column(Rc::new(column)))
}

fn set_default(column: &mut ColumnBuilder, value: Value) {
    match value {
        Value::Unknown(reason) => column.unknown.push((facts_of("default"), reason)),
        Value::Undefined => {}
        value => column.default = Some(value),
    }
}

/// SQLite's `.defaultNow()` counts milliseconds.
fn now(column: &ColumnBuilder) -> Value {
    let text = match column.dialect {
        Dialect::Postgres => "now()",
        Dialect::Sqlite => "(cast((julianday('now') - 2440587.5)*86400000 as integer))",
    };
    Value::Entity(Entity::Sql(Rc::new(Sql::raw(text))))
}

fn primary_key(interpreter: &mut Interpreter<'_>, column: &mut ColumnBuilder, config: &Value) {
    column.primary_key = true;
    column.not_null = true;
    match config {
        Value::Object(config) => {
            let value = interpreter.property(config, "autoIncrement");
            match value.truth() {
                Some(truth) => column.autoincrement = truth,
                None => {
                    if let Value::Unknown(reason) = value {
                        column.unknown.push((facts_of("primaryKey"), reason));
                    }
                }
            }
        }
        Value::Unknown(reason) => column.unknown.push((facts_of("primaryKey"), reason.clone())),
        _ => {}
    }
}

fn unique(interpreter: &mut Interpreter<'_>, column: &mut ColumnBuilder, name: &Value, config: &Value, at: &Location) {
    let name = match name {
        Value::Undefined => None,
        Value::Unknown(reason) => {
            let kind = if column.dialect == Dialect::Sqlite { ObjectKind::Index } else { ObjectKind::Unique };
            column.open.push((kind, reason.clone()));
            return;
        }
        other => Some(known_string(interpreter, other, at)),
    };
    let nulls = match config {
        Value::Object(config) => interpreter.property(config, "nulls"),
        _ => Value::Undefined,
    };
    column.unique = Some((name, nulls.as_str().is_some_and(|nulls| &**nulls == "not distinct")));
}

/// From 1.0 on, a column has all its dimensions at once (`.array('[][]')`), and keeps what was said of it.
fn array_of_one(column: &mut ColumnBuilder, dimensions: &Value) {
    let dimensions = match dimensions {
        Value::Unknown(reason) => {
            column.sql_type = Err(reason.clone());
            return;
        }
        Value::String(dimensions) => dimensions.to_string(),
        _ => String::from("[]"),
    };
    column.is_array = true;
    if let Ok(text) = &column.sql_type {
        let element = text.trim_end_matches("[]");
        column.sql_type = Ok(format!("{element}{dimensions}"));
    }
}

fn array(column: &mut ColumnBuilder, size: &Value) {
    column.is_array = true;
    let size = match size {
        Value::Undefined => String::new(),
        Value::Unknown(reason) => {
            column.sql_type = Err(reason.clone());
            return;
        }
        other => display(other).unwrap_or_default(),
    };
    if let Ok(base) = &column.sql_type {
        column.sql_type = Ok(format!("{base}[{size}]"));
    }
    // What was said of the element so far stays with the element.
    column.not_null = false;
    column.primary_key = false;
    column.default = None;
    column.unique = None;
    column.references.clear();
    column.generated = None;
    column.identity = None;
}
