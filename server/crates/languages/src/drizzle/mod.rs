//! Drizzle ORM TypeScript schemas and `drizzle.config`, read without running them.

mod build;
mod casing;
mod config;
mod defaults;
mod entities;
mod evaluate;
mod merge;
mod modules;
mod reader;

pub use config::{Casing, ConfigReading, DrizzleConfig, MigrationPrefix, SchemaEntry};
pub use reader::Reader;
