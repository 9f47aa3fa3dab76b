//! Columns and what belongs to one column alone.

use serde::Serialize;

use crate::{Expression, Scalar, SqlType};

/// A table's column. Keys and constraints are the table's, a column's own `.primaryKey()` included.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Column {
    pub name: String,
    #[serde(rename = "type")]
    pub sql_type: SqlType,
    pub not_null: bool,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub default: Option<Scalar>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub generated: Option<Generated>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub identity: Option<Identity>,
    /// SQLite's AUTOINCREMENT.
    #[serde(skip_serializing_if = "std::ops::Not::not")]
    pub autoincrement: bool,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub collation: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub comment: Option<String>,
    /// What could not be evaluated: these facts hold placeholders and are never compared.
    #[serde(skip_serializing_if = "ColumnFacts::is_known")]
    pub unknown: ColumnFacts,
}

/// A choice of a column's facts, each true where it is meant.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize)]
pub struct ColumnFacts {
    pub sql_type: bool,
    pub not_null: bool,
    pub default: bool,
    pub generated: bool,
    pub identity: bool,
    pub autoincrement: bool,
}

impl ColumnFacts {
    pub const ALL: ColumnFacts = ColumnFacts {
        sql_type: true,
        not_null: true,
        default: true,
        generated: true,
        identity: true,
        autoincrement: true,
    };

    /// True where nothing is chosen, that is, where everything is known.
    pub fn is_known(&self) -> bool {
        *self == ColumnFacts::default()
    }

    pub fn union(self, other: ColumnFacts) -> ColumnFacts {
        ColumnFacts {
            sql_type: self.sql_type || other.sql_type,
            not_null: self.not_null || other.not_null,
            default: self.default || other.default,
            generated: self.generated || other.generated,
            identity: self.identity || other.identity,
            autoincrement: self.autoincrement || other.autoincrement,
        }
    }
}

/// A column computed from others.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Generated {
    pub expression: Expression,
    /// Stored in the row; else computed when read (`VIRTUAL`).
    pub stored: bool,
}

/// `GENERATED … AS IDENTITY` and the sequence behind it.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Identity {
    /// `ALWAYS`; else `BY DEFAULT`.
    pub always: bool,
    pub sequence_name: String,
    pub sequence_namespace: String,
    pub options: SequenceOptions,
}

/// A sequence's numbers, in decimal: they may pass 64 bits in a schema file.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct SequenceOptions {
    pub increment: String,
    pub min_value: String,
    pub max_value: String,
    pub start_with: String,
    pub cache: String,
    pub cycle: bool,
}
