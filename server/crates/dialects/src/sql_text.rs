//! A schema as SQL that makes it on an empty database.
//!
//! What the model knows by name only cannot be made: it is listed in comments at the end. Functions, procedures and triggers are printed in
//! full where their definitions are known.

mod left_out;
mod order;
mod pieces;
mod script;

pub(crate) use order::in_order;
pub(crate) use pieces::{
    closed, element_lines, in_parentheses, is_one_group, is_whole_call, joined, literal, names, note, quoted, scalar,
};
pub(crate) use script::Script;

use schema::{Dialect, Schema};

use crate::{postgres, sqlite};

/// The statements that make the schema, in an order in which each finds what it needs. A part that could not be evaluated is a comment.
///
/// Applied to an empty schema they give an equal one, names that the database makes included; only what is known by name is missing.
pub fn sql_text(schema: &Schema) -> String {
    let mut script = Script::new(schema.dialect);
    left_out::write_head(schema, &mut script);
    match schema.dialect {
        Dialect::Postgres => postgres::script::write(schema, &mut script),
        Dialect::Sqlite => sqlite::script::write(schema, &mut script),
    }
    left_out::write_foot(schema, &mut script);
    script.into_text()
}

#[cfg(test)]
mod tests;
