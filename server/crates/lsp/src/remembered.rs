//! Renames that were made in the editor and are in no migration yet.

use crate::state::State;
use analysis::{KeptAnswer, Project, ProjectId, RenameAnswers};
use schema::ObjectPath;

/// Keeps that an object was renamed, so that generating does not ask. For as long as the server lives: whoever wants it to last
/// longer writes it down here.
pub(crate) fn remember_rename(state: &State, project: &ProjectId, from: &ObjectPath, to: &ObjectPath) {
    state.renames.lock().entry(project.clone()).or_default().remember(from, to);
}

impl State {
    /// Answers that hold what is remembered of a project, and no other.
    pub(crate) fn remembered_renames(&self, project: &Project) -> RenameAnswers {
        let renames = self.renames.lock();
        let remembered = renames.get(&project.id).map(|memory| memory.as_answers()).unwrap_or_default();
        let kept = remembered.into_iter().map(|(from, to)| KeptAnswer { from, to: Some(to) }).collect();
        RenameAnswers { kept, ..RenameAnswers::default() }
    }
}
