//! The ledgers of the migration tools: read and written as the tools themselves do it, so that each goes on where the other stopped.

mod tables;
mod write;

use dialects::postgres::statements::literal;
use history::{Format, LedgerRow};
use schema::{Dialect, Name};

pub use tables::ledger_tables;

use crate::connection::Connection;
use crate::error::Error;

/// The ledger of a project in a database.
#[derive(Clone, Debug)]
pub struct Ledger {
    format: Format,
    dialect: Dialect,
    table: Name,
}

impl Ledger {
    /// `schema` and `table` are those of a Drizzle configuration.
    pub fn new(format: Format, dialect: Dialect, schema: Option<&str>, table: Option<&str>) -> Ledger {
        let table = ledger_tables(format, dialect, schema, table).into_iter().next();
        Ledger { format, dialect, table: table.unwrap_or_else(|| Name::new("", "")) }
    }

    fn quoted(&self) -> String {
        dialects::quoted_name(self.dialect, &self.table)
    }

    fn is_postgres(&self) -> bool {
        self.dialect == Dialect::Postgres
    }

    pub fn table(&self) -> &Name {
        &self.table
    }

    /// What is recorded; None where there is no ledger yet.
    pub async fn rows(&self, connection: &mut Connection) -> Result<Option<Vec<LedgerRow>>, Error> {
        if !self.exists(connection).await? {
            return Ok(None);
        }
        let table = self.quoted();
        let text = |column: &str| format!("CAST({column} AS text)");
        let hex = |column: &str| match self.is_postgres() {
            true => format!("encode({column}, 'hex')"),
            false => format!("lower(hex({column}))"),
        };
        let nothing = String::from("NULL");
        // Key, time, checksum, whether it failed, in the order of the tool.
        let (key, when, checksum, failed, order) = match self.format {
            Format::Drizzle => {
                (nothing.clone(), text("created_at"), String::from("hash"), nothing.clone(), "created_at")
            }
            Format::Drizzle1 => {
                let name =
                    if self.has_column(connection, "name").await? { String::from("name") } else { nothing.clone() };
                (name, text("created_at"), String::from("hash"), nothing.clone(), "created_at")
            }
            Format::Sqlx => (
                text("version"),
                nothing.clone(),
                hex("checksum"),
                String::from("CASE WHEN success THEN NULL ELSE 'x' END"),
                "version",
            ),
            Format::Diesel | Format::Dbmate => {
                (text("version"), nothing.clone(), nothing.clone(), nothing.clone(), "version")
            }
            Format::Supabase => (text("version"), nothing.clone(), nothing.clone(), nothing.clone(), "version"),
            Format::GolangMigrate => (
                text("version"),
                nothing.clone(),
                nothing.clone(),
                String::from("CASE WHEN dirty THEN 'x' END"),
                "version",
            ),
            Format::Goose => (text("version_id"), nothing.clone(), nothing.clone(), nothing.clone(), "id"),
            Format::Plain => (String::from("name"), nothing.clone(), String::from("checksum"), nothing.clone(), "name"),
            Format::Flyway => (
                text("version"),
                nothing.clone(),
                text("checksum"),
                String::from("CASE WHEN success THEN NULL ELSE 'x' END"),
                "installed_rank",
            ),
            Format::Prisma => (
                String::from("migration_name"),
                nothing.clone(),
                String::from("checksum"),
                String::from("CASE WHEN finished_at IS NULL THEN 'x' END"),
                "started_at",
            ),
        };
        let condition = match self.format {
            // The newest row of a version counts.
            Format::Goose => format!(" WHERE is_applied AND id IN (SELECT max(id) FROM {table} GROUP BY version_id)"),
            Format::Prisma => String::from(" WHERE rolled_back_at IS NULL"),
            Format::Flyway => String::from(" WHERE version IS NOT NULL"),
            _ => String::new(),
        };
        let question = format!("SELECT {key}, {when}, {checksum}, {failed} FROM {table}{condition} ORDER BY {order}");
        let rows = connection.rows(&question).await?.into_iter().map(|row| {
            let mut values = row.into_iter();
            let mut next = || values.next().flatten();
            let (key, when, checksum, failed) = (next().unwrap_or_default(), next(), next(), next());
            LedgerRow { key, when: when.and_then(|it| it.parse().ok()), checksum, is_failed: failed.is_some() }
        });
        Ok(Some(rows.collect()))
    }

    async fn exists(&self, connection: &mut Connection) -> Result<bool, Error> {
        let question = match self.dialect {
            Dialect::Postgres => format!("SELECT to_regclass({})::text", literal(&self.quoted())),
            Dialect::Sqlite => {
                format!("SELECT name FROM sqlite_schema WHERE type = 'table' AND name = {}", literal(&self.table.name))
            }
        };
        Ok(connection.value(&question).await?.is_some())
    }

    async fn has_column(&self, connection: &mut Connection, name: &str) -> Result<bool, Error> {
        let question = match self.dialect {
            Dialect::Postgres => format!(
                "SELECT attname::text FROM pg_attribute WHERE attrelid = {}::regclass AND attname = {} AND NOT attisdropped",
                literal(&self.quoted()),
                literal(name)
            ),
            Dialect::Sqlite => format!(
                "SELECT name FROM pragma_table_info({}) WHERE name = {}",
                literal(&self.table.name),
                literal(name)
            ),
        };
        Ok(connection.value(&question).await?.is_some())
    }
}
