//! The parsed files of a project, kept while they do not change.

use std::cell::RefCell;
use std::sync::Arc;

use rustc_hash::FxHashMap;
use source::{FilePath, Files, Location, Resolution};

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

    /// What was read so far, for as long as somebody wants to look at it.
    pub(super) fn read_modules(&self) -> ReadModules {
        let current = self.current.borrow();
        let read = current.iter().filter_map(|(file, module)| Some((file.clone(), module.clone().ok()?)));
        ReadModules(Arc::new(read.collect()))
    }

    /// Where each file that was read so far is broken for the first time.
    pub(super) fn broken_places(&self) -> Vec<Location> {
        let current = self.current.borrow();
        let modules = current.values().filter_map(|module| module.as_ref().ok());
        let mut places: Vec<Location> =
            modules.filter_map(|module| Some(Location::new(&module.file, *module.errors.first()?))).collect();
        places.sort();
        places
    }

    fn parse(&self, file: &FilePath) -> Result<Arc<Module>, String> {
        let text = self.provider.read(file).map_err(|error| error.to_string())?;
        let mut parsed = self.parsed.borrow_mut();
        let parsed = parsed.parse(file, &text).ok_or_else(|| String::from("it cannot be parsed"))?;
        Ok(parsed.module.clone())
    }
}

impl ParsedFiles {
    /// The parse of a file with this text: the last one where the text is the same. None where the parser gives up.
    pub(super) fn parse(&mut self, file: &FilePath, text: &Arc<str>) -> Option<&Parsed> {
        let previous = self.files.get(file);
        let is_same = |parsed: &Parsed| Arc::ptr_eq(&parsed.module.text, text) || parsed.module.text == *text;
        if !previous.is_some_and(is_same) {
            let next = parse(file, text, previous)?;
            self.files.insert(file.clone(), next);
        }
        self.files.get(file)
    }

    pub(super) fn len(&self) -> usize {
        self.files.len()
    }
}

/// The files that a reading read, parsed.
#[derive(Clone, Debug, Default)]
pub struct ReadModules(Arc<FxHashMap<FilePath, Arc<Module>>>);

impl ReadModules {
    pub(super) fn get(&self, file: &FilePath) -> Option<&Arc<Module>> {
        self.0.get(file)
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
