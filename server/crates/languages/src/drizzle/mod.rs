//! Drizzle ORM TypeScript schemas and `drizzle.config`, read without running them, and written from a `Schema`.

mod build;
mod builders;
mod casing;
mod config;
mod database;
mod defaults;
mod defaults_of_one;
mod editing;
mod entities;
mod evaluate;
mod merge;
mod modules;
mod printing;
mod queries;
mod reader;

pub use builders::{ColumnBuilderInfo, column_builder, column_builders};
pub use config::{Casing, ConfigReading, DrizzleConfig, MigrationPrefix, Release, SchemaEntry};
pub use database::{Credentials, DrizzleDatabase, RolesFilter, read_database};
pub use editing::{NameLiteral, export_insertion, name_literal, word_in_sql};
pub use modules::ReadModules;
pub use printing::{LeftOut, Printed, print_schema};
pub use queries::{QueryName, QueryReader};
pub use reader::{Reader, is_script};
