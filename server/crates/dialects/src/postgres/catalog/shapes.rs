//! The JSON that `catalog.sql` answers with.

use serde::Deserialize;

#[derive(Deserialize)]
pub(super) struct Raw {
    pub(super) namespaces: Vec<String>,
    pub(super) extensions: Vec<RawExtension>,
    pub(super) roles: Vec<RawRole>,
    pub(super) enums: Vec<RawEnum>,
    pub(super) domains: Vec<RawDomain>,
    pub(super) sequences: Vec<RawSequence>,
    pub(super) tables: Vec<RawTable>,
    pub(super) columns: Vec<RawColumn>,
    pub(super) constraints: Vec<RawConstraint>,
    pub(super) indexes: Vec<RawIndex>,
    pub(super) policies: Vec<RawPolicy>,
    pub(super) views: Vec<RawView>,
    pub(super) opaque: Vec<RawOpaque>,
    pub(super) grants: Vec<RawGrant>,
    pub(super) comments: Vec<RawComment>,
}

#[derive(Deserialize)]
pub(super) struct RawExtension {
    pub(super) name: String,
    pub(super) namespace: String,
}

#[derive(Deserialize)]
pub(super) struct RawRole {
    pub(super) name: String,
    pub(super) create_db: bool,
    pub(super) create_role: bool,
    pub(super) inherit: bool,
}

#[derive(Deserialize)]
pub(super) struct RawEnum {
    pub(super) namespace: String,
    pub(super) name: String,
    pub(super) values: Vec<String>,
}

#[derive(Deserialize)]
pub(super) struct RawDomain {
    pub(super) namespace: String,
    pub(super) name: String,
    #[serde(flatten)]
    pub(super) sql_type: RawType,
    pub(super) not_null: bool,
    pub(super) default: Option<String>,
    pub(super) checks: Vec<RawDomainCheck>,
}

#[derive(Deserialize)]
pub(super) struct RawDomainCheck {
    pub(super) name: String,
    pub(super) expression: String,
    pub(super) valid: bool,
}

/// A type as `format_type` prints it; the names are there where it is one that the database's own statements made.
#[derive(Deserialize)]
pub(super) struct RawType {
    #[serde(rename = "type")]
    pub(super) text: String,
    pub(super) type_namespace: Option<String>,
    pub(super) type_name: Option<String>,
    pub(super) is_enum: Option<bool>,
}

#[derive(Deserialize)]
pub(super) struct RawSequence {
    pub(super) namespace: String,
    pub(super) name: String,
    pub(super) integer: String,
    pub(super) options: RawSequenceOptions,
    pub(super) owner_namespace: Option<String>,
    pub(super) owner_table: Option<String>,
    pub(super) owner_column: Option<String>,
}

#[derive(Deserialize)]
pub(super) struct RawSequenceOptions {
    pub(super) increment: String,
    pub(super) min_value: String,
    pub(super) max_value: String,
    pub(super) start_with: String,
    pub(super) cache: String,
    pub(super) cycle: bool,
}

#[derive(Deserialize)]
pub(super) struct RawTable {
    pub(super) namespace: String,
    pub(super) name: String,
    pub(super) unlogged: bool,
    pub(super) row_level_security: bool,
    pub(super) force_row_level_security: bool,
    pub(super) options: Vec<String>,
    pub(super) partition_by: Option<String>,
    pub(super) bound: Option<String>,
    pub(super) parents: Vec<RawName>,
    pub(super) comment: Option<String>,
}

#[derive(Deserialize)]
pub(super) struct RawName {
    pub(super) namespace: String,
    pub(super) name: String,
}

#[derive(Deserialize)]
pub(super) struct RawColumn {
    pub(super) namespace: String,
    pub(super) table: String,
    pub(super) name: String,
    #[serde(flatten)]
    pub(super) sql_type: RawType,
    pub(super) not_null: bool,
    pub(super) expression: Option<String>,
    pub(super) generated: String,
    pub(super) identity: String,
    pub(super) collation: Option<String>,
    pub(super) sequence_namespace: Option<String>,
    pub(super) sequence_name: Option<String>,
    pub(super) sequence_options: Option<RawSequenceOptions>,
    pub(super) comment: Option<String>,
}

#[derive(Deserialize)]
pub(super) struct RawConstraint {
    pub(super) namespace: String,
    pub(super) table: String,
    pub(super) name: String,
    pub(super) kind: String,
    pub(super) columns: Vec<String>,
    pub(super) include: Vec<String>,
    pub(super) nulls_not_distinct: bool,
    pub(super) to_namespace: Option<String>,
    pub(super) to_table: Option<String>,
    pub(super) to_columns: Vec<String>,
    pub(super) on_delete: String,
    pub(super) on_update: String,
    #[serde(rename = "match")]
    pub(super) matched: String,
    pub(super) deferrable: bool,
    pub(super) deferred: bool,
    pub(super) valid: bool,
    pub(super) no_inherit: bool,
    pub(super) expression: Option<String>,
    pub(super) definition: String,
}

#[derive(Deserialize)]
pub(super) struct RawIndex {
    pub(super) namespace: String,
    pub(super) table: String,
    pub(super) name: String,
    pub(super) unique: bool,
    pub(super) method: String,
    pub(super) nulls_not_distinct: bool,
    pub(super) predicate: Option<String>,
    pub(super) options: Vec<String>,
    pub(super) keys: Vec<RawKey>,
    pub(super) include: Vec<String>,
}

#[derive(Deserialize)]
pub(super) struct RawKey {
    pub(super) column: Option<String>,
    pub(super) expression: Option<String>,
    pub(super) descending: bool,
    pub(super) nulls_first: bool,
    pub(super) opclass: Option<String>,
    pub(super) collation: Option<String>,
}

#[derive(Deserialize)]
pub(super) struct RawPolicy {
    pub(super) namespace: String,
    pub(super) table: String,
    pub(super) name: String,
    pub(super) permissive: bool,
    pub(super) command: String,
    pub(super) to: Vec<String>,
    pub(super) using: Option<String>,
    pub(super) with_check: Option<String>,
}

#[derive(Deserialize)]
pub(super) struct RawView {
    pub(super) namespace: String,
    pub(super) name: String,
    pub(super) materialized: bool,
    pub(super) definition: String,
    pub(super) options: Vec<String>,
    pub(super) method: Option<String>,
}

#[derive(Deserialize)]
pub(super) struct RawOpaque {
    pub(super) kind: String,
    pub(super) namespace: String,
    pub(super) name: String,
    pub(super) on_namespace: Option<String>,
    pub(super) on_name: Option<String>,
    /// The statement that makes a function, procedure or trigger, as the server prints it.
    pub(super) definition: Option<String>,
    /// The name of the function that a trigger calls.
    pub(super) calls: Option<String>,
    /// When a trigger fires.
    pub(super) enabled: Option<String>,
}

#[derive(Deserialize)]
pub(super) struct RawGrant {
    pub(super) kind: String,
    pub(super) namespace: String,
    pub(super) name: String,
    pub(super) to: String,
    pub(super) privileges: Vec<String>,
    pub(super) with_grant_option: Vec<String>,
}

#[derive(Deserialize)]
pub(super) struct RawComment {
    pub(super) kind: String,
    pub(super) namespace: String,
    pub(super) name: String,
    pub(super) part: Option<String>,
    pub(super) text: String,
}
