//! Which database a migrations folder is of.

use std::path::Path;

use schema::Dialect;
use source::{FilePath, Files};

use super::super::{Format, drizzle, prisma, read};
use super::{HEAD_BYTES, SAMPLE, project, words};

/// How many folders at the end of the path may name a database.
const NAMED_FOLDERS: usize = 3;

/// What a project file holds where the project uses a database's driver.
const DRIVERS: &[(&str, Dialect)] = &[
    ("\"postgres\"", Dialect::Postgres),
    ("\"pg\"", Dialect::Postgres),
    ("/lib/pq ", Dialect::Postgres),
    ("/jackc/pgx", Dialect::Postgres),
    ("\"sqlite\"", Dialect::Sqlite),
    ("\"sqlite3\"", Dialect::Sqlite),
    ("\"better-sqlite3\"", Dialect::Sqlite),
    ("\"@libsql/client\"", Dialect::Sqlite),
    ("/go-sqlite3 ", Dialect::Sqlite),
    ("modernc.org/sqlite ", Dialect::Sqlite),
];

/// The database that a migrations folder is of.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub enum FoundDialect {
    Known(Dialect),
    /// One that is not read, by its name.
    Unsupported(String),
}

/// The database that a folder's migrations are written for: by what the format says, then by their words, then by the names of the
/// folders they lie in, then by the driver that the project uses; None where nothing tells.
pub fn detect_dialect(format: Format, folder: &FilePath, files: &dyn Files) -> Option<FoundDialect> {
    let named = match format {
        Format::Supabase => Some(String::from("postgresql")),
        Format::Prisma => prisma::provider(folder, files),
        Format::Drizzle => drizzle::recorded_dialect(folder, files),
        _ => None,
    };
    if let Some(name) = named {
        return Some(by_name(&name).unwrap_or(FoundDialect::Unsupported(name)));
    }
    // Which migrations there are does not depend on the dialect.
    let migrations = read(format, Dialect::Postgres, folder, files).migrations;
    let mut score = words::Score::default();
    for migration in migrations.iter().take(SAMPLE) {
        score.add(&files.read_head(&migration.file, HEAD_BYTES).unwrap_or_default());
    }
    score.winner().or_else(|| by_folder(folder)).or_else(|| by_driver(folder, files))
}

/// The last folders of the path that are named for a database, such as `migrations/postgres` or `server-sqlite/migrations`.
fn by_folder(folder: &Path) -> Option<FoundDialect> {
    folder.iter().rev().take(NAMED_FOLDERS).find_map(|name| {
        let name = name.to_string_lossy().to_ascii_lowercase();
        name.split(['-', '_', '.']).find_map(by_name)
    })
}

/// The one database whose drivers the project's file names.
fn by_driver(folder: &Path, files: &dyn Files) -> Option<FoundDialect> {
    let (file, _) = project(folder, files)?;
    let text = files.read(&file).ok()?;
    let mut found = DRIVERS.iter().filter(|(driver, _)| text.contains(driver)).map(|(_, dialect)| *dialect);
    let first = found.next()?;
    found.all(|dialect| dialect == first).then_some(FoundDialect::Known(first))
}

/// The database that a word names, as tools and people write it.
fn by_name(name: &str) -> Option<FoundDialect> {
    match name {
        "postgres" | "postgresql" | "pg" => Some(FoundDialect::Known(Dialect::Postgres)),
        "sqlite" | "sqlite3" | "turso" => Some(FoundDialect::Known(Dialect::Sqlite)),
        "mysql" | "mariadb" | "sqlserver" | "mssql" | "cockroachdb" => Some(FoundDialect::Unsupported(name.to_owned())),
        _ => None,
    }
}
