//! Reading a project's schema files: which exports count, in which order, and what is kept between two readings.

use std::sync::Arc;

use rustc_hash::{FxHashMap, FxHashSet};
use schema::{ObjectPath, Schema};
use source::{Diagnostic, FilePath, Files, Location, codes};

use super::build::{Fragment, Item, build};
use super::evaluate::{Environment, Interpreter, ModuleSource, Target, Value};
use super::merge::Merge;
use super::modules::{Modules, ParsedFiles};
use super::{Casing, ConfigReading, DrizzleConfig, Release, config};
use crate::Desired;
use crate::typescript::syntax::{BindingKind, ExportTarget, ExprId, ExprKind, Module};

/// A declaration: a file and the name of a top-level binding in it (an asterisk and a number for an exported expression).
type Declaration = (FilePath, Arc<str>);

/// A fragment with what it depends on.
struct Kept {
    fragment: Arc<Fragment>,
    depends_on: Vec<(FilePath, Arc<Module>)>,
}

/// Reads Drizzle projects and keeps what it made of each file, so that after an edit only what depends on it is read again.
/// One reader serves one project (one configuration file).
#[derive(Default)]
pub struct Reader {
    parsed: ParsedFiles,
    kept: FxHashMap<Declaration, Kept>,
    /// What the fragments were made under.
    casing: Option<Casing>,
    dialect: Option<schema::Dialect>,
    release: Release,
}

impl Reader {
    pub fn new() -> Reader {
        Reader::default()
    }

    /// Reads a configuration file. Never fails: what is wrong with it is in the diagnostics.
    pub fn read_config(&mut self, file: &FilePath, files: &dyn Files) -> ConfigReading {
        config::read(file, files, &mut self.parsed)
    }

    /// Reads the schema files that `config` names. Never fails: what cannot be evaluated is unknown.
    pub fn read_schema(&mut self, config: &DrizzleConfig, files: &dyn Files) -> Desired {
        let made_under = (config.casing, Some(config.dialect), config.release);
        if (self.casing, self.dialect, self.release) != made_under {
            self.kept.clear();
            (self.casing, self.dialect, self.release) = made_under;
        }
        let modules = Modules::new(files, &mut self.parsed);
        let mut reading = Reading {
            modules: &modules,
            config,
            kept: &mut self.kept,
            merge: Merge::new(Schema { policies_enable: true, ..Schema::new(config.dialect) }),
            seen: FxHashSet::default(),
        };
        let schema_files = reading.schema_files(files);
        for file in &schema_files {
            reading.file(file);
        }
        reading.broken_code();
        let not_exported = reading.not_exported(&schema_files);
        let mut desired = reading.merge.finish();
        desired.not_exported = not_exported;
        desired.files = schema_files;
        desired.read_files = modules.read_files();
        desired.modules = modules.read_modules();
        desired
    }
}

/// What evaluates the declarations of a project.
pub(super) fn interpreter<'h>(modules: &'h dyn ModuleSource, config: &DrizzleConfig) -> Interpreter<'h> {
    let mut interpreter = Interpreter::new(modules, Environment::Unknown);
    // The configuration of 1.0 has no casing.
    interpreter.casing = config.casing.filter(|_| config.release == Release::BeforeOne);
    interpreter.release = config.release;
    interpreter
}

struct Reading<'r, 'f> {
    modules: &'r Modules<'f>,
    config: &'r DrizzleConfig,
    kept: &'r mut FxHashMap<Declaration, Kept>,
    merge: Merge,
    seen: FxHashSet<Declaration>,
}

