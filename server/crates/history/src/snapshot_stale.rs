//! Where replay and snapshot disagree: one of the two does not say what the database holds.
//!
//! Only the newest snapshot is read for the comparison. Where it disagrees, earlier ones are asked by halves for the first that does.

use std::borrow::Cow;
use std::collections::BTreeMap;
use std::sync::Arc;

use schema::{Action, Change, Dialect, ForeignKey, Map, ObjectKey, ObjectKind, ObjectPath, Schema, Table};
use source::{Diagnostic, Files, Location, Span, codes};

use crate::described::described;
use crate::reader::{History, Unmanaged, folded};
use crate::{object_span, replay};

/// Compares the snapshot at `position` (the newest) with the replay, fills `unmanaged` and adds the findings.
pub(crate) fn compare(history: &mut History, position: usize, files: &dyn Files) {
    let Some(recorded) = history.recorded.clone() else { return };
    if history.steps.iter().take(position + 1).any(|step| step.text.is_none()) {
        // A migration that cannot be read may have done anything.
        return;
    }
    let replayed = folded(&history.unfolded_before(position + 1));
    let mut snapshots = Snapshots { history, files, read: BTreeMap::new() };
    let mut disagreements = Vec::new();
    let mut unmanaged = Vec::new();
    for change in changes(&recorded, &replayed) {
        if is_name_taken_over(&change, &recorded, &replayed) {
            continue;
        }
        let made_by = snapshots.made_by(&change.object, position);
        if change.action == Action::Create && !snapshots.was_recorded(&change.object, made_by, position) {
            unmanaged.push(Unmanaged { object: change.object, made_by });
            continue;
        }
        let first = snapshots.first_disagreement(&change.object, position);
        disagreements.push((first, change));
    }
    let findings: Vec<Diagnostic> =
        disagreements.iter().filter_map(|(first, change)| snapshots.finding(*first, change)).collect();
    history.unmanaged = unmanaged;
    history.diagnostics.extend(findings);
}

/// What the replay has otherwise than the snapshot, as far as a snapshot can speak of it.
fn changes(recorded: &Schema, replayed: &Schema) -> Vec<Change> {
    let recorded = named_as_replayed(dialects::as_stored(recorded), replayed);
    diff::diff(&recorded, replayed).changes.into_iter().filter_map(described).collect()
}

/// The recorded state, with the names of the replay where nobody chose one and drizzle-kit writes no SQL for it.
fn named_as_replayed<'s>(recorded: Cow<'s, Schema>, replayed: &Schema) -> Cow<'s, Schema> {
    let renamed: Vec<Table> = recorded
        .tables
        .values()
        .filter_map(|table| {
            let other = replayed.tables.get(&table.name)?;
            match recorded.dialect {
                Dialect::Postgres => with_replayed_sequences(table, other),
                Dialect::Sqlite => with_replayed_constraints(table, other),
            }
        })
        .collect();
    renamed.into_iter().fold(recorded, |mut recorded, table| {
        recorded.to_mut().tables.insert(table.name.clone(), Arc::new(table));
        recorded
    })
}

/// The sequence of an identity column keeps its name when its table or the column is renamed.
fn with_replayed_sequences(table: &Table, other: &Table) -> Option<Table> {
    let mut named = table.clone();
    for column in named.columns.values_mut() {
        let by_default = format!("{}_{}_seq", table.name.name, column.name);
        let Some(identity) = column.identity.as_mut().filter(|it| it.sequence_name == by_default) else { continue };
        if let Some(other) = other.columns.get(&column.name).and_then(|it| it.identity.as_ref()) {
            identity.sequence_namespace.clone_from(&other.sequence_namespace);
            identity.sequence_name.clone_from(&other.sequence_name);
        }
    }
    (named != *table).then_some(named)
}

/// SQLite keeps no names of unique constraints and foreign keys but in its text, and drizzle-kit 1.0 does not write them all: what is
/// alike but for the name is the same.
fn with_replayed_constraints(table: &Table, other: &Table) -> Option<Table> {
    let uniques = with_replayed_names(&table.uniques, &other.uniques, |own, other| own.columns == other.columns);
    let foreign_keys = with_replayed_names(&table.foreign_keys, &other.foreign_keys, |own, other| {
        let named = ForeignKey { name: other.name.clone(), unnamed: other.unnamed, ..own.clone() };
        named == *other
    });
    if uniques.is_none() && foreign_keys.is_none() {
        return None;
    }
    let mut named = table.clone();
    for (name, unique) in uniques.into_iter().flatten() {
        named.uniques.shift_remove(&name);
        named.uniques.insert(unique.name.clone(), unique);
    }
    for (name, key) in foreign_keys.into_iter().flatten() {
        named.foreign_keys.shift_remove(&name);
        named.foreign_keys.insert(key.name.clone(), key);
    }
    Some(named)
}

