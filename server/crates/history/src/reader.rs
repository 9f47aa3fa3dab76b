//! From a folder to the state that it records: the last snapshot and what was migrated since, or all of it replayed.

use std::sync::Arc;

use languages::sql::State;
use schema::{Action, Change, Dialect, ObjectKey, ObjectPath, Schema};
use source::{Diagnostic, FilePath, Files, Memo, Span, codes};

use crate::folding::Folding;
use crate::formats::{self, Folder, Format};
use crate::replay::{self, Replay, Step};
use crate::snapshot_stale;

/// What the team has recorded.
#[derive(Clone, Debug)]
pub struct History {
    pub folder: Arc<Folder>,
    /// What a pending change is a change of: the last snapshot and the replay of every migration after it; without snapshots the
    /// replay of all.
    pub schema: Schema,
    /// What the newest snapshot records; None where there is none.
    pub recorded: Option<Arc<Schema>>,
    pub diagnostics: Vec<Diagnostic>,
    /// The snapshot that `recorded` was read from.
    pub snapshot: Option<FilePath>,
    /// True where the history cannot be told at all (an unreadable journal or snapshot): nothing is pending then.
    pub unreadable: bool,
    /// The state after the last migration as the replay has it, `serial` spelled out.
    pub replayed: Schema,
    /// One for each migration of the folder.
    pub steps: Vec<Arc<Step>>,
    /// What only hand-written SQL made: in the database, but in no snapshot.
    pub unmanaged: Vec<Unmanaged>,
}

/// An object that exists only through hand-written SQL.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Unmanaged {
    pub object: ObjectPath,
    /// The migration that made it, by its place in the folder; None where that cannot be told.
    pub made_by: Option<usize>,
}

/// Keeps what it made of a folder from one reading to the next.
#[derive(Debug, Default)]
pub struct Reader {
    /// Of `read_as`.
    folder: Memo<Arc<Folder>>,
    read_as: Option<(Format, Dialect, FilePath)>,
    /// The folder's at the last reading.
    stamp: Option<u64>,
    replay: Option<Replay>,
    recorded: Option<(FilePath, u64, Arc<Schema>)>,
    folding: Folding,
}

impl Reader {
    /// Reads a folder. Never fails: what is wrong with it is in the diagnostics.
    pub fn read(&mut self, format: Format, dialect: Dialect, path: &FilePath, files: &dyn Files) -> History {
        let read_as = (format, dialect, path.clone());
        if self.read_as.as_ref() != Some(&read_as) {
            *self = Reader { read_as: Some(read_as), ..Reader::default() };
        }
        let stamp = files.folder_stamp(path);
        let changed = self.stamp.and_then(|then| files.changed_since(path, then));
        self.stamp = stamp;
        let read = |files: &dyn Files| Arc::new(formats::read(format, dialect, path, files));
        let folder = self.folder.get(path, files, read).clone();
        let replay = self.replay.get_or_insert_with(|| Replay::new(format, dialect));
        replay.update(&folder, changed.as_deref(), files);
        let steps = replay.steps().to_vec();
        let replayed = replay.schema().clone();
        let mut diagnostics = folder.diagnostics.clone();
        diagnostics.extend(steps.iter().flat_map(|step| step.diagnostics.iter().cloned()));
        let mut history = History {
            schema: Schema::new(dialect),
            recorded: None,
            diagnostics,
            snapshot: None,
            unreadable: folder.unreadable || is_partly_unknown(&folder),
            replayed,
            unmanaged: Vec::new(),
            steps,
            folder,
        };
        let base = history.folder.migrations.iter().rposition(|migration| migration.snapshot.is_some());
        match base {
            Some(position) => self.start_from_snapshot(&mut history, position, files),
            None => {
                history.schema = self.folding.fold(&history.replayed);
            }
        }
        history
    }

    fn start_from_snapshot(&mut self, history: &mut History, position: usize, files: &dyn Files) {
        let recorded = match self.recorded(&history.folder, position, files) {
            Some(Ok(recorded)) => recorded,
            Some(Err(finding)) => {
                history.diagnostics.push(*finding);
                history.unreadable = true;
                return;
            }
            None => return,
        };
        history.snapshot = history.folder.migrations.get(position).and_then(|it| it.snapshot.clone());
        history.schema = with_later(&recorded, history, position);
        history.recorded = Some(recorded);
        snapshot_stale::compare(history, position, files);
    }

