//! Views and materialized views.

use serde::Serialize;

use crate::{Column, Expression, Index, Map, Name, Scalar};

/// A view. One that is `existing` is somebody else's: named, never created or dropped.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct View {
    pub name: Name,
    pub materialized: bool,
    pub existing: bool,
    /// None where there is none (an existing view) or where it is opaque.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub definition: Option<Expression>,
    /// True where the view has a definition that cannot be told without running code: it is never compared.
    pub opaque: bool,
    /// The relations its query reads, where they are known: it is dropped with them.
    #[serde(skip)]
    pub reads: Vec<Name>,
    pub columns: Map<String, Column>,
    /// Of a materialized view. Where a schema language has no words for them, they are as the migrations made them.
    #[serde(skip_serializing_if = "Map::is_empty")]
    pub indexes: Map<String, Index>,
    /// Columns that are the primary key of the table they were selected from: drizzle-kit records the flag, and never compares it.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub primary_key: Vec<String>,
    /// Options by the schema language's own names (`securityInvoker`).
    #[serde(skip_serializing_if = "Map::is_empty")]
    pub with: Map<String, Scalar>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub with_no_data: Option<bool>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub using: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub tablespace: Option<String>,
}
