//! Finding what may be a project below a folder, respecting .gitignore, never descending into `node_modules`: configuration files by
//! their names, migrations folders by their names and files.

use std::io;
use std::path::Path;

use history::formats::detect::{FoundDialect, detect, detect_dialect};
use ignore::{DirEntry, WalkBuilder, WalkState};
use parking_lot::Mutex;
use source::FilePath;

use crate::{Disk, SKIPPED_FOLDERS};

const EXTENSIONS: [&str; 7] = ["ts", "mts", "cts", "js", "mjs", "cjs", "json"];

/// The configurations of tools that run or read migrations.
const TOOL_FILES: [&str; 4] = ["diesel.toml", "sqlc.yaml", "sqlc.yml", "sqlc.json"];

/// What migrations folders are called.
const MIGRATIONS_FOLDERS: [&str; 2] = ["migrations", "migration"];
/// Folders in a migrations folder that has one for each database.
const DATABASE_FOLDERS: [&str; 5] = ["postgres", "postgresql", "pg", "sqlite", "sqlite3"];

/// Folders of tests and of other people's code: migrations in them are no project's. A configuration of ours or of Drizzle
/// counts there too.
const FOREIGN_FOLDERS: [&str; 23] = [
    "__fixtures__",
    "__mocks__",
    "__tests__",
    "e2e",
    "fixture",
    "fixtures",
    "mocks",
    "Pods",
    "site-packages",
    "snapshots",
    "spec",
    "specs",
    "test",
    "test-data",
    "test_data",
    "testdata",
    "testing",
    "tests",
    "third-party",
    "third_party",
    "vendor",
    "vendored",
    "venv",
];

/// What was looked for, for a person who is told that there is none.
pub const LOOKED_FOR: &str = "drizzle.config.{ts,mts,cts,js,mjs,cjs,json}, driftlens.toml, supabase/config.toml, diesel.toml, \
     sqlc.{yaml,yml,json} or folder of SQL migrations named migrations or migration";

/// What was found.
#[derive(Clone, Debug, Default)]
pub struct Discovery {
    /// Configuration files, and migrations folders, each with files that are migrations; absolute and sorted. A folder may be one that
    /// a configuration names too: who reads them tells.
    pub sources: Vec<FilePath>,
}

/// Every `drizzle.config.{ts,mts,cts,js,mjs,cjs,json}` below `root` (also `drizzle-x.config.*`, `drizzle.x.config.*`, `drizzle.config.x.*`
/// and `drizzle.config-x.*`), `driftlens.toml`, configurations of other tools and migrations folders; `root` itself, whatever its name,
/// where it is a file.
pub fn discover(root: &Path) -> io::Result<Discovery> {
    let root = Disk::normalize(root);
    let metadata = std::fs::metadata(&root).map_err(|error| {
        io::Error::new(error.kind(), format!("cannot look for configuration files in {}: {error}", root.display()))
    })?;
    if metadata.is_file() {
        return Ok(Discovery { sources: vec![root] });
    }
    let found = Mutex::new(Vec::new());
    // Two threads halve the time of a cold walk; more of them only fight over the same directory cache.
    let walk = WalkBuilder::new(&root)
        .require_git(false)
        .follow_links(false)
        .threads(2)
        .filter_entry(|entry| entry.depth() == 0 || !is_skipped(entry))
        .build_parallel();
    walk.run(|| {
        Box::new(|entry| {
            // A folder that cannot be read hides only what is in it.
            if let Ok(entry) = entry
                && let Some(candidate) = candidate(&entry, &root)
            {
                found.lock().push((candidate, FilePath::from(entry.path())));
            }
            WalkState::Continue
        })
    });
    let disk = Disk::new();
    let is_source = |(candidate, path): &(Candidate, FilePath)| match candidate {
        Candidate::File => path.is_file(),
        Candidate::Folder => is_migrations_folder(path, &disk),
    };
    let mut sources: Vec<FilePath> = found.into_inner().into_iter().filter(is_source).map(|(_, path)| path).collect();
    sources.sort();
    Ok(Discovery { sources })
}

/// True where a path has a name that makes it a project's source: a configuration file, or a folder named for migrations.
pub fn is_source_name(path: &Path) -> bool {
    let name = name_of(path);
    is_config_name(name) || name == DRIFTLENS_TOML || is_tool_file(path) || is_migrations_name(path)
}

/// The nearest migrations folder that a file lies in or beside.
pub fn folder_around(file: &Path) -> Option<FilePath> {
    const BESIDE: [&str; 4] = ["migrations", "migration", "db/migrations", "db/migration"];
    let disk = Disk::new();
    file.ancestors()
        .skip(1)
        .flat_map(|folder| std::iter::once(folder.to_path_buf()).chain(BESIDE.iter().map(|name| folder.join(name))))
        .filter(|folder| is_migrations_name(folder))
        .map(FilePath::from)
        .find(|folder| is_migrations_folder(folder, &disk))
}

