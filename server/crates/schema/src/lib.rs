//! The model of a database schema, and the changes between two of them.
//!
//! A `Schema` is canonical: whoever builds one lets its dialect canonicalise types, defaults and expressions, so that `==`
//! compares what a database would hold, while the text as written stays beside the canonical form for printing.
//! Places in files are not part of it: they live beside it, keyed by [`ObjectPath`].

mod change;
mod column;
mod constraint;
mod copy_object;
mod definition;
mod lookup;
mod namespace_objects;
mod object;
mod path;
mod table;
mod text;
mod view;

pub use change::{Action, Alteration, Aspect, Change};
pub use column::{Column, ColumnFacts, Generated, Identity, SequenceOptions};
pub use constraint::{
    Check, Deferral, Exclusion, ForeignKey, ForeignKeyAction, Index, IndexColumn, IndexKey, PrimaryKey, Unique,
};
pub use definition::{Body, Definition, Firing, Signature};
pub use namespace_objects::{
    BIGINT, Domain, Enum, Extension, Grant, LinkedPolicy, OpaqueGroup, OpaqueKey, OpaqueKind, OpaqueObject, Role,
    Sequence,
};
pub use object::{Object, ObjectKey};
pub use path::{Name, ObjectKind, ObjectPath};
pub use table::{PartitionOf, Policy, Table};
pub use text::{Expression, Form, Scalar, SqlType};
pub use view::View;

use serde::Serialize;
use std::collections::BTreeSet;
use std::sync::Arc;

/// What a schema is made of: keyed by name, in the order of declaration. Names come from the project's own files, so the hash need not
/// withstand an attack.
pub type Map<K, V> = indexmap::IndexMap<K, V, rustc_hash::FxBuildHasher>;

/// The databases whose schemas can be read.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize)]
#[serde(rename_all = "lowercase")]
pub enum Dialect {
    #[serde(rename = "postgresql")]
    Postgres,
    Sqlite,
}

impl Dialect {
    pub fn as_str(self) -> &'static str {
        match self {
            Dialect::Postgres => "postgresql",
            Dialect::Sqlite => "sqlite",
        }
    }

    /// The namespace of an object that names none: `public` on PostgreSQL, none (an empty name) on SQLite.
    pub fn default_namespace(self) -> &'static str {
        match self {
            Dialect::Postgres => "public",
            Dialect::Sqlite => "",
        }
    }
}

/// Everything a database holds that schema files or migrations can describe. Maps keep the order of declaration;
/// the order never counts in a comparison.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Schema {
    pub dialect: Dialect,
    /// Namespaces other than the default one, by name.
    pub namespaces: Vec<String>,
    pub enums: Map<Name, Arc<Enum>>,
    pub domains: Map<Name, Arc<Domain>>,
    pub sequences: Map<Name, Arc<Sequence>>,
    pub tables: Map<Name, Arc<Table>>,
    pub views: Map<Name, Arc<View>>,
    pub roles: Map<String, Role>,
    /// Policies declared apart from their table, on a table the schema does not hold itself.
    pub policies: Map<String, LinkedPolicy>,
    pub extensions: Map<String, Extension>,
    /// Functions, triggers and the like: the definitions of some are kept, the others are known by name only.
    #[serde(serialize_with = "values")]
    pub opaque: Map<OpaqueKey, Arc<OpaqueObject>>,
    /// By object and role.
    #[serde(serialize_with = "values", skip_serializing_if = "Map::is_empty")]
    pub grants: Map<(ObjectPath, String), Grant>,
    /// Comments on anything but tables and columns, which hold their own.
    #[serde(skip_serializing_if = "Map::is_empty")]
    pub comments: Map<ObjectPath, String>,
    /// Names of objects, of whatever kind, that a statement touched which could not be read or contradicts what was there:
    /// nothing is ever reported about them.
    #[serde(skip_serializing_if = "BTreeSet::is_empty")]
    pub unknown: BTreeSet<Name>,
    /// True where the schema may hold more objects than are listed, because something could not be evaluated:
    /// the absence of an object then says nothing.
    pub open: bool,
    /// True where a policy switches row level security of its table on without a word, as in Drizzle. SQL says it apart.
    #[serde(skip)]
    pub policies_enable: bool,
}

impl Schema {
    pub fn new(dialect: Dialect) -> Schema {
        Schema {
            dialect,
            namespaces: Vec::new(),
            enums: Map::default(),
            domains: Map::default(),
            sequences: Map::default(),
            tables: Map::default(),
            views: Map::default(),
            roles: Map::default(),
            policies: Map::default(),
            extensions: Map::default(),
            opaque: Map::default(),
            grants: Map::default(),
            comments: Map::default(),
            unknown: BTreeSet::new(),
            open: false,
            policies_enable: false,
        }
    }

    /// True where the policies of a table of this schema hold.
    pub fn has_row_level_security(&self, table: &Table) -> bool {
        table.row_level_security || (self.policies_enable && !table.policies.is_empty())
    }
}

/// A map as the list of its values: for keys that are no strings, and are part of their values.
fn values<K, V: Serialize, S: serde::Serializer>(map: &Map<K, V>, serializer: S) -> Result<S::Ok, S::Error> {
    serializer.collect_seq(map.values())
}
