//! Everything else that lives in a namespace or beside it.

use serde::Serialize;

use crate::{Expression, Name, Policy, Scalar, SequenceOptions, SqlType};

/// An enum type and its values in order.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Enum {
    pub name: Name,
    pub values: Vec<String>,
    /// True where the values could not be evaluated: they are never compared.
    #[serde(skip_serializing_if = "std::ops::Not::not")]
    pub values_unknown: bool,
}

/// A free-standing sequence.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Sequence {
    pub name: Name,
    pub options: SequenceOptions,
    /// True where an option could not be evaluated: the options are never compared.
    #[serde(skip_serializing_if = "std::ops::Not::not")]
    pub options_unknown: bool,
}

/// A domain: a type with rules.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Domain {
    pub name: Name,
    pub sql_type: SqlType,
    pub not_null: bool,
    pub default: Option<Scalar>,
    pub checks: Vec<Expression>,
}

/// A role, of which only these facts are managed.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Role {
    pub name: String,
    pub create_db: bool,
    pub create_role: bool,
    pub inherit: bool,
}

/// A policy on a table that the schema does not manage.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct LinkedPolicy {
    pub policy: Policy,
    pub on: Name,
}

/// An installed extension.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Extension {
    pub name: String,
    pub namespace: Option<String>,
}

/// Kinds of objects that are known by name only.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum OpaqueKind {
    Function,
    Procedure,
    Aggregate,
    Trigger,
    EventTrigger,
    Other,
}

/// An object known by name only.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct OpaqueObject {
    pub kind: OpaqueKind,
    pub name: Name,
    /// A trigger's table.
    pub on: Option<Name>,
    pub text: String,
}
