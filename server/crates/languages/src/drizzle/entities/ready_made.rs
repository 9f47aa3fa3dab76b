//! The roles, tables and expressions that `drizzle-orm/supabase` and `drizzle-orm/neon` bring.
//!
//! Only the names of such tables and columns are ever used: somebody else makes them.

use std::sync::Arc;

use source::Location;

use super::super::evaluate::{Interpreter, Native, Object, Package, Value};
use super::sql::Sql;
use super::table::make_table;
use super::{Entity, policies, sql};
use schema::Dialect;
use std::rc::Rc;

const SUPABASE_ROLES: &[(&str, &str)] = &[
    ("anonRole", "anon"),
    ("authenticatedRole", "authenticated"),
    ("serviceRole", "service_role"),
    ("postgresRole", "postgres_role"),
    ("supabaseAuthAdminRole", "supabase_auth_admin"),
];

const NEON_ROLES: &[(&str, &str)] = &[("authenticatedRole", "authenticated"), ("anonymousRole", "anonymous")];

pub(super) fn is_exported(package: Package, name: &str) -> bool {
    let roles = if package == Package::Supabase { SUPABASE_ROLES } else { NEON_ROLES };
    let others: &[&str] = match package {
        Package::Supabase => &["authUsers", "realtimeMessages", "authUid", "realtimeTopic"],
        _ => &["authUid", "crudPolicy", "usersSync"],
    };
    roles.iter().any(|(export, _)| *export == name) || others.contains(&name)
}

/// The value of an export that is not a function; None for functions.
pub(super) fn value(interpreter: &mut Interpreter<'_>, package: Package, name: &str, at: &Location) -> Option<Value> {
    let roles = if package == Package::Supabase { SUPABASE_ROLES } else { NEON_ROLES };
    // The place stands for the package: equal wherever it is imported.
    let origin = Location::start_of(&Arc::from(std::path::Path::new(match package {
        Package::Supabase => "drizzle-orm/supabase",
        _ => "drizzle-orm/neon",
    })));
    if let Some((_, role)) = roles.iter().find(|(export, _)| *export == name) {
        let role = policies::make_role(interpreter, &[Value::string(*role)], &origin);
        return Some(match &role {
            Value::Entity(Entity::Role(spec)) => policies::existing(spec),
            _ => role,
        });
    }
    let raw = |text: &str| Value::Entity(Entity::Sql(Rc::new(Sql::raw(text))));
    Some(match (package, name) {
        (Package::Supabase, "authUid") => raw("(select auth.uid())"),
        (Package::Supabase, "realtimeTopic") => raw("realtime.topic()"),
        (Package::Supabase, "authUsers") => ready_table(interpreter, ("auth", "users"), AUTH_USERS, &origin),
        (Package::Supabase, "realtimeMessages") => {
            ready_table(interpreter, ("realtime", "messages"), REALTIME_MESSAGES, &origin)
        }
        (Package::Neon, "usersSync") => ready_table(interpreter, ("neon_auth", "users_sync"), USERS_SYNC, &origin),
        (Package::Neon, "authUid" | "crudPolicy") => return None,
        _ => interpreter.unknown(format!("`{name}` is not known"), at.clone()),
    })
}