    /// The snapshot at a position, read again only where its folder changed.
    fn recorded(
        &mut self,
        folder: &Folder,
        position: usize,
        files: &dyn Files,
    ) -> Option<Result<Arc<Schema>, Box<Diagnostic>>> {
        let file = folder.migrations.get(position)?.snapshot.clone()?;
        let stamp = file.parent().and_then(|meta| files.folder_stamp(meta));
        if let (Some(stamp), Some((kept_file, kept_stamp, kept))) = (stamp, &self.recorded)
            && *kept_file == file
            && *kept_stamp == stamp
        {
            return Some(Ok(kept.clone()));
        }
        let read = folder.read_snapshot(position, files)?.map(Arc::new);
        if let (Ok(schema), Some(stamp)) = (&read, stamp) {
            self.recorded = Some((file, stamp, schema.clone()));
        }
        Some(read)
    }
}

/// Migrations that are no SQL may have done anything.
fn is_partly_unknown(folder: &Folder) -> bool {
    folder.diagnostics.iter().any(|finding| finding.code == codes::PARTLY_UNKNOWN)
}

/// The snapshot's state, and every migration after it replayed on it.
fn with_later(recorded: &Schema, history: &History, position: usize) -> Schema {
    let later = history.steps.get(position + 1..).unwrap_or_default();
    if later.is_empty() {
        return recorded.clone();
    }
    let mut state = State::from_schema(recorded.clone());
    for step in later {
        state.begin(&step.file, false);
        if let Some(text) = &step.text {
            replay::run(&mut state, text, step.up);
        }
    }
    let mut schema = state.into_schema();
    // What the full replay doubts is in doubt here too.
    schema.unknown.extend(history.replayed.unknown.iter().cloned());
    dialects::fold_serials(&mut schema);
    schema
}

pub(crate) fn folded(schema: &Schema) -> Schema {
    let mut folded = schema.clone();
    dialects::fold_serials(&mut folded);
    folded
}

impl History {
    /// True for a change that would drop what hand-written SQL made and no snapshot ever held: it is somebody's own.
    pub fn is_unmanaged(&self, change: &Change) -> bool {
        let Some(recorded) = &self.recorded else { return false };
        change.action == Action::Drop && !recorded.contains(&change.object)
    }

    /// True where the recorded state comes from a replay, of all migrations or of those behind the last snapshot: then names and types
    /// are as the database has them, not as a schema file spells them.
    pub fn is_replayed(&self) -> bool {
        self.snapshot.is_none() || self.folder.migrations.last().is_some_and(|it| it.snapshot.is_none())
    }

    /// The state after the migration at `position`, `serial` as written.
    pub fn schema_at(&self, position: usize) -> Schema {
        folded(&self.unfolded_before(position + 1))
    }

    /// The state before the migration at `position`, `serial` as written.
    pub fn schema_until(&self, position: usize) -> Schema {
        folded(&self.unfolded_before(position))
    }

    /// The state before the migration at `position`, `serial` spelled out.
    pub(crate) fn unfolded_before(&self, position: usize) -> Schema {
        replay::schema_before(&self.replayed, &self.steps, position)
    }

    /// The last migration up to `until` (not included) that changed an object, looked for by the key of what it belongs to.
    pub(crate) fn last_touch(&self, keys: &[ObjectKey], until: usize) -> Option<usize> {
        let touches = |step: &Arc<Step>| step.effects.iter().any(|effect| keys.contains(&effect.key));
        self.steps.iter().take(until).rposition(touches)
    }

    /// The place of a migration in the folder, by its tag, version or file: the file's name, or the end of its path where that is
    /// needed to tell it from others.
    pub fn position_of(&self, name: &str) -> Option<usize> {
        let all = || self.folder.migrations.iter();
        let is_called = |migration: &crate::Migration| migration.tag == name || migration.version == name;
        if let Some(position) = all().position(is_called) {
            return Some(position);
        }
        let is_file = |migration: &crate::Migration| migration.file.ends_with(name);
        let is_one = !name.is_empty() && all().filter(|migration| is_file(migration)).count() == 1;
        is_one.then(|| all().position(is_file)).flatten()
    }

    /// The migration of a file.
    pub fn position_of_file(&self, file: &std::path::Path) -> Option<usize> {
        // As text: comparing paths part by part takes longer, and all paths are normal.
        self.folder.migrations.iter().position(|migration| migration.file.as_os_str() == file.as_os_str())
    }

    /// A migration's part that is run.
    pub fn up(&self, position: usize) -> Option<Span> {
        self.steps.get(position).map(|step| step.up)
    }
}
