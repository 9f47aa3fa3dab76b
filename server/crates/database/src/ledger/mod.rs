//! The ledgers of the migration tools: read and written as the tools themselves do it, so that each goes on where we stopped.

mod tables;

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

/// A migration that is to be recorded.
#[derive(Clone, Debug, Default)]
pub struct Recorded<'a> {
    pub tag: &'a str,
    pub version: &'a str,
    pub when: Option<u64>,
    /// In hexadecimal, where the tool keeps one.
    pub checksum: Option<&'a str>,
    /// Its statements, for the tool that keeps them.
    pub statements: &'a [String],
    pub milliseconds: u64,
    /// The version before it, for the tool that keeps only the newest.
    pub previous: Option<&'a str>,
}

impl Ledger {
    /// `schema` and `table` are those of a Drizzle configuration.
    pub fn new(format: Format, dialect: Dialect, schema: Option<&str>, table: Option<&str>) -> Ledger {
        let table = ledger_tables(format, dialect, schema, table).into_iter().next();
        Ledger { format, dialect, table: table.unwrap_or_else(|| Name::new("", "")) }
    }

    /// None where migrations can be recorded; else why the tool itself has to run them.
    pub fn refusal(&self) -> Option<&'static str> {
        match self.format {
            Format::Flyway => Some("run `flyway migrate`: what Flyway keeps of repeatable migrations is not written"),
            _ => None,
        }
    }

    fn quoted(&self) -> String {
        dialects::quoted_name(self.dialect, &self.table)
    }

    fn is_postgres(&self) -> bool {
        self.dialect == Dialect::Postgres
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

    /// Makes the ledger where there is none, and brings an older one up to date, as the tool does.
    pub async fn prepare(&self, connection: &mut Connection) -> Result<(), Error> {
        if !self.exists(connection).await? {
            return connection.execute(&self.create_sql()).await;
        }
        if self.format == Format::Drizzle1 && !self.has_column(connection, "name").await? {
            let (table, time) =
                (self.quoted(), if self.is_postgres() { "timestamp with time zone DEFAULT now()" } else { "TEXT" });
            let sql =
                format!("ALTER TABLE {table} ADD COLUMN name text; ALTER TABLE {table} ADD COLUMN applied_at {time}");
            return connection.execute(&sql).await;
        }
        Ok(())
    }

    fn create_sql(&self) -> String {
        let table = self.quoted();
        let schema = match self.dialect {
            Dialect::Postgres => format!(
                "CREATE SCHEMA IF NOT EXISTS {}; ",
                dialects::quote_identifier(self.dialect, &self.table.namespace)
            ),
            Dialect::Sqlite => String::new(),
        };
        let columns = match (self.format, self.dialect) {
            // drizzle-orm/src/{pg,sqlite}-core/dialect.ts: `migrate`.
            (Format::Drizzle, Dialect::Postgres) => "id SERIAL PRIMARY KEY, hash text NOT NULL, created_at bigint",
            (Format::Drizzle, Dialect::Sqlite) => "id SERIAL PRIMARY KEY, hash text NOT NULL, created_at numeric",
            (Format::Drizzle1, Dialect::Postgres) => {
                "id SERIAL PRIMARY KEY, hash text NOT NULL, created_at bigint, name text, applied_at timestamp with time zone DEFAULT now()"
            }
            (Format::Drizzle1, Dialect::Sqlite) => {
                "id INTEGER PRIMARY KEY, hash text NOT NULL, created_at numeric, name text, applied_at TEXT"
            }
            // sqlx-postgres/src/migrate.rs, sqlx-sqlite/src/migrate.rs.
            (Format::Sqlx, Dialect::Postgres) => {
                "version BIGINT PRIMARY KEY, description TEXT NOT NULL, installed_on TIMESTAMPTZ NOT NULL DEFAULT now(), success BOOLEAN NOT NULL, checksum BYTEA NOT NULL, execution_time BIGINT NOT NULL"
            }
            (Format::Sqlx, Dialect::Sqlite) => {
                "version BIGINT PRIMARY KEY, description TEXT NOT NULL, installed_on TIMESTAMP NOT NULL DEFAULT CURRENT_TIMESTAMP, success BOOLEAN NOT NULL, checksum BLOB NOT NULL, execution_time BIGINT NOT NULL"
            }
            // diesel/src/migration/mod.rs.
            (Format::Diesel, _) => {
                "version VARCHAR(50) PRIMARY KEY NOT NULL, run_on TIMESTAMP NOT NULL DEFAULT CURRENT_TIMESTAMP"
            }
            // dbmate/pkg/driver/{postgres,sqlite}.
            (Format::Dbmate, _) => "version VARCHAR(128) PRIMARY KEY",
            // golang-migrate/database/{postgres,sqlite}.
            (Format::GolangMigrate, Dialect::Postgres) => "version bigint NOT NULL PRIMARY KEY, dirty boolean NOT NULL",
            (Format::GolangMigrate, Dialect::Sqlite) => "version uint64, dirty bool",
            // goose/internal/dialect.
            (Format::Goose, Dialect::Postgres) => {
                "id integer PRIMARY KEY GENERATED BY DEFAULT AS IDENTITY, version_id bigint NOT NULL, is_applied boolean NOT NULL, tstamp timestamp NOT NULL DEFAULT now()"
            }
            (Format::Goose, Dialect::Sqlite) => {
                "id INTEGER PRIMARY KEY AUTOINCREMENT, version_id INTEGER NOT NULL, is_applied INTEGER NOT NULL, tstamp TIMESTAMP DEFAULT (datetime('now'))"
            }
            (Format::Supabase, _) => "version text NOT NULL PRIMARY KEY, statements text[], name text",
            (Format::Prisma, Dialect::Postgres) => {
                "id VARCHAR(36) PRIMARY KEY NOT NULL, checksum VARCHAR(64) NOT NULL, finished_at TIMESTAMPTZ, migration_name VARCHAR(255) NOT NULL, logs TEXT, rolled_back_at TIMESTAMPTZ, started_at TIMESTAMPTZ NOT NULL DEFAULT now(), applied_steps_count INTEGER NOT NULL DEFAULT 0"
            }
            (Format::Prisma, Dialect::Sqlite) => {
                "id TEXT PRIMARY KEY NOT NULL, checksum TEXT NOT NULL, finished_at DATETIME, migration_name TEXT NOT NULL, logs TEXT, rolled_back_at DATETIME, started_at DATETIME NOT NULL DEFAULT current_timestamp, applied_steps_count INTEGER UNSIGNED NOT NULL DEFAULT 0"
            }
            (Format::Plain | Format::Flyway, _) => {
                "name text PRIMARY KEY, checksum text NOT NULL, applied_at timestamp NOT NULL DEFAULT CURRENT_TIMESTAMP"
            }
        };
        let first = match self.format {
            Format::Goose => format!("; INSERT INTO {table} (version_id, is_applied) VALUES (0, {})", self.truth()),
            _ => String::new(),
        };
        format!("{schema}CREATE TABLE {table} ({columns}){first}")
    }

    fn truth(&self) -> &'static str {
        if self.is_postgres() { "true" } else { "1" }
    }

    /// The statement that records a migration as applied.
    pub fn record_sql(&self, it: &Recorded<'_>) -> String {
        let table = self.quoted();
        let (version, tag, checksum) = (literal(it.version), literal(it.tag), literal(it.checksum.unwrap_or_default()));
        let when = it.when.unwrap_or_default();
        let description = literal(&it.tag.split_once('_').map_or("", |(_, rest)| rest).replace('_', " "));
        match self.format {
            Format::Drizzle => format!("INSERT INTO {table} (hash, created_at) VALUES ({checksum}, {when})"),
            Format::Drizzle1 => {
                let now = if self.is_postgres() { "now()" } else { "CURRENT_TIMESTAMP" };
                format!(
                    "INSERT INTO {table} (hash, created_at, name, applied_at) VALUES ({checksum}, {when}, {tag}, {now})"
                )
            }
            Format::Sqlx => {
                let bytes = match self.is_postgres() {
                    true => format!("decode({checksum}, 'hex')"),
                    false => format!("x{checksum}"),
                };
                let nanoseconds = it.milliseconds.saturating_mul(1_000_000);
                format!(
                    "INSERT INTO {table} (version, description, success, checksum, execution_time) VALUES ({}, {description}, {}, {bytes}, {nanoseconds})",
                    it.version,
                    self.truth()
                )
            }
            Format::Diesel | Format::Dbmate => format!("INSERT INTO {table} (version) VALUES ({version})"),
            Format::GolangMigrate => {
                let truth = if self.is_postgres() { "false" } else { "0" };
                format!("DELETE FROM {table}; INSERT INTO {table} (version, dirty) VALUES ({}, {truth})", it.version)
            }
            Format::Goose => {
                format!("INSERT INTO {table} (version_id, is_applied) VALUES ({}, {})", it.version, self.truth())
            }
            Format::Supabase => {
                let statements: Vec<String> = it.statements.iter().map(|statement| literal(statement)).collect();
                let name = literal(it.tag.split_once('_').map_or("", |(_, rest)| rest));
                format!(
                    "INSERT INTO {table} (version, name, statements) VALUES ({version}, {name}, ARRAY[{}]::text[])",
                    statements.join(", ")
                )
            }
            Format::Prisma => {
                let (id, now) = match self.is_postgres() {
                    true => ("gen_random_uuid()::text", "now()"),
                    false => ("lower(hex(randomblob(16)))", "current_timestamp"),
                };
                format!(
                    "INSERT INTO {table} (id, checksum, migration_name, started_at, finished_at, applied_steps_count) VALUES ({id}, {checksum}, {tag}, {now}, {now}, 1)"
                )
            }
            Format::Plain | Format::Flyway => {
                format!("INSERT INTO {table} (name, checksum) VALUES ({tag}, {checksum})")
            }
        }
    }

    /// The statement that takes a migration out of what is applied.
    pub fn remove_sql(&self, it: &Recorded<'_>) -> String {
        let table = self.quoted();
        let (version, tag) = (literal(it.version), literal(it.tag));
        match self.format {
            Format::Drizzle => {
                let hash = it.checksum.map(|hash| format!(" OR hash = {}", literal(hash))).unwrap_or_default();
                format!("DELETE FROM {table} WHERE created_at = {}{hash}", it.when.unwrap_or_default())
            }
            Format::Drizzle1 => format!("DELETE FROM {table} WHERE name = {tag}"),
            Format::Sqlx => format!("DELETE FROM {table} WHERE version = {}", it.version),
            Format::Diesel | Format::Dbmate | Format::Supabase => {
                format!("DELETE FROM {table} WHERE version = {version}")
            }
            Format::GolangMigrate => match it.previous {
                Some(previous) => format!("UPDATE {table} SET version = {previous}"),
                None => format!("DELETE FROM {table}"),
            },
            Format::Goose => format!("DELETE FROM {table} WHERE version_id = {}", it.version),
            Format::Prisma => format!("DELETE FROM {table} WHERE migration_name = {tag}"),
            Format::Plain | Format::Flyway => format!("DELETE FROM {table} WHERE name = {tag}"),
        }
    }
}

pub(crate) fn literal(text: &str) -> String {
    format!("'{}'", text.replace('\'', "''"))
}
