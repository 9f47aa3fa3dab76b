//! What the database should be after a migration: the schema files, and beside them what is nobody's business here.

use diff::diff;
use history::{History, keep_undescribed, keep_unlisted, with_replayed};
use plan::Rename;
use schema::{Action, Change, ObjectKind, Schema};

use crate::configuration::{DesiredSource, ProjectConfig};
use crate::same_part;

/// Both sides of a migration.
pub(super) struct Sides {
    /// What the migrations record.
    pub(super) before: Schema,
    /// What the schema files say, with all in it that they have no words for, and what only hand-written SQL made.
    pub(super) after: Schema,
}

/// The sides after these renames were decided on; the same changes as the pending ones lie between them.
pub(super) fn sides(config: &ProjectConfig, history: &History, desired: &Schema, renames: &[Rename]) -> Sides {
    // A replay is as the database has it, where a snapshot has the schema file's own spelling.
    let (mut before, mut after) = match history.is_replayed() {
        true => (dialects::as_stored(&history.schema).into_owned(), dialects::as_stored(desired).into_owned()),
        false => (history.schema.clone(), desired.clone()),
    };
    if history.recorded.is_some() {
        with_replayed(&history.replayed, &mut before);
    }
    let renamed = plan::renamed(&before, &after, renames);
    match config.desired {
        DesiredSource::Drizzle(_) => keep_undescribed(&renamed, &mut after),
        DesiredSource::Sql { .. } | DesiredSource::None => keep_unlisted(&renamed, &mut after),
    }
    for change in diff(&renamed, &after).changes {
        if is_kept(history, &change, &renamed, &after) {
            after.copy_object(&renamed, &change.object);
        }
    }
    Sides { before, after }
}

/// True for a change that is not pending: the migration must not make it.
fn is_kept(history: &History, change: &Change, before: &Schema, after: &Schema) -> bool {
    let is_known = || before.opaque_of(&change.object).all(|(_, object)| object.definition.is_some());
    let is_unknown_drop = change.object.kind == ObjectKind::Opaque && change.action == Action::Drop && !is_known();
    let is_elsewhere = || same_part::is_there_under_another_name(change, before, after, history.recorded.as_deref());
    is_unknown_drop || history.is_unmanaged(change) || (history.is_replayed() && is_elsewhere())
}
