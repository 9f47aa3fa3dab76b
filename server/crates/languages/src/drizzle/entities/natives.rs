//! The exports of Drizzle's packages: what each name stands for and what calling it makes.

use std::rc::Rc;
use std::sync::Arc;

use schema::Dialect;
use source::Location;

use super::super::evaluate::{Interpreter, Native, Package, Value};
use super::table::{NamespaceSpec, make_enum, plain_table};
use super::{Entity, columns, extras, policies, ready_made, sql, table, views};

/// What makes indexes, keys and checks in both cores.
const EXTRAS: &[&str] = &["index", "uniqueIndex", "unique", "primaryKey", "foreignKey", "check"];

/// What pg-core exports besides column builders.
const POSTGRES_MAKERS: &[&str] = &[
    "pgTable",
    "pgTableCreator",
    "pgEnum",
    "pgSchema",
    "pgSequence",
    "pgView",
    "pgMaterializedView",
    "pgRole",
    "pgPolicy",
    "customType",
];

/// What sqlite-core exports besides column builders.
const SQLITE_MAKERS: &[&str] = &["sqliteTable", "sqliteTableCreator", "sqliteView", "view", "customType"];

/// True where `export * from` the package brings this name.
pub(crate) fn is_exported(package: Package, name: &str) -> bool {
    match package {
        Package::PgCore => {
            POSTGRES_MAKERS.contains(&name) || EXTRAS.contains(&name) || columns::POSTGRES.contains(&name)
        }
        Package::SqliteCore => {
            SQLITE_MAKERS.contains(&name) || EXTRAS.contains(&name) || columns::SQLITE.contains(&name)
        }
        Package::Orm => {
            matches!(name, "sql" | "relations" | "getTableColumns" | "getTableName") || OPERATORS.contains(&name)
        }
        Package::Supabase | Package::Neon => ready_made::is_exported(package, name),
        Package::Kit => name == "defineConfig",
        Package::OtherOrm => false,
    }
}

/// Functions of `drizzle-orm` that make SQL.
const OPERATORS: &[&str] = &[
    "eq",
    "ne",
    "gt",
    "gte",
    "lt",
    "lte",
    "like",
    "notLike",
    "ilike",
    "notIlike",
    "isNull",
    "isNotNull",
    "not",
    "exists",
    "notExists",
    "asc",
    "desc",
    "between",
    "notBetween",
    "inArray",
    "notInArray",
    "and",
    "or",
    "count",
    "countDistinct",
    "sum",
    "sumDistinct",
    "avg",
    "avgDistinct",
    "max",
    "min",
];

/// All that the core of a database exports and is known here.
pub(crate) fn core_exports(dialect: Dialect) -> impl Iterator<Item = &'static str> {
    let (makers, builders) = match dialect {
        Dialect::Postgres => (POSTGRES_MAKERS, columns::POSTGRES),
        Dialect::Sqlite => (SQLITE_MAKERS, columns::SQLITE),
    };
    makers.iter().chain(builders).chain(EXTRAS).copied()
}

/// The value of an export: most are functions, the ready-made roles and tables are values.
pub(crate) fn import(interpreter: &mut Interpreter<'_>, package: Package, name: &str, at: &Location) -> Value {
    match package {
        Package::Supabase | Package::Neon => {
            ready_made::value(interpreter, package, name, at).unwrap_or_else(|| native(package, name))
        }
        Package::OtherOrm => Value::Entity(Entity::Ignored),
        _ => native(package, name),
    }
}

fn native(package: Package, name: &str) -> Value {
    Value::Native(Native::Drizzle(package, Arc::from(name)))
}

/// Calls an export.
pub(crate) fn call(
    interpreter: &mut Interpreter<'_>,
    package: Package,
    name: &str,
    arguments: Vec<Value>,
    at: &Location,
) -> Value {
    match package {
        Package::PgCore => postgres(interpreter, name, arguments, at),
        Package::SqliteCore => sqlite(interpreter, name, arguments, at),
        Package::Orm => orm(interpreter, name, arguments, at),
        Package::Neon => ready_made::call(interpreter, name, arguments, at),
        Package::Kit if name == "defineConfig" => arguments.into_iter().next().unwrap_or(Value::Undefined),
        Package::OtherOrm => Value::Entity(Entity::Ignored),
        _ => interpreter.unknown(format!("`{name}` is not known"), at.clone()),
    }
}

