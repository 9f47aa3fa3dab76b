//! Pieces of SQL text: as written for printing, canonical for comparing.

use serde::Serialize;
use std::hash::{Hash, Hasher};

use crate::Name;

/// A SQL expression or a query. Two are equal when their canonical forms are.
#[derive(Clone, Debug, Serialize)]
pub struct Expression {
    /// As the schema file or snapshot has it.
    pub text: String,
    #[serde(skip)]
    pub canonical: String,
}

impl PartialEq for Expression {
    fn eq(&self, other: &Expression) -> bool {
        self.canonical == other.canonical
    }
}

impl Eq for Expression {}

impl Hash for Expression {
    fn hash<H: Hasher>(&self, state: &mut H) {
        self.canonical.hash(state);
    }
}

/// What kind of value a piece of text stands for: snapshots and printers need to know.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize)]
#[serde(rename_all = "lowercase")]
pub enum Form {
    /// SQL text, string literals with their quotes included.
    Sql,
    Number,
    Boolean,
    /// `NULL` said in so many words.
    Null,
}

/// A default or an option's value. Two are equal when their canonical forms are: `1` the number and `1` the SQL text are one default.
#[derive(Clone, Debug, Serialize)]
pub struct Scalar {
    pub text: String,
    pub form: Form,
    #[serde(skip)]
    pub canonical: String,
}

impl PartialEq for Scalar {
    fn eq(&self, other: &Scalar) -> bool {
        self.canonical == other.canonical
    }
}

impl Eq for Scalar {}

/// A column's type. Two are equal when their canonical forms and the enums they name are.
#[derive(Clone, Debug, Serialize)]
pub struct SqlType {
    /// As the schema language prints it, such as `timestamp (3) with time zone`.
    pub text: String,
    #[serde(skip)]
    pub canonical: String,
    /// The enum the type is (or is an array of), where the source says so.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub enum_name: Option<Name>,
}

impl PartialEq for SqlType {
    fn eq(&self, other: &SqlType) -> bool {
        self.canonical == other.canonical && self.enum_name == other.enum_name
    }
}

impl Eq for SqlType {}
