//! sqlx: `<version>_<description>.sql`, or `<version>_<description>.up.sql` with `.down.sql`.
//!
//! The rules are those of `sqlx-core/src/migrate/source.rs` and `migration_type.rs` (0.9.0; the same since 0.5): the text
//! before the first `_` is an `i64`; a `.sql` name with a `_` and without such a number is an error, and every other name is
//! passed over. Versions are ordered as numbers. `_sqlx_migrations` holds the version as `BIGINT PRIMARY KEY`.

use std::collections::HashMap;

use schema::Dialect;
use source::{FilePath, Files, Span};

use super::{Folder, Format, Migration, findings, listing};

/// Reads a migrations folder.
pub(super) fn read(dialect: Dialect, path: &FilePath, files: &dyn Files) -> Folder {
    let mut folder = Folder::empty(Format::Sqlx, dialect, path);
    let mut migrations: Vec<(i64, Migration)> = Vec::new();
    let mut downs: HashMap<i64, FilePath> = HashMap::new();
    for entry in listing::only_files(listing::list(&mut folder, files)) {
        let name = entry.name.split_once('_').filter(|(_, rest)| rest.ends_with(".sql"));
        let Some((version, _)) = name else {
            if listing::is_sql(&entry.name) {
                folder.diagnostics.push(findings::unlisted(&entry.path, "sqlx", NAME));
            }
            continue;
        };
        let Ok(version) = version.parse::<i64>() else {
            let message = format!("sqlx refuses the folder: {} does not start with a whole number and _", entry.name);
            folder.diagnostics.push(findings::malformed(&entry.path, Span::default(), message, STOPS));
            continue;
        };
        if entry.name.ends_with(".down.sql") {
            downs.entry(version).or_insert(entry.path);
            continue;
        }
        let stem = entry.name.strip_suffix(".up.sql").or_else(|| entry.name.strip_suffix(".sql"));
        let tag = stem.unwrap_or(&entry.name);
        migrations.push((version, Migration::of_file(tag, version.to_string(), &entry.path)));
    }
    migrations.sort_by_key(|(version, _)| *version);
    folder.migrations = migrations
        .into_iter()
        .map(|(version, migration)| Migration { down: downs.remove(&version), ..migration })
        .collect();
    folder.diagnostics.extend(findings::duplicate_versions(&folder.migrations, DUPLICATE));
    folder
}

const NAME: &str = "it takes <version>_<description>.sql";
const STOPS: &str = "`sqlx migrate run` and `sqlx::migrate!` stop before any migration runs. Put a version before the first _, or move the file out of the migrations folder.";
const DUPLICATE: &str = "sqlx runs both, and recording the second fails; a database that has the first reports a changed checksum. Give one of them another version.";

/// `_sqlx_migrations.checksum`: SHA-384 of the text, carriage returns and byte order mark included, here in hexadecimal
/// (`sqlx-core/src/migrate/migration.rs`, 0.9.0). `migrate.ignored-chars` in `sqlx.toml`, which leaves characters out, is not read.
pub(super) fn checksum(text: &str) -> String {
    use sha2::{Digest, Sha384};
    Sha384::digest(text).iter().map(|byte| format!("{byte:02x}")).collect()
}

/// False where the file starts with `-- no-transaction`, at its very first byte (`sqlx-core/src/migrate/source.rs`, 0.9.0).
pub(super) fn is_in_transaction(text: &str) -> bool {
    !text.starts_with("-- no-transaction")
}
