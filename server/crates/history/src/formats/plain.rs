//! Numbered `.sql` files of no known tool: `001_users.sql`, `2-orders.sql`, `20240102030405.sql`.
//!
//! They are taken in the order of their numbers, then of their names. `.up.sql` and `.down.sql` belong together, and what is named
//! as a way back is not run. Where no file is numbered, every `.sql` file is taken in the order of names. Nothing is known of what a
//! runner refuses, so nothing is reported.

use std::collections::HashMap;

use schema::Dialect;
use source::{Entry, FilePath, Files};

use super::{Folder, Format, Migration, listing};

/// How the name of a file ends that takes a migration back, before `.sql`.
const WAYS_BACK: &[&str] =
    &[".down", "_down", "-down", ".rollback", "_rollback", "-rollback", ".undo", "_undo", "-undo"];

/// Reads a migrations folder.
pub(super) fn read(dialect: Dialect, path: &FilePath, files: &dyn Files) -> Folder {
    let mut folder = Folder::empty(Format::Plain, dialect, path);
    let entries = listing::list(&mut folder, files);
    let entries: Vec<Entry> = listing::only_files(entries).filter(|entry| listing::is_sql(&entry.name)).collect();
    let is_numbered = |entry: &Entry| listing::leading_digits(&entry.name).is_some();
    let any_numbered = entries.iter().any(is_numbered);
    let mut downs: HashMap<String, FilePath> = HashMap::new();
    for entry in entries.into_iter().filter(|entry| !any_numbered || is_numbered(entry)) {
        let stem = entry.name.get(..entry.name.len().saturating_sub(4)).unwrap_or_default();
        if let Some(stem) = WAYS_BACK.iter().find_map(|ending| stem.strip_suffix(ending)) {
            downs.insert(stem.to_owned(), entry.path);
            continue;
        }
        let tag = stem.strip_suffix(".up").unwrap_or(stem);
        let version = listing::leading_digits(tag).map_or(tag, |(digits, _)| digits);
        folder.migrations.push(Migration::of_file(tag, version, &entry.path));
    }
    for migration in &mut folder.migrations {
        let stem =
            ["_up", "-up"].iter().find_map(|ending| migration.tag.strip_suffix(ending)).unwrap_or(&migration.tag);
        migration.down = downs.remove(stem);
    }
    if any_numbered {
        folder.migrations.sort_by(|a, b| listing::number_key(&a.version).cmp(&listing::number_key(&b.version)));
    }
    folder
}