impl<'r> Reading<'r, '_> {
    fn interpreter(&self) -> Interpreter<'r> {
        interpreter(self.modules, self.config)
    }

    /// The files the configuration names, each once, in drizzle-kit's order.
    fn schema_files(&mut self, files: &dyn Files) -> Vec<FilePath> {
        let base = &self.config.base;
        let mut found: Vec<FilePath> = Vec::new();
        let mut seen = FxHashSet::default();
        for entry in &self.config.schema {
            let matches: Vec<FilePath> = files.glob(base, &entry.pattern).into_iter().filter(is_script).collect();
            if matches.is_empty() {
                let at = Location::new(&self.config.file, entry.span);
                let message = format!("`{}` names no schema file", entry.pattern);
                let help = "the path is relative to this configuration's folder, or to one above it; name a file, a folder or a glob";
                self.merge.diagnose(Diagnostic::new(codes::NO_SCHEMA_FILES, at, message).with_help(help));
                self.merge.open();
            }
            found.extend(matches.into_iter().filter(|file| seen.insert(file.clone())));
        }
        found
    }

    fn file(&mut self, file: &FilePath) {
        let module = match self.modules.module(file) {
            Ok(module) => module,
            Err(reason) => {
                let message = format!("this schema file cannot be read: {reason}");
                let diagnostic = Diagnostic::new(codes::UNREADABLE_FILE, Location::start_of(file), message)
                    .with_help("nothing it declares is reported as dropped until it can be read");
                self.merge.diagnose(diagnostic);
                return self.merge.open();
            }
        };
        let mut interpreter = self.interpreter();
        for name in interpreter.export_names(file) {
            let at = export_place(&module, &name);
            match interpreter.export_target(file, &name, &at) {
                Target::Binding(file, name) => self.declaration((file, name)),
                Target::Expression(target, id) => self.declaration((target, Arc::from(format!("*{id}")))),
                Target::Module(_) => {}
                Target::Value(value) => {
                    let fragment = build(&mut interpreter, self.config.dialect, &value, &at, &at);
                    self.merge.add(&Arc::new(fragment));
                }
            }
        }
    }

    /// What a schema file exports or uses may be declared in any file that was read for it.
    fn broken_code(&mut self) {
        for place in self.modules.broken_places() {
            let message = String::from("the file cannot be parsed from here; what it declares may be incomplete");
            let diagnostic = Diagnostic::new(codes::SYNTAX_ERROR, place, message)
                .with_help("nothing is reported as dropped until the file is whole again");
            self.merge.diagnose(diagnostic);
            self.merge.open();
        }
    }

    fn declaration(&mut self, declaration: Declaration) {
        if !self.seen.insert(declaration.clone()) {
            return;
        }
        if let Some(fragment) = self.fragment(declaration) {
            self.merge.add(&fragment);
        }
    }

    /// What a declaration is, from the last reading where nothing it depends on has changed.
    fn fragment(&mut self, declaration: Declaration) -> Option<Arc<Fragment>> {
        if let Some(kept) = self.kept.get(&declaration)
            && kept
                .depends_on
                .iter()
                .all(|(file, module)| self.modules.module(file).is_ok_and(|current| Arc::ptr_eq(&current, module)))
        {
            return Some(kept.fragment.clone());
        }
        let (file, name) = &declaration;
        let module = self.modules.module(file).ok()?;
        let mut interpreter = self.interpreter();
        let (focus, home, value) = if let Some(id) = name.strip_prefix('*').and_then(|id| id.parse().ok()) {
            let at = expression_place(&module, id);
            let home = Location::new(file, module.expr(id).map(|expr| expr.span).unwrap_or_default());
            (at.clone(), home, interpreter.target_value(Target::Expression(file.clone(), id), &at))
        } else {
            let binding = module.bindings.get(name)?;
            if matches!(binding.kind, BindingKind::Opaque("a class" | "a namespace") | BindingKind::Function(_)) {
                return None;
            }
            let at = Location::new(file, binding.span);
            let initializer = match binding.kind {
                BindingKind::Value(id) | BindingKind::Destructured(_, id) => module.expr(id).map(|expr| expr.span),
                _ => None,
            };
            let home = Location::new(file, initializer.unwrap_or(binding.span));
            (at.clone(), home, interpreter.binding(file, name, &at))
        };
        let value = plain_or_entity(&module, name, value);
        let fragment = Arc::new(build(&mut interpreter, self.config.dialect, &value, &focus, &home));
        let depends_on: Option<Vec<(FilePath, Arc<Module>)>> =
            interpreter.touched.iter().map(|file| Some((file.clone(), self.modules.module(file).ok()?))).collect();
        // What could not be resolved may be resolvable next time without any known file changing.
        match depends_on {
            Some(depends_on) if fragment.unknown.is_empty() => {
                let kept = Kept { fragment: fragment.clone(), depends_on };
                self.kept.insert(declaration, kept);
            }
            _ => {
                self.kept.remove(&declaration);
            }
        }
        Some(fragment)
    }

    /// Declarations that a schema file makes and nobody exports: drizzle-kit does not see them.
    fn not_exported(&mut self, schema_files: &[FilePath]) -> Vec<(ObjectPath, Location)> {
        let mut found = Vec::new();
        for file in schema_files {
            let Ok(module) = self.modules.module(file) else { continue };
            let mut names: Vec<&Arc<str>> = module
                .bindings
                .iter()
                .filter(|(_, binding)| match binding.kind {
                    BindingKind::Value(id) => {
                        matches!(module.expr(id).map(|expr| &expr.kind), Some(ExprKind::Call { .. }))
                    }
                    _ => false,
                })
                .map(|(name, _)| name)
                .collect();
            names.sort();
            for name in names {
                let declaration = (file.clone(), name.clone());
                if self.seen.contains(&declaration) {
                    continue;
                }
                let Some(fragment) = self.fragment(declaration) else { continue };
                let counts = !matches!(fragment.item, Item::Nothing | Item::Unknown | Item::Policy(..));
                if let (true, Some(path), false) = (counts, &fragment.path, self.merge.has_identity(fragment.identity))
                {
                    let span = module.bindings.get(name).map(|binding| binding.span).unwrap_or_default();
                    found.push((path.clone(), Location::new(file, span)));
                }
            }
        }
        found
    }
}

