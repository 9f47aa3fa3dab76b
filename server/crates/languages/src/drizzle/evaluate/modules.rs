//! How names are found across files: imports, exports, barrels, packages.

use std::sync::Arc;

use indexmap::IndexSet;
use rustc_hash::FxHashSet;
use source::{FilePath, Location, Resolution, Span};

use super::super::entities::natives;
use super::interpreter::Interpreter;
use super::value::{Native, Reason, Value};
use crate::typescript::syntax::{BindingKind, ExportTarget, ExprId, Module};

/// Where modules come from.
pub(crate) trait ModuleSource {
    /// A project file, parsed; the reason where it cannot be read.
    fn module(&self, file: &FilePath) -> Result<Arc<Module>, String>;
    fn resolve(&self, importer: &FilePath, specifier: &str) -> Resolution;
    fn environment(&self, name: &str) -> Option<String>;
}

/// The packages whose exports are known without being read.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub(crate) enum Package {
    /// `drizzle-orm` and `drizzle-orm/sql`.
    Orm,
    PgCore,
    SqliteCore,
    Supabase,
    Neon,
    /// `drizzle-kit`: `defineConfig`.
    Kit,
    /// `drizzle-orm/…` of a database that is not read yet, or its drivers and helpers.
    OtherOrm,
}

impl Package {
    /// None for every package that is not Drizzle's.
    pub(crate) fn of(specifier: &str) -> Option<Package> {
        Some(match specifier {
            "drizzle-orm"
            | "drizzle-orm/sql"
            | "drizzle-orm/sql/sql"
            | "drizzle-orm/expressions"
            | "drizzle-orm/relations"
            | "drizzle-orm/sql/expressions" => Package::Orm,
            "drizzle-kit" => Package::Kit,
            "drizzle-orm/supabase" => Package::Supabase,
            "drizzle-orm/neon" => Package::Neon,
            _ if specifier == "drizzle-orm/pg-core" || specifier.starts_with("drizzle-orm/pg-core/") => Package::PgCore,
            _ if specifier == "drizzle-orm/sqlite-core" || specifier.starts_with("drizzle-orm/sqlite-core/") => {
                Package::SqliteCore
            }
            _ if specifier.starts_with("drizzle-orm/") => Package::OtherOrm,
            _ => return None,
        })
    }
}

/// What an exported name finally stands for.
#[derive(Clone, Debug)]
pub(crate) enum Target {
    /// A top-level name of a file.
    Binding(FilePath, Arc<str>),
    /// `export default …` of a file.
    Expression(FilePath, ExprId),
    /// All of a file (`export * as x from`).
    Module(FilePath),
    /// A value that is no project code.
    Value(Value),
}

impl std::fmt::Debug for Value {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self {
            Value::Unknown(reason) => write!(f, "Unknown({})", reason.message),
            Value::Native(native) => write!(f, "{native:?}"),
            other => write!(f, "{}", super::text::display(other).unwrap_or_else(|| String::from("…"))),
        }
    }
}

