//! Flyway: `V<version>__<description>.sql`, `R__<description>.sql`, `B<version>__<description>.sql`, `U<version>__<description>.sql`.
//!
//! The rules are those of flyway-core's `internal/resource/ResourceNameParser`, `api/MigrationVersion`,
//! `internal/resolver/{CompositeMigrationResolver,ChecksumCalculator}` and `internal/scanner/filesystem/FileSystemScanner` (13.0),
//! with prefixes, separator and ending as they are without configuration: folders below are searched, hidden ones not; `_` in a
//! version is a dot; versions are compared part by part as numbers, and trailing zeros do not count. Versioned migrations run first,
//! repeatable ones after them in the order of their descriptions. On an empty database the newest baseline migration stands for
//! every version up to its own. Two of one version, or two repeatable ones of one description, are an error.
//! `flyway_schema_history` holds the version as written, with dots.

use std::collections::{HashMap, HashSet};
use std::path::Path;

use schema::Dialect;
use source::{Entry, FilePath, Files};

use super::{Folder, Format, Migration, findings, listing};

/// Folders below the migrations folder are searched this deep: nobody nests them deeper, and a link may lead in a circle.
const MAX_DEPTH: usize = 12;

/// Reads a migrations folder.
pub(super) fn read(dialect: Dialect, path: &FilePath, files: &dyn Files) -> Folder {
    let mut folder = Folder::empty(Format::Flyway, dialect, path);
    let entries = listing::list(&mut folder, files);
    let found = search(entries, files);
    let configured: HashSet<&Path> =
        found.iter().map(|entry| &*entry.path).filter(|path| is_script_config(path)).collect();
    let mut found_by_kind = ByKind::default();
    for entry in found.iter().filter(|entry| listing::is_sql(&entry.name)) {
        let Some(name) = Name::parse(&entry.name) else {
            folder.diagnostics.push(findings::unlisted(&entry.path, "Flyway", NAME));
            continue;
        };
        let config = FilePath::from(Path::new(&format!("{}.conf", entry.path.display())));
        let in_transaction = configured.contains(&*config).then(|| runs_in_transaction(&config, files)).flatten();
        found_by_kind.take(name, entry, in_transaction);
    }
    folder.diagnostics.extend(found_by_kind.duplicates());
    folder.migrations = found_by_kind.on_an_empty_database();
    folder
}

const NAME: &str = "it takes V<version>__<description>.sql, with two underscores, and R__<description>.sql";
const DUPLICATE: &str = "Flyway refuses the folder before any migration runs. Give one of them another version, or a repeatable one another description.";

#[derive(Default)]
struct ByKind {
    versioned: Vec<(Version, Migration)>,
    baselines: Vec<(Version, Migration)>,
    /// By description.
    repeatable: Vec<(String, Migration)>,
    undo: HashMap<Version, FilePath>,
}

impl ByKind {
    fn take(&mut self, name: Name<'_>, entry: &Entry, in_transaction: Option<bool>) {
        let tag = entry.name.get(..entry.name.len().saturating_sub(4)).unwrap_or_default();
        let migration = |version: &str| Migration { in_transaction, ..Migration::of_file(tag, version, &entry.path) };
        match name {
            Name::Versioned(written, version) => self.versioned.push((version, migration(&written))),
            Name::Baseline(written, version) => self.baselines.push((version, migration(&written))),
            Name::Repeatable(description) => self.repeatable.push((description.replace('_', " "), migration(tag))),
            Name::Undo(version) => {
                self.undo.insert(version, entry.path.clone());
            }
            Name::Callback => {}
        }
    }

    fn duplicates(&self) -> Vec<source::Diagnostic> {
        let versions = |list: &[(Version, Migration)]| {
            findings::duplicates(list.iter().map(|(version, migration)| (version.clone(), migration)), DUPLICATE)
        };
        let mut found = versions(&self.versioned);
        found.extend(versions(&self.baselines));
        let mut described: HashMap<&str, &Migration> = HashMap::new();
        for (description, migration) in &self.repeatable {
            if let Some(other) = described.get(description.as_str()) {
                let message = format!("{} has the description of another repeatable migration", migration.tag);
                found.push(findings::duplicate(&migration.file, &other.file, message, DUPLICATE));
            } else {
                described.insert(description, migration);
            }
        }
        found
    }

    fn on_an_empty_database(mut self) -> Vec<Migration> {
        let baseline = self.baselines.into_iter().max_by(|(a, _), (b, _)| a.cmp(b));
        self.versioned.sort_by(|(a, _), (b, _)| a.cmp(b));
        // Java compares text by its UTF-16 units.
        self.repeatable.sort_by(|(a, _), (b, _)| a.encode_utf16().cmp(b.encode_utf16()));
        let from = baseline.as_ref().map(|(version, _)| version.clone());
        let newer = self.versioned.into_iter().filter(|(version, _)| from.as_ref().is_none_or(|from| version > from));
        let mut undo = self.undo;
        let versioned = newer.map(|(version, migration)| Migration { down: undo.remove(&version), ..migration });
        let mut migrations: Vec<Migration> = baseline.into_iter().map(|(_, migration)| migration).collect();
        migrations.extend(versioned);
        migrations.extend(self.repeatable.into_iter().map(|(_, migration)| migration));
        migrations
    }
}

/// What a file's name says.
pub(super) enum Name<'a> {
    /// The version as the ledger holds it, and as it is compared.
    Versioned(String, Version),
    Baseline(String, Version),
    Undo(Version),
    Repeatable(&'a str),
    /// SQL that Flyway runs around others, such as `beforeMigrate.sql`.
    Callback,
}

