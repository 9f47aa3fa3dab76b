//! Enums, domains, sequences, extensions and roles.

use schema::{BIGINT, Check, Domain, Enum, Extension, Name, Role, Sequence};

use super::columns::{all_options, leaves_bounds};
use super::{DIALECT, Types, full_name, literal, scalar, short_name};
use crate::postgres::grants;
use crate::quote_identifier;
use crate::sql_text::{in_parentheses, joined};

/// `CREATE TYPE … AS ENUM`.
pub fn create_enum(it: &Enum) -> String {
    let values = joined(it.values.iter().map(|value| literal(value)));
    format!("CREATE TYPE {} AS ENUM({values});", full_name(&it.name))
}

/// At the end, or before another value.
pub fn add_enum_value(name: &Name, value: &str, before: Option<&str>) -> String {
    let place = before.map(|it| format!(" BEFORE {}", literal(it))).unwrap_or_default();
    format!("ALTER TYPE {} ADD VALUE {}{place};", full_name(name), literal(value))
}

/// The statement, and a check that is not valid behind it.
pub fn create_domain(types: &Types<'_>, domain: &Domain) -> Vec<String> {
    let name = short_name(&domain.name);
    let mut text = format!("CREATE DOMAIN {name} AS {}", types.short(&domain.sql_type));
    if let Some(default) = &domain.default {
        text.push_str(&format!(" DEFAULT {}", scalar(default)));
    }
    if domain.not_null {
        text.push_str(" NOT NULL");
    }
    for valid in domain.checks.iter().filter(|check| !check.not_valid) {
        text.push_str(&format!(" {}", domain_check(valid)));
    }
    let not_valid = domain.checks.iter().filter(|check| check.not_valid);
    let later = not_valid.map(|check| format!("ALTER DOMAIN {name} ADD {} NOT VALID;", domain_check(check)));
    std::iter::once(text + ";").chain(later).collect()
}

/// `CONSTRAINT "c" CHECK (…)`.
pub fn domain_check(check: &Check) -> String {
    let text = in_parentheses(DIALECT, &check.expression.text);
    format!("CONSTRAINT {} CHECK {text}", quote_identifier(DIALECT, &check.name))
}

/// `CREATE SEQUENCE`, all numbers spelled out.
pub fn create_sequence(sequence: &Sequence) -> String {
    let integer = match sequence.integer.as_str() {
        BIGINT | "" => String::new(),
        integer => format!(" AS {integer}"),
    };
    format!("CREATE SEQUENCE {}{integer}{};", full_name(&sequence.name), all_options(&sequence.options))
}

/// `ALTER SEQUENCE` to all numbers of `after`.
pub fn alter_sequence(before: &Sequence, after: &Sequence) -> String {
    let integer = if before.integer == after.integer { String::new() } else { format!(" AS {}", after.integer) };
    let no_cycle = if before.options.cycle && !after.options.cycle { " NO CYCLE" } else { "" };
    let restart = if leaves_bounds(&before.options, &after.options) { " RESTART" } else { "" };
    format!("ALTER SEQUENCE {}{integer}{}{no_cycle}{restart};", full_name(&after.name), all_options(&after.options))
}

/// `CREATE EXTENSION`, unless it is there.
pub fn create_extension(extension: &Extension) -> String {
    let namespace = extension.namespace.as_ref().map(|it| format!(" SCHEMA {}", quote_identifier(DIALECT, it)));
    let name = quote_identifier(DIALECT, &extension.name);
    format!("CREATE EXTENSION IF NOT EXISTS {name}{};", namespace.unwrap_or_default())
}

/// `CREATE ROLE`, with what differs from the defaults.
pub fn create_role(role: &Role) -> String {
    grants::create_role(role) + ";"
}

/// `CREATEDB NOCREATEROLE INHERIT`.
pub fn role_options(role: &Role) -> String {
    let create_db = if role.create_db { "CREATEDB" } else { "NOCREATEDB" };
    let create_role = if role.create_role { "CREATEROLE" } else { "NOCREATEROLE" };
    let inherit = if role.inherit { "INHERIT" } else { "NOINHERIT" };
    format!("{create_db} {create_role} {inherit}")
}
