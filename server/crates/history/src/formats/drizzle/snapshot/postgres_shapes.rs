//! The JSON of PostgreSQL snapshots, versions 5 to 7 together: whatever one of them may lack is optional.

use serde::de::{MapAccess, Visitor, value::MapAccessDeserializer};
use serde::{Deserialize, Deserializer};
use serde_json::value::RawValue;

use super::shapes::{self, RawCheck, RawForeignKey, RawGenerated, RawKey, RawSequence, Record};

#[derive(Deserialize)]
#[serde(bound(deserialize = "'de: 'a"))]
pub(super) struct RawSnapshot<'a> {
    #[serde(default)]
    pub(super) tables: Record<RawTable<'a>>,
    #[serde(default)]
    pub(super) enums: Record<RawEnum>,
    #[serde(default)]
    pub(super) schemas: Record<String>,
    #[serde(default)]
    pub(super) sequences: Record<RawSequence>,
    #[serde(default)]
    pub(super) roles: Record<RawRole>,
    #[serde(default)]
    pub(super) policies: Record<RawPolicy>,
    #[serde(default)]
    pub(super) views: Record<RawView<'a>>,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase", bound(deserialize = "'de: 'a"))]
pub(super) struct RawTable<'a> {
    pub(super) name: Option<String>,
    pub(super) schema: Option<String>,
    #[serde(default)]
    pub(super) columns: Record<RawColumn<'a>>,
    #[serde(default)]
    pub(super) indexes: Record<RawIndex<'a>>,
    #[serde(default)]
    pub(super) foreign_keys: Record<RawForeignKey>,
    #[serde(default)]
    pub(super) composite_primary_keys: Record<RawKey>,
    #[serde(default)]
    pub(super) unique_constraints: Record<RawKey>,
    #[serde(default)]
    pub(super) policies: Record<RawPolicy>,
    #[serde(default)]
    pub(super) check_constraints: Record<RawCheck>,
    #[serde(rename = "isRLSEnabled", default)]
    pub(super) is_rls_enabled: bool,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase", bound(deserialize = "'de: 'a"))]
pub(super) struct RawColumn<'a> {
    pub(super) name: Option<String>,
    #[serde(rename = "type")]
    pub(super) sql_type: String,
    pub(super) type_schema: Option<String>,
    #[serde(default)]
    pub(super) primary_key: bool,
    #[serde(default)]
    pub(super) not_null: bool,
    #[serde(default, borrow, deserialize_with = "shapes::present")]
    pub(super) default: Option<&'a RawValue>,
    pub(super) generated: Option<RawGenerated>,
    pub(super) identity: Option<RawSequence>,
    pub(super) is_unique: Option<serde_json::Value>,
    pub(super) unique_name: Option<String>,
    #[serde(default)]
    pub(super) nulls_not_distinct: bool,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase", bound(deserialize = "'de: 'a"))]
pub(super) struct RawIndex<'a> {
    pub(super) name: Option<String>,
    pub(super) columns: Vec<RawIndexColumn>,
    #[serde(default)]
    pub(super) is_unique: bool,
    #[serde(rename = "where")]
    pub(super) predicate: Option<String>,
    #[serde(default)]
    pub(super) concurrently: bool,
    pub(super) method: Option<String>,
    #[serde(borrow)]
    pub(super) with: Option<Record<&'a RawValue>>,
}

/// A key of an index: an object in version 7, a column's name before.
pub(super) struct RawIndexColumn {
    pub(super) expression: String,
    pub(super) is_expression: bool,
    pub(super) asc: bool,
    pub(super) nulls: Option<String>,
    pub(super) opclass: Option<String>,
}

#[derive(Deserialize)]
pub(super) struct RawEnum {
    pub(super) name: Option<String>,
    pub(super) schema: Option<String>,
    #[serde(default, deserialize_with = "values")]
    pub(super) values: Vec<String>,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
pub(super) struct RawRole {
    pub(super) name: Option<String>,
    #[serde(default)]
    pub(super) create_db: bool,
    #[serde(default)]
    pub(super) create_role: bool,
    pub(super) inherit: Option<bool>,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
pub(super) struct RawPolicy {
    pub(super) name: Option<String>,
    #[serde(rename = "as")]
    pub(super) kind: Option<String>,
    #[serde(rename = "for")]
    pub(super) command: Option<String>,
    pub(super) to: Option<Vec<String>>,
    pub(super) using: Option<String>,
    pub(super) with_check: Option<String>,
    pub(super) on: Option<String>,
    pub(super) schema: Option<String>,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase", bound(deserialize = "'de: 'a"))]
pub(super) struct RawView<'a> {
    pub(super) name: Option<String>,
    pub(super) schema: Option<String>,
    #[serde(default)]
    pub(super) columns: Record<RawColumn<'a>>,
    pub(super) definition: Option<String>,
    #[serde(default)]
    pub(super) materialized: bool,
    #[serde(default)]
    pub(super) is_existing: bool,
    #[serde(borrow)]
    pub(super) with: Option<Record<&'a RawValue>>,
    pub(super) with_no_data: Option<bool>,
    pub(super) using: Option<String>,
    pub(super) tablespace: Option<String>,
}

impl<'de> Deserialize<'de> for RawIndexColumn {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<RawIndexColumn, D::Error> {
        deserializer.deserialize_any(IndexColumnVisitor)
    }
}

struct IndexColumnVisitor;

impl<'de> Visitor<'de> for IndexColumnVisitor {
    type Value = RawIndexColumn;

    fn expecting(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        formatter.write_str("a column of an index: a name or an object")
    }

    fn visit_str<E>(self, name: &str) -> Result<RawIndexColumn, E> {
        let expression = name.to_owned();
        Ok(RawIndexColumn { expression, is_expression: false, asc: true, nulls: None, opclass: None })
    }

    fn visit_map<A: MapAccess<'de>>(self, map: A) -> Result<RawIndexColumn, A::Error> {
        #[derive(Deserialize)]
        #[serde(rename_all = "camelCase")]
        struct Fields {
            expression: String,
            #[serde(default)]
            is_expression: bool,
            asc: Option<bool>,
            nulls: Option<String>,
            opclass: Option<String>,
        }
        let Fields { expression, is_expression, asc, nulls, opclass } =
            Fields::deserialize(MapAccessDeserializer::new(map))?;
        Ok(RawIndexColumn { expression, is_expression, asc: asc.unwrap_or(true), nulls, opclass })
    }
}

/// The values of an enum: a list, or in version 5 an object of them.
fn values<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Vec<String>, D::Error> {
    #[derive(Deserialize)]
    #[serde(untagged)]
    enum Either {
        List(Vec<String>),
        Object(Record<String>),
    }
    Ok(match Either::deserialize(deserializer)? {
        Either::List(values) => values,
        Either::Object(values) => values.into_iter().map(|(_, value)| value).collect(),
    })
}
