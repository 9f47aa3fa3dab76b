//! What a schema language gives besides the schema: where each object stands, what could not be evaluated.

use rustc_hash::FxHashMap;
use schema::{ObjectPath, Schema};
use std::sync::Arc;

use source::{Diagnostic, FilePath, Location, Related, Span};

use crate::drizzle::ReadModules;

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

/// The places of one declaration: a table with its columns and indexes, an enum with its values. Shared from one reading to
/// the next while the declaration stays the same.
#[derive(Clone, Debug, Default)]
pub struct Places {
    pub origins: FxHashMap<ObjectPath, Origin>,
    pub uses: Vec<Use>,
}

/// Where each object of a schema is declared, and every place that names one.
#[derive(Clone, Debug, Default)]
pub struct Origins {
    declarations: Vec<Arc<Places>>,
    /// By the declaration's own path; a part is found with what it belongs to.
    by_path: FxHashMap<ObjectPath, usize>,
}

impl Origins {
    /// Adds a declaration under its path; one of the same path before it is only found by going through all.
    pub fn add(&mut self, path: &ObjectPath, places: Arc<Places>) {
        self.by_path.insert(path.clone(), self.declarations.len());
        self.declarations.push(places);
    }

    pub fn get(&self, object: &ObjectPath) -> Option<&Origin> {
        let own = self.by_path.get(object).or_else(|| self.by_path.get(&object.owner()))?;
        self.declarations.get(*own)?.origins.get(object)
    }

    pub fn iter(&self) -> impl Iterator<Item = (&ObjectPath, &Origin)> {
        self.declarations.iter().flat_map(|places| &places.origins)
    }

    /// Every place that names an object, in no particular order.
    pub fn uses(&self) -> impl Iterator<Item = &Use> {
        self.declarations.iter().flat_map(|places| &places.uses)
    }
}

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
    pub unknown: Vec<Unknown>,
    pub diagnostics: Vec<Diagnostic>,
    /// Tables, enums and the like that the files define but do not export (drizzle-kit ignores them), with their places.
    pub not_exported: Vec<(ObjectPath, Location)>,
    /// The schema files, in the order in which they were read.
    pub files: Vec<FilePath>,
    /// Every file that was read to evaluate them, the schema files included.
    pub read_files: Vec<FilePath>,
    /// The same files, parsed; empty for languages that are no code.
    pub modules: ReadModules,
}

impl Desired {
    /// The origin of an object, else of what it belongs to.
    pub fn origin_or_owner(&self, object: &ObjectPath) -> Option<&Origin> {
        self.origins.get(object).or_else(|| self.origins.get(&object.owner()))
    }
}
