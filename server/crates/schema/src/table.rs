//! Tables and their policies.

use serde::Serialize;
use std::collections::BTreeSet;

use crate::{
    Check, Column, Exclusion, Expression, ForeignKey, Index, Map, Name, ObjectKind, PrimaryKey, Scalar, Unique,
};

/// A table with everything that belongs to it. Parts are keyed by their names.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Table {
    pub name: Name,
    pub columns: Map<String, Column>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub primary_key: Option<PrimaryKey>,
    #[serde(skip_serializing_if = "Map::is_empty")]
    pub uniques: Map<String, Unique>,
    #[serde(skip_serializing_if = "Map::is_empty")]
    pub foreign_keys: Map<String, ForeignKey>,
    #[serde(skip_serializing_if = "Map::is_empty")]
    pub checks: Map<String, Check>,
    #[serde(skip_serializing_if = "Map::is_empty")]
    pub exclusions: Map<String, Exclusion>,
    #[serde(skip_serializing_if = "Map::is_empty")]
    pub indexes: Map<String, Index>,
    #[serde(skip_serializing_if = "Map::is_empty")]
    pub policies: Map<String, Policy>,
    /// Row level security switched on by itself; see [`crate::Schema::policies_enable`].
    pub row_level_security: bool,
    /// Policies hold for the table's owner too.
    #[serde(skip_serializing_if = "std::ops::Not::not")]
    pub force_row_level_security: bool,
    #[serde(skip_serializing_if = "std::ops::Not::not")]
    pub unlogged: bool,
    /// `PARTITION BY`: strategy and key, such as `range (created_at)`.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub partition_by: Option<Expression>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub partition_of: Option<PartitionOf>,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub inherits: Vec<Name>,
    /// Storage parameters by name; on SQLite `strict` and `without rowid`.
    #[serde(skip_serializing_if = "Map::is_empty")]
    pub options: Map<String, Scalar>,
    /// True where only the name is known (`CREATE TABLE … AS`, a virtual table): its parts are never compared.
    #[serde(skip_serializing_if = "std::ops::Not::not")]
    pub opaque: bool,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub comment: Option<String>,
    /// Unique constraints, foreign keys and indexes whose names nobody chose: where both of two versions list one that is alike
    /// but for its name, it is the same one. Only where the migrations tool compares them so.
    #[serde(skip)]
    pub default_names: BTreeSet<(ObjectKind, String)>,
    /// Kinds of parts of which the table may hold more than is listed, or of which a listed one may differ, because
    /// something could not be evaluated: no change of such a part is ever reported as dropped or altered.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub open: Vec<ObjectKind>,
}

impl Table {
    pub fn new(name: Name) -> Table {
        Table {
            name,
            columns: Map::default(),
            primary_key: None,
            uniques: Map::default(),
            foreign_keys: Map::default(),
            checks: Map::default(),
            exclusions: Map::default(),
            indexes: Map::default(),
            policies: Map::default(),
            row_level_security: false,
            force_row_level_security: false,
            unlogged: false,
            partition_by: None,
            partition_of: None,
            inherits: Vec::new(),
            options: Map::default(),
            opaque: false,
            comment: None,
            default_names: BTreeSet::new(),
            open: Vec::new(),
        }
    }

    pub fn is_open(&self, kind: ObjectKind) -> bool {
        self.open.contains(&kind)
    }

    /// Says that parts of this kind may be missing here.
    pub fn set_open(&mut self, kind: ObjectKind) {
        if !self.is_open(kind) {
            self.open.push(kind);
        }
    }
}

/// The table a partition belongs to, and its share of the rows.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct PartitionOf {
    pub parent: Name,
    /// `FOR VALUES …` or `DEFAULT`.
    pub bound: Expression,
}

/// A row-level security policy.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Policy {
    pub name: String,
    /// `PERMISSIVE`; else `RESTRICTIVE`.
    pub permissive: bool,
    /// `ALL`, `SELECT`, `INSERT`, `UPDATE` or `DELETE`.
    pub command: String,
    /// Role names, sorted.
    pub to: Vec<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub using: Option<Expression>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub with_check: Option<Expression>,
}
