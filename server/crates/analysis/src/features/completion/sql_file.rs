//! SQL files: a migration sees what the migrations before it made, a schema file what all schema files say.

use history::History;
use schema::Schema;
use source::FilePath;
use std::path::Path;
use std::sync::Arc;

use super::sql_items::{Sources, items};
use super::sql_statement::statement;
use super::{Completion, State};
use crate::Project;
use crate::configuration::DesiredSource;

/// None where the file is no migration of the project.
pub(super) fn in_migration(project: &Project, file: &Path, text: &str, before: &str) -> Option<Vec<Completion>> {
    let history = project.history.as_deref()?;
    let position = history.position_of_file(file)?;
    let dialect = history.folder.dialect;
    let Some(statement) = statement(dialect, text, before.len()) else { return Some(Vec::new()) };
    // Positions of the text as it was analysed: before the statement that is typed it is the same.
    let statements = history.statements_of(position)?;
    let n_statements = statements.statements.iter().take_while(|it| it.span.end <= statement.start).count();
    let migration: FilePath = Arc::from(file);
    let schema = state_before(history, position, n_statements);
    let state = State::History { migration, n_statements };
    let sources = Sources { project: &project.id, schema: &schema, state, own: None, is_part: false };
    Some(items(&statement, &sources))
}

/// What the database holds before a statement of a migration, `serial` as written.
pub(super) fn state_before(history: &History, position: usize, n_statements: usize) -> Schema {
    let mut schema = history.state_before(position, n_statements);
    dialects::fold_serials(&mut schema);
    schema
}

/// None where the file is no SQL schema file of the project.
pub(super) fn in_schema(project: &Project, file: &Path, text: &str, before: &str) -> Option<Vec<Completion>> {
    let config = project.config.as_ref()?;
    let DesiredSource::Sql { files, .. } = &config.desired else { return None };
    files.iter().find(|known| ***known == *file)?;
    let schema = &project.desired.as_ref()?.schema;
    let Some(statement) = statement(config.dialect, text, before.len()) else { return Some(Vec::new()) };
    let sources = Sources { project: &project.id, schema, state: State::Desired, own: None, is_part: false };
    Some(items(&statement, &sources))
}
