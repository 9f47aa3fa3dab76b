//! golang-migrate: `<version>_<title>.up.sql` and `.down.sql`.
//!
//! The rules are those of `source/parse.go` and `source/iofs/iofs.go` (4.19): a name matches
//! `^([0-9]+)_(.*)\.(down|up)\.(.*)$`, whatever its last ending is; the version is an unsigned 64-bit number; every other name
//! is passed over; two files of one version and one direction are an error. `schema_migrations` holds the version alone.

use std::collections::HashMap;

use schema::Dialect;
use source::{FilePath, Files};

use super::{Folder, Format, Migration, findings, listing};

/// Reads a migrations folder.
pub(super) fn read(dialect: Dialect, path: &FilePath, files: &dyn Files) -> Folder {
    let mut folder = Folder::empty(Format::GolangMigrate, dialect, path);
    let mut migrations: Vec<(u64, Migration)> = Vec::new();
    let mut downs: HashMap<u64, FilePath> = HashMap::new();
    for entry in listing::only_files(listing::list(&mut folder, files)) {
        let Some(name) = Name::parse(&entry.name) else {
            if listing::is_sql(&entry.name) {
                folder.diagnostics.push(findings::unlisted(&entry.path, "golang-migrate", NAME));
            }
            continue;
        };
        if name.is_down {
            if let Some(other) = downs.get(&name.version) {
                let message =
                    format!("{} has the version {} of {}", entry.name, name.version, findings::name_of(other));
                folder.diagnostics.push(findings::duplicate(&entry.path, other, message, DUPLICATE));
            } else {
                downs.insert(name.version, entry.path);
            }
            continue;
        }
        migrations.push((name.version, Migration::of_file(name.tag, name.version.to_string(), &entry.path)));
    }
    migrations.sort_by_key(|(version, _)| *version);
    // database/sqlite3/sqlite3.go wraps each migration, database/postgres/postgres.go sends the text as it is.
    let in_transaction = Some(dialect == Dialect::Sqlite);
    folder.migrations = migrations
        .into_iter()
        .map(|(version, migration)| Migration { down: downs.remove(&version), in_transaction, ..migration })
        .collect();
    folder.diagnostics.extend(findings::duplicate_versions(&folder.migrations, DUPLICATE));
    folder
}

const NAME: &str = "it takes <version>_<title>.up.sql and .down.sql";
const DUPLICATE: &str =
    "golang-migrate refuses the folder before any migration runs. Give one of them another version.";

/// What a file's name says.
pub(super) struct Name<'a> {
    version: u64,
    tag: &'a str,
    is_down: bool,
}

impl Name<'_> {
    pub(super) fn parse(name: &str) -> Option<Name<'_>> {
        let (digits, rest) = listing::leading_digits(name)?;
        let title = rest.strip_prefix('_')?;
        // The title takes as much as it can, so the last direction in the name counts.
        let (up, down) = (title.rfind(".up."), title.rfind(".down."));
        let title = title.get(..up.max(down)?)?;
        let version = digits.parse().ok()?;
        Some(Name { version, tag: name.get(..digits.len() + 1 + title.len())?, is_down: down > up })
    }
}
