//! What the tools write into their ledgers.

use dialects::postgres::statements::literal;
use history::{Format, LedgerRow, Script};
use schema::Dialect;
use source::Span;

use super::Ledger;
use crate::connection::Connection;
use crate::error::Error;

impl Ledger {
    /// None where migrations can be recorded; else why the tool itself has to run them.
    pub fn refusal(&self) -> Option<&'static str> {
        match self.format {
            Format::Flyway => {
                Some("run `flyway migrate`: what Flyway keeps of repeatable migrations is not written here")
            }
            _ => None,
        }
    }

    /// The statement that records a migration as begun, for the tools that know such a state: it stays where a process ends in the middle.
    pub(crate) fn begin_sql(&self, it: &Script) -> Option<String> {
        let table = self.quoted();
        match self.format {
            Format::Sqlx => Some(self.sqlx_row(it, false, 0)),
            Format::GolangMigrate => Some(format!(
                "DELETE FROM {table}; INSERT INTO {table} (version, dirty) VALUES ({}, {})",
                it.version,
                self.truth()
            )),
            _ => None,
        }
    }

    /// What takes the place of that where all went well.
    pub(crate) fn end_sql(&self, it: &Script, milliseconds: u128) -> String {
        match self.format {
            Format::Sqlx => format!("{}; {}", self.remove_sql(it), self.record_sql(it, milliseconds)),
            _ => self.record_sql(it, milliseconds),
        }
    }

    /// Makes the ledger where there is none, and brings one of drizzle-orm 0.x to what 1.0 makes of it. `unnamed` are its rows with the names of
    /// their migrations: 1.0 runs again what has no name.
    pub(crate) async fn prepare(
        &self,
        connection: &mut Connection,
        unnamed: &[(LedgerRow, String)],
    ) -> Result<(), Error> {
        if !self.exists(connection).await? {
            return connection.execute(&self.create_sql()).await;
        }
        if self.format != Format::Drizzle1 || self.has_column(connection, "name").await? {
            return Ok(());
        }
        let table = self.quoted();
        let n_rows = connection.value(&format!("SELECT CAST(count(*) AS text) FROM {table}")).await?;
        if n_rows.and_then(|it| it.parse().ok()) != Some(unnamed.len()) {
            return Err(connection.not_understood(format!(
                "{} is of drizzle-orm 0.x, and not each of its rows is a migration of the folder, so it cannot be brought to 1.0",
                self.table
            )));
        }
        let time = if self.is_postgres() { "timestamp with time zone DEFAULT now()" } else { "TEXT" };
        let mut statements = vec![
            format!("ALTER TABLE {table} ADD COLUMN name text"),
            format!("ALTER TABLE {table} ADD COLUMN applied_at {time}"),
        ];
        statements.extend(unnamed.iter().map(|(row, tag)| {
            format!(
                "UPDATE {table} SET name = {}, applied_at = NULL WHERE created_at = {} AND hash = {}",
                literal(tag),
                row.when.unwrap_or_default(),
                literal(row.checksum.as_deref().unwrap_or_default())
            )
        }));
        connection.execute(&statements.join("; ")).await
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

    fn untruth(&self) -> &'static str {
        if self.is_postgres() { "false" } else { "0" }
    }

    fn truth(&self) -> &'static str {
        if self.is_postgres() { "true" } else { "1" }
    }

    /// The statement that records a migration as applied.
    pub(crate) fn record_sql(&self, it: &Script, milliseconds: u128) -> String {
        let table = self.quoted();
        let checksum = literal(it.checksum.as_deref().unwrap_or_default());
        let (version, tag) = (literal(&it.version), literal(&it.tag));
        let when = it.when.unwrap_or_default();
        match self.format {
            Format::Drizzle => format!("INSERT INTO {table} (hash, created_at) VALUES ({checksum}, {when})"),
            Format::Drizzle1 => {
                let now = if self.is_postgres() { "now()" } else { "CURRENT_TIMESTAMP" };
                format!(
                    "INSERT INTO {table} (hash, created_at, name, applied_at) VALUES ({checksum}, {when}, {tag}, {now})"
                )
            }
            Format::Sqlx => self.sqlx_row(it, true, milliseconds),
            Format::Diesel | Format::Dbmate => format!("INSERT INTO {table} (version) VALUES ({version})"),
            Format::GolangMigrate => {
                let truth = if self.is_postgres() { "false" } else { "0" };
                format!("DELETE FROM {table}; INSERT INTO {table} (version, dirty) VALUES ({}, {truth})", it.version)
            }
            Format::Goose => {
                format!("INSERT INTO {table} (version_id, is_applied) VALUES ({}, {})", it.version, self.truth())
            }
            Format::Supabase => {
                let text = |span: &Span| it.text.get(span.start as usize..span.end as usize).unwrap_or_default();
                let statements: Vec<String> = it.statements.iter().map(|span| literal(text(span))).collect();
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

    fn sqlx_row(&self, it: &Script, is_done: bool, milliseconds: u128) -> String {
        let description = literal(&it.tag.split_once('_').map_or("", |(_, rest)| rest).replace('_', " "));
        let checksum = literal(it.checksum.as_deref().unwrap_or_default());
        let bytes = match self.is_postgres() {
            true => format!("decode({checksum}, 'hex')"),
            false => format!("x{checksum}"),
        };
        format!(
            "INSERT INTO {} (version, description, success, checksum, execution_time) VALUES ({}, {description}, {}, {bytes}, {})",
            self.quoted(),
            it.version,
            if is_done { self.truth() } else { self.untruth() },
            milliseconds.saturating_mul(1_000_000)
        )
    }

    /// The statement that takes a migration out of what is applied.
    pub(crate) fn remove_sql(&self, it: &Script) -> String {
        let table = self.quoted();
        let (version, tag) = (literal(&it.version), literal(&it.tag));
        match self.format {
            // One that only got another time is found by its hash.
            Format::Drizzle => {
                let (when, hash) = (it.when.unwrap_or_default(), literal(it.checksum.as_deref().unwrap_or_default()));
                format!(
                    "DELETE FROM {table} WHERE created_at = {when} OR (hash = {hash} AND NOT EXISTS (SELECT 1 FROM {table} WHERE created_at = {when}))"
                )
            }
            Format::Drizzle1 => format!("DELETE FROM {table} WHERE name = {tag}"),
            Format::Sqlx => format!("DELETE FROM {table} WHERE version = {}", it.version),
            Format::Diesel | Format::Dbmate | Format::Supabase => {
                format!("DELETE FROM {table} WHERE version = {version}")
            }
            Format::GolangMigrate => match &it.previous {
                Some(previous) => format!("UPDATE {table} SET version = {previous}, dirty = {}", self.untruth()),
                None => format!("DELETE FROM {table}"),
            },
            Format::Goose => format!("DELETE FROM {table} WHERE version_id = {}", it.version),
            Format::Prisma => format!("DELETE FROM {table} WHERE migration_name = {tag}"),
            Format::Plain | Format::Flyway => format!("DELETE FROM {table} WHERE name = {tag}"),
        }
    }
}