/// A value made by `new`, a class, a plain literal or the environment is never a table, whatever else is unknown about it.
fn plain_or_entity(module: &Module, name: &str, value: Value) -> Value {
    let Value::Unknown(reason) = &value else { return value };
    let Some(BindingKind::Value(id)) = module.bindings.get(name).map(|binding| &binding.kind) else { return value };
    let never_a_table = match module.expr(*id).map(|expr| &expr.kind) {
        Some(ExprKind::New { .. } | ExprKind::Unsupported("a class") | ExprKind::Template { .. }) => true,
        Some(ExprKind::Binary { .. } | ExprKind::Unary { .. } | ExprKind::Regex(_)) => true,
        _ => reason.message.starts_with("it depends on the environment"),
    };
    if never_a_table { Value::Undefined } else { value }
}

fn export_place(module: &Module, name: &str) -> Location {
    let span = module.export(name).map(|export| export.span);
    let star = || module.star_exports.first().map(|(_, span)| *span);
    Location::new(&module.file, span.or_else(star).unwrap_or_default())
}

/// Where an expression is exported.
fn expression_place(module: &Module, id: ExprId) -> Location {
    let exports_it = |target: &ExportTarget| matches!(target, ExportTarget::Expression(known) if *known == id);
    let span = module.exports.iter().find(|export| exports_it(&export.target)).map(|export| export.span);
    Location::new(&module.file, span.unwrap_or_default())
}

/// True for TypeScript and JavaScript, by the name.
pub fn is_script(file: &FilePath) -> bool {
    let extension = file.extension().and_then(|extension| extension.to_str());
    matches!(extension, Some("ts" | "tsx" | "mts" | "cts" | "js" | "jsx" | "mjs" | "cjs"))
}
