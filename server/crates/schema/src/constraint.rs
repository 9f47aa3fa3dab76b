//! Constraints and indexes.

use serde::Serialize;

use crate::{Expression, Map, Name, Scalar};

/// A table's primary key.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct PrimaryKey {
    /// None where it is declared on its column and the database names it.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub name: Option<String>,
    /// The name the database gave where `name` is None; None where it is not known. Never compared with another such name.
    #[serde(skip)]
    pub server_name: Option<String>,
    pub columns: Vec<String>,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub include: Vec<String>,
    #[serde(skip_serializing_if = "Deferral::is_immediate")]
    pub deferral: Deferral,
}

impl PrimaryKey {
    pub fn new(name: Option<String>, columns: Vec<String>) -> PrimaryKey {
        PrimaryKey { name, server_name: None, columns, include: Vec::new(), deferral: Deferral::Immediate }
    }
}

/// When a constraint is checked.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Deferral {
    /// `NOT DEFERRABLE`.
    #[default]
    Immediate,
    /// `DEFERRABLE INITIALLY IMMEDIATE`.
    Deferrable,
    /// `DEFERRABLE INITIALLY DEFERRED`.
    Deferred,
}

impl Deferral {
    /// As SQL says it.
    pub fn as_str(self) -> &'static str {
        match self {
            Deferral::Immediate => "NOT DEFERRABLE",
            Deferral::Deferrable => "DEFERRABLE",
            Deferral::Deferred => "DEFERRABLE INITIALLY DEFERRED",
        }
    }

    pub fn is_immediate(&self) -> bool {
        *self == Deferral::Immediate
    }
}

/// `UNIQUE` as a constraint.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Unique {
    pub name: String,
    pub columns: Vec<String>,
    pub nulls_not_distinct: bool,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub include: Vec<String>,
    #[serde(skip_serializing_if = "Deferral::is_immediate")]
    pub deferral: Deferral,
}

impl Unique {
    pub fn new(name: String, columns: Vec<String>, nulls_not_distinct: bool) -> Unique {
        Unique { name, columns, nulls_not_distinct, include: Vec::new(), deferral: Deferral::Immediate }
    }
}

/// What happens to the referencing rows.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize)]
pub enum ForeignKeyAction {
    #[serde(rename = "no action")]
    NoAction,
    #[serde(rename = "restrict")]
    Restrict,
    #[serde(rename = "cascade")]
    Cascade,
    #[serde(rename = "set null")]
    SetNull,
    #[serde(rename = "set default")]
    SetDefault,
}

impl ForeignKeyAction {
    pub const ALL: [ForeignKeyAction; 5] = [
        ForeignKeyAction::NoAction,
        ForeignKeyAction::Restrict,
        ForeignKeyAction::Cascade,
        ForeignKeyAction::SetNull,
        ForeignKeyAction::SetDefault,
    ];

    /// Lower case, as Drizzle and its snapshots write it.
    pub fn as_str(self) -> &'static str {
        match self {
            ForeignKeyAction::NoAction => "no action",
            ForeignKeyAction::Restrict => "restrict",
            ForeignKeyAction::Cascade => "cascade",
            ForeignKeyAction::SetNull => "set null",
            ForeignKeyAction::SetDefault => "set default",
        }
    }

    /// Case does not matter; None for any other word.
    pub fn parse(word: &str) -> Option<ForeignKeyAction> {
        Self::ALL.into_iter().find(|action| action.as_str().eq_ignore_ascii_case(word))
    }
}

/// `FOREIGN KEY … REFERENCES`.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct ForeignKey {
    pub name: String,
    /// True where the statement gives no name and the database keeps none (SQLite): `name` is made of the content then.
    #[serde(skip)]
    pub unnamed: bool,
    pub columns: Vec<String>,
    pub to: Name,
    pub to_columns: Vec<String>,
    pub on_delete: ForeignKeyAction,
    pub on_update: ForeignKeyAction,
    /// `MATCH FULL`.
    #[serde(skip_serializing_if = "std::ops::Not::not")]
    pub match_full: bool,
    #[serde(skip_serializing_if = "Deferral::is_immediate")]
    pub deferral: Deferral,
    /// `NOT VALID`: rows that were there before are not checked yet.
    #[serde(skip_serializing_if = "std::ops::Not::not")]
    pub not_valid: bool,
}

/// `CHECK`.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Check {
    pub name: String,
    pub expression: Expression,
    /// `NOT VALID`: rows that were there before are not checked yet.
    #[serde(skip_serializing_if = "std::ops::Not::not")]
    pub not_valid: bool,
    #[serde(skip_serializing_if = "std::ops::Not::not")]
    pub no_inherit: bool,
}

impl Check {
    pub fn new(name: String, expression: Expression) -> Check {
        Check { name, expression, not_valid: false, no_inherit: false }
    }
}

/// `EXCLUDE`: no two rows for which all operators hold.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Exclusion {
    pub name: String,
    /// All behind the word `EXCLUDE`.
    pub definition: Expression,
}

/// An index.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Index {
    pub name: String,
    pub unique: bool,
    /// `btree` where the source names none; empty on SQLite.
    pub method: String,
    pub columns: Vec<IndexColumn>,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub include: Vec<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub predicate: Option<Expression>,
    #[serde(skip_serializing_if = "Map::is_empty")]
    pub with: Map<String, Scalar>,
    pub nulls_not_distinct: bool,
    /// Built without blocking writes. drizzle-kit rebuilds an index when only this changes, so it counts between its snapshots;
    /// None where only the index itself is known, as in a replay or a database.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub concurrently: Option<bool>,
}

/// One key of an index.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct IndexColumn {
    pub key: IndexKey,
    pub ascending: bool,
    pub nulls_first: bool,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub opclass: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub collation: Option<String>,
}

/// What an index orders by.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum IndexKey {
    Column(String),
    Expression(Expression),
}
