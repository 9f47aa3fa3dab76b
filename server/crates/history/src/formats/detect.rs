//! Which format a migrations folder has, and of which database it is, where no configuration says so.

mod dialect;
mod words;

pub use dialect::{FoundDialect, detect_dialect};

use std::path::Path;

use source::{Entry, FilePath, Files};

use super::{Format, dbmate, flyway, golang_migrate, goose, listing, prisma};

/// Of a folder with many migrations this many are looked into.
const SAMPLE: usize = 20;
/// Of each file this many bytes.
const HEAD_BYTES: usize = 8 * 1024;
/// How many folders above the migrations folder a project file is looked for in.
const MAX_LEVELS: usize = 5;

/// What a project is, by a file in its root. The first in the list counts where a folder holds several.
const PROJECT_FILES: &[(&str, Project)] = &[
    ("Cargo.toml", Project::Rust),
    ("go.mod", Project::Other),
    ("package.json", Project::Other),
    ("pyproject.toml", Project::Other),
    ("pom.xml", Project::Other),
    ("build.gradle", Project::Other),
    ("build.gradle.kts", Project::Other),
    ("composer.json", Project::Other),
    ("Gemfile", Project::Other),
    ("mix.exs", Project::Other),
];

#[derive(Clone, Copy, PartialEq, Eq)]
enum Project {
    Rust,
    Other,
}

/// How a format is told, the surest first: by a file that only one tool writes, by folders, by place, by names, by what the files
/// say, and at last by the project around the folder.
const CHECKS: &[fn(&Look) -> Option<Format>] = &[
    drizzle_journal,
    prisma_lock,
    drizzle_1_folders,
    prisma_folders,
    diesel_folders,
    supabase_place,
    flyway_names,
    up_and_down_names,
    section_headers,
    numbered_names,
];

/// The format of a migrations folder; None where nothing in it tells, or where it does not exist.
pub fn detect(folder: &FilePath, files: &dyn Files) -> Option<Format> {
    let (directories, rest): (Vec<Entry>, Vec<Entry>) =
        files.list(folder).ok()?.into_iter().partition(|entry| entry.is_directory);
    let sql = rest.into_iter().filter(|entry| listing::is_sql(&entry.name)).collect();
    let look = Look { folder, directories, sql, files };
    CHECKS.iter().find_map(|check| check(&look))
}

/// A folder's names, as listed once.
struct Look<'a> {
    folder: &'a FilePath,
    directories: Vec<Entry>,
    /// The `.sql` files directly in the folder.
    sql: Vec<Entry>,
    files: &'a dyn Files,
}

impl Look<'_> {
    fn exists(&self, path: impl AsRef<Path>) -> bool {
        self.files.read_head(path.as_ref(), 1).is_ok()
    }

    /// The first folders that start with a number and hold `name`.
    fn folders_with(&self, name: &str) -> impl Iterator<Item = &Entry> {
        let numbered = self.directories.iter().filter(|entry| listing::leading_digits(&entry.name).is_some());
        numbered.take(SAMPLE).filter(move |entry| self.exists(entry.path.join(name)))
    }

    fn is_rust(&self) -> bool {
        project(self.folder, self.files).is_some_and(|(_, project)| project == Project::Rust)
    }
}

/// The project that a folder belongs to: of the nearest folder at or above its parent that holds a project file.
fn project(folder: &Path, files: &dyn Files) -> Option<(FilePath, Project)> {
    let in_folder = |folder: &Path| {
        let mut known = PROJECT_FILES.iter().map(|(name, project)| (FilePath::from(folder.join(name)), *project));
        known.find(|(file, _)| files.read_head(file, 1).is_ok())
    };
    folder.ancestors().skip(1).take(MAX_LEVELS).find_map(in_folder)
}

fn drizzle_journal(look: &Look) -> Option<Format> {
    look.exists(look.folder.join("meta").join("_journal.json")).then_some(Format::Drizzle)
}

fn prisma_lock(look: &Look) -> Option<Format> {
    prisma::is_locked(look.folder, look.files).then_some(Format::Prisma)
}

/// drizzle-kit 1.0 writes a snapshot beside each `migration.sql`; Prisma has nothing beside it.
fn drizzle_1_folders(look: &Look) -> Option<Format> {
    let mut folders = look.folders_with("migration.sql");
    folders.any(|entry| look.exists(entry.path.join("snapshot.json"))).then_some(Format::Drizzle1)
}

fn prisma_folders(look: &Look) -> Option<Format> {
    look.folders_with("migration.sql").next().map(|_| Format::Prisma)
}

fn diesel_folders(look: &Look) -> Option<Format> {
    look.folders_with("up.sql").next().map(|_| Format::Diesel)
}

/// `supabase/migrations`: the CLI knows no other place.
fn supabase_place(look: &Look) -> Option<Format> {
    let mut names = look.folder.ancestors().map(|path| path.file_name().unwrap_or_default());
    (names.next()? == "migrations" && names.next()? == "supabase").then_some(Format::Supabase)
}

/// A versioned name of Flyway's, in the folder or in one below it.
fn flyway_names(look: &Look) -> Option<Format> {
    let is_versioned = |entry: &Entry| {
        entry.name.contains("__") && matches!(flyway::Name::parse(&entry.name), Some(flyway::Name::Versioned(..)))
    };
    let below = |entry: &Entry| {
        let entries = look.files.list(&entry.path).unwrap_or_default();
        entries.iter().any(|entry| !entry.is_directory && is_versioned(entry))
    };
    let found = look.sql.iter().any(is_versioned) || look.directories.iter().take(SAMPLE).any(below);
    found.then_some(Format::Flyway)
}

/// `1_x.up.sql` is sqlx's in a Rust project and golang-migrate's elsewhere, where most files are named so.
fn up_and_down_names(look: &Look) -> Option<Format> {
    let count = look.sql.iter().filter(|entry| golang_migrate::Name::parse(&entry.name).is_some()).count();
    let is_most = count > 0 && count * 2 >= look.sql.len();
    let format = if look.is_rust() { Format::Sqlx } else { Format::GolangMigrate };
    is_most.then_some(format)
}

/// The sections that a file must have for dbmate and for goose.
fn section_headers(look: &Look) -> Option<Format> {
    let numbered = look.sql.iter().filter(|entry| listing::leading_digits(&entry.name).is_some());
    numbered.take(SAMPLE).find_map(|entry| {
        let head = look.files.read_head(&entry.path, HEAD_BYTES).ok()?;
        if !dbmate::read_text(&head).up.is_empty() {
            Some(Format::Dbmate)
        } else {
            goose::has_up(&head).then_some(Format::Goose)
        }
    })
}

/// `1_x.sql` is sqlx's in a Rust project; elsewhere no tool is known.
fn numbered_names(look: &Look) -> Option<Format> {
    let digits = |entry: &Entry| listing::leading_digits(&entry.name).map(|(_, rest)| rest.starts_with('_'));
    let with_underscore: Vec<bool> = look.sql.iter().filter_map(digits).collect();
    let is_sqlx = with_underscore.contains(&true) && look.is_rust();
    let format = if is_sqlx { Format::Sqlx } else { Format::Plain };
    (!with_underscore.is_empty()).then_some(format)
}

#[cfg(test)]
mod tests;