/// The parts, by their names so far, that are alike to one of another name in the replay; None where there are none.
fn with_replayed_names<T: Clone>(
    own: &Map<String, T>,
    replayed: &Map<String, T>,
    is_alike: impl Fn(&T, &T) -> bool,
) -> Option<Vec<(String, T)>> {
    let mut free: Vec<&T> = replayed.iter().filter(|(name, _)| !own.contains_key(*name)).map(|(_, it)| it).collect();
    let mut found = Vec::new();
    for (name, part) in own.iter().filter(|(name, _)| !replayed.contains_key(*name)) {
        if let Some(position) = free.iter().position(|it| is_alike(part, it)) {
            found.push((name.clone(), free.remove(position).clone()));
        }
    }
    (!found.is_empty()).then_some(found)
}

/// True for a primary key that has the name of a unique constraint on the same columns: one CREATE TABLE with both makes one index. The
/// constraint that is missing is told, not the key's name too.
fn is_name_taken_over(change: &Change, recorded: &Schema, replayed: &Schema) -> bool {
    let key = |schema: &Schema| schema.tables.get(&change.object.name).and_then(|table| table.primary_key.clone());
    let name = key(replayed).and_then(|key| key.name);
    let is_of_a_unique = || {
        let table = recorded.tables.get(&change.object.name);
        let unique = table.and_then(|table| table.uniques.get(name.as_deref().unwrap_or_default()));
        unique.is_some_and(|unique| key(recorded).is_some_and(|key| key.columns == unique.columns))
    };
    change.object.kind == ObjectKind::PrimaryKey && matches!(change.action, Action::Alter(_)) && is_of_a_unique()
}

/// Earlier snapshots, each read at most once.
struct Snapshots<'a> {
    history: &'a History,
    files: &'a dyn Files,
    read: BTreeMap<usize, Option<Schema>>,
}

