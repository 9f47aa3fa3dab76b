//! `drizzle.config.{ts,mts,js,mjs,cjs,json}`: the entries that matter without a database.

use std::path::Path;
use std::rc::Rc;
use std::sync::Arc;

use schema::Dialect;
use source::{Diagnostic, FilePath, Files, Location, ReadError, Span, codes};

use super::evaluate::{Environment, Interpreter, ModuleSource, Object, Value};
use super::modules::{Modules, ParsedFiles};

/// How a column's database name is made from its key where none is given.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Casing {
    SnakeCase,
    CamelCase,
}

/// Which Drizzle a project uses, where that changes what a schema file means: names that nobody chose, defaults, what is a unique
/// constraint. The configuration does not say; the migrations folder does.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Release {
    #[default]
    BeforeOne,
    One,
}

/// How drizzle-kit prefixes migration names.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum MigrationPrefix {
    #[default]
    Index,
    Timestamp,
    Supabase,
    Unix,
    None,
}

/// One entry of `schema`: a file, a folder or a glob, with its place in the configuration.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SchemaEntry {
    pub pattern: String,
    pub span: Span,
}

/// A configuration that can be worked with.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct DrizzleConfig {
    pub file: FilePath,
    pub dialect: Dialect,
    /// The dialect as written (`postgresql`, `sqlite`, `turso`).
    pub dialect_word: String,
    pub schema: Vec<SchemaEntry>,
    /// The folder that `schema` and `out` are relative to: where drizzle-kit is run.
    pub base: FilePath,
    /// The migrations folder, absolute.
    pub out: FilePath,
    pub casing: Option<Casing>,
    pub breakpoints: bool,
    pub prefix: MigrationPrefix,
    pub driver: Option<String>,
    pub release: Release,
    /// Where findings about the whole configuration are shown: the value of `schema`, else the start of the file.
    pub schema_span: Span,
}

/// What reading a configuration file gave. `config` is None where it cannot be worked with; a diagnostic says why.
#[derive(Clone, Debug)]
pub struct ConfigReading {
    pub config: Option<DrizzleConfig>,
    pub diagnostics: Vec<Diagnostic>,
}

pub(super) fn read(file: &FilePath, files: &dyn Files, parsed: &mut ParsedFiles) -> ConfigReading {
    let failed = |diagnostic: Diagnostic| ConfigReading { config: None, diagnostics: vec![diagnostic] };
    if let Err(error) = files.read(file) {
        let help = match error {
            ReadError::IsDirectory => "name a configuration file with --config",
            _ => "check the path and the file's permissions",
        };
        let message = format!("the configuration cannot be read: it {error}");
        return failed(Diagnostic::new(codes::UNREADABLE_CONFIG, Location::start_of(file), message).with_help(help));
    }
    let modules = Modules::new(files, parsed);
    let mut interpreter = Interpreter::new(&modules, Environment::Real);
    let at = Location::start_of(file);
    match config_value(&mut interpreter, &modules, file) {
        Value::Object(object) => Reading { interpreter, file, object, diagnostics: Vec::new() }.config(files),
        Value::Unknown(reason) => {
            let location = if reason.location.file == *file { reason.location.clone() } else { at };
            let message = format!("the configuration cannot be told without running code: {}", reason.message);
            let help = "export a plain object: export default defineConfig({ dialect: …, schema: …, out: … })";
            failed(Diagnostic::new(codes::INVALID_CONFIG, location, message).with_help(help))
        }
        _ => {
            let message = "the configuration exports no object";
            let help = "write `export default defineConfig({ dialect: …, schema: …, out: … })`";
            failed(Diagnostic::new(codes::INVALID_CONFIG, at, message).with_help(help))
        }
    }
}

/// What a configuration file exports, a function called.
pub(super) fn config_value(interpreter: &mut Interpreter<'_>, modules: &Modules<'_>, file: &FilePath) -> Value {
    let at = Location::start_of(file);
    let value = if file.extension().is_some_and(|extension| extension == "json") {
        interpreter.json_file(file, &at)
    } else {
        exported_config(interpreter, modules, file, &at)
    };
    match value {
        Value::Function(_) => interpreter.call(&value, Vec::new(), &at),
        other => other,
    }
}

/// `export default …`, else `module.exports = …`.
fn exported_config(interpreter: &mut Interpreter<'_>, modules: &Modules<'_>, file: &FilePath, at: &Location) -> Value {
    let has_default = modules.module(file).is_ok_and(|module| module.export("default").is_some());
    if has_default {
        let target = interpreter.export_target(file, "default", at);
        return interpreter.target_value(target, at);
    }
    interpreter.common_js_export(file, at)
}

struct Reading<'i, 'f> {
    interpreter: Interpreter<'i>,
    file: &'f FilePath,
    object: Rc<Object>,
    diagnostics: Vec<Diagnostic>,
}

impl Reading<'_, '_> {
    fn span(&self, key: &str) -> Option<Span> {
        let origin = self.object.origin(key)?;
        (origin.full.file == *self.file).then_some(origin.full.span)
    }

    fn at(&self, key: &str) -> Location {
        Location::new(self.file, self.span(key).unwrap_or_default())
    }

    fn fail(&mut self, code: source::Code, key: &str, message: String, help: &str) {
        self.diagnostics.push(Diagnostic::new(code, self.at(key), message).with_help(help));
    }

