//! Prisma Migrate: a folder a migration, `<timestamp>_<name>/migration.sql`, and `migration_lock.toml`.
//!
//! The rules are those of `packages/migrate/src/utils/listMigrations.ts` in prisma/prisma (6.x) and of
//! `schema-engine/connectors/schema-connector/src/{migrations_directory,checksum}.rs` in prisma/prisma-engines: every folder is a
//! migration, and one without `migration.sql` is error P3015; they run in the order of names as JavaScript's `localeCompare` has
//! it. `_prisma_migrations` holds the folder's name and a checksum. The engine opens no transaction.

use schema::Dialect;
use source::{Diagnostic, FilePath, Files, Location, codes};

use super::{Folder, Format, Migration, findings, listing};

/// The file that names the database.
const LOCK_FILE: &str = "migration_lock.toml";

/// Reads a migrations folder.
pub(super) fn read(dialect: Dialect, path: &FilePath, files: &dyn Files) -> Folder {
    let mut folder = Folder::empty(Format::Prisma, dialect, path);
    for entry in listing::list(&mut folder, files) {
        if !entry.is_directory {
            if listing::is_sql(&entry.name) {
                folder.diagnostics.push(findings::unlisted(&entry.path, "Prisma", NAME));
            }
            continue;
        }
        let inside = files.list(&entry.path).unwrap_or_default();
        if let Some(script) = inside.iter().find(|entry| entry.name == "migration.sql") {
            // Prisma's own documentation keeps the way back there, beside what its engine reads.
            let down = inside.iter().find(|entry| entry.name == "down.sql").map(|entry| entry.path.clone());
            folder.migrations.push(Migration { down, ..Migration::of_file(&entry.name, &entry.name, &script.path) });
            continue;
        }
        let place = inside.iter().find(|entry| !entry.is_directory).map_or(&entry.path, |file| &file.path);
        let message = format!("{} holds no migration.sql", entry.name);
        let finding = Diagnostic::new(codes::MISSING_FILE, Location::start_of(place), message);
        folder.diagnostics.push(finding.with_help(MISSING));
    }
    folder.migrations.sort_by_cached_key(|migration| collation_key(&migration.tag));
    folder
}

const NAME: &str = "it takes folders, <timestamp>_<name>/migration.sql";
const MISSING: &str = "Prisma takes every folder for a migration and stops with error P3015. Restore the file from version control, or delete the folder.";

/// `_prisma_migrations.checksum`: SHA-256 of the text in hexadecimal. Prisma also accepts the checksum of the same text with the
/// other kind of line ends.
pub(super) fn checksum(text: &str) -> String {
    use sha2::{Digest, Sha256};
    Sha256::digest(text).iter().map(|byte| format!("{byte:02x}")).collect()
}

/// The database that `migration_lock.toml` names. Read line by line, as Prisma does, not as TOML.
pub(super) fn provider(path: &FilePath, files: &dyn Files) -> Option<String> {
    let text = files.read(&path.join(LOCK_FILE)).ok()?;
    let line = text.lines().find(|line| line.starts_with("provider"))?;
    Some(line.trim_start_matches("provider = ").trim_matches('"').to_owned())
}

/// True where the folder holds Prisma's lock file.
pub(super) fn is_locked(path: &FilePath, files: &dyn Files) -> bool {
    files.read_head(&path.join(LOCK_FILE), 1).is_ok()
}

/// Orders ASCII names as `localeCompare` does: punctuation, then digits, then letters without regard to case, and of two names
/// that differ in case alone the one with the lower-case letter first.
fn collation_key(name: &str) -> (Vec<(u8, char)>, Vec<bool>) {
    let class = |character: char| match character {
        '_' => 0,
        _ if character.is_ascii_digit() => 3,
        _ if character.is_alphabetic() => 4,
        '-' => 1,
        _ => 2,
    };
    let primary = name.chars().map(|character| (class(character), character.to_ascii_lowercase())).collect();
    (primary, name.chars().map(|character| character.is_ascii_uppercase()).collect())
}