fn postgres(interpreter: &mut Interpreter<'_>, name: &str, arguments: Vec<Value>, at: &Location) -> Value {
    let dialect = Dialect::Postgres;
    match name {
        "pgTable" => plain_table(interpreter, dialect, arguments, at),
        "pgTable.withRLS" => {
            let table = plain_table(interpreter, dialect, arguments, at);
            if let Value::Entity(Entity::Table(spec)) = &table {
                spec.row_level_security.set(true);
            }
            table
        }
        "pgTableCreator" => creator(dialect, arguments),
        "pgEnum" => make_enum(interpreter, None, &arguments, at),
        "pgSchema" => {
            let name = super::known_string(interpreter, arguments.first().unwrap_or(&Value::Undefined), at);
            let identity = interpreter.identity(at);
            Value::Entity(Entity::Namespace(Rc::new(NamespaceSpec { name, site: at.clone(), identity })))
        }
        "pgSequence" => policies::make_sequence(interpreter, None, &arguments, at),
        "pgView" => views::make_builder(interpreter, dialect, None, false, arguments, at),
        "pgMaterializedView" => views::make_builder(interpreter, dialect, None, true, arguments, at),
        "pgRole" => policies::make_role(interpreter, &arguments, at),
        "pgPolicy" => policies::make_policy(interpreter, &arguments, at),
        "customType" => custom_type(dialect, arguments),
        _ => core(interpreter, dialect, columns::POSTGRES, name, arguments, at),
    }
}

fn sqlite(interpreter: &mut Interpreter<'_>, name: &str, arguments: Vec<Value>, at: &Location) -> Value {
    let dialect = Dialect::Sqlite;
    match name {
        "sqliteTable" => plain_table(interpreter, dialect, arguments, at),
        "sqliteTableCreator" => creator(dialect, arguments),
        "sqliteView" | "view" => views::make_builder(interpreter, dialect, None, false, arguments, at),
        "customType" => custom_type(dialect, arguments),
        _ => core(interpreter, dialect, columns::SQLITE, name, arguments, at),
    }
}

/// What both cores have.
fn core(
    interpreter: &mut Interpreter<'_>,
    dialect: Dialect,
    builders: &[&'static str],
    name: &str,
    arguments: Vec<Value>,
    at: &Location,
) -> Value {
    if let Some(function) = builders.iter().find(|builder| **builder == name) {
        return columns::make_column(interpreter, dialect, function, &arguments, at);
    }
    if EXTRAS.contains(&name) {
        return extras::make(interpreter, name, arguments, at);
    }
    interpreter.unknown(format!("`{name}` of drizzle-orm is not known"), at.clone())
}

fn creator(dialect: Dialect, arguments: Vec<Value>) -> Value {
    let rename = arguments.into_iter().next().unwrap_or(Value::Undefined);
    Value::Entity(Entity::TableCreator(dialect, Rc::new(rename)))
}

fn custom_type(dialect: Dialect, arguments: Vec<Value>) -> Value {
    let config = arguments.into_iter().next().unwrap_or(Value::Undefined);
    Value::Entity(Entity::CustomType(dialect, Rc::new(config)))
}

fn orm(interpreter: &mut Interpreter<'_>, name: &str, arguments: Vec<Value>, at: &Location) -> Value {
    if let Some(made) = sql::operator(interpreter, name, &arguments, at) {
        return made;
    }
    let first = arguments.into_iter().next().unwrap_or(Value::Undefined);
    match (name, &first) {
        ("relations" | "defineRelations", _) => Value::Entity(Entity::Ignored),
        ("getTableColumns", Value::Entity(Entity::Table(spec))) => {
            let object = super::super::evaluate::Object::default();
            table::fields(interpreter, spec).into_iter().for_each(|(key, field)| object.set(key, field));
            Value::Object(Rc::new(object))
        }
        ("getTableName", Value::Entity(Entity::Table(spec))) => {
            spec.name.clone().map_or_else(Value::Unknown, Value::String)
        }
        _ => interpreter.unknown(format!("`{name}` of drizzle-orm is not evaluated"), at.clone()),
    }
}
