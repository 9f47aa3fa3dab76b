//! How an object is named: `public.users.email`, with its kind.

use serde::Serialize;
use std::fmt;

/// A name inside a namespace. The namespace is `public` for PostgreSQL's default one and empty on SQLite.
#[derive(Clone, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct Name {
    pub namespace: String,
    pub name: String,
}

impl Name {
    pub fn new(namespace: impl Into<String>, name: impl Into<String>) -> Name {
        Name { namespace: namespace.into(), name: name.into() }
    }
}

impl fmt::Display for Name {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        if self.namespace.is_empty() { f.write_str(&self.name) } else { write!(f, "{}.{}", self.namespace, self.name) }
    }
}

impl Serialize for Name {
    fn serialize<S: serde::Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_str(self)
    }
}

/// The kinds of objects that changes and findings are about.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum ObjectKind {
    Namespace,
    Enum,
    EnumValue,
    Domain,
    Sequence,
    Table,
    Column,
    PrimaryKey,
    Unique,
    ForeignKey,
    Check,
    Exclusion,
    Index,
    RowLevelSecurity,
    Policy,
    View,
    Role,
    Extension,
    Opaque,
}

impl ObjectKind {
    /// The word for a person, and in the `kind` of a change (`add_column`).
    pub fn as_str(self) -> &'static str {
        match self {
            ObjectKind::Namespace => "schema",
            ObjectKind::Enum => "enum",
            ObjectKind::EnumValue => "enum_value",
            ObjectKind::Domain => "domain",
            ObjectKind::Sequence => "sequence",
            ObjectKind::Table => "table",
            ObjectKind::Column => "column",
            ObjectKind::PrimaryKey => "primary_key",
            ObjectKind::Unique => "unique_constraint",
            ObjectKind::ForeignKey => "foreign_key",
            ObjectKind::Check => "check_constraint",
            ObjectKind::Exclusion => "exclusion_constraint",
            ObjectKind::Index => "index",
            ObjectKind::RowLevelSecurity => "row_level_security",
            ObjectKind::Policy => "policy",
            ObjectKind::View => "view",
            ObjectKind::Role => "role",
            ObjectKind::Extension => "extension",
            ObjectKind::Opaque => "object",
        }
    }

    /// True for what belongs to a table (or, for an enum value, to its enum) and is named by a part.
    pub fn is_part(self) -> bool {
        matches!(
            self,
            ObjectKind::EnumValue
                | ObjectKind::Column
                | ObjectKind::PrimaryKey
                | ObjectKind::Unique
                | ObjectKind::ForeignKey
                | ObjectKind::Check
                | ObjectKind::Exclusion
                | ObjectKind::Index
                | ObjectKind::RowLevelSecurity
                | ObjectKind::Policy
        )
    }
}

/// An object's kind and full name. `part` is the column, constraint, index, policy, trigger or rule inside the table `name`,
/// or the value inside the enum `name`.
#[derive(Clone, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct ObjectPath {
    pub kind: ObjectKind,
    pub name: Name,
    pub part: Option<String>,
}

impl ObjectPath {
    pub fn new(kind: ObjectKind, name: &Name) -> ObjectPath {
        ObjectPath { kind, name: name.clone(), part: None }
    }

    pub fn part(kind: ObjectKind, name: &Name, part: impl Into<String>) -> ObjectPath {
        ObjectPath { kind, name: name.clone(), part: Some(part.into()) }
    }

    /// Namespaces, roles and extensions: one name, in no namespace.
    pub fn global(kind: ObjectKind, name: impl Into<String>) -> ObjectPath {
        ObjectPath { kind, name: Name::new("", name), part: None }
    }

    /// The table or enum that a part belongs to; itself for everything else.
    pub fn owner(&self) -> ObjectPath {
        let kind = match self.kind {
            ObjectKind::EnumValue => ObjectKind::Enum,
            kind if kind.is_part() => ObjectKind::Table,
            // A trigger stands on its own.
            ObjectKind::Opaque => return self.clone(),
            kind => kind,
        };
        ObjectPath { kind, name: self.name.clone(), part: None }
    }

    /// The full name as a person writes it: `users.email`; PostgreSQL's `public` is left out.
    pub fn short(&self) -> String {
        let full = self.to_string();
        match self.name.namespace.as_str() {
            "public" => full.strip_prefix("public.").map(str::to_owned).unwrap_or(full),
            _ => full,
        }
    }

    /// The object's own last name: the part, else the name.
    pub fn last_name(&self) -> &str {
        self.part.as_deref().unwrap_or(&self.name.name)
    }
}

impl fmt::Display for ObjectPath {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}", self.name)?;
        match &self.part {
            Some(part) => write!(f, ".{part}"),
            None => Ok(()),
        }
    }
}

impl Serialize for ObjectPath {
    fn serialize<S: serde::Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_str(self)
    }
}