impl Name<'_> {
    pub(super) fn parse(name: &str) -> Option<Name<'_>> {
        let stem = name.get(..name.len().checked_sub(4)?).filter(|_| listing::is_sql(name))?;
        if ["before", "after", "createSchema"].iter().any(|event| stem.starts_with(event)) {
            return Some(Name::Callback);
        }
        let mut characters = stem.chars();
        let prefix = characters.next()?;
        let (version, description) = characters.as_str().split_once("__").unwrap_or((characters.as_str(), ""));
        if prefix == 'R' {
            return version.is_empty().then_some(Name::Repeatable(description));
        }
        let written = version.replace('_', ".");
        let version = Version::parse(&written)?;
        match prefix {
            'V' => Some(Name::Versioned(written, version)),
            'B' => Some(Name::Baseline(written, version)),
            'U' => Some(Name::Undo(version)),
            _ => None,
        }
    }
}

/// The numbers of a version, zeros at their start and numbers of zero at the end taken away; each with its length first, so that
/// they compare as numbers.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub(super) struct Version(Vec<(usize, String)>);

impl Version {
    fn parse(written: &str) -> Option<Version> {
        let is_number = |part: &str| !part.is_empty() && part.bytes().all(|byte| byte.is_ascii_digit());
        let mut parts = Vec::new();
        for part in written.split('.') {
            let (length, digits) = listing::number_key(Some(part).filter(|part| is_number(part))?);
            parts.push((length, digits.to_owned()));
        }
        while parts.len() > 1 && parts.last().is_some_and(|(length, _)| *length == 0) {
            parts.pop();
        }
        Some(Version(parts))
    }
}

/// Every file in the folder and in those below it.
fn search(entries: Vec<Entry>, files: &dyn Files) -> Vec<Entry> {
    let mut found = Vec::new();
    let mut open: Vec<(usize, Vec<Entry>)> = vec![(0, entries)];
    while let Some((depth, entries)) = open.pop() {
        for entry in entries {
            if !entry.is_directory {
                found.push(entry);
            } else if depth < MAX_DEPTH && !entry.name.starts_with('.') {
                open.push((depth + 1, files.list(&entry.path).unwrap_or_default()));
            }
        }
    }
    found.sort_by(|a, b| a.path.cmp(&b.path));
    found
}

fn is_script_config(path: &Path) -> bool {
    path.to_str().is_some_and(|path| path.ends_with(".conf"))
}

/// `executeInTransaction` of the script configuration `<file>.sql.conf` (`internal/sqlscript/SqlScriptMetadata`).
fn runs_in_transaction(file: &Path, files: &dyn Files) -> Option<bool> {
    let text = files.read(file).ok()?;
    let mut lines = text.lines().filter_map(|line| line.split_once('='));
    let value = lines.find(|(key, _)| key.trim() == "executeInTransaction").map(|(_, value)| value.trim());
    value.and_then(|value| value.to_ascii_lowercase().parse().ok())
}

/// `flyway_schema_history.checksum`: CRC-32 over the lines without their ends, and without a byte order mark, as a signed number.
/// Of a repeatable migration with placeholders Flyway takes it after replacing them, which is not done here.
pub(super) fn checksum(text: &str) -> String {
    let mut hasher = crc32fast::Hasher::new();
    let text = text.strip_prefix('\u{feff}').unwrap_or(text);
    text.split(['\n', '\r']).for_each(|line| hasher.update(line.as_bytes()));
    hasher.finalize().cast_signed().to_string()
}

/// False where the first statement is one that Flyway does not run in a transaction: `detectCanExecuteInTransaction` of
/// `PostgreSQLParser` and `SQLiteParser`. Flyway refuses a file that mixes both kinds, so the first tells.
pub(super) fn is_in_transaction(text: &str) -> bool {
    let words = first_words(text);
    let words: Vec<&str> = words.iter().map(String::as_str).collect();
    !matches!(
        words.as_slice(),
        ["CREATE" | "DROP", "DATABASE" | "TABLESPACE" | "SUBSCRIPTION", ..]
            | ["CREATE" | "DROP", "INDEX", "CONCURRENTLY", ..]
            | ["CREATE", "UNIQUE", "INDEX", "CONCURRENTLY"]
            | ["ALTER", "SYSTEM", ..]
            | ["REINDEX", "SCHEMA" | "DATABASE" | "SYSTEM", ..]
            | ["REINDEX", "VERBOSE", "SCHEMA" | "DATABASE" | "SYSTEM", ..]
            | ["VACUUM", ..]
            | ["DISCARD", "ALL", ..]
            | ["PRAGMA", "FOREIGN_KEYS", ..]
    )
}

/// The first four words of the first statement, in capitals, comments left out.
fn first_words(text: &str) -> Vec<String> {
    let mut words = Vec::new();
    let mut rest = text.strip_prefix('\u{feff}').unwrap_or(text);
    while words.len() < 4 {
        rest = rest.trim_start();
        if let Some(comment) = rest.strip_prefix("--") {
            rest = comment.split_once('\n').map_or("", |(_, below)| below);
        } else if let Some(comment) = rest.strip_prefix("/*") {
            rest = comment.split_once("*/").map_or("", |(_, behind)| behind);
        } else {
            let end = rest.bytes().take_while(|byte| byte.is_ascii_alphanumeric() || *byte == b'_').count();
            if end == 0 {
                break;
            }
            let (word, behind) = rest.split_at(end);
            words.push(word.to_ascii_uppercase());
            rest = behind;
        }
    }
    words
}
