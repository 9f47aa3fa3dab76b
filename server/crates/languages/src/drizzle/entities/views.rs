//! Views and materialized views.

use std::rc::Rc;
use std::sync::Arc;

use schema::Dialect;
use source::Location;

use super::super::evaluate::{Interpreter, Value};
use super::{Entity, Known, known_string};

/// `pgView(name, columns?)` before its query.
#[derive(Clone)]
pub(crate) struct ViewBuilder {
    dialect: Dialect,
    name: Known<Arc<str>>,
    namespace: Option<Arc<str>>,
    materialized: bool,
    columns: Value,
    with: Value,
    using: Value,
    tablespace: Value,
    with_no_data: bool,
    site: Location,
    identity: u64,
}

/// A view with its query, or somebody else's.
pub(crate) struct ViewSpec {
    pub(crate) dialect: Dialect,
    pub(crate) name: Known<Arc<str>>,
    pub(crate) namespace: Option<Arc<str>>,
    pub(crate) materialized: bool,
    /// The columns object, where it was given.
    pub(crate) columns: Value,
    /// SQL or a query; None where the view exists already.
    pub(crate) query: Option<Value>,
    pub(crate) with: Value,
    pub(crate) using: Value,
    pub(crate) tablespace: Value,
    pub(crate) with_no_data: bool,
    pub(crate) site: Location,
    pub(crate) identity: u64,
}

pub(super) fn make_builder(
    interpreter: &mut Interpreter<'_>,
    dialect: Dialect,
    namespace: Option<Arc<str>>,
    materialized: bool,
    arguments: Vec<Value>,
    at: &Location,
) -> Value {
    let mut arguments = arguments.into_iter();
    let name = known_string(interpreter, &arguments.next().unwrap_or(Value::Undefined), at);
    Value::Entity(Entity::ViewBuilder(Rc::new(ViewBuilder {
        dialect,
        name,
        namespace,
        materialized,
        columns: arguments.next().unwrap_or(Value::Undefined),
        with: Value::Undefined,
        using: Value::Undefined,
        tablespace: Value::Undefined,
        with_no_data: false,
        site: at.clone(),
        identity: interpreter.identity(at),
    })))
}

/// `.with(…)`, `.as(…)`, `.existing()` and the like.
pub(super) fn method(
    interpreter: &mut Interpreter<'_>,
    builder: &Rc<ViewBuilder>,
    name: &str,
    arguments: Vec<Value>,
    at: &Location,
) -> Value {
    let mut changed = (**builder).clone();
    let first = arguments.into_iter().next().unwrap_or(Value::Undefined);
    match name {
        "with" => changed.with = first,
        "using" => changed.using = first,
        "tablespace" => changed.tablespace = first,
        "withNoData" => changed.with_no_data = true,
        "existing" => return finish(changed, None),
        "as" => {
            let query = match &first {
                callback @ Value::Function(_) => {
                    let qb = Value::Entity(Entity::QueryBuilder);
                    interpreter.call(callback, vec![qb], at)
                }
                _ => first,
            };
            return finish(changed, Some(query));
        }
        "algorithm" | "sqlSecurity" | "withCheckOption" => {}
        _ => return interpreter.unknown(format!("`.{name}()` of a view is not known"), at.clone()),
    }
    Value::Entity(Entity::ViewBuilder(Rc::new(changed)))
}

fn finish(builder: ViewBuilder, query: Option<Value>) -> Value {
    Value::Entity(Entity::View(Rc::new(ViewSpec {
        dialect: builder.dialect,
        name: builder.name,
        namespace: builder.namespace,
        materialized: builder.materialized,
        columns: builder.columns,
        query,
        with: builder.with,
        using: builder.using,
        tablespace: builder.tablespace,
        with_no_data: builder.with_no_data,
        site: builder.site,
        identity: builder.identity,
    })))
}
