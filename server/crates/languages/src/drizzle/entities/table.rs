//! Tables, their columns seen from outside, enums, namespaces.

use std::cell::{Cell, OnceCell};
use std::hash::{Hash, Hasher};
use std::rc::Rc;
use std::sync::Arc;

use rustc_hash::FxHasher;
use schema::Dialect;
use source::{Location, Span};

use super::super::evaluate::{Interpreter, Native, Object, Package, Value};
use super::{Entity, Known, known_string, policies, reason, views};

/// `pgTable(name, columns, extras)`, nothing of it evaluated but the name.
pub(crate) struct TableSpec {
    pub(crate) dialect: Dialect,
    pub(crate) name: Known<Arc<str>>,
    pub(crate) namespace: Option<Known<Arc<str>>>,
    columns_argument: Value,
    columns: OnceCell<Value>,
    pub(crate) extras: Value,
    pub(crate) row_level_security: Cell<bool>,
    /// The call that makes the table.
    pub(crate) site: Location,
    /// Equal for the same table reached over two ways, different for two tables of one factory.
    pub(crate) identity: u64,
}

/// How an index orders a column.
#[derive(Clone, Debug, Default)]
pub(crate) struct Order {
    pub(crate) descending: bool,
    pub(crate) nulls_first: Option<bool>,
    pub(crate) opclass: Option<Known<Arc<str>>>,
}

/// `users.email`, with the modifiers an index may add.
#[derive(Clone)]
pub(crate) struct Field {
    pub(crate) table: Rc<TableSpec>,
    pub(crate) key: Arc<str>,
    pub(crate) order: Order,
    /// The expression it came from, and the property in it.
    pub(crate) at: Location,
    pub(crate) property: Span,
}

/// One value of an enum with its place.
#[derive(Clone, Debug)]
pub(crate) struct EnumMember {
    pub(crate) text: Arc<str>,
}

/// `pgEnum(name, values)`.
pub(crate) struct EnumType {
    pub(crate) name: Known<Arc<str>>,
    pub(crate) namespace: Option<Arc<str>>,
    pub(crate) values: Known<Vec<EnumMember>>,
    /// Made from an object: drizzle-kit then forgets the enum's schema on its columns.
    pub(crate) from_object: bool,
    pub(crate) site: Location,
    pub(crate) identity: u64,
}

/// `pgSchema(name)`.
pub(crate) struct NamespaceSpec {
    pub(crate) name: Known<Arc<str>>,
    pub(crate) site: Location,
    pub(crate) identity: u64,
}

impl Interpreter<'_> {
    /// A number for what a call makes: the same for the same call reached the same way.
    pub(crate) fn identity(&self, site: &Location) -> u64 {
        let mut hasher = FxHasher::default();
        site.hash(&mut hasher);
        self.calls().hash(&mut hasher);
        hasher.finish()
    }

    /// A table's columns object, evaluated once.
    pub(crate) fn columns_of(&mut self, table: &Rc<TableSpec>) -> Known<Rc<Object>> {
        let value = match table.columns.get() {
            Some(value) => value.clone(),
            None => {
                let value = match &table.columns_argument {
                    callback @ (Value::Function(_) | Value::Native(_)) => {
                        let package = match table.dialect {
                            Dialect::Postgres => Package::PgCore,
                            Dialect::Sqlite => Package::SqliteCore,
                        };
                        let builders = Value::Native(Native::Package(package));
                        self.nested(|interpreter| interpreter.call(callback, vec![builders], &table.site))
                    }
                    other => other.clone(),
                };
                table.columns.get_or_init(|| value).clone()
            }
        };
        match value {
            Value::Object(object) => Ok(object),
            Value::Unknown(reason) => Err(reason),
            _ => Err(reason(self, "the columns are not an object", &table.site)),
        }
    }
}

/// Makes a table of `pgTable` or `sqliteTable`.
pub(super) fn make_table(
    interpreter: &mut Interpreter<'_>,
    dialect: Dialect,
    namespace: Option<Known<Arc<str>>>,
    name: Known<Arc<str>>,
    arguments: Vec<Value>,
    at: &Location,
) -> Value {
    let mut rest = arguments.into_iter().skip(1);
    let columns_argument = rest.next().unwrap_or(Value::Undefined);
    let extras = rest.next().unwrap_or(Value::Undefined);
    Value::Entity(Entity::Table(Rc::new(TableSpec {
        dialect,
        name,
        namespace,
        columns_argument,
        columns: OnceCell::new(),
        extras,
        row_level_security: Cell::new(false),
        site: at.clone(),
        identity: interpreter.identity(at),
    })))
}

pub(super) fn plain_table(
    interpreter: &mut Interpreter<'_>,
    dialect: Dialect,
    arguments: Vec<Value>,
    at: &Location,
) -> Value {
    let name = known_string(interpreter, arguments.first().unwrap_or(&Value::Undefined), at);
    make_table(interpreter, dialect, None, name, arguments, at)
}

/// `creator(name, columns, extras)`.
pub(super) fn created_table(
    interpreter: &mut Interpreter<'_>,
    dialect: Dialect,
    rename: &Value,
    arguments: Vec<Value>,
    at: &Location,
) -> Value {
    let given = arguments.first().cloned().unwrap_or(Value::Undefined);
    let renamed = interpreter.call(rename, vec![given], at);
    let name = known_string(interpreter, &renamed, at);
    make_table(interpreter, dialect, None, name, arguments, at)
}

