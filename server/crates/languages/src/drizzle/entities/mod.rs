//! What Drizzle's builders make, as values: columns, tables, enums, indexes, SQL, and what can be done with each.

pub(super) mod chain;
pub(super) mod columns;
pub(super) mod extras;
pub(super) mod natives;
mod policies;
pub(super) mod query;
mod ready_made;
pub(super) mod sql;
mod table;
pub(super) mod views;

use std::rc::Rc;
use std::sync::Arc;

use schema::Dialect;
use source::{Location, Span};

pub(super) use chain::ColumnBuilder;
pub(super) use extras::{CheckSpec, ForeignKeySpec, IndexSpec, PrimaryKeySpec, UniqueSpec};
pub(super) use policies::{PolicySpec, RoleSpec, SequenceSpec};
pub(super) use query::Query;
pub(super) use sql::Sql;
pub(super) use table::{EnumType, Field, NamespaceSpec, TableSpec};
pub(super) use views::{ViewBuilder, ViewSpec};

use super::evaluate::{Interpreter, Reason, Value};

/// The functions of a dialect's core that make columns.
pub(super) fn column_builder_names(dialect: Dialect) -> &'static [&'static str] {
    match dialect {
        Dialect::Postgres => columns::POSTGRES,
        Dialect::Sqlite => columns::SQLITE,
    }
}

/// A value, or why it is unknown.
pub(super) type Known<T> = Result<T, Rc<Reason>>;

#[derive(Clone)]
pub(crate) enum Entity {
    /// A column before its table: `text('name').notNull()`.
    Column(Rc<ColumnBuilder>),
    Table(Rc<TableSpec>),
    /// A column of a table: `users.email`.
    Field(Rc<Field>),
    Sql(Rc<Sql>),
    Enum(Rc<EnumType>),
    Namespace(Rc<NamespaceSpec>),
    /// `pgTableCreator(fn)`.
    TableCreator(Dialect, Rc<Value>),
    /// `customType({ dataType })`.
    CustomType(Dialect, Rc<Value>),
    Index(Rc<IndexSpec>),
    Unique(Rc<UniqueSpec>),
    PrimaryKey(Rc<PrimaryKeySpec>),
    ForeignKey(Rc<ForeignKeySpec>),
    Check(Rc<CheckSpec>),
    Policy(Rc<PolicySpec>),
    Role(Rc<RoleSpec>),
    Sequence(Rc<SequenceSpec>),
    ViewBuilder(Rc<ViewBuilder>),
    View(Rc<ViewSpec>),
    /// The `qb` that a view's callback gets.
    QueryBuilder,
    Query(Rc<Query>),
    /// Relations, database clients, other databases' tables: nothing that a migration would see.
    Ignored,
}

/// A string, or why it is none.
pub(super) fn known_string(interpreter: &Interpreter<'_>, value: &Value, at: &Location) -> Known<Arc<str>> {
    match value {
        Value::String(text) => Ok(text.clone()),
        Value::Unknown(reason) => Err(reason.clone()),
        _ => Err(reason(interpreter, "the name is not a string", at)),
    }
}

pub(super) fn reason(interpreter: &Interpreter<'_>, message: &str, at: &Location) -> Rc<Reason> {
    match interpreter.unknown(message, at.clone()) {
        Value::Unknown(reason) => reason,
        _ => Rc::new(Reason { message: message.to_owned(), location: at.clone(), is_foreign: false }),
    }
}

/// `entity.name` where that is a value of its own; None where it is a method to be called.
pub(super) fn member(
    interpreter: &mut Interpreter<'_>,
    entity: &Entity,
    name: &Arc<str>,
    at: &Location,
    property_span: Span,
) -> Option<Value> {
    match entity {
        Entity::Table(table) => table::table_member(interpreter, table, name, at, property_span),
        Entity::Field(field) => table::field_member(interpreter, field, name, at),
        Entity::Enum(spec) => match &**name {
            "enumValues" => Some(match &spec.values {
                Ok(values) => Value::array(values.iter().map(|value| Value::String(value.text.clone())).collect()),
                Err(reason) => Value::Unknown(reason.clone()),
            }),
            "enumName" => Some(spec.name.clone().map_or_else(Value::Unknown, Value::String)),
            "schema" => Some(spec.namespace.clone().map_or(Value::Undefined, Value::String)),
            _ => None,
        },
        Entity::Role(role) if &**name == "name" => Some(role.name.clone().map_or_else(Value::Unknown, Value::String)),
        Entity::Ignored => Some(Value::Entity(Entity::Ignored)),
        Entity::View(_) if !name.starts_with('$') => {
            Some(interpreter.unknown("a column of a view is not followed", at.clone()))
        }
        _ => None,
    }
}

/// `entity.name(arguments)`.
pub(super) fn method(
    interpreter: &mut Interpreter<'_>,
    entity: &Entity,
    name: &Arc<str>,
    arguments: Vec<Value>,
    at: &Location,
) -> Value {
    match entity {
        Entity::Column(builder) => chain::chain(interpreter, builder, name, arguments, at),
        Entity::Table(table) if &**name == "enableRLS" => {
            table.row_level_security.set(true);
            Value::Entity(entity.clone())
        }
        Entity::Field(field) => table::field_method(interpreter, field, name, &arguments, at),
        Entity::Namespace(namespace) => table::namespace_method(interpreter, namespace, name, arguments, at),
        Entity::Index(_) | Entity::Unique(_) | Entity::ForeignKey(_) => {
            extras::method(interpreter, entity, name, arguments, at)
        }
        Entity::Policy(policy) if &**name == "link" => policies::link(policy, &arguments),
        Entity::Role(role) if &**name == "existing" => policies::existing(role),
        Entity::Sql(query) => sql::method(interpreter, query, name, &arguments, at),
        Entity::ViewBuilder(builder) => views::method(interpreter, builder, name, arguments, at),
        Entity::QueryBuilder => query::start(interpreter, name, arguments, at),
        Entity::Query(inner) => query::method(interpreter, inner, name, arguments, at),
        Entity::Ignored => Value::Entity(Entity::Ignored),
        _ => interpreter.unknown(format!("`{name}` is not known here"), at.clone()),
    }
}

/// `entity(arguments)`: an enum, a custom type or a table creator.
pub(super) fn call(interpreter: &mut Interpreter<'_>, entity: &Entity, arguments: Vec<Value>, at: &Location) -> Value {
    match entity {
        Entity::Enum(spec) => columns::enum_column(interpreter, spec, &arguments, at),
        Entity::CustomType(dialect, config) => columns::custom_column(interpreter, *dialect, config, &arguments, at),
        Entity::TableCreator(dialect, rename) => table::created_table(interpreter, *dialect, rename, arguments, at),
        Entity::Ignored => Value::Entity(Entity::Ignored),
        _ => interpreter.unknown("what is called here is not a function", at.clone()),
    }
}

/// The own properties of an entity that is spread or listed: a table's columns.
pub(super) fn spread(interpreter: &mut Interpreter<'_>, entity: &Entity) -> Vec<(Arc<str>, Value)> {
    match entity {
        Entity::Table(table) => table::fields(interpreter, table),
        _ => Vec::new(),
    }
}
