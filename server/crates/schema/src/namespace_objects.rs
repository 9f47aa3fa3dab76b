//! Everything else that lives in a namespace or beside it.

use serde::Serialize;
use std::sync::Arc;

use crate::{Check, Definition, Firing, Name, ObjectKind, ObjectPath, Policy, Scalar, SequenceOptions, SqlType};

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
    /// `bigint` unless it is said otherwise, in canonical form.
    #[serde(skip_serializing_if = "is_bigint")]
    pub integer: String,
    pub options: SequenceOptions,
    /// The table and the column that own it: it is dropped with them.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub owned_by: Option<(Name, String)>,
    /// True where an option could not be evaluated: the options are never compared.
    #[serde(skip_serializing_if = "std::ops::Not::not")]
    pub options_unknown: bool,
}

/// The type of a sequence that names none.
pub const BIGINT: &str = "bigint";

fn is_bigint(integer: &str) -> bool {
    integer == BIGINT
}

/// A domain: a type with rules.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Domain {
    pub name: Name,
    pub sql_type: SqlType,
    pub not_null: bool,
    pub default: Option<Scalar>,
    pub checks: Vec<Check>,
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

/// Kinds of objects that the model has no shape for. Of functions, procedures and triggers the definition is kept.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum OpaqueKind {
    Function,
    Procedure,
    Aggregate,
    Trigger,
    EventTrigger,
    Rule,
    /// A composite, range, base or shell type.
    Type,
    Collation,
    Operator,
    OperatorClass,
    OperatorFamily,
    Cast,
    Conversion,
    Language,
    Publication,
    Subscription,
    Server,
    ForeignDataWrapper,
    ForeignTable,
    UserMapping,
    Statistics,
    TextSearch,
    AccessMethod,
    Transform,
    Tablespace,
    Database,
    Other,
}

/// Kinds that are listed together.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum OpaqueGroup {
    Routines,
    Triggers,
    Others,
}

impl OpaqueKind {
    /// True for the kinds whose definitions are kept.
    pub fn is_defined(self) -> bool {
        matches!(self, OpaqueKind::Function | OpaqueKind::Procedure | OpaqueKind::Trigger)
    }

    /// What a schema file lists all of, if it lists any.
    pub fn group(self) -> OpaqueGroup {
        match self {
            OpaqueKind::Function | OpaqueKind::Procedure => OpaqueGroup::Routines,
            OpaqueKind::Trigger => OpaqueGroup::Triggers,
            _ => OpaqueGroup::Others,
        }
    }

    /// The word for a person.
    pub fn as_str(self) -> &'static str {
        match self {
            OpaqueKind::Function => "function",
            OpaqueKind::Procedure => "procedure",
            OpaqueKind::Aggregate => "aggregate",
            OpaqueKind::Trigger => "trigger",
            OpaqueKind::EventTrigger => "event trigger",
            OpaqueKind::Rule => "rule",
            OpaqueKind::Type => "type",
            OpaqueKind::Collation => "collation",
            OpaqueKind::Operator => "operator",
            OpaqueKind::OperatorClass => "operator class",
            OpaqueKind::OperatorFamily => "operator family",
            OpaqueKind::Cast => "cast",
            OpaqueKind::Conversion => "conversion",
            OpaqueKind::Language => "language",
            OpaqueKind::Publication => "publication",
            OpaqueKind::Subscription => "subscription",
            OpaqueKind::Server => "server",
            OpaqueKind::ForeignDataWrapper => "foreign data wrapper",
            OpaqueKind::ForeignTable => "foreign table",
            OpaqueKind::UserMapping => "user mapping",
            OpaqueKind::Statistics => "statistics",
            OpaqueKind::TextSearch => "text search object",
            OpaqueKind::AccessMethod => "access method",
            OpaqueKind::Transform => "transform",
            OpaqueKind::Tablespace => "tablespace",
            OpaqueKind::Database => "database",
            OpaqueKind::Other => "object",
        }
    }
}

/// What tells these objects from each other.
#[derive(Clone, Debug, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize)]
pub struct OpaqueKey {
    pub kind: OpaqueKind,
    /// A function's argument types are part of its name: `f(integer)`.
    pub name: Name,
    /// The table of a trigger or rule.
    pub on: Option<Name>,
}

impl OpaqueKey {
    /// The path names the table of a trigger or rule, since two tables may have triggers of one name.
    pub fn path(&self) -> ObjectPath {
        match &self.on {
            Some(table) => ObjectPath::part(ObjectKind::Opaque, table, self.name.name.as_str()),
            None => ObjectPath::new(ObjectKind::Opaque, &self.name),
        }
    }

    /// A function's name without its argument types.
    pub fn bare_name(&self) -> &str {
        match self.kind {
            OpaqueKind::Function | OpaqueKind::Procedure | OpaqueKind::Aggregate => {
                self.name.name.split('(').next().unwrap_or_default()
            }
            _ => &self.name.name,
        }
    }
}

/// An object of which the name is known, and its definition where it has one that could be read.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct OpaqueObject {
    #[serde(flatten)]
    pub key: OpaqueKey,
    /// The name of the function that a trigger calls, without its namespace.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub calls: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub definition: Option<Arc<Definition>>,
    /// Of a trigger.
    #[serde(skip_serializing_if = "Firing::is_usual")]
    pub firing: Firing,
}

impl OpaqueObject {
    /// An object of which only the name is known.
    pub fn by_name(key: OpaqueKey) -> OpaqueObject {
        OpaqueObject { key, calls: None, definition: None, firing: Firing::default() }
    }
}

/// Privileges on one object for one role.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Grant {
    pub on: ObjectPath,
    /// A role's name, or `public`.
    pub to: String,
    /// In upper case, sorted, `ALL` spelled out.
    pub privileges: Vec<String>,
    /// Those of them that may be passed on.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub with_grant_option: Vec<String>,
}
