//! `sql` templates and the operators that make them, and their text.
//!
//! The text follows `buildQueryFromSourceParams` of drizzle-orm 0.45: columns are qualified but in indexes, and a plain value
//! becomes a placeholder, which in DDL is an error of drizzle-kit's that is told at its place.

use std::rc::Rc;
use std::sync::Arc;

use schema::Dialect;
use source::Location;

use super::super::evaluate::{Interpreter, Value, iso_date, number_text};
use super::{Entity, Known, known_string, query, reason};

#[derive(Clone)]
pub(crate) enum Chunk {
    Text(Arc<str>),
    /// A quoted name.
    Name(Arc<str>),
    Value(Value),
    /// A value bound as the column on the other side of an operator stores it.
    Bound(Value, Value),
    List(Vec<Chunk>),
}

/// `sql\`…\`` and what operators make.
#[derive(Clone, Default)]
pub(crate) struct Sql {
    pub(crate) chunks: Vec<Chunk>,
    pub(crate) alias: Option<Arc<str>>,
    pub(crate) inline: bool,
}

impl Sql {
    pub(crate) fn raw(text: &str) -> Sql {
        Sql { chunks: vec![Chunk::Text(Arc::from(text))], ..Sql::default() }
    }

    pub(super) fn of(chunks: Vec<Chunk>) -> Sql {
        Sql { chunks, ..Sql::default() }
    }
}

fn value_of(sql: Sql) -> Value {
    Value::Entity(Entity::Sql(Rc::new(sql)))
}

pub(crate) fn template(strings: &[Arc<str>], values: Vec<Value>) -> Value {
    let mut chunks = Vec::with_capacity(strings.len() * 2);
    let mut values = values.into_iter();
    for piece in strings {
        chunks.push(Chunk::Text(piece.clone()));
        if let Some(value) = values.next() {
            chunks.push(Chunk::Value(value));
        }
    }
    value_of(Sql::of(chunks))
}

/// Methods of a `sql` value.
pub(super) fn method(
    interpreter: &mut Interpreter<'_>,
    sql: &Rc<Sql>,
    name: &str,
    arguments: &[Value],
    at: &Location,
) -> Value {
    let mut changed = (**sql).clone();
    match (name, arguments.first()) {
        ("as", Some(Value::String(alias))) => changed.alias = Some(alias.clone()),
        ("inlineParams", _) => changed.inline = true,
        ("mapWith" | "getSQL", _) => {}
        ("append", Some(more)) => changed.chunks.push(Chunk::Value(more.clone())),
        ("if", Some(condition)) => match condition.truth() {
            Some(true) => {}
            Some(false) => return Value::Undefined,
            None => return condition.clone(),
        },
        _ => return interpreter.unknown(format!("`.{name}()` of SQL is not evaluated"), at.clone()),
    }
    value_of(changed)
}

/// The functions of `drizzle-orm` that make SQL; None for any other name.
pub(super) fn operator(
    interpreter: &mut Interpreter<'_>,
    name: &str,
    arguments: &[Value],
    at: &Location,
) -> Option<Value> {
    let first = arguments.first().cloned().unwrap_or(Value::Undefined);
    let second = arguments.get(1).cloned().unwrap_or(Value::Undefined);
    let text = |text: &str| Chunk::Text(Arc::from(text));
    let left = || Chunk::Value(first.clone());
    let bound = |value: &Value| Chunk::Bound(value.clone(), first.clone());
    let comparison = |word: &str| vec![left(), text(word), bound(&second)];
    let chunks = match name {
        "eq" => comparison(" = "),
        "ne" => comparison(" <> "),
        "gt" => comparison(" > "),
        "gte" => comparison(" >= "),
        "lt" => comparison(" < "),
        "lte" => comparison(" <= "),
        "like" => vec![left(), text(" like "), Chunk::Value(second)],
        "notLike" => vec![left(), text(" not like "), Chunk::Value(second)],
        "ilike" => vec![left(), text(" ilike "), Chunk::Value(second)],
        "notIlike" => vec![left(), text(" not ilike "), Chunk::Value(second)],
        "isNull" => vec![left(), text(" is null")],
        "isNotNull" => vec![left(), text(" is not null")],
        "not" => vec![text("not "), left()],
        "exists" => vec![text("exists "), left()],
        "notExists" => vec![text("not exists "), left()],
        "asc" => vec![left(), text(" asc")],
        "desc" => vec![left(), text(" desc")],
        "between" | "notBetween" => {
            let third = arguments.get(2).cloned().unwrap_or(Value::Undefined);
            let word = if name == "between" { " between " } else { " not between " };
            vec![left(), text(word), bound(&second), text(" and "), bound(&third)]
        }
        "inArray" | "notInArray" => return Some(in_array(name, &first, &second)),
        "and" | "or" => return Some(all_of(name, arguments)),
        "count" if arguments.is_empty() => vec![text("count(*)")],
        "count" | "sum" | "avg" | "max" | "min" => vec![text(name), text("("), left(), text(")")],
        "countDistinct" | "sumDistinct" | "avgDistinct" => {
            vec![text(name.trim_end_matches("Distinct")), text("(distinct "), left(), text(")")]
        }
        "sql.raw" => return Some(raw(interpreter, &first, at)),
        "sql.identifier" => match known_string(interpreter, &first, at) {
            Ok(name) => vec![Chunk::Name(name)],
            Err(reason) => return Some(Value::Unknown(reason)),
        },
        "sql.empty" => Vec::new(),
        "sql.join" | "sql.fromList" => return Some(join(&first, arguments.get(1))),
        "sql.param" => vec![left()],
        _ => return None,
    };
    Some(value_of(Sql::of(chunks)))
}

