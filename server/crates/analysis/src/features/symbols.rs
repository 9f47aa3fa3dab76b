//! Tables, columns, enums as symbols.

use schema::ObjectKind;
use source::{Location, Span};

/// A symbol of one file, with what it contains.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Symbol {
    pub name: String,
    /// A column's SQL type, an index's columns.
    pub detail: String,
    pub kind: ObjectKind,
    pub full: Span,
    pub focus: Span,
    pub children: Vec<Symbol>,
}

/// A symbol anywhere in the projects.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct WorkspaceSymbol {
    pub name: String,
    /// The full name of what contains it, empty at the top.
    pub container: String,
    pub kind: ObjectKind,
    pub location: Location,
}