/// `pgEnum(name, values)` or `schema.enum(name, values)`.
pub(super) fn make_enum(
    interpreter: &mut Interpreter<'_>,
    namespace: Option<Arc<str>>,
    arguments: &[Value],
    at: &Location,
) -> Value {
    let name = known_string(interpreter, arguments.first().unwrap_or(&Value::Undefined), at);
    let mut from_object = false;
    let values: Known<Vec<Value>> = match arguments.get(1) {
        Some(Value::Array(items)) => Ok(items.borrow().clone()),
        Some(Value::Object(object)) => {
            from_object = true;
            match object.open_reason() {
                Some(reason) => Err(reason),
                None => Ok(object.keys().iter().map(|key| interpreter.property(object, key)).collect()),
            }
        }
        Some(Value::Unknown(reason)) => Err(reason.clone()),
        _ => Err(reason(interpreter, "the enum's values are neither a list nor an object", at)),
    };
    let values = values.and_then(|values| {
        values
            .into_iter()
            .map(|value| match value {
                Value::String(text) => Ok(EnumMember { text }),
                Value::Unknown(reason) => Err(reason),
                other => match super::super::evaluate::display(&other) {
                    Some(text) => Ok(EnumMember { text: Arc::from(text) }),
                    None => Err(reason(interpreter, "an enum value is not a string", at)),
                },
            })
            .collect()
    });
    let identity = interpreter.identity(at);
    let spec = EnumType { name, namespace, values, from_object, site: at.clone(), identity };
    Value::Entity(Entity::Enum(Rc::new(spec)))
}

/// `schema.table(…)`, `schema.enum(…)` and the like.
pub(super) fn namespace_method(
    interpreter: &mut Interpreter<'_>,
    namespace: &Rc<NamespaceSpec>,
    name: &str,
    arguments: Vec<Value>,
    at: &Location,
) -> Value {
    let of_table = known_string(interpreter, arguments.first().unwrap_or(&Value::Undefined), at);
    let known_namespace = namespace.name.clone().ok();
    match name {
        "table" => make_table(interpreter, Dialect::Postgres, Some(namespace.name.clone()), of_table, arguments, at),
        "enum" => make_enum(interpreter, known_namespace, &arguments, at),
        "sequence" => policies::make_sequence(interpreter, known_namespace, &arguments, at),
        "view" | "materializedView" => {
            let materialized = name == "materializedView";
            views::make_builder(interpreter, Dialect::Postgres, known_namespace, materialized, arguments, at)
        }
        "existing" => Value::Entity(Entity::Ignored),
        _ => interpreter.unknown(format!("`{name}` is not known on a schema"), at.clone()),
    }
}

/// `table.name`: a column, or one of the few other things a table has.
pub(super) fn table_member(
    interpreter: &mut Interpreter<'_>,
    table: &Rc<TableSpec>,
    name: &Arc<str>,
    at: &Location,
    property: Span,
) -> Option<Value> {
    match &**name {
        "enableRLS" | "getSQL" => return None,
        "$inferSelect" | "$inferInsert" | "_" => return Some(Value::Entity(Entity::Ignored)),
        _ => {}
    }
    let columns = match interpreter.columns_of(table) {
        Ok(columns) => columns,
        Err(reason) => return Some(Value::Unknown(reason)),
    };
    if columns.origin(name).is_none() && !columns.keys().contains(name) {
        return Some(columns.open_reason().map_or(Value::Undefined, Value::Unknown));
    }
    let field = Field { table: table.clone(), key: name.clone(), order: Order::default(), at: at.clone(), property };
    Some(Value::Entity(Entity::Field(Rc::new(field))))
}

/// All columns of a table, as `getTableColumns` and a spread give them.
pub(super) fn fields(interpreter: &mut Interpreter<'_>, table: &Rc<TableSpec>) -> Vec<(Arc<str>, Value)> {
    let Ok(columns) = interpreter.columns_of(table) else { return Vec::new() };
    let at = table.site.clone();
    columns
        .keys()
        .into_iter()
        .map(|key| {
            let field = Field {
                table: table.clone(),
                key: key.clone(),
                order: Order::default(),
                at: at.clone(),
                property: Span::default(),
            };
            (key, Value::Entity(Entity::Field(Rc::new(field))))
        })
        .collect()
}

pub(super) fn field_member(
    interpreter: &mut Interpreter<'_>,
    field: &Rc<Field>,
    name: &str,
    at: &Location,
) -> Option<Value> {
    match name {
        "asc" | "desc" | "nullsFirst" | "nullsLast" | "op" | "getSQL" | "getSQLType" => None,
        "table" => Some(Value::Entity(Entity::Table(field.table.clone()))),
        "name" => Some(match interpreter.raw_column_name(field) {
            Ok(name) => Value::String(name),
            Err(reason) => Value::Unknown(reason),
        }),
        _ => Some(interpreter.unknown(format!("`{name}` of a column is not evaluated"), at.clone())),
    }
}

/// The modifiers of an index column.
pub(super) fn field_method(
    interpreter: &mut Interpreter<'_>,
    field: &Rc<Field>,
    name: &str,
    arguments: &[Value],
    at: &Location,
) -> Value {
    let mut changed = (**field).clone();
    match name {
        "asc" => changed.order.descending = false,
        "desc" => changed.order.descending = true,
        "nullsFirst" => changed.order.nulls_first = Some(true),
        "nullsLast" => changed.order.nulls_first = Some(false),
        "op" => {
            let name = known_string(interpreter, arguments.first().unwrap_or(&Value::Undefined), at);
            changed.order.opclass = Some(name);
        }
        _ => return interpreter.unknown(format!("`{name}` of a column is not evaluated"), at.clone()),
    }
    Value::Entity(Entity::Field(Rc::new(changed)))
}