fn raw(interpreter: &Interpreter<'_>, value: &Value, at: &Location) -> Value {
    match (value, super::super::evaluate::display(value)) {
        (Value::Unknown(_), _) => value.clone(),
        (_, Some(text)) => value_of(Sql::raw(&text)),
        (_, None) => interpreter.unknown("the text of `sql.raw` is not known", at.clone()),
    }
}

fn join(list: &Value, separator: Option<&Value>) -> Value {
    let Some(items) = list.as_array() else { return list.clone() };
    let mut chunks = Vec::new();
    for (position, item) in items.into_iter().enumerate() {
        if let (true, Some(separator)) = (position > 0, separator) {
            chunks.push(Chunk::Value(separator.clone()));
        }
        chunks.push(Chunk::Value(item));
    }
    value_of(Sql::of(chunks))
}

fn in_array(name: &str, column: &Value, values: &Value) -> Value {
    let word = if name == "inArray" { " in " } else { " not in " };
    let list = match values.as_array() {
        Some(items) if items.is_empty() => {
            return value_of(Sql::raw(if name == "inArray" { "false" } else { "true" }));
        }
        Some(items) => Chunk::List(items.into_iter().map(|item| Chunk::Bound(item, column.clone())).collect()),
        None => Chunk::Bound(values.clone(), column.clone()),
    };
    value_of(Sql::of(vec![Chunk::Value(column.clone()), Chunk::Text(Arc::from(word)), list]))
}

fn all_of(name: &str, conditions: &[Value]) -> Value {
    let conditions: Vec<&Value> = conditions.iter().filter(|item| !matches!(item, Value::Undefined)).collect();
    match conditions.as_slice() {
        [] => Value::Undefined,
        [one] => value_of(Sql::of(vec![Chunk::Value((*one).clone())])),
        many => {
            let word: Arc<str> = Arc::from(format!(" {name} "));
            let mut chunks = vec![Chunk::Text(Arc::from("("))];
            for (position, condition) in many.iter().enumerate() {
                if position > 0 {
                    chunks.push(Chunk::Text(word.clone()));
                }
                chunks.push(Chunk::Value((*condition).clone()));
            }
            chunks.push(Chunk::Text(Arc::from(")")));
            value_of(Sql::of(chunks))
        }
    }
}

/// How SQL becomes text.
#[derive(Clone, Copy)]
pub(crate) struct Style {
    pub(crate) dialect: Dialect,
    /// Columns print without their table, as in an index.
    pub(crate) bare_columns: bool,
    /// Values print as literals, as in a view; else as placeholders.
    pub(crate) inline: bool,
}

/// SQL as text, and whether a value became a placeholder.
pub(crate) struct Rendered {
    pub(crate) text: String,
    pub(crate) has_placeholder: bool,
    /// The columns it names.
    pub(crate) fields: Vec<Rc<super::Field>>,
}

pub(crate) fn render(
    interpreter: &mut Interpreter<'_>,
    chunks: &[Chunk],
    style: Style,
    at: &Location,
) -> Known<Rendered> {
    let mut renderer = Renderer { style, text: String::new(), placeholders: 0, fields: Vec::new(), at: at.clone() };
    renderer.chunks(interpreter, chunks)?;
    Ok(Rendered { text: renderer.text, has_placeholder: renderer.placeholders > 0, fields: renderer.fields })
}

struct Renderer {
    style: Style,
    text: String,
    placeholders: usize,
    fields: Vec<Rc<super::Field>>,
    at: Location,
}

