//! The projects of a `driftlens.toml`.

use history::Format;
use languages::configuration::driftlens_toml::{self, DeclaredProject};
use languages::configuration::keys::{FolderFormat, Placed, ProjectKeys, SchemaPaths};
use languages::configuration::{joined, sql_files};
use source::{Diagnostic, FilePath, Files, Location, codes};

use super::ProjectId;
use super::entry::{Entry, Origin, Says, SqlFiles};

pub(super) fn entries(source: &FilePath, files: &dyn Files) -> Vec<Entry> {
    let reading = driftlens_toml::read(source, files);
    let is_single = reading.projects.len() == 1;
    let mut entries: Vec<Entry> = reading
        .projects
        .into_iter()
        .enumerate()
        .map(|(index, project)| entry(ProjectId { source: source.clone(), index }, project, is_single, files))
        .collect();
    if entries.is_empty() {
        let id = ProjectId { source: source.clone(), index: 0 };
        let (says, diagnostics) = (Says::Nothing, Vec::new());
        entries.push(Entry { id, name: None, origin: Origin::Declared, says, diagnostics });
    }
    // What is about no project is told with the first.
    if let Some(first) = entries.first_mut() {
        first.diagnostics.splice(0..0, reading.diagnostics);
    }
    entries
}

fn entry(id: ProjectId, project: DeclaredProject, is_single: bool, files: &dyn Files) -> Entry {
    let mut diagnostics = project.diagnostics;
    let name = project.keys.as_ref().and_then(|keys| name(keys, is_single));
    let says = match &project.keys {
        Some(keys) => says(&id.source, keys, files, &mut diagnostics),
        None => Says::Nothing,
    };
    Entry { id, name, origin: Origin::Declared, says, diagnostics }
}

/// Several projects are told apart by what they are called, else by what they are about.
fn name(keys: &ProjectKeys, is_single: bool) -> Option<String> {
    let about = || keys.migrations.as_ref().or(keys.drizzle.as_ref()).filter(|_| !is_single);
    keys.name.as_ref().or_else(about).map(|name| name.value.clone())
}

fn says(source: &FilePath, keys: &ProjectKeys, files: &dyn Files, found: &mut Vec<Diagnostic>) -> Says {
    let base = driftlens_toml::base(source);
    let folder = |path: &Placed<String>| joined(base, &path.value);
    let format = keys.format.as_ref().map(|format| known_format(format.value));
    if let Some(path) = &keys.drizzle {
        let config = folder(path);
        if files.read(&config).is_err() {
            let message = format!("`{}` is no file that can be read", path.value);
            let location = Location::new(source, path.span);
            let help = "name a drizzle.config.ts, relative to this file";
            found.push(Diagnostic::new(codes::INVALID_CONFIG, location, message).with_help(help));
            return Says::Nothing;
        }
        return Says::Drizzle { config, migrations: keys.migrations.as_ref().map(folder), format };
    }
    let Some(migrations) = &keys.migrations else { return Says::Nothing };
    let schema = keys.schema.as_ref().map(|paths| schema_files(source, paths, files, found));
    let named_at = Some(Location::new(source, migrations.span));
    let dialect = keys.dialect.as_ref().map(|dialect| dialect.value.dialect());
    Says::Sql { schema, migrations: folder(migrations), dialect, format, named_at }
}

fn schema_files(
    source: &FilePath,
    paths: &Placed<SchemaPaths>,
    files: &dyn Files,
    found: &mut Vec<Diagnostic>,
) -> SqlFiles {
    let mut schema = SqlFiles { files: Vec::new(), is_whole: true, location: Location::new(source, paths.span) };
    for path in &paths.value.0 {
        let named = sql_files(driftlens_toml::base(source), &path.value, files);
        if named.is_empty() {
            let message = format!("`{}` names no SQL file", path.value);
            let help = "the path is relative to this file's folder; name a file, a folder or a pattern";
            let location = Location::new(source, path.span);
            found.push(Diagnostic::new(codes::NO_SCHEMA_FILES, location, message).with_help(help));
            schema.is_whole = false;
        }
        schema.files.extend(named);
    }
    let mut seen = rustc_hash::FxHashSet::default();
    schema.files.retain(|file| seen.insert(file.clone()));
    schema
}

fn known_format(word: FolderFormat) -> Format {
    match word {
        FolderFormat::Drizzle => Format::Drizzle,
        FolderFormat::Drizzle1 => Format::Drizzle1,
        FolderFormat::Sqlx => Format::Sqlx,
        FolderFormat::Diesel => Format::Diesel,
        FolderFormat::Plain => Format::Plain,
        FolderFormat::Dbmate => Format::Dbmate,
        FolderFormat::GolangMigrate => Format::GolangMigrate,
        FolderFormat::Goose => Format::Goose,
        FolderFormat::Supabase => Format::Supabase,
        FolderFormat::Flyway => Format::Flyway,
        FolderFormat::Prisma => Format::Prisma,
    }
}
