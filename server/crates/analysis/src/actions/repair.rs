//! Snapshots for hand-written migrations that have none, from the replay of their SQL.

use std::sync::Arc;

use diff::diff;
use history::formats::{self, Addition};
use history::{Format, History, keep_undescribed};
use schema::{Action, Schema};
use source::{Diagnostic, Files, codes};

use crate::project::Project;
use crate::same_part;

/// How many migrations of a project have no snapshot, where drizzle-kit would want one.
pub fn migrations_without_snapshot(project: &Project) -> usize {
    project.history.as_deref().map_or(0, |history| missing(history).count())
}

/// The files that give every migration its snapshot; None where each has one. `new_id` makes a UUID.
///
/// A snapshot holds what the SQL up to its migration makes, in the words of the schema files where both say the same. What only SQL made
/// and neither the schema files nor an earlier snapshot have stays out: drizzle-kit would drop it.
pub fn repair(
    project: &Project,
    new_id: &mut dyn FnMut() -> String,
    files: &dyn Files,
) -> Result<Option<Addition>, Vec<Diagnostic>> {
    let Some(history) = project.history.as_deref() else { return Ok(None) };
    if missing(history).next().is_none() {
        return Ok(None);
    }
    let desired = match project.desired.as_deref() {
        Some(desired) if desired.unknown.is_empty() => desired,
        Some(desired) => return Err(desired.diagnostics.clone()),
        None => return Ok(None),
    };
    let unreadable = |found: &&Diagnostic| found.code == codes::UNREADABLE_STATEMENT;
    if history.unreadable || history.replayed.unknown.iter().next().is_some() {
        let mut reasons: Vec<Diagnostic> = history.diagnostics.iter().filter(unreadable).cloned().collect();
        if reasons.is_empty() {
            reasons.clone_from(&history.diagnostics);
        }
        return Err(reasons);
    }
    let mut states: Vec<(usize, Schema)> = Vec::new();
    let mut earlier: Option<Arc<Schema>> = None;
    for (position, migration) in history.folder.migrations.iter().enumerate() {
        if migration.snapshot.is_some() {
            earlier = Some(Arc::new(read(history, position, files)?));
            continue;
        }
        let later = history.folder.migrations.iter().skip(position).position(|it| it.snapshot.is_some());
        let later = later.map(|distance| read(history, position + distance, files)).transpose()?;
        let near = later.as_ref().unwrap_or(&desired.schema);
        let state = state(&history.schema_at(position), near, earlier.as_deref(), &desired.schema);
        states.push((position, state.clone()));
        earlier = Some(Arc::new(state));
    }
    let made = formats::rebuild_snapshots(&history.folder, &states, new_id, files);
    made.map(Some).map_err(|finding| vec![*finding])
}

fn missing(history: &History) -> impl Iterator<Item = usize> {
    let is_kept = matches!(history.folder.format, Format::Drizzle | Format::Drizzle1);
    let migrations = history.folder.migrations.iter().enumerate();
    migrations.filter(move |(_, it)| is_kept && it.snapshot.is_none()).map(|(position, _)| position)
}

fn read(history: &History, position: usize, files: &dyn Files) -> Result<Schema, Vec<Diagnostic>> {
    match history.folder.read_snapshot(position, files) {
        Some(read) => read.map_err(|finding| vec![*finding]),
        None => Ok(Schema::new(history.folder.dialect)),
    }
}

/// What the SQL makes, spelled as `near` does where both are the same to the database.
fn state(made: &Schema, near: &Schema, earlier: Option<&Schema>, desired: &Schema) -> Schema {
    let stored_made = dialects::as_stored(made).into_owned();
    let mut stored_near = dialects::as_stored(near).into_owned();
    keep_undescribed(&stored_made, &mut stored_near);
    let mut state = near.clone();
    for change in diff(&stored_near, &stored_made).changes {
        let is_known =
            earlier.is_none_or(|earlier| earlier.contains(&change.object)) || desired.contains(&change.object);
        let is_left_out = change.action == Action::Create && !is_known;
        if !is_left_out && !same_part::is_there_under_another_name(&change, &stored_near, &stored_made, earlier) {
            state.copy_object(made, &change.object);
        }
    }
    state
}
