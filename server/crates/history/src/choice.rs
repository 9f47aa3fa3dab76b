//! Which migrations are to be applied or taken back, and what is in the way.

use crate::ledger::{FolderState, MigrationState};
use crate::reader::History;

/// Why nothing is applied or taken back. Positions are those of the folder.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Obstacle {
    /// These were begun and did not end well.
    Failed(Vec<usize>),
    /// These are older than the newest that is applied, and are not.
    Skipped(Vec<usize>),
    /// There is no migration of this name.
    NoMigration(String),
    /// The migration that is to be the last is not applied.
    NotApplied(usize),
}

impl FolderState {
    /// What is to be applied, in its order: all, or all up to `to`. Older ones than the newest that is applied only where that is wanted.
    pub fn to_apply(&self, history: &History, to: Option<&str>, with_skipped: bool) -> Result<Vec<usize>, Obstacle> {
        let last = match to {
            Some(name) => history.position_of(name).ok_or_else(|| Obstacle::NoMigration(name.to_owned()))?,
            None => self.states.len().saturating_sub(1),
        };
        let failed = self.positions(MigrationState::Failed);
        if !failed.is_empty() {
            return Err(Obstacle::Failed(failed));
        }
        let mut skipped = self.positions(MigrationState::Skipped);
        skipped.retain(|position| *position <= last);
        if !skipped.is_empty() && !with_skipped {
            return Err(Obstacle::Skipped(skipped));
        }
        let is_open = |state: MigrationState| matches!(state, MigrationState::Unapplied | MigrationState::Skipped);
        let states = self.states.iter().enumerate().take(last + 1);
        Ok(states.filter(|(_, state)| is_open(**state)).map(|(position, _)| position).collect())
    }

    /// What is to be taken back, the newest first: the last `steps` that are applied, or all after `to`.
    pub fn to_take_back(&self, history: &History, to: Option<&str>, steps: usize) -> Result<Vec<usize>, Obstacle> {
        let applied = self.states.iter().enumerate().rev().filter(|(_, state)| state.is_applied());
        let applied = applied.map(|(position, _)| position);
        let Some(name) = to else { return Ok(applied.take(steps).collect()) };
        let last = history.position_of(name).ok_or_else(|| Obstacle::NoMigration(name.to_owned()))?;
        if !self.states.get(last).is_some_and(|state| state.is_applied()) {
            return Err(Obstacle::NotApplied(last));
        }
        Ok(applied.take_while(|position| *position > last).collect())
    }
}

#[cfg(test)]
mod tests {
    use MigrationState::{Applied, Failed, Modified, Skipped, Unapplied};
    use schema::Dialect;
    use source::{FilePath, MemoryFiles};
    use std::path::Path;

    use super::*;
    use crate::Format;

    #[test]
    fn what_is_older_than_what_is_applied_is_in_the_way_unless_it_is_wanted() {
        let fixture = "//- /p/m/1_a.sql\n//- /p/m/2_b.sql\n//- /p/m/3_c.sql\n//- /p/m/4_d.sql\n";
        let path = FilePath::from(Path::new("/p/m"));
        let history = crate::read(Format::Plain, Dialect::Postgres, &path, &MemoryFiles::new(fixture));
        let of = |states: [MigrationState; 4]| FolderState { states: states.to_vec(), ..FolderState::default() };
        let state = of([Applied, Skipped, Modified, Unapplied]);
        assert_eq!(state.to_apply(&history, None, false), Err(Obstacle::Skipped(vec![1])));
        assert_eq!(state.to_apply(&history, None, true), Ok(vec![1, 3]));
        assert_eq!(state.to_apply(&history, Some("1_a"), false), Ok(vec![]));
        assert_eq!(state.to_apply(&history, Some("x"), false), Err(Obstacle::NoMigration("x".into())));
        assert_eq!(
            of([Applied, Failed, Unapplied, Unapplied]).to_apply(&history, None, true),
            Err(Obstacle::Failed(vec![1]))
        );
        assert_eq!(of([Unapplied; 4]).to_apply(&history, Some("3_c"), false), Ok(vec![0, 1, 2]));
        assert_eq!(state.to_take_back(&history, None, 1), Ok(vec![2]));
        assert_eq!(state.to_take_back(&history, Some("1_a"), 0), Ok(vec![2]));
        assert_eq!(state.to_take_back(&history, Some("2_b"), 0), Err(Obstacle::NotApplied(1)));
        assert_eq!(state.to_take_back(&history, None, 9), Ok(vec![2, 0]));
    }
}
