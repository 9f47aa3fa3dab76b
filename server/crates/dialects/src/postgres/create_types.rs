//! Enums and domains as SQL.

use schema::{Dialect, Domain, Enum};

use super::create_table::Context;
use crate::quote_identifier;
use crate::sql_text::{Script, in_parentheses, joined, literal, quoted, scalar};

const DIALECT: Dialect = Dialect::Postgres;

pub(crate) fn write_enum(it: &Enum, script: &mut Script) {
    let name = quoted(DIALECT, &it.name);
    if it.values_unknown {
        script.comment("not known: all values of the next type");
    }
    let values = joined(it.values.iter().map(|value| literal(value)));
    script.statement(&format!("CREATE TYPE {name} AS ENUM ({values})"));
}

pub(crate) fn write_domain(ctx: &Context<'_>, domain: &Domain, script: &mut Script) {
    let name = quoted(DIALECT, &domain.name);
    let mut text = format!("CREATE DOMAIN {name} AS {}", ctx.type_text(&domain.sql_type));
    if let Some(default) = &domain.default {
        text.push_str(&format!(" DEFAULT {}", scalar(DIALECT, default)));
    }
    if domain.not_null {
        text.push_str(" NOT NULL");
    }
    let check = |check: &schema::Check| {
        let (name, text) = (quote_identifier(DIALECT, &check.name), in_parentheses(DIALECT, &check.expression.text));
        format!("CONSTRAINT {name} CHECK {text}")
    };
    for valid in domain.checks.iter().filter(|check| !check.not_valid) {
        text.push_str(&format!("\n  {}", check(valid)));
    }
    script.statement(&text);
    for not_valid in domain.checks.iter().filter(|check| check.not_valid) {
        script.statement(&format!("ALTER DOMAIN {name} ADD {} NOT VALID", check(not_valid)));
    }
}