impl Interpreter<'_> {
    /// A project file by path, parsed. Reading it counts as depending on it.
    pub(crate) fn load(&mut self, file: &FilePath) -> Result<Arc<Module>, String> {
        if let Some(module) = self.loaded.get(file) {
            return Ok(module.clone());
        }
        self.touched.insert(file.clone());
        let module = self.modules.module(file)?;
        self.loaded.insert(file.clone(), module.clone());
        Ok(module)
    }

    /// The names a file exports in the order in which drizzle-kit's loader has them: a file's own names sorted by code
    /// unit, then those of each `export *` in the same way.
    pub(crate) fn export_names(&mut self, file: &FilePath) -> Vec<Arc<str>> {
        let mut names = IndexSet::new();
        self.gather_exports(file, &mut names, &mut FxHashSet::default());
        names.into_iter().collect()
    }

    fn gather_exports(&mut self, file: &FilePath, names: &mut IndexSet<Arc<str>>, seen: &mut FxHashSet<FilePath>) {
        if !seen.insert(file.clone()) {
            return;
        }
        let Ok(module) = self.load(file) else { return };
        let mut own: Vec<Arc<str>> = module.exports.iter().map(|export| export.name.clone()).collect();
        if !module.is_common_js {
            own.sort_by(|a, b| a.encode_utf16().cmp(b.encode_utf16()));
        }
        names.extend(own);
        for (specifier, _) in &module.star_exports {
            if let Some(Resolution::File(next)) = self.follow(file, specifier) {
                let mut below = IndexSet::new();
                self.gather_exports(&next, &mut below, seen);
                names.extend(below.into_iter().filter(|name| &**name != "default"));
            }
        }
    }

    /// None for Drizzle's own packages.
    fn follow(&mut self, importer: &FilePath, specifier: &str) -> Option<Resolution> {
        if Package::of(specifier).is_some() { None } else { Some(self.modules.resolve(importer, specifier)) }
    }

    /// What the export `name` of `file` stands for. `at` is the place that asks.
    pub(crate) fn export_target(&mut self, file: &FilePath, name: &str, at: &Location) -> Target {
        match self.find_export(file, name, at, &mut FxHashSet::default()) {
            Some(target) => target,
            None => {
                let shown = file.file_name().map(|name| name.to_string_lossy().into_owned()).unwrap_or_default();
                Target::Value(self.unknown(format!("`{shown}` has no export `{name}`"), at.clone()))
            }
        }
    }

    fn find_export(
        &mut self,
        file: &FilePath,
        name: &str,
        at: &Location,
        seen: &mut FxHashSet<FilePath>,
    ) -> Option<Target> {
        if !seen.insert(file.clone()) {
            return None;
        }
        let module = match self.load(file) {
            Ok(module) => module,
            Err(reason) => {
                let message = format!("{} cannot be read: {reason}", file.display());
                return Some(Target::Value(self.unknown(message, at.clone())));
            }
        };
        if let Some(export) = module.export(name) {
            let here = Location::new(file, export.span);
            return Some(match &export.target {
                ExportTarget::Local(local) => self.binding_target(&module, local, &here),
                ExportTarget::Expression(id) => Target::Expression(file.clone(), *id),
                ExportTarget::From { source, name } => self.imported_target(file, source, name, &here, seen),
                ExportTarget::AllFrom { source } => self.all_target(file, source, &here),
            });
        }
        if name == "default" {
            return None;
        }
        for (specifier, span) in &module.star_exports {
            let found = match Package::of(specifier) {
                Some(package) => {
                    natives::is_exported(package, name).then(|| Target::Value(natives::import(self, package, name, at)))
                }
                None => match self.modules.resolve(file, specifier) {
                    Resolution::File(next) => self.find_export(&next, name, &Location::new(file, *span), seen),
                    _ => None,
                },
            };
            if found.is_some() {
                return found;
            }
        }
        None
    }

    /// A local name, or what it was imported from.
    fn binding_target(&mut self, module: &Arc<Module>, local: &Arc<str>, at: &Location) -> Target {
        match module.bindings.get(local).map(|binding| &binding.kind) {
            Some(BindingKind::Import { source, name }) => {
                self.imported_target(&module.file, source, name, at, &mut FxHashSet::default())
            }
            Some(BindingKind::ImportAll { source }) => self.all_target(&module.file, source, at),
            Some(_) => Target::Binding(module.file.clone(), local.clone()),
            None => Target::Value(self.unknown(format!("`{local}` is not defined in this file"), at.clone())),
        }
    }

    pub(crate) fn imported_target(
        &mut self,
        importer: &FilePath,
        specifier: &str,
        name: &str,
        at: &Location,
        seen: &mut FxHashSet<FilePath>,
    ) -> Target {
        if let Some(package) = Package::of(specifier) {
            return Target::Value(match name {
                "default" => Value::Native(Native::Package(package)),
                _ => natives::import(self, package, name, at),
            });
        }
        match self.modules.resolve(importer, specifier) {
            Resolution::File(file) if is_json(&file) => Target::Value(self.json_module(&file, name, at)),
            Resolution::File(file) => match self.find_export(&file, name, at, seen) {
                Some(target) => target,
                None => self.export_target(&file, name, at),
            },
            Resolution::Package(package) => Target::Value(self.foreign(&package, name, at)),
            Resolution::NotFound(tried) => Target::Value(self.unresolved(specifier, &tried, at)),
        }
    }

    pub(crate) fn all_target(&mut self, importer: &FilePath, specifier: &str, at: &Location) -> Target {
        if let Some(package) = Package::of(specifier) {
            return Target::Value(Value::Native(Native::Package(package)));
        }
        match self.modules.resolve(importer, specifier) {
            Resolution::File(file) if is_json(&file) => Target::Value(self.json_module(&file, "*", at)),
            Resolution::File(file) => Target::Module(file),
            Resolution::Package(package) => Target::Value(self.foreign(&package, "*", at)),
            Resolution::NotFound(tried) => Target::Value(self.unresolved(specifier, &tried, at)),
        }
    }

    fn foreign(&mut self, package: &str, name: &str, at: &Location) -> Value {
        if let Some(module) = super::paths::module_of(package) {
            return super::paths::native(module, name);
        }
        let what = if matches!(name, "*" | "default") { String::new() } else { format!("`{name}` of ") };
        let message = format!("it comes from {what}the npm package `{package}`, which is not read");
        // A package built around Drizzle may well make tables; any other never does.
        let is_foreign = !package.contains("drizzle") || NO_TABLES.contains(&package);
        Value::Unknown(std::rc::Rc::new(Reason { message, location: at.clone(), is_foreign }))
    }

    fn unresolved(&mut self, specifier: &str, tried: &str, at: &Location) -> Value {
        let tried = if tried.is_empty() { String::new() } else { format!(" ({tried})") };
        self.unknown(format!("the import `{specifier}` leads nowhere{tried}"), at.clone())
    }

    fn json_module(&mut self, file: &FilePath, name: &str, at: &Location) -> Value {
        let text = match self.load(file) {
            Ok(module) => module.text.clone(),
            Err(reason) => return self.unknown(format!("{} cannot be read: {reason}", file.display()), at.clone()),
        };
        match serde_json::from_str::<serde_json::Value>(text.trim_start_matches('\u{feff}')) {
            Ok(json) => {
                let whole = from_json(&json);
                match (&whole, name) {
                    (_, "default" | "*") => whole,
                    (Value::Object(object), _) => self.property(object, name),
                    _ => Value::Undefined,
                }
            }
            Err(error) => self.unknown(format!("{} is not JSON: {error}", file.display()), at.clone()),
        }
    }

    /// `require('specifier')`.
    pub(super) fn required(&mut self, specifier: &str, at: &Location) -> Value {
        let target = self.all_target(&at.file.clone(), specifier, at);
        self.target_value(target, at)
    }

    /// A JSON file as a value.
    pub(crate) fn json_file(&mut self, file: &FilePath, at: &Location) -> Value {
        self.json_module(file, "*", at)
    }

    /// `module.exports = …` of a file without `export default`.
    pub(crate) fn common_js_export(&mut self, file: &FilePath, at: &Location) -> Value {
        match self.load(file) {
            Ok(module) => match module.common_js_export {
                Some(id) => self.module_expression(file, id, at),
                None => Value::Undefined,
            },
            Err(reason) => self.unknown(format!("{} cannot be read: {reason}", file.display()), at.clone()),
        }
    }

    /// The value of a target.
    pub(crate) fn target_value(&mut self, target: Target, at: &Location) -> Value {
        match target {
            Target::Binding(file, name) => self.binding(&file, &name, at),
            Target::Expression(file, id) => self.module_expression(&file, id, at),
            Target::Module(file) => Value::Module(self.module_number(&file)),
            Target::Value(value) => value,
        }
    }

    /// A member of `import * as x`.
    pub(super) fn module_member(&mut self, number: usize, name: &str, at: &Location) -> Value {
        let Some(file) = self.module_files.get(number).cloned() else { return Value::Undefined };
        let target = self.export_target(&file, name, at);
        self.target_value(target, at)
    }

    fn module_number(&mut self, file: &FilePath) -> usize {
        if let Some(position) = self.module_files.iter().position(|known| known == file) {
            return position;
        }
        self.module_files.push(file.clone());
        self.module_files.len() - 1
    }

    /// The value of an imported name as seen from the file that imports it.
    pub(super) fn import_value(&mut self, module: &Arc<Module>, source: &str, name: Option<&str>, span: Span) -> Value {
        let at = Location::new(&module.file, span);
        let target = match name {
            Some(name) => self.imported_target(&module.file, source, name, &at, &mut FxHashSet::default()),
            None => self.all_target(&module.file, source, &at),
        };
        self.target_value(target, &at)
    }
}

/// Packages around Drizzle that only derive validators and test data from tables.
const NO_TABLES: &[&str] =
    &["drizzle-zod", "drizzle-valibot", "drizzle-typebox", "drizzle-arktype", "drizzle-seed", "drizzle-graphql"];

fn is_json(file: &FilePath) -> bool {
    file.extension().is_some_and(|extension| extension == "json")
}

fn from_json(json: &serde_json::Value) -> Value {
    match json {
        serde_json::Value::Null => Value::Null,
        serde_json::Value::Bool(value) => Value::Boolean(*value),
        serde_json::Value::Number(number) => Value::Number(number.as_f64().unwrap_or(f64::NAN)),
        serde_json::Value::String(text) => Value::string(text.as_str()),
        serde_json::Value::Array(items) => Value::array(items.iter().map(from_json).collect()),
        serde_json::Value::Object(map) => {
            let object = super::value::Object::default();
            map.iter().for_each(|(key, item)| object.set(Arc::from(key.as_str()), from_json(item)));
            Value::Object(std::rc::Rc::new(object))
        }
    }
}
