//! Where the tools keep which migrations a database has.

use history::Format;
use schema::{Dialect, Name};

/// The tables that a tool keeps for itself: they are no part of what a project's schema is compared with. `schema` and `table` are those of
/// a Drizzle configuration.
pub fn ledger_tables(format: Format, dialect: Dialect, schema: Option<&str>, table: Option<&str>) -> Vec<Name> {
    let default = match dialect {
        Dialect::Postgres => "public",
        Dialect::Sqlite => "",
    };
    let at = |name: &str| Name::new(default, name);
    match (format, dialect) {
        (Format::Drizzle | Format::Drizzle1, Dialect::Postgres) => {
            vec![Name::new(schema.unwrap_or("drizzle"), table.unwrap_or("__drizzle_migrations"))]
        }
        (Format::Drizzle | Format::Drizzle1, Dialect::Sqlite) => vec![at(table.unwrap_or("__drizzle_migrations"))],
        (Format::Sqlx, _) => vec![at("_sqlx_migrations")],
        (Format::Diesel, _) => vec![at("__diesel_schema_migrations")],
        (Format::Dbmate | Format::GolangMigrate, _) => vec![at("schema_migrations")],
        (Format::Goose, _) => vec![at("goose_db_version")],
        (Format::Supabase, _) => {
            vec![Name::new("supabase_migrations", "schema_migrations"), Name::new("supabase_migrations", "seed_files")]
        }
        (Format::Flyway, _) => vec![at("flyway_schema_history")],
        (Format::Prisma, _) => vec![at("_prisma_migrations")],
        (Format::Plain, _) => vec![at("_driftlens_migrations")],
    }
}
