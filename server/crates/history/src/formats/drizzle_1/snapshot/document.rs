//! The JSON of one snapshot: all rows, or what changed since the snapshot before.

use serde::Deserialize;
use serde_json::value::RawValue;
use serde_json::{Map, Value};
use source::FilePath;

use super::super::super::snapshot_text::{self, SnapshotError};
use super::state::{Key, Row, State};

/// What a snapshot holds.
pub(super) enum Document {
    /// Every row: all of SQLite, PostgreSQL 8, and the base of PostgreSQL 9.
    Full(Vec<Row>),
    /// PostgreSQL 9: changes of the snapshots it continues.
    Changes(Vec<Change>),
    /// Neither: a folder that `drizzle-kit up` moved and did not convert.
    Older,
}

/// One change.
pub(super) enum Change {
    Add(Row),
    Remove(Key),
    /// An alteration or a rename: both set fields.
    Set(Key, Map<String, Value>),
}

#[derive(Deserialize)]
struct RawSnapshot<'a> {
    #[serde(borrow)]
    ddl: Option<Vec<&'a RawValue>>,
    #[serde(borrow)]
    deltas: Option<Vec<&'a RawValue>>,
}

#[derive(Deserialize)]
struct RawChange<'a> {
    op: String,
    key: Option<String>,
    #[serde(borrow)]
    row: Option<&'a RawValue>,
    set: Option<Map<String, Value>>,
}

/// Reads the text of the snapshot `file`. Rows of unknown kinds are kept, and ignored later.
pub(super) fn parse(text: &str, file: &FilePath) -> Result<Document, SnapshotError> {
    let body = text.trim_start_matches('\u{feff}');
    let raw: RawSnapshot<'_> = json(text, body)?;
    if let Some(changes) = raw.deltas {
        let changes: Result<Vec<Option<Change>>, SnapshotError> =
            changes.into_iter().map(|raw| change(text, raw, file)).collect();
        return Ok(Document::Changes(changes?.into_iter().flatten().collect()));
    }
    match raw.ddl {
        Some(rows) => {
            let rows: Result<Vec<Row>, SnapshotError> = rows.into_iter().map(|raw| row(text, raw, file)).collect();
            Ok(Document::Full(rows?))
        }
        None => Ok(Document::Older),
    }
}

impl Change {
    pub(super) fn apply(self, state: &mut State) {
        match self {
            Change::Add(row) => state.add(row),
            Change::Remove(key) => state.remove(&key),
            Change::Set(key, fields) => state.set(&key, fields),
        }
    }
}

fn change(text: &str, raw: &RawValue, file: &FilePath) -> Result<Option<Change>, SnapshotError> {
    let change: RawChange<'_> = json(text, raw.get())?;
    let key = change.key.as_deref().and_then(Key::parse);
    Ok(match (change.op.as_str(), change.row, key, change.set) {
        ("create", Some(raw), ..) => Some(Change::Add(row(text, raw, file)?)),
        ("drop", _, Some(key), _) => Some(Change::Remove(key)),
        ("alter" | "rename", _, Some(key), Some(fields)) => Some(Change::Set(key, fields)),
        (op, ..) => {
            return Err(SnapshotError {
                message: format!("cannot be read: the change `{op}` is not known or not whole"),
                help: String::from(
                    "Restore the file from version control, or update Driftlens if a newer drizzle-kit wrote it.",
                ),
                offset: Some(snapshot_text::start_in(text, raw.get())),
            });
        }
    })
}

fn row(text: &str, raw: &RawValue, file: &FilePath) -> Result<Row, SnapshotError> {
    let mut fields: Map<String, Value> = json(text, raw.get())?;
    let kind = fields.remove("entityType").and_then(|kind| kind.as_str().map(str::to_owned)).unwrap_or_default();
    Ok(Row { kind, fields, file: file.clone(), offset: snapshot_text::start_in(text, raw.get()) })
}

fn json<'t, T: Deserialize<'t>>(text: &str, part: &'t str) -> Result<T, SnapshotError> {
    serde_json::from_str(part).map_err(|error| snapshot_text::malformed(text, part, &error))
}
