//! `drizzle.config.{ts,mts,js,mjs,cjs,json}`: the entries that matter without a database.

use schema::Dialect;
use source::{Diagnostic, FilePath, Span};

/// How a column's database name is made from its key where none is given.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Casing {
    SnakeCase,
    CamelCase,
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
    /// The migrations folder, absolute.
    pub out: FilePath,
    pub casing: Option<Casing>,
    pub breakpoints: bool,
    pub prefix: MigrationPrefix,
    pub driver: Option<String>,
    /// Where findings about the whole configuration are shown: the value of `schema`, else the start of the file.
    pub schema_span: Span,
}

/// What reading a configuration file gave. `config` is None where it cannot be worked with; a diagnostic says why.
#[derive(Clone, Debug)]
pub struct ConfigReading {
    pub config: Option<DrizzleConfig>,
    pub diagnostics: Vec<Diagnostic>,
}
