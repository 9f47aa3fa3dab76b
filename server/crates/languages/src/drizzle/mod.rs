//! Drizzle ORM TypeScript schemas and `drizzle.config`, read without running them.

mod config;

pub use config::{Casing, ConfigReading, DrizzleConfig, MigrationPrefix, SchemaEntry};

use source::{FilePath, Files};

use crate::Desired;

/// Reads Drizzle projects and keeps what it made of each file, so that after an edit only what depends on it is read again.
/// One reader serves one project (one configuration file).
#[derive(Default)]
pub struct Reader {}

impl Reader {
    pub fn new() -> Reader {
        Reader::default()
    }

    /// Reads a configuration file. Never fails: what is wrong with it is in the diagnostics.
    pub fn read_config(&mut self, file: &FilePath, files: &dyn Files) -> ConfigReading {
        let _ = (file, files);
        ConfigReading { config: None, diagnostics: Vec::new() }
    }

    /// Reads the schema files that `config` names. Never fails: what cannot be evaluated is unknown.
    pub fn read_schema(&mut self, config: &DrizzleConfig, files: &dyn Files) -> Desired {
        let _ = files;
        Desired {
            schema: schema::Schema::new(config.dialect),
            origins: Default::default(),
            uses: Vec::new(),
            unknown: Vec::new(),
            diagnostics: Vec::new(),
            not_exported: Vec::new(),
            files: Vec::new(),
            read_files: Vec::new(),
        }
    }
}
