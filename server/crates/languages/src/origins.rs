//! What a schema language gives besides the schema: where each object stands, what could not be evaluated.

use rustc_hash::FxHashMap;
use schema::{ObjectKind, ObjectPath, Schema};
use source::{Diagnostic, FilePath, Location, Related, Span};

/// Where an object is declared.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Origin {
    /// The short part to underline: a column's key and call, a table's call and name.
    pub focus: Location,
    /// The whole declaration, in the same file as `focus`.
    pub full: Span,
    /// The definition behind a spread or a helper, where `focus` is only the use.
    pub related: Vec<Related>,
}

/// Where each object of a schema is declared.
pub type Origins = FxHashMap<ObjectPath, Origin>;

/// A place that names an object: a declaration or a reference (`references(() => users.id)`, `index().on(t.email)`, `role('role')`).
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Use {
    pub location: Location,
    pub object: ObjectPath,
    pub is_declaration: bool,
}

/// Something that could not be evaluated, said once. The diagnostic is in `Desired::diagnostics` too.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Unknown {
    /// The object whose fact is unknown; None for a whole export or file.
    pub object: Option<ObjectPath>,
    pub reason: String,
    pub location: Location,
}

/// What the schema files of one project say.
#[derive(Clone, Debug)]
pub struct Desired {
    pub schema: Schema,
    pub origins: Origins,
    /// Every place that names an object, in no particular order.
    pub uses: Vec<Use>,
    pub unknown: Vec<Unknown>,
    pub diagnostics: Vec<Diagnostic>,
    /// Tables, enums and the like that the files define but do not export (drizzle-kit ignores them), with their places.
    pub not_exported: Vec<(ObjectPath, Location)>,
    /// The schema files, in the order in which they were read.
    pub files: Vec<FilePath>,
    /// Every file that was read to evaluate them, the schema files included.
    pub read_files: Vec<FilePath>,
}

impl Desired {
    /// The origin of an object, else of what it belongs to.
    pub fn origin_or_owner(&self, object: &ObjectPath) -> Option<&Origin> {
        self.origins.get(object).or_else(|| self.origins.get(&object.owner()))
    }

    pub fn is_enum(&self, object: &ObjectPath) -> bool {
        object.kind == ObjectKind::Enum
    }
}
