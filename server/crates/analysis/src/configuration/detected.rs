//! Projects that nobody configured for us: what the configurations of other tools say, and bare migrations folders.

use history::Format;
use languages::configuration::sqlc::SqlcPart;
use languages::configuration::{self as files_of, is_written_by_hand, joined, sql_files};
use schema::Dialect;
use source::{FilePath, Files, Location};
use std::path::Path;
use std::sync::Arc;

use super::entry::{Entry, Origin, Says, SqlFiles};
use super::{Detector, ProjectId};

/// Where a migrations folder may be, from the folder that holds a schema file.
const MIGRATIONS_BESIDE: [&str; 4] = ["migrations", "migration", "db/migrations", "db/migration"];
/// Where a schema file may be, from the folder that holds the migrations folder.
const SCHEMA_BESIDE: [&str; 3] = ["schema.sql", "db/schema.sql", "structure.sql"];

pub(super) fn diesel(source: &FilePath, detector: &mut Detector, files: &dyn Files) -> Vec<Entry> {
    let text = files.read(source).unwrap_or_else(|_| Arc::from(""));
    let migrations = files_of::diesel::migrations(source, &text);
    if detector.format(&migrations, files).is_none() {
        return Vec::new();
    }
    let folder = Folder { path: migrations, format: Some(Format::Diesel), dialect: None };
    vec![entry(source, 0, Origin::Tool, None, folder)]
}

/// The project of a `supabase` folder, which has migrations, schema files or both.
pub(super) fn supabase(source: &FilePath, folder: &Path, detector: &mut Detector, files: &dyn Files) -> Vec<Entry> {
    let migrations = joined(folder, "migrations");
    let schema_files = files_of::supabase::schema_files(folder, files);
    if schema_files.is_empty() && detector.format(&migrations, files).is_none() {
        return Vec::new();
    }
    let folder = Folder { path: migrations, format: Some(Format::Supabase), dialect: Some(Dialect::Postgres) };
    vec![entry(source, 0, Origin::Tool, whole(schema_files), folder)]
}

pub(super) fn sqlc(source: &FilePath, detector: &mut Detector, files: &dyn Files) -> Vec<Entry> {
    let Ok(text) = files.read(source) else { return Vec::new() };
    let base = source.parent().unwrap_or(Path::new(""));
    let mut found: Vec<Entry> = Vec::new();
    for part in files_of::sqlc::parts(&text) {
        let Some((schema, folder)) = sqlc_part(base, &part, detector, files) else { continue };
        found.push(entry(source, found.len(), Origin::Reader, schema, folder));
    }
    if found.len() > 1 {
        for entry in &mut found {
            if let Says::Sql { migrations, .. } = &entry.says {
                entry.name = Some(migrations.strip_prefix(base).unwrap_or(migrations).display().to_string());
            }
        }
    }
    found
}

/// A folder of migrations that `schema` names is the history; any other SQL file there, by hand, is what the schema should be.
fn sqlc_part(
    base: &Path,
    part: &SqlcPart,
    detector: &mut Detector,
    files: &dyn Files,
) -> Option<(Option<SqlFiles>, Folder)> {
    let dialect = match part.engine.as_str() {
        "" | "postgresql" => Dialect::Postgres,
        "sqlite" => Dialect::Sqlite,
        _ => return None,
    };
    let mut schema_files = Vec::new();
    for path in &part.schema {
        let named = joined(base, path);
        if let Some(format) = detector.format(&named, files) {
            return Some((None, Folder { path: named, format: Some(format), dialect: Some(dialect) }));
        }
        schema_files.extend(sql_files(base, path, files));
    }
    let by_hand = |file: &FilePath| files.read(file).is_ok_and(|text| is_written_by_hand(&text));
    let schema = schema_files.iter().all(by_hand).then(|| whole(schema_files.clone())).flatten();
    let beside = schema_files.first()?.ancestors().skip(1).take(2).chain([base]);
    let (path, format) = beside
        .flat_map(|folder| MIGRATIONS_BESIDE.iter().map(|name| joined(folder, name)))
        .find_map(|folder| detector.format(&folder, files).map(|format| (folder, format)))?;
    Some((schema, Folder { path, format: Some(format), dialect: Some(dialect) }))
}

/// A migrations folder without a configuration. One of drizzle-kit belongs to its configuration, wherever that is.
pub(super) fn folder(source: &FilePath, detector: &mut Detector, files: &dyn Files) -> Vec<Entry> {
    let format = match detector.format(source, files) {
        None | Some(Format::Drizzle | Format::Drizzle1) => return Vec::new(),
        Some(format) => format,
    };
    let parent = source.parent().unwrap_or(Path::new(""));
    if format == Format::Supabase {
        return supabase(source, parent, detector, files);
    }
    let beside = SCHEMA_BESIDE.iter().map(|name| joined(parent, name));
    let schema = beside
        .filter_map(|file| files.read(&file).ok().map(|text| (file, text)))
        .find(|(_, text)| is_written_by_hand(text))
        .and_then(|(file, _)| whole(vec![file]));
    let folder = Folder { path: source.clone(), format: Some(format), dialect: None };
    vec![entry(source, 0, Origin::Folder, schema, folder)]
}

/// A migrations folder, and what is known of it.
struct Folder {
    path: FilePath,
    format: Option<Format>,
    dialect: Option<Dialect>,
}

fn entry(source: &FilePath, index: usize, origin: Origin, schema: Option<SqlFiles>, folder: Folder) -> Entry {
    let named_at = (*source != folder.path).then(|| Location::start_of(source));
    let Folder { path: migrations, format, dialect } = folder;
    Entry {
        id: ProjectId { source: source.clone(), index },
        name: None,
        origin,
        says: Says::Sql { schema, migrations, dialect, format, named_at },
        diagnostics: Vec::new(),
    }
}

/// Schema files as all there are; None where there is none.
fn whole(files: Vec<FilePath>) -> Option<SqlFiles> {
    let location = Location::start_of(files.first()?);
    Some(SqlFiles { files, is_whole: true, location })
}
