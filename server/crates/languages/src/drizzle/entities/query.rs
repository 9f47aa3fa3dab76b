//! Simple queries, as views are made of: `qb.select(…).from(…).where(…)`. What goes beyond is opaque.
//!
//! The text follows `buildSelectQuery` of drizzle-orm 0.45.

use std::rc::Rc;
use std::sync::Arc;

use source::Location;

use super::super::evaluate::{Interpreter, Object, Value};
use super::sql::{Chunk, Sql};
use super::{Entity, Known, reason, table};

#[derive(Clone)]
pub(crate) struct Query {
    distinct: bool,
    /// The selected fields; Undefined for all columns.
    selection: Value,
    from: Value,
    /// `left join`, the table, the condition.
    joins: Vec<(&'static str, Value, Value)>,
    condition: Value,
    group_by: Vec<Value>,
    having: Value,
    order_by: Vec<Value>,
    limit: Value,
    offset: Value,
}

/// `qb.select(fields)`.
pub(super) fn start(interpreter: &mut Interpreter<'_>, name: &str, arguments: Vec<Value>, at: &Location) -> Value {
    if !matches!(name, "select" | "selectDistinct") {
        return interpreter.unknown(format!("a query that starts with `{name}` is not rendered"), at.clone());
    }
    Value::Entity(Entity::Query(Rc::new(Query {
        distinct: name == "selectDistinct",
        selection: arguments.into_iter().next().unwrap_or(Value::Undefined),
        from: Value::Undefined,
        joins: Vec::new(),
        condition: Value::Undefined,
        group_by: Vec::new(),
        having: Value::Undefined,
        order_by: Vec::new(),
        limit: Value::Undefined,
        offset: Value::Undefined,
    })))
}

/// `.from(…)`, `.where(…)` and the like.
pub(super) fn method(
    interpreter: &mut Interpreter<'_>,
    query: &Rc<Query>,
    name: &str,
    arguments: Vec<Value>,
    at: &Location,
) -> Value {
    let mut changed = (**query).clone();
    let first = arguments.first().cloned().unwrap_or(Value::Undefined);
    let second = arguments.get(1).cloned().unwrap_or(Value::Undefined);
    match name {
        "from" => changed.from = first,
        "where" => changed.condition = first,
        "innerJoin" => changed.joins.push(("inner join", first, second)),
        "leftJoin" => changed.joins.push(("left join", first, second)),
        "rightJoin" => changed.joins.push(("right join", first, second)),
        "fullJoin" => changed.joins.push(("full join", first, second)),
        "groupBy" => changed.group_by = arguments,
        "having" => changed.having = first,
        "orderBy" => changed.order_by = arguments,
        "limit" => changed.limit = first,
        "offset" => changed.offset = first,
        "getSQL" | "$dynamic" => {}
        _ => return interpreter.unknown(format!("a query with `.{name}()` is not rendered"), at.clone()),
    }
    Value::Entity(Entity::Query(Rc::new(changed)))
}

/// The selected fields by name: columns or SQL.
pub(crate) fn selected(
    interpreter: &mut Interpreter<'_>,
    query: &Query,
    at: &Location,
) -> Known<Vec<(Arc<str>, Value)>> {
    match &query.selection {
        Value::Undefined => {
            let mut all = table_fields(interpreter, &query.from, at)?;
            for (_, joined, _) in &query.joins {
                all.extend(table_fields(interpreter, joined, at)?);
            }
            Ok(all)
        }
        Value::Object(object) => fields_of(interpreter, object, at),
        Value::Unknown(reason) => Err(reason.clone()),
        _ => Err(reason(interpreter, "what this query selects is not known", at)),
    }
}

fn fields_of(interpreter: &mut Interpreter<'_>, object: &Rc<Object>, at: &Location) -> Known<Vec<(Arc<str>, Value)>> {
    if let Some(reason) = object.open_reason() {
        return Err(reason);
    }
    let mut fields = Vec::new();
    for key in object.keys() {
        match interpreter.property(object, &key) {
            // A nested object or a table selects each of its fields.
            Value::Object(inner) => fields.extend(fields_of(interpreter, &inner, at)?),
            table @ Value::Entity(Entity::Table(_)) => fields.extend(table_fields(interpreter, &table, at)?),
            Value::Unknown(reason) => return Err(reason),
            value => fields.push((key, value)),
        }
    }
    Ok(fields)
}

fn table_fields(interpreter: &mut Interpreter<'_>, value: &Value, at: &Location) -> Known<Vec<(Arc<str>, Value)>> {
    match value {
        Value::Entity(Entity::Table(spec)) => {
            let columns = interpreter.columns_of(spec)?;
            match columns.open_reason() {
                Some(reason) => Err(reason),
                None => Ok(table::fields(interpreter, spec)),
            }
        }
        Value::Unknown(reason) => Err(reason.clone()),
        _ => Err(reason(interpreter, "only queries on tables are rendered", at)),
    }
}

/// The query as SQL.
pub(crate) fn chunks(interpreter: &mut Interpreter<'_>, query: &Query, at: &Location) -> Known<Vec<Chunk>> {
    let text = |text: &str| Chunk::Text(Arc::from(text));
    let mut chunks = vec![text(if query.distinct { "select distinct " } else { "select " })];
    let is_single = query.joins.is_empty();
    for (position, (_, value)) in selected(interpreter, query, at)?.iter().enumerate() {
        if position > 0 {
            chunks.push(text(", "));
        }
        selection_chunks(interpreter, value, is_single, &mut chunks, at)?;
    }
    chunks.push(text(" from "));
    chunks.push(Chunk::Value(query.from.clone()));
    for (kind, joined, condition) in &query.joins {
        chunks.push(text(&format!(" {kind} ")));
        chunks.push(Chunk::Value(joined.clone()));
        chunks.push(text(" on "));
        chunks.push(Chunk::Value(condition.clone()));
    }
    clause(" where ", &query.condition, &mut chunks);
    list_clause(" group by ", &query.group_by, &mut chunks);
    clause(" having ", &query.having, &mut chunks);
    list_clause(" order by ", &query.order_by, &mut chunks);
    clause(" limit ", &query.limit, &mut chunks);
    clause(" offset ", &query.offset, &mut chunks);
    Ok(chunks)
}

/// A clause, where there is one.
fn clause(word: &str, value: &Value, chunks: &mut Vec<Chunk>) {
    if !matches!(value, Value::Undefined) {
        chunks.push(Chunk::Text(Arc::from(word)));
        chunks.push(Chunk::Value(value.clone()));
    }
}

fn list_clause(word: &str, values: &[Value], chunks: &mut Vec<Chunk>) {
    for (position, value) in values.iter().enumerate() {
        chunks.push(Chunk::Text(Arc::from(if position == 0 { word } else { ", " })));
        chunks.push(Chunk::Value(value.clone()));
    }
}

/// One selected field: with a single table its columns print bare, and SQL with an alias prints both.
fn selection_chunks(
    interpreter: &mut Interpreter<'_>,
    value: &Value,
    is_single: bool,
    chunks: &mut Vec<Chunk>,
    at: &Location,
) -> Known<()> {
    match value {
        Value::Entity(Entity::Field(field)) if is_single => {
            // drizzle-orm gives these names no casing.
            chunks.push(Chunk::Name(interpreter.raw_column_name(field)?));
        }
        Value::Entity(Entity::Field(_)) => chunks.push(Chunk::Value(value.clone())),
        Value::Entity(Entity::Sql(sql)) => {
            for chunk in &sql.chunks {
                match chunk {
                    Chunk::Value(Value::Entity(Entity::Field(field))) if is_single => {
                        chunks.push(Chunk::Name(interpreter.raw_column_name(field)?));
                    }
                    other => chunks.push(other.clone()),
                }
            }
            if let Some(alias) = &sql.alias {
                chunks.push(Chunk::Text(Arc::from(" as ")));
                chunks.push(Chunk::Name(alias.clone()));
            }
        }
        Value::Unknown(reason) => return Err(reason.clone()),
        _ => return Err(reason(interpreter, "a selected field is neither a column nor SQL", at)),
    }
    Ok(())
}

/// A query as a `sql` value.
pub(crate) fn as_sql(interpreter: &mut Interpreter<'_>, query: &Query, at: &Location) -> Known<Sql> {
    chunks(interpreter, query, at).map(Sql::of)
}