    /// A text entry: None where it is absent, a finding where it is something else.
    fn text(&mut self, key: &str) -> Option<Arc<str>> {
        match self.interpreter.property(&self.object, key) {
            Value::String(text) => Some(text),
            Value::Undefined | Value::Null => None,
            Value::Unknown(reason) => {
                let message = format!("`{key}` cannot be told without running code: {}", reason.message);
                self.fail(codes::INVALID_CONFIG, key, message, "write it as a plain string");
                None
            }
            _ => {
                self.fail(codes::INVALID_CONFIG, key, format!("`{key}` is not a string"), "write it as a plain string");
                None
            }
        }
    }

    fn config(mut self, files: &dyn Files) -> ConfigReading {
        let dialect = self.dialect();
        let schema = self.schema();
        let config = dialect.zip(schema).map(|((dialect, dialect_word), schema)| {
            let base = base_of(self.file, &schema, files);
            let out = self.text("out").unwrap_or_else(|| Arc::from("./drizzle"));
            let prefix = match self.interpreter.property(&self.object.clone(), "migrations") {
                Value::Object(migrations) => self.interpreter.property(&migrations, "prefix"),
                _ => Value::Undefined,
            };
            DrizzleConfig {
                file: self.file.clone(),
                dialect,
                dialect_word,
                schema,
                out: joined(&base, &out),
                base,
                casing: match self.text("casing").as_deref() {
                    Some("snake_case") => Some(Casing::SnakeCase),
                    Some("camelCase") => Some(Casing::CamelCase),
                    _ => None,
                },
                breakpoints: self.interpreter.property(&self.object.clone(), "breakpoints").truth() != Some(false)
                    || matches!(self.interpreter.property(&self.object.clone(), "breakpoints"), Value::Undefined),
                prefix: match prefix.as_str().map(|prefix| &**prefix) {
                    Some("timestamp") => MigrationPrefix::Timestamp,
                    Some("supabase") => MigrationPrefix::Supabase,
                    Some("unix") => MigrationPrefix::Unix,
                    Some("none") => MigrationPrefix::None,
                    _ => MigrationPrefix::Index,
                },
                driver: self.text("driver").map(|driver| driver.to_string()),
                release: Release::default(),
                schema_span: self.span("schema").unwrap_or_default(),
            }
        });
        ConfigReading { config, diagnostics: self.diagnostics }
    }

    fn dialect(&mut self) -> Option<(Dialect, String)> {
        let before = self.diagnostics.len();
        let Some(word) = self.text("dialect") else {
            if self.diagnostics.len() == before {
                let help = "add `dialect: 'postgresql'` or `'sqlite'`";
                self.fail(codes::INVALID_CONFIG, "dialect", String::from("the configuration has no `dialect`"), help);
            }
            return None;
        };
        match &*word {
            "postgresql" => Some((Dialect::Postgres, word.to_string())),
            "sqlite" | "turso" => Some((Dialect::Sqlite, word.to_string())),
            other => {
                let message = format!("the dialect `{other}` is not read yet: nothing in this project is checked");
                let help = "postgresql, sqlite and turso are read";
                self.fail(codes::UNSUPPORTED_DIALECT, "dialect", message, help);
                None
            }
        }
    }

    fn schema(&mut self) -> Option<Vec<SchemaEntry>> {
        let span = self.span("schema").unwrap_or_default();
        let help = "add `schema: './src/schema.ts'`: a file, a folder, a glob or a list of them";
        let value = self.interpreter.property(&self.object.clone(), "schema");
        let items = match value {
            Value::String(_) | Value::Unknown(_) => vec![value],
            Value::Array(items) => items.borrow().clone(),
            _ => {
                self.fail(codes::INVALID_CONFIG, "schema", String::from("the configuration has no `schema`"), help);
                return None;
            }
        };
        let mut entries = Vec::new();
        for item in items {
            match item {
                Value::String(pattern) => entries.push(SchemaEntry { pattern: pattern.to_string(), span }),
                Value::Unknown(reason) => {
                    let message = format!("`schema` cannot be told without running code: {}", reason.message);
                    self.fail(codes::INVALID_CONFIG, "schema", message, "write the paths as plain strings");
                    return None;
                }
                _ => {
                    let message = String::from("an entry of `schema` is not a string");
                    self.fail(codes::INVALID_CONFIG, "schema", message, help);
                    return None;
                }
            }
        }
        Some(entries)
    }
}

/// drizzle-kit takes paths relative to the folder it is run in, which the configuration does not name: mostly its own folder,
/// else one above it (`configs/sqlite.config.ts` of a package). The nearest one in which `schema` names something is taken.
fn base_of(file: &FilePath, schema: &[SchemaEntry], files: &dyn Files) -> FilePath {
    const MOST_LEVELS: usize = 5;
    let own = file.parent().unwrap_or(Path::new(""));
    let names_something = |folder: &&Path| schema.iter().any(|entry| !files.glob(folder, &entry.pattern).is_empty());
    Arc::from(file.ancestors().skip(1).take(MOST_LEVELS).find(names_something).unwrap_or(own))
}

/// `base/relative` with `.` and `..` taken out.
fn joined(base: &Path, relative: &str) -> FilePath {
    use std::path::{Component, PathBuf};
    let mut path = PathBuf::new();
    for component in base.join(relative).components() {
        match component {
            Component::CurDir => {}
            Component::ParentDir => {
                path.pop();
            }
            other => path.push(other),
        }
    }
    Arc::from(path)
}
