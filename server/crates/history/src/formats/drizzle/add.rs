//! A new migration as drizzle-kit 0.31 writes it: the SQL, the snapshot, the bundle of some drivers, and at last the journal.

use languages::drizzle::MigrationPrefix;
use schema::{Dialect, Schema};
use serde_json::{Map, Value, json};
use source::{Diagnostic, FilePath, Files, Location, ReadError, codes};

use super::folder::Listing;
use super::journal::{self, Journal};
use super::snapshot::{self, Head};
use crate::formats::Folder;
use crate::formats::addition::{AddedFile, Addition, Content, Manner, Moment, date_digits};

/// The snapshot before the first one.
pub(super) const NO_SNAPSHOT: &str = "00000000-0000-0000-0000-000000000000";
const BREAKPOINT: &str = "--> statement-breakpoint\n";
/// What `drizzle-kit generate --custom` writes into the file.
const CUSTOM: &str = "-- Custom SQL migration file, put your code below! --";

pub(in crate::formats) fn add(
    folder: &Folder,
    name: &str,
    content: Content<'_>,
    manner: &Manner,
    moment: &Moment,
    files: &dyn Files,
) -> Result<Addition, Box<Diagnostic>> {
    let listing = match Listing::read(&folder.path, files) {
        Ok(listing) => listing,
        Err(ReadError::NotFound) => Listing::empty(&folder.path),
        Err(error) => return Err(Box::new(crate::formats::unreadable_folder(&folder.path, &error))),
    };
    let journal_text = match files.read(&listing.journal) {
        Ok(text) => Some(text),
        Err(ReadError::NotFound) => None,
        Err(error) => return Err(cannot(&listing.journal, &format!("the journal {error}"))),
    };
    let journal = match &journal_text {
        Some(text) => journal::parse(text)
            .map_err(|error| cannot(&listing.journal, &format!("the migrations journal {}", error.message)))?,
        None => Journal { dialect: None, entries: Vec::new() },
    };
    let number = journal.entries.iter().map(|entry| entry.idx + 1).max().unwrap_or(0);
    let prefix = prefix(manner.prefix, number, moment);
    let tag = free_tag(&format!("{prefix}_{name}"), &journal, &listing);
    let snapshot_path = listing.in_meta(&format!("{prefix}_snapshot.json"));
    in_order(&listing, &snapshot_path)?;

    let snapshot = snapshot_value(folder.dialect, &listing, content, moment, files)?;
    let version = snapshot.get("version").cloned().unwrap_or_else(|| json!("7"));
    // The migrator runs only what is newer than the newest that it has applied.
    let newest = journal.entries.iter().map(|entry| entry.when).max().unwrap_or(0);
    let entry = json!({
        "idx": number,
        "version": version,
        "when": moment.unix_ms.max(newest + 1),
        "tag": tag,
        "breakpoints": manner.breakpoints,
    });
    let journal_value = with_entry(&listing.journal, journal_text.as_deref(), manner, entry)?;

    let mut added = vec![
        new_file(listing.sql_file(&tag), migration_text(content, manner)),
        new_file(snapshot_path, pretty(&snapshot)),
    ];
    if let Some(down) = content.down {
        let text = down.iter().map(|statement| format!("{}\n", statement.trim_end())).collect();
        added.push(new_file(listing.down_file(&tag), text));
    }
    if let Some(driver @ ("expo" | "durable-sqlite")) = manner.driver.as_deref() {
        let path = FilePath::from(folder.path.join("migrations.js"));
        let replaces = files.read_head(&path, 1).is_ok();
        added.push(AddedFile { path, text: bundle(&journal_value, driver), replaces });
    }
    let journal_text_new = pretty(&journal_value);
    added.push(AddedFile { path: listing.journal.clone(), text: journal_text_new, replaces: journal_text.is_some() });
    Ok(Addition { tag, files: added, removed: Vec::new() })
}

fn new_file(path: FilePath, text: String) -> AddedFile {
    AddedFile { path, text, replaces: false }
}

fn cannot(file: &FilePath, what: &str) -> Box<Diagnostic> {
    let finding = Diagnostic::new(codes::UNREADABLE_JOURNAL, Location::start_of(file), what.to_owned());
    Box::new(
        finding
            .with_help("Nothing was written. Repair the file or restore it from version control, then generate again."),
    )
}

/// drizzle-kit/src/utils.ts: `prepareSnapshotFolderName` and `prefix`.
fn prefix(prefix: MigrationPrefix, number: u64, moment: &Moment) -> String {
    match prefix {
        MigrationPrefix::Index => format!("{number:04}"),
        MigrationPrefix::Timestamp | MigrationPrefix::Supabase => date_digits(moment.unix_ms),
        MigrationPrefix::Unix => (moment.unix_ms / 1_000).to_string(),
        MigrationPrefix::None => String::new(),
    }
}

/// The tag, numbered where the journal or the folder has it already.
fn free_tag(wanted: &str, journal: &Journal, listing: &Listing) -> String {
    let is_taken = |tag: &str| {
        let file = format!("{tag}.sql");
        journal.entries.iter().any(|entry| entry.tag.eq_ignore_ascii_case(tag))
            || listing.sql_files.iter().any(|entry| entry.name.eq_ignore_ascii_case(&file))
    };
    let numbered = (2..).map(|number: u64| format!("{wanted}_{number}"));
    std::iter::once(wanted.to_owned()).chain(numbered).find(|tag| !is_taken(tag)).unwrap_or_else(|| wanted.to_owned())
}