/// Key, builder, database name where it differs, primary key.
type ReadyColumn = (&'static str, &'static str, Option<&'static str>, bool);

const AUTH_USERS: &[ReadyColumn] = &[
    ("id", "uuid", None, true),
    ("email", "varchar", None, false),
    ("phone", "text", None, false),
    ("emailConfirmedAt", "timestamp", Some("email_confirmed_at"), false),
    ("phoneConfirmedAt", "timestamp", Some("phone_confirmed_at"), false),
    ("lastSignInAt", "timestamp", Some("last_sign_in_at"), false),
    ("createdAt", "timestamp", Some("created_at"), false),
    ("updatedAt", "timestamp", Some("updated_at"), false),
];

const REALTIME_MESSAGES: &[ReadyColumn] =
    &[("id", "bigserial", None, true), ("topic", "text", None, false), ("extension", "text", None, false)];

const USERS_SYNC: &[ReadyColumn] = &[
    ("rawJson", "jsonb", Some("raw_json"), false),
    ("id", "text", None, true),
    ("name", "text", None, false),
    ("email", "text", None, false),
    ("createdAt", "timestamp", Some("created_at"), false),
    ("deletedAt", "timestamp", Some("deleted_at"), false),
    ("updatedAt", "timestamp", Some("updated_at"), false),
];

/// A table that somebody else's migrations make: only its name and its columns' names are ever used.
fn ready_table(
    interpreter: &mut Interpreter<'_>,
    (namespace, name): (&str, &str),
    columns: &[ReadyColumn],
    origin: &Location,
) -> Value {
    let object = Object::default();
    for (key, builder, database_name, is_primary_key) in columns {
        let arguments = database_name.map(Value::string).into_iter().collect();
        let callee = Value::Native(Native::Drizzle(Package::PgCore, Arc::from(*builder)));
        let mut column = interpreter.call(&callee, arguments, origin);
        if let (true, Value::Entity(entity)) = (*is_primary_key, &column) {
            column = super::method(interpreter, entity, &Arc::from("primaryKey"), Vec::new(), origin);
        }
        object.set(Arc::from(*key), column);
    }
    let arguments = vec![Value::string(name), Value::Object(Rc::new(object))];
    let (namespace, name) = (Some(Ok(Arc::from(namespace))), Ok(Arc::from(name)));
    make_table(interpreter, Dialect::Postgres, namespace, name, arguments, origin)
}

/// `authUid(column)` and `crudPolicy({ role, read, modify })` of `drizzle-orm/neon`.
pub(super) fn call(interpreter: &mut Interpreter<'_>, name: &str, arguments: Vec<Value>, at: &Location) -> Value {
    let first = arguments.into_iter().next().unwrap_or(Value::Undefined);
    match (name, &first) {
        ("authUid", _) => sql::template(&[Arc::from("(select auth.user_id() = "), Arc::from(")")], vec![first.clone()]),
        ("crudPolicy", Value::Object(options)) => crud_policy(interpreter, options, at),
        _ => interpreter.unknown(format!("`{name}` is not evaluated here"), at.clone()),
    }
}

fn crud_policy(interpreter: &mut Interpreter<'_>, options: &Rc<Object>, at: &Location) -> Value {
    let role = interpreter.property(options, "role");
    let condition = |value: Value| match value {
        Value::Boolean(value) => {
            Some(Value::Entity(Entity::Sql(Rc::new(Sql::raw(if value { "true" } else { "false" })))))
        }
        Value::Null | Value::Undefined => None,
        other => Some(other),
    };
    let read = condition(interpreter.property(options, "read"));
    let modify = condition(interpreter.property(options, "modify"));
    let one_name = |value: &Value| match value {
        Value::String(name) => Some(name.to_string()),
        Value::Entity(Entity::Role(role)) => role.name.clone().ok().map(|name| name.to_string()),
        _ => None,
    };
    let names = match role.as_array() {
        Some(roles) => roles.iter().map(one_name).collect::<Option<Vec<String>>>().map(|names| names.join("-")),
        None => one_name(&role),
    };
    let Some(names) = names else {
        return interpreter.unknown("the role of this `crudPolicy` is not known", at.clone());
    };
    let plans = [
        ("select", &read, true, false),
        ("insert", &modify, false, true),
        ("update", &modify, true, true),
        ("delete", &modify, true, false),
    ];
    let mut made = Vec::new();
    for (command, condition, uses, checks) in plans {
        let Some(condition) = condition else { continue };
        let config = Object::default();
        config.set(Arc::from("for"), Value::string(command));
        config.set(Arc::from("to"), role.clone());
        if uses {
            config.set(Arc::from("using"), condition.clone());
        }
        if checks {
            config.set(Arc::from("withCheck"), condition.clone());
        }
        let name = Value::string(format!("crud-{names}-policy-{command}"));
        made.push(policies::make_policy(interpreter, &[name, Value::Object(Rc::new(config))], at));
    }
    Value::array(made)
}