impl Snapshots<'_> {
    fn at(&mut self, position: usize) -> Option<&Schema> {
        let (history, files) = (self.history, self.files);
        let read = || history.folder.read_snapshot(position, files).and_then(Result::ok);
        self.read.entry(position).or_insert_with(read).as_ref()
    }

    /// The migration that made an object: the last one before which it was not there.
    fn made_by(&self, object: &ObjectPath, position: usize) -> Option<usize> {
        let keys = keys_of(object);
        let is_in = |effect: &languages::sql::Effect, side: &Option<schema::Object>| {
            let mut only = Schema::new(self.history.folder.dialect);
            only.set_object(&effect.key, side.clone());
            only.contains(object)
        };
        let makes = |step: &std::sync::Arc<replay::Step>| {
            let concerned = step.effects.iter().filter(|effect| keys.contains(&effect.key));
            concerned.into_iter().any(|effect| is_in(effect, &effect.after) && !is_in(effect, &effect.before))
        };
        self.history.steps.iter().take(position + 1).rposition(makes)
    }

    /// True where the first snapshot after the object was made holds it: it was part of the schema once.
    fn was_recorded(&mut self, object: &ObjectPath, made_by: Option<usize>, position: usize) -> bool {
        let Some(made_by) = made_by else { return false };
        let migrations = self.history.folder.migrations.iter().enumerate().take(position + 1).skip(made_by);
        let with_snapshot = migrations.filter(|(_, migration)| migration.snapshot.is_some()).map(|(at, _)| at).next();
        with_snapshot.is_some_and(|at| self.at(at).is_some_and(|schema| schema.contains(object)))
    }

    /// True for a unique constraint whose name the primary key has in the database.
    fn is_the_primary_key(&self, change: &Change) -> bool {
        let table = self.history.replayed.tables.get(&change.object.name);
        let name = table.and_then(|table| table.primary_key.as_ref()?.name.as_ref());
        change.object.kind == ObjectKind::Unique && name == change.object.part.as_ref()
    }

    /// The first migration with a snapshot from which on the two disagree about an object, found by halves.
    fn first_disagreement(&mut self, object: &ObjectPath, last: usize) -> usize {
        let with_snapshot: Vec<usize> = self
            .history
            .folder
            .migrations
            .iter()
            .enumerate()
            .take(last + 1)
            .filter(|(_, migration)| migration.snapshot.is_some())
            .map(|(position, _)| position)
            .collect();
        let (mut low, mut high) = (0, with_snapshot.len().saturating_sub(1));
        while low < high {
            let middle = usize::midpoint(low, high);
            let position = with_snapshot.get(middle).copied().unwrap_or(last);
            if self.disagree(object, position) {
                high = middle;
            } else {
                low = middle + 1;
            }
        }
        with_snapshot.get(high).copied().unwrap_or(last)
    }

    fn disagree(&mut self, object: &ObjectPath, position: usize) -> bool {
        let replayed = folded(&self.history.unfolded_before(position + 1));
        let Some(recorded) = self.at(position) else { return true };
        changes(recorded, &replayed).iter().any(|change| change.object == *object || change.object == object.owner())
    }

    /// At the last statement about the object up to the migration where the disagreement starts, with the snapshot's place.
    fn finding(&self, first: usize, change: &Change) -> Option<Diagnostic> {
        let migration = self.history.folder.migrations.get(first)?;
        let snapshot = migration.snapshot.as_ref()?;
        let keys = keys_of(&change.object);
        let touched_by = self.history.last_touch(&keys, first + 1);
        let place = touched_by.and_then(|position| {
            let statements = self.history.statements_of(position)?;
            let about = statements
                .statements
                .iter()
                .rfind(|statement| statement.effects.iter().any(|effect| keys.contains(&effect.key)))?;
            Some(Location::new(&self.history.folder.migrations.get(position)?.file, about.span))
        });
        let place = place.unwrap_or_else(|| Location::start_of(&migration.file));
        let text = self.files.read_large(snapshot).unwrap_or_default();
        let span = object_span::in_snapshot(&text, &change.object).unwrap_or_else(|| Span::new(0, 0));
        let name = snapshot.file_name().unwrap_or_default().to_string_lossy().into_owned();
        let (message, other) = sides(change, &migration.tag);
        if self.is_the_primary_key(change) {
            let help = "PostgreSQL makes one index of a primary key and a unique constraint on the same columns in one CREATE TABLE: the primary key has \
                        this name, and there is no such constraint. Take `unique()` out of the schema; the migration that drops it must not drop the key.";
            let finding = Diagnostic::new(codes::SNAPSHOT_STALE, place, message).with_help(help);
            return Some(finding.with_related(Location::new(snapshot, span), format!("{other} ({name})")));
        }
        let finding = Diagnostic::new(codes::SNAPSHOT_STALE, place, message)
            .with_help(format!(
                "The database follows the SQL, drizzle-kit's next `generate` follows the snapshot. Make the two say the same: write what is \
                 missing into a new migration, or generate the snapshot of {} again.",
                migration.tag
            ))
            .with_related(Location::new(snapshot, span), format!("{other} ({name})"));
        Some(finding)
    }
}

/// What the SQL does, and what the snapshot says.
fn sides(change: &Change, tag: &str) -> (String, String) {
    let kind = change.object.kind.as_str().replace('_', " ");
    let what = format!("{kind} `{}`", change.object.short());
    match &change.action {
        Action::Create => (
            format!("the SQL up to {tag} leaves {what} in place, but the snapshot no longer has it"),
            format!("no {what} here"),
        ),
        Action::Drop => {
            (format!("the SQL up to {tag} does not make {what}, but the snapshot has it"), format!("{what} is here"))
        }
        Action::Alter(alterations) => {
            let text =
                |value: &Option<String>| value.clone().map_or_else(|| String::from("none"), |it| format!("`{it}`"));
            let side = |pick: fn(&schema::Alteration) -> &Option<String>| -> String {
                let parts: Vec<String> =
                    alterations.iter().map(|it| format!("{} {}", it.aspect.as_str(), text(pick(it)))).collect();
                parts.join(", ")
            };
            (
                format!("{what} is not what the snapshot of {tag} says: the SQL makes it {}", side(|it| &it.to)),
                format!("the snapshot has {}", side(|it| &it.from)),
            )
        }
    }
}

/// The keys under which an object, or what it belongs to, is kept.
pub(crate) fn keys_of(object: &ObjectPath) -> Vec<ObjectKey> {
    let name = object.name.clone();
    match object.owner().kind {
        ObjectKind::Namespace => vec![ObjectKey::Namespace(name.name)],
        ObjectKind::Enum => vec![ObjectKey::Enum(name)],
        ObjectKind::Domain => vec![ObjectKey::Domain(name)],
        ObjectKind::Sequence => vec![ObjectKey::Sequence(name)],
        ObjectKind::View => vec![ObjectKey::View(name)],
        ObjectKind::Role => vec![ObjectKey::Role(name.name)],
        ObjectKind::Extension => vec![ObjectKey::Extension(name.name)],
        _ => vec![ObjectKey::Table(name)],
    }
}
