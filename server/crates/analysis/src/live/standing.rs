//! How a database stands to the migrations that were applied to it, and to the schema files.

use history::{FolderState, History, MigrationState};
use plan::Step;
use schema::Schema;

use crate::{Compared, Comparison, RenameAnswers, compare};

/// What the migrations that are applied make. None where nothing is applied, or where they do not follow one another, so that nobody knows
/// what came of it.
pub fn applied_schema(history: &History, state: &FolderState) -> Option<Schema> {
    let is_doubtful = |state: &MigrationState| {
        matches!(state, MigrationState::Skipped | MigrationState::Failed | MigrationState::Modified)
    };
    if history.unreadable || state.states.iter().any(is_doubtful) || !state.missing.is_empty() {
        return None;
    }
    let last = state.states.iter().rposition(|state| state.is_applied())?;
    Some(history.schema_at(last))
}

/// The steps from one picture to the other, without questions: for telling that they differ, never for running. None where not
/// everything can be compared.
pub fn differing(from: &Compared, to: &Compared) -> Option<Vec<Step>> {
    let answers = RenameAnswers { nothing_else: true, ..RenameAnswers::default() };
    match compare(from, to, &answers) {
        Comparison::Plan(plan) if plan.obstacles.is_empty() => Some(plan.steps),
        Comparison::Plan(_) | Comparison::Questions(_) | Comparison::Impossible(_) => None,
    }
}
