//! Statements that change a schema, spelled and formatted as drizzle-kit does, each with its semicolon.
//!
//! Only the spelling is here: which statements a change needs, and in which order, is not.

mod columns;
mod constraints;
mod namespace_objects;
mod notes;
mod policies;
mod tables;
mod types;
mod views;

pub use columns::{add_column, alter_column, column_clause, identity_clause, set_identity};
pub use constraints::{
    add_check, add_exclusion, add_foreign_key, add_primary_key, add_unique, create_index, drop_constraint, drop_index,
    is_usual_primary_key, rename_constraint,
};
pub use namespace_objects::{
    add_enum_value, alter_sequence, create_domain, create_enum, create_extension, create_role, create_sequence,
    domain_check, role_options,
};
pub use notes::{Targets, comment_on, grant, revoke};
pub use policies::{alter_policy, create_policy};
pub use tables::{attach_partition, create_table, storage_parameters};
pub use types::Types;
pub use views::{create_view, view_option};

use schema::{Dialect, Name};

use crate::sql_text;

const DIALECT: Dialect = Dialect::Postgres;

/// In quotes, with its namespace unless that is `public`.
pub fn short_name(name: &Name) -> String {
    sql_text::quoted(DIALECT, name)
}

/// In quotes, always with its namespace.
pub fn full_name(name: &Name) -> String {
    format!("{}.{}", crate::quote_identifier(DIALECT, &name.namespace), crate::quote_identifier(DIALECT, &name.name))
}

/// A function's name in quotes, with its namespace unless that is `public`, and its argument types.
pub fn routine_name(name: &Name) -> String {
    match name.name.split_once('(') {
        Some((bare, arguments)) => format!("{}({arguments}", short_name(&Name::new(name.namespace.as_str(), bare))),
        None => short_name(name),
    }
}

/// A string constant.
pub fn literal(text: &str) -> String {
    sql_text::literal(text)
}

/// A default or an option's value, as SQL.
pub fn scalar(value: &schema::Scalar) -> String {
    sql_text::scalar(DIALECT, value).into_owned()
}

/// `"a","b"`, as drizzle-kit separates the columns of a key.
fn columns(names: &[String]) -> String {
    names.iter().map(|name| crate::quote_identifier(DIALECT, name)).collect::<Vec<_>>().join(",")
}
