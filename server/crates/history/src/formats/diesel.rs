//! Diesel: a folder a migration, `<version>_<name>/up.sql` and `down.sql`, with an optional `metadata.toml`.
//!
//! The rules are those of `diesel_migrations/migrations_internals/src/lib.rs` and `src/migration_harness.rs` (2.3): every folder
//! that is neither hidden nor empty has to hold `up.sql`; the version is the name up to the first `_` without its dashes, a text,
//! and migrations run in its order; of two folders of one version only one is known. Files beside the folders are passed over.
//! `__diesel_schema_migrations` holds the version alone.

use std::path::Path;

use schema::Dialect;
use source::{Diagnostic, Entry, FilePath, Files, Location, Span, codes};

use super::{Folder, Format, Migration, findings, listing};

/// Reads a migrations folder.
pub(super) fn read(dialect: Dialect, path: &FilePath, files: &dyn Files) -> Folder {
    let mut folder = Folder::empty(Format::Diesel, dialect, path);
    for entry in listing::list(&mut folder, files) {
        if !entry.is_directory {
            if listing::is_sql(&entry.name) {
                folder.diagnostics.push(findings::unlisted(&entry.path, "Diesel", NAME));
            }
            continue;
        }
        let inside = files.list(&entry.path).unwrap_or_default();
        if entry.name.starts_with('.') || inside.is_empty() {
            continue;
        }
        let find = |name: &str| inside.iter().find(|entry| entry.name == name).map(|entry| &entry.path);
        let Some(up) = find("up.sql") else {
            folder.diagnostics.push(without_up(&entry, &inside));
            continue;
        };
        if files.read_head(up, 1).is_ok_and(|head| head.is_empty()) {
            let message = format!("{} is empty, and Diesel stops at it", entry.name);
            folder.diagnostics.push(findings::malformed(up, Span::default(), message, EMPTY));
        }
        let version = entry.name.split('_').next().unwrap_or_default().replace('-', "");
        folder.migrations.push(Migration {
            down: find("down.sql").cloned(),
            in_transaction: find("metadata.toml").and_then(|file| runs_in_transaction(file, files)),
            ..Migration::of_file(&entry.name, version, up)
        });
    }
    folder.migrations.sort_by(|a, b| a.version.cmp(&b.version));
    folder.diagnostics.extend(findings::duplicate_versions(&folder.migrations, DUPLICATE));
    folder
}

const NAME: &str = "it takes folders, <version>_<name>/up.sql";
const EMPTY: &str = "Write the statements, or a comment where there is nothing to do.";
const DUPLICATE: &str = "Diesel knows a migration by its version: only one of the two runs, and nothing tells that the other is missing. Give one of them another version.";

fn without_up(entry: &Entry, inside: &[Entry]) -> Diagnostic {
    let place = inside.iter().find(|entry| !entry.is_directory).map_or(&entry.path, |file| &file.path);
    let message = format!("{} holds no up.sql", entry.name);
    Diagnostic::new(codes::MISSING_FILE, Location::start_of(place), message).with_help(
        "Diesel refuses the folder before any migration runs. Restore the file from version control, or delete the folder.",
    )
}

/// `run_in_transaction` of a `metadata.toml`. A file without the entry says false, one that cannot be read says nothing:
/// `TomlMetadata` in `migrations_internals/src/lib.rs` (2.3).
fn runs_in_transaction(file: &Path, files: &dyn Files) -> Option<bool> {
    let text = files.read(file).ok()?;
    match text.parse::<toml::Table>().ok()?.get("run_in_transaction") {
        Some(value) => value.as_bool(),
        None => Some(false),
    }
}
