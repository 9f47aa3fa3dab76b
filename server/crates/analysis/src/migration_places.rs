//! Migrations as files: their texts, made ready when first asked for, and the names in them.

use history::{History, MigrationStatement};
use languages::Use;
use source::LineIndex;
use std::path::Path;
use std::sync::{Arc, OnceLock};

use crate::SourceText;
use crate::trail::Moment;

/// The texts of a project's migrations with their line indexes. A folder may hold thousands, and an analysis is made at every
/// keystroke: nothing is made before it is asked for.
#[derive(Debug, Default)]
pub(crate) struct MigrationTexts {
    by_position: OnceLock<Vec<OnceLock<Arc<SourceText>>>>,
}

impl MigrationTexts {
    pub(crate) fn get(&self, history: &History, file: &Path) -> Option<&Arc<SourceText>> {
        let position = history.position_of_file(file)?;
        let text = history.steps.get(position)?.text.clone()?;
        let all = self.by_position.get_or_init(|| history.steps.iter().map(|_| OnceLock::new()).collect());
        let made = || Arc::new(SourceText { lines: LineIndex::new(&text), text });
        all.get(position).map(|kept| kept.get_or_init(made))
    }
}

/// A name in a migration.
pub(crate) struct Named<'h> {
    pub(crate) at: Moment,
    pub(crate) statement: &'h MigrationStatement,
    pub(crate) found: &'h Use,
}

/// The name at an offset: the smallest that holds it; where one place names two objects, the one it refers to.
pub(crate) fn name_at<'h>(history: &'h History, file: &Path, offset: u32) -> Option<Named<'h>> {
    let position = history.position_of_file(file)?;
    let statements = history.statements_of(position)?;
    let at = Moment { position, statement: statements.at(offset)? };
    let statement = statements.statements.get(at.statement)?;
    let touching = statement.uses.iter().filter(|found| found.location.span.touches(offset));
    let found = touching.min_by_key(|found| (found.location.span.len(), found.is_declaration))?;
    Some(Named { at, statement, found })
}
