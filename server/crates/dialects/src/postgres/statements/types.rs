//! Types as statements name them.

use schema::{Name, Schema, SqlType};

use super::{full_name, short_name};
use crate::postgres::create_table::Context;
use crate::postgres::types;

/// What the names of types mean in a schema.
pub struct Types<'a> {
    ctx: Context<'a>,
}

impl<'a> Types<'a> {
    /// Types of this schema.
    pub fn of(schema: &'a Schema) -> Types<'a> {
        Types { ctx: Context::new(schema) }
    }

    /// The domain, or the type known by name only, that a type is or is an array of.
    pub fn user_type(&self, sql_type: &SqlType) -> Option<&'a Name> {
        self.ctx.user_type(sql_type)
    }

    /// As CREATE TABLE and ADD COLUMN name it: an enum of `public` by its own name.
    pub fn short(&self, sql_type: &SqlType) -> String {
        match &sql_type.enum_name {
            Some(name) if !types::is_builtin(&name.name) => format!("{}{}", short_name(name), suffix(&sql_type.text)),
            Some(name) => format!("{}{}", full_name(name), suffix(&sql_type.text)),
            None => self.ctx.type_text(sql_type),
        }
    }

    /// As ALTER COLUMN and casts name it: an enum with its namespace.
    pub fn full(&self, sql_type: &SqlType) -> String {
        match &sql_type.enum_name {
            Some(name) => format!("{}{}", full_name(name), suffix(&sql_type.text)),
            None => self.ctx.type_text(sql_type),
        }
    }
}

/// The brackets of an array type as written, sizes included.
fn suffix(text: &str) -> &str {
    let n_dimensions = types::dimensions(text).len() / 2;
    let mut starts = text.rmatch_indices('[').map(|(at, _)| at);
    let start = n_dimensions.checked_sub(1).and_then(|last| starts.nth(last));
    start.and_then(|at| text.get(at..)).unwrap_or_default()
}
