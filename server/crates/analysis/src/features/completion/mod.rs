//! What can stand at the cursor, in text that is being typed: names, types and values that the project itself has.
//!
//! The text is the editor's, and may be newer than the analysis. What is asked for comes from the tokens before the cursor, what is
//! offered from the schema in memory. Where it is not certain what has to follow, nothing is offered.

mod documentation;
mod drizzle;
mod drizzle_names;
mod drizzle_place;
mod sql_definition;
mod sql_file;
mod sql_items;
mod sql_place;
mod sql_relations;
mod sql_statement;
mod sql_value;
#[cfg(test)]
mod tests;

use schema::{Dialect, ObjectPath};
use source::{FilePath, Span};
use std::path::Path;

use crate::{Analysis, ProjectId};

/// Something that can stand at the cursor.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Completion {
    /// What is shown in the list.
    pub label: String,
    pub kind: CompletionKind,
    /// A column's SQL type, a table's columns: what is shown beside the label.
    pub detail: String,
    /// What is replaced, around the cursor.
    pub span: Span,
    /// What it is replaced by.
    pub text: String,
    /// What the text of the span is compared with while a person types on.
    pub filter: String,
    /// Groups of what is offered; the most likely is 0.
    pub rank: u8,
    /// A text that has to be inserted elsewhere: the name of a builder in the import.
    pub import: Option<(u32, String)>,
    /// What there is more to say of it.
    pub subject: Option<Subject>,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum CompletionKind {
    Table,
    View,
    Column,
    /// The alias of a table in a statement.
    Alias,
    Type,
    EnumValue,
    /// A function that makes a column.
    Builder,
}

/// What a completion is about, for its documentation.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Subject {
    Object { project: ProjectId, object: ObjectPath, state: State },
    Builder { dialect: Dialect, name: String },
}

/// In which picture of the database a completion was looked for.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum State {
    Desired,
    /// The history before a statement of a migration.
    History {
        migration: FilePath,
        n_statements: usize,
    },
}

/// What can stand at `offset` of `text`, the file as the editor has it now. In the order in which it is shown.
pub(crate) fn complete(analysis: &Analysis, file: &Path, text: &str, offset: u32) -> Vec<Completion> {
    let Some(before) = text.get(..offset as usize) else { return Vec::new() };
    let mut found = analysis
        .projects
        .iter()
        .find_map(|project| {
            let in_migration = sql_file::in_migration(project, file, text, before);
            let in_schema = || sql_file::in_schema(project, file, text, before);
            in_migration.or_else(in_schema).or_else(|| drizzle::complete(analysis, project, file, text, before))
        })
        .unwrap_or_default();
    found.sort_by_key(|item| item.rank);
    found
}

pub(crate) fn documentation(analysis: &Analysis, subject: &Subject) -> Option<String> {
    documentation::of(analysis, subject)
}
