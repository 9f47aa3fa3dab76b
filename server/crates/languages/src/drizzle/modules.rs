//! The parsed files of a project, kept while they do not change.

use std::cell::RefCell;
use std::sync::Arc;

use rustc_hash::FxHashMap;
use source::{FilePath, Files, Resolution};

use super::evaluate::ModuleSource;
use crate::typescript::syntax::Module;
use crate::typescript::{Parsed, parse};

/// Parses by file, kept from one reading to the next.
#[derive(Default)]
pub(super) struct ParsedFiles {
    files: FxHashMap<FilePath, Parsed>,
}

/// The files of one reading: each is looked up once, so that all of the reading sees the same text.
pub(super) struct Modules<'f> {
    provider: &'f dyn Files,
    parsed: RefCell<&'f mut ParsedFiles>,
    current: RefCell<FxHashMap<FilePath, Result<Arc<Module>, String>>>,
}

impl<'f> Modules<'f> {
    pub(super) fn new(provider: &'f dyn Files, parsed: &'f mut ParsedFiles) -> Modules<'f> {
        Modules { provider, parsed: RefCell::new(parsed), current: RefCell::default() }
    }

    /// Every file read so far.
    pub(super) fn read_files(&self) -> Vec<FilePath> {
        let mut files: Vec<FilePath> = self.current.borrow().keys().cloned().collect();
        files.sort();
        files
    }

    fn parse(&self, file: &FilePath) -> Result<Arc<Module>, String> {
        let text = self.provider.read(file).map_err(|error| error.to_string())?;
        let mut parsed = self.parsed.borrow_mut();
        let previous = parsed.files.get(file);
        if let Some(previous) = previous
            && (Arc::ptr_eq(&previous.module.text, &text) || previous.module.text == text)
        {
            return Ok(previous.module.clone());
        }
        let next = parse(file, &text, previous).ok_or_else(|| String::from("it cannot be parsed"))?;
        let module = next.module.clone();
        parsed.files.insert(file.clone(), next);
        Ok(module)
    }
}

impl ModuleSource for Modules<'_> {
    fn module(&self, file: &FilePath) -> Result<Arc<Module>, String> {
        if let Some(known) = self.current.borrow().get(file) {
            return known.clone();
        }
        let module = self.parse(file);
        self.current.borrow_mut().insert(file.clone(), module.clone());
        module
    }

    fn resolve(&self, importer: &FilePath, specifier: &str) -> Resolution {
        self.provider.resolve(importer, specifier)
    }

    fn environment(&self, name: &str) -> Option<String> {
        self.provider.environment(name)
    }
}