impl Renderer {
    fn chunks(&mut self, interpreter: &mut Interpreter<'_>, chunks: &[Chunk]) -> Known<()> {
        chunks.iter().try_for_each(|chunk| self.chunk(interpreter, chunk))
    }

    fn chunk(&mut self, interpreter: &mut Interpreter<'_>, chunk: &Chunk) -> Known<()> {
        match chunk {
            Chunk::Text(text) => self.text.push_str(text),
            Chunk::Name(name) => self.name(name),
            Chunk::Value(value) => return self.value(interpreter, value, None),
            Chunk::Bound(value, column) => return self.value(interpreter, value, Some(column)),
            Chunk::List(items) => {
                self.text.push('(');
                for (position, item) in items.iter().enumerate() {
                    if position > 0 {
                        self.text.push_str(", ");
                    }
                    self.chunk(interpreter, item)?;
                }
                self.text.push(')');
            }
        }
        Ok(())
    }

    fn name(&mut self, name: &str) {
        self.text.push('"');
        self.text.push_str(&name.replace('"', "\"\""));
        self.text.push('"');
    }

    fn value(&mut self, interpreter: &mut Interpreter<'_>, value: &Value, column: Option<&Value>) -> Known<()> {
        match value {
            Value::Unknown(reason) => Err(reason.clone()),
            Value::Undefined => Ok(()),
            Value::Array(items) => {
                let items = items.borrow().clone();
                self.chunk(interpreter, &Chunk::List(items.into_iter().map(Chunk::Value).collect()))
            }
            Value::Entity(entity) => interpreter.nested(|interpreter| self.entity(interpreter, entity)),
            _ => self.literal(interpreter, value, column),
        }
    }

    fn entity(&mut self, interpreter: &mut Interpreter<'_>, entity: &Entity) -> Known<()> {
        match entity {
            Entity::Sql(sql) => match &sql.alias {
                Some(alias) => self.name(alias),
                None => {
                    let outer = self.style.inline;
                    self.style.inline |= sql.inline;
                    self.chunks(interpreter, &sql.chunks)?;
                    self.style.inline = outer;
                }
            },
            Entity::Field(field) => {
                let column = interpreter.column_name(field)?;
                self.fields.push(field.clone());
                if !self.style.bare_columns {
                    self.table(&field.table)?;
                    self.text.push('.');
                }
                self.name(&column);
            }
            Entity::Table(table) => self.table(table)?,
            Entity::Enum(spec) => {
                if let Some(namespace) = &spec.namespace {
                    self.name(namespace);
                    self.text.push('.');
                }
                self.name(&spec.name.clone()?);
            }
            Entity::View(view) => {
                if let Some(namespace) = &view.namespace {
                    self.name(namespace);
                    self.text.push('.');
                }
                self.name(&view.name.clone()?);
            }
            Entity::Query(inner) => {
                self.text.push('(');
                let chunks = query::chunks(interpreter, inner, &self.at)?;
                self.chunks(interpreter, &chunks)?;
                self.text.push(')');
            }
            _ => return Err(reason(interpreter, "a value in this SQL has no SQL text", &self.at)),
        }
        Ok(())
    }

    fn table(&mut self, table: &Rc<super::TableSpec>) -> Known<()> {
        if let Some(namespace) = &table.namespace {
            self.name(&namespace.clone()?);
            self.text.push('.');
        }
        self.name(&table.name.clone()?);
        Ok(())
    }

    fn literal(&mut self, interpreter: &mut Interpreter<'_>, value: &Value, column: Option<&Value>) -> Known<()> {
        if !self.style.inline {
            self.placeholders += 1;
            match self.style.dialect {
                Dialect::Postgres => self.text.push_str(&format!("${}", self.placeholders)),
                Dialect::Sqlite => self.text.push('?'),
            }
            return Ok(());
        }
        let quoted = |text: &str| format!("'{}'", text.replace('\'', "''"));
        let text = match value {
            Value::Null => String::from("null"),
            Value::Boolean(value) => match column.is_some() && self.style.dialect == Dialect::Sqlite {
                true => String::from(if *value { "1" } else { "0" }),
                false => value.to_string(),
            },
            Value::Number(number) => number_text(*number),
            Value::String(text) => quoted(text),
            Value::Date(time) => quoted(&iso_date(*time)),
            Value::BigInt(digits) => digits.to_string(),
            _ => return Err(reason(interpreter, "a value in this SQL has no SQL text", &self.at)),
        };
        self.text.push_str(&text);
        Ok(())
    }
}