const DRIFTLENS_TOML: &str = "driftlens.toml";

#[derive(Clone, Copy)]
enum Candidate {
    File,
    Folder,
}

fn candidate(entry: &DirEntry, root: &Path) -> Option<Candidate> {
    let path = entry.path();
    let name = entry.file_name().to_str()?;
    if is_config_name(name) || name == DRIFTLENS_TOML {
        return Some(Candidate::File);
    }
    let is_folder = entry.file_type().is_some_and(|kind| kind.is_dir());
    let candidate = match is_folder {
        true => is_migrations_name(path).then_some(Candidate::Folder),
        false => is_tool_file(path).then_some(Candidate::File),
    }?;
    // Only what lies below the root counts: the project itself may be in a folder named `test`.
    let mut below = path.strip_prefix(root).unwrap_or(path).iter().filter_map(|name| name.to_str());
    (!below.any(|name| FOREIGN_FOLDERS.contains(&name))).then_some(candidate)
}

/// A folder of migrations that some tool runs on a database that is read. One of drizzle-kit belongs to its configuration, one of
/// Supabase's CLI to that where there is one.
fn is_migrations_folder(folder: &FilePath, disk: &Disk) -> bool {
    let is_configured = || folder.with_file_name("config.toml").is_file();
    match detect(folder, disk) {
        None | Some(history::Format::Drizzle | history::Format::Drizzle1) => false,
        Some(history::Format::Supabase) if is_configured() => false,
        Some(format) => matches!(detect_dialect(format, folder, disk), Some(FoundDialect::Known(_))),
    }
}

fn is_migrations_name(path: &Path) -> bool {
    let parent = path.parent().map(name_of).unwrap_or_default();
    let name = name_of(path);
    MIGRATIONS_FOLDERS.contains(&name) || (DATABASE_FOLDERS.contains(&name) && MIGRATIONS_FOLDERS.contains(&parent))
}

fn is_tool_file(path: &Path) -> bool {
    let name = name_of(path);
    TOOL_FILES.contains(&name) || (name == "config.toml" && path.parent().map(name_of) == Some("supabase"))
}

fn name_of(path: &Path) -> &str {
    path.file_name().and_then(|name| name.to_str()).unwrap_or_default()
}

fn is_skipped(entry: &DirEntry) -> bool {
    entry.file_type().is_some_and(|kind| kind.is_dir())
        && entry.file_name().to_str().is_some_and(|name| SKIPPED_FOLDERS.contains(&name))
}

