//! The engine: what a project says, as data. Knows no editor protocol and does no I/O.
//!
//! A [`Host`] keeps what it made of each project and takes in changes; an [`Analysis`] is an immutable snapshot that any
//! thread can ask. Positions are UTF-8 byte offsets.

mod features;
mod project;

pub use features::hover::Hover;
pub use features::status::{ProjectStatus, Status};
pub use features::symbols::{Symbol, WorkspaceSymbol};
pub use project::{Pending, Project};

use rustc_hash::FxHashMap;
use source::{Diagnostic, FilePath, Files, LineIndex, Location};
use std::collections::BTreeMap;
use std::path::Path;
use std::sync::Arc;

/// A file's text as it was when the analysis was made.
#[derive(Debug)]
pub struct SourceText {
    pub text: Arc<str>,
    pub lines: LineIndex,
}

/// Keeps what it made of each project between two analyses, so that an edit costs what depends on it.
#[derive(Default)]
pub struct Host {}

impl Host {
    pub fn new() -> Host {
        Host::default()
    }

    /// Reads the projects of these configuration files as `files` shows them now. Projects no longer named are forgotten.
    pub fn analyze(&mut self, configs: &[FilePath], files: &dyn Files) -> Analysis {
        let _ = (configs, files);
        Analysis::default()
    }
}

/// What all projects say at one moment. Cheap to clone and to share.
#[derive(Clone, Default)]
pub struct Analysis {
    pub projects: Vec<Arc<Project>>,
    texts: Arc<FxHashMap<FilePath, Arc<SourceText>>>,
}

impl Analysis {
    /// The text of a file that the analysis read or reports on.
    pub fn text(&self, file: &Path) -> Option<&Arc<SourceText>> {
        self.texts.get(file)
    }

    /// Every finding by file, pending changes included, sorted by place. Equal findings of two projects are said once.
    pub fn diagnostics(&self) -> BTreeMap<FilePath, Vec<Diagnostic>> {
        BTreeMap::new()
    }

    /// True for schema files, files read to evaluate them, configurations and journals.
    pub fn knows(&self, file: &Path) -> bool {
        self.texts.contains_key(file)
    }

    pub fn hover(&self, file: &Path, offset: u32) -> Option<Hover> {
        let _ = (file, offset);
        None
    }

    pub fn definition(&self, file: &Path, offset: u32) -> Vec<Location> {
        let _ = (file, offset);
        Vec::new()
    }

    pub fn references(&self, file: &Path, offset: u32, with_declaration: bool) -> Vec<Location> {
        let _ = (file, offset, with_declaration);
        Vec::new()
    }

    pub fn document_symbols(&self, file: &Path) -> Vec<Symbol> {
        let _ = file;
        Vec::new()
    }

    /// Tables, columns, enums and views whose name matches; at most `limit`.
    pub fn workspace_symbols(&self, query: &str, limit: usize) -> Vec<WorkspaceSymbol> {
        let _ = (query, limit);
        Vec::new()
    }

    pub fn status(&self) -> Status {
        Status { projects: Vec::new() }
    }
}