/// drizzle-kit takes the snapshot whose name sorts last for the state before the next migration, and none whose name starts with `_`.
fn in_order(listing: &Listing, path: &FilePath) -> Result<(), Box<Diagnostic>> {
    let Some(last) = listing.snapshots.iter().max_by_key(|file| file.file_name()) else { return Ok(()) };
    if last.file_name() < path.file_name() {
        return Ok(());
    }
    let name = |file: &FilePath| file.file_name().unwrap_or_default().to_string_lossy().into_owned();
    let message = format!("the new snapshot {} would not sort behind {}", name(path), name(last));
    let help = "drizzle-kit takes the last snapshot by name for the recorded state. Nothing was written: set `migrations.prefix` to what the folder's files have.";
    Err(Box::new(Diagnostic::new(codes::OUT_OF_ORDER, Location::start_of(last), message).with_help(help)))
}

/// The state after the migration; for one that a person fills the last snapshot again, under its own id.
fn snapshot_value(
    dialect: Dialect,
    listing: &Listing,
    content: Content<'_>,
    moment: &Moment,
    files: &dyn Files,
) -> Result<Value, Box<Diagnostic>> {
    let last = listing.snapshots.iter().max_by_key(|file| file.file_name());
    let previous = last.and_then(|file| Head::read(file, files).id);
    let previous = previous.as_deref().unwrap_or(NO_SNAPSHOT);
    match (content.schema, last) {
        (Some(schema), _) => Ok(snapshot::write(schema, &moment.id, previous)),
        (None, Some(file)) => {
            let text = files.read_large(file).map_err(|error| cannot(file, &format!("the snapshot {error}")))?;
            let mut value: Value = serde_json::from_str(text.trim_start_matches('\u{feff}'))
                .map_err(|error| cannot(file, &format!("the snapshot is not JSON: {error}")))?;
            if let Some(fields) = value.as_object_mut() {
                fields.insert(String::from("id"), json!(moment.id));
                fields.insert(String::from("prevId"), json!(previous));
            }
            Ok(value)
        }
        (None, None) => Ok(snapshot::write(&Schema::new(dialect), &moment.id, previous)),
    }
}

/// The text of `migration.sql`, or of the file that has the migration's name.
pub(in crate::formats) fn migration_text(content: Content<'_>, manner: &Manner) -> String {
    if content.statements.is_empty() {
        return CUSTOM.to_owned();
    }
    content.statements.join(if manner.breakpoints { BREAKPOINT } else { "\n" })
}

/// The journal with one more entry, what else it holds kept.
fn with_entry(file: &FilePath, text: Option<&str>, manner: &Manner, entry: Value) -> Result<Value, Box<Diagnostic>> {
    let start = || {
        let fields = [("version", json!("7")), ("dialect", json!(manner.dialect_word)), ("entries", json!([]))];
        Value::Object(fields.into_iter().map(|(key, value)| (key.to_owned(), value)).collect::<Map<String, Value>>())
    };
    let mut journal: Value = match text {
        Some(text) => serde_json::from_str(text.trim_start_matches('\u{feff}'))
            .map_err(|error| cannot(file, &format!("the migrations journal is not JSON: {error}")))?,
        None => start(),
    };
    match journal.get_mut("entries").and_then(Value::as_array_mut) {
        Some(entries) => entries.push(entry),
        None => return Err(cannot(file, "the migrations journal has no list of entries")),
    }
    Ok(journal)
}

/// As `JSON.stringify(value, null, 2)` writes it.
pub(super) fn pretty(value: &Value) -> String {
    serde_json::to_string_pretty(value).unwrap_or_default()
}

/// drizzle-kit/src/cli/commands/migrate.ts: `embeddedMigrations`.
pub(super) fn bundle(journal: &Value, driver: &str) -> String {
    let entries = journal.get("entries").and_then(Value::as_array).map(Vec::as_slice).unwrap_or_default();
    let named = |entry: &Value| {
        let number = entry.get("idx").and_then(Value::as_u64).unwrap_or_default();
        let tag = entry.get("tag").and_then(Value::as_str).unwrap_or_default().to_owned();
        (format!("m{number:04}"), tag)
    };
    let named: Vec<(String, String)> = entries.iter().map(named).collect();
    let head = match driver {
        "expo" => {
            "// This file is required for Expo/React Native SQLite migrations - https://orm.drizzle.team/quick-sqlite/expo\n\n"
        }
        _ => "",
    };
    let imports: String = named.iter().map(|(name, tag)| format!("import {name} from './{tag}.sql';\n")).collect();
    let names: Vec<&str> = named.iter().map(|(name, _)| name.as_str()).collect();
    format!(
        "{head}import journal from './meta/_journal.json';\n{imports}\n  export default {{\n    journal,\n    migrations: {{\n      {}\n    }}\n  }}\n  ",
        names.join(",\n")
    )
}