fn is_config_name(name: &str) -> bool {
    let Some((stem, extension)) = name.rsplit_once('.') else { return false };
    let Some(rest) = stem.strip_prefix("drizzle") else { return false };
    if !EXTENSIONS.contains(&extension) || [".d", ".test", ".spec"].iter().any(|end| stem.ends_with(end)) {
        return false;
    }
    let is_separator = |text: &str| text.len() > 1 && text.starts_with(['.', '-', '_']);
    match (rest.strip_prefix(".config"), rest.strip_suffix(".config")) {
        (Some(""), _) => true,
        (Some(variant), _) if is_separator(variant) => true,
        (_, Some(variant)) => is_separator(variant),
        _ => false,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::fs;

    fn check(paths: &[&str], expected: &[&str]) {
        let folder = tempfile::tempdir().unwrap();
        for path in paths {
            let (path, text) = path.split_once('=').unwrap_or((path, ""));
            let path = folder.path().join(path);
            fs::create_dir_all(path.parent().unwrap()).unwrap();
            fs::write(path, text).unwrap();
        }
        let discovery = discover(folder.path()).unwrap();
        let found: Vec<_> = discovery.sources.iter().map(|it| it.strip_prefix(folder.path()).unwrap()).collect();
        assert_eq!(found, expected.iter().map(Path::new).collect::<Vec<_>>());
    }

    #[test]
    fn every_spelling_of_a_config_is_found_and_nothing_else() {
        let names = [
            "drizzle-pg.config.ts",
            "drizzle.config-dev.ts",
            "drizzle.config.cjs",
            "drizzle.config.json",
            "drizzle.config.prod.mts",
            "drizzle.sqlite.config.js",
        ];
        let others =
            ["drizzle.config.d.ts", "drizzle.ts", "drizzle.config.test.ts", "drizzle.configs.ts", "drizzle.config.md"];
        check(&[&names[..], &others[..]].concat(), &names);
    }

    #[test]
    fn ignored_and_built_folders_are_not_searched() {
        check(
            &[
                ".gitignore=/ignored\n",
                "ignored/drizzle.config.ts",
                "node_modules/x/drizzle.config.ts",
                "packages/a/dist/drizzle.config.js",
                "packages/a/drizzle.config.ts",
                ".hidden/drizzle.config.ts",
            ],
            &["packages/a/drizzle.config.ts"],
        );
    }

    #[test]
    fn a_file_as_root_is_the_config() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("db.ts");
        fs::write(&path, "").unwrap();
        assert_eq!(discover(&path).unwrap().sources, [FilePath::from(path.as_path())]);
    }

    #[cfg(unix)]
    #[test]
    fn a_symlink_loop_does_not_hang() {
        let folder = tempfile::tempdir().unwrap();
        std::os::unix::fs::symlink(folder.path(), folder.path().join("again")).unwrap();
        fs::write(folder.path().join("drizzle.config.ts"), "").unwrap();
        assert_eq!(discover(folder.path()).unwrap().sources.len(), 1);
    }

    #[test]
    fn a_missing_root_is_named_in_the_error() {
        let error = discover(Path::new("/no/such/folder")).unwrap_err();
        assert!(error.to_string().contains("/no/such/folder"), "{error}");
    }

    const SQL: &str = "CREATE TABLE users (id bigserial PRIMARY KEY, at timestamptz);\n";

    /// The paths, each with the same PostgreSQL statement in it.
    fn check_sql(paths: &[&str], expected: &[&str]) {
        let files: Vec<String> = paths.iter().map(|path| format!("{path}={SQL}")).collect();
        check(&files.iter().map(String::as_str).collect::<Vec<_>>(), expected);
    }

    #[test]
    fn unrelated_sql_files_are_no_project() {
        check_sql(
            &[
                "schema.sql",
                "seed.sql",
                "queries/001_users.sql",
                "sql/V1__users.sql",
                "src/migrations/readme.sql",
                "app/migrations/0001_initial.py",
                "db/migrate/20240101000000_create_users.rb",
                "db/structure.sql",
            ],
            &[],
        );
    }

    #[test]
    fn a_migrations_folder_is_found_by_its_files() {
        check_sql(
            &[
                "Cargo.toml",
                "migrations/20240101000000_users.sql",
                "api/db/migrations/000001_users.up.sql",
                "api/db/migrations/000001_users.down.sql",
                "java/src/main/resources/db/migration/V1__users.sql",
                "auth/migrations/postgres/1_users.sql",
                "web/prisma/migrations/20240101000000_users/migration.sql",
                "web/prisma/migrations/migration_lock.toml",
            ],
            &[
                "api/db/migrations",
                "auth/migrations/postgres",
                "java/src/main/resources/db/migration",
                "migrations",
                "web/prisma/migrations",
            ],
        );
    }

    #[test]
    fn the_configurations_of_tools_are_found() {
        check(
            &[
                "api/diesel.toml",
                "api/driftlens.toml",
                "api/sqlc.yaml",
                "config.toml",
                "supabase/config.toml",
                "supabase/migrations/20240101000000_users.sql=CREATE TABLE users (id bigserial);",
            ],
            &["api/diesel.toml", "api/driftlens.toml", "api/sqlc.yaml", "supabase/config.toml"],
        );
        check_sql(&["supabase/migrations/20240101000000_users.sql"], &["supabase/migrations"]);
    }

    #[test]
    fn tests_and_the_code_of_others_are_no_projects_but_where_they_are_configured() {
        let others = [
            "tests/migrations/1_users.sql",
            "testdata/sqlc.yaml",
            "internal/fixtures/migrations/1_users.sql",
            "vendor/x/migrations/1_users.sql",
            "node_modules/x/migrations/1_users.sql",
            "target/package/migrations/1_users.sql",
        ];
        let ours = ["tests/driftlens.toml", "tests/drizzle.config.ts"];
        check_sql(&[&others[..], &ours[..]].concat(), &ours);
    }

    #[test]
    fn folders_of_other_databases_and_of_drizzle_are_left_to_who_configures_them() {
        check(
            &[
                "a/migrations/1_x.sql=CREATE TABLE `t` (`id` int NOT NULL AUTO_INCREMENT) ENGINE=InnoDB;",
                "b/migrations/0000_x.sql=CREATE TABLE t (id serial);",
                "b/migrations/meta/_journal.json={\"version\":\"7\",\"dialect\":\"postgresql\",\"entries\":[]}",
            ],
            &[],
        );
    }

    #[test]
    fn a_file_in_or_beside_a_migrations_folder_leads_to_it() {
        let folder = tempfile::tempdir().unwrap();
        let migrations = folder.path().join("db/migrations");
        fs::create_dir_all(&migrations).unwrap();
        fs::write(migrations.join("1_users.sql"), SQL).unwrap();
        for file in ["db/migrations/1_users.sql", "db/schema.sql", "src/main.go"] {
            let found = folder_around(&folder.path().join(file));
            assert_eq!(found.as_deref(), Some(migrations.as_path()), "{file}");
        }
    }
}
