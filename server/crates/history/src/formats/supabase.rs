//! The Supabase CLI: `supabase/migrations/<timestamp>_<name>.sql`.
//!
//! The rules are those of `pkg/migration/list.go`, `file.go` and `history.go` (2.x): a name matches `^([0-9]+)_(.*)\.sql$`;
//! files run in the order of their names; the version is the digits as text, and
//! `supabase_migrations.schema_migrations` holds it as its primary key. Other names are skipped with a line on the terminal, and
//! so is a first file `<timestamp>_init.sql` from before 2021-12-09, which older versions of the CLI wrote.

use schema::Dialect;
use source::{FilePath, Files};

use super::{Folder, Format, Migration, findings, listing};

/// Reads a migrations folder.
pub(super) fn read(dialect: Dialect, path: &FilePath, files: &dyn Files) -> Folder {
    let mut folder = Folder::empty(Format::Supabase, dialect, path);
    let entries = listing::list(&mut folder, files);
    for (position, entry) in entries.into_iter().enumerate().filter(|(_, entry)| !entry.is_directory) {
        let version = listing::leading_digits(&entry.name)
            .filter(|(_, rest)| rest.starts_with('_') && rest.ends_with(".sql"))
            .map(|(digits, _)| digits);
        let why = match version {
            _ if position == 0 && is_old_init(&entry.name) => {
                "it skips a first migration named init from before December 2021"
            }
            Some(version) => {
                let tag = entry.name.strip_suffix(".sql").unwrap_or(&entry.name);
                folder.migrations.push(Migration::of_file(tag, version, &entry.path));
                continue;
            }
            None if listing::is_sql(&entry.name) => "it takes <timestamp>_<name>.sql",
            None => continue,
        };
        folder.diagnostics.push(findings::unlisted(&entry.path, "the Supabase CLI", why));
    }
    folder.diagnostics.extend(findings::duplicate_versions(&folder.migrations, DUPLICATE));
    folder
}

const DUPLICATE: &str =
    "The Supabase CLI runs both, and recording the second fails. Give one of them another timestamp.";

/// `<14 digits>_init.sql` with a timestamp before 20211209000000; text before the digits does not matter.
fn is_old_init(name: &str) -> bool {
    let Some(before) = name.find("_init.sql").and_then(|end| name.get(..end)) else { return false };
    let digits = before.get(before.len().saturating_sub(14)..).unwrap_or_default();
    digits.len() == 14 && digits.bytes().all(|byte| byte.is_ascii_digit()) && digits < "20211209000000"
}
