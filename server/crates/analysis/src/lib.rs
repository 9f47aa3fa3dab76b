//! The engine: what a project says, as data. Knows no editor protocol and does no I/O.
//!
//! A [`Host`] keeps what it made of each project and takes in changes; an [`Analysis`] is an immutable snapshot that any
//! thread can ask. Positions are UTF-8 byte offsets.

mod actions;
mod changed;
mod changed_words;
mod configuration;
pub mod explain;
mod features;
mod host;
mod how_to_write;
mod live;
mod mermaid;
mod migration_places;
mod near;
mod object_line;
mod pending;
mod project;
mod same_part;
#[cfg(test)]
mod tests;
mod texts;
mod trail;
mod words;

pub use actions::answers_file::{ANSWERS_FILE, AnswersEdit, KeptAnswer, keep_answer};
pub use actions::compare::{Compared, Comparison, compare, spelled_like};
pub use actions::edit::FileEdit;
pub use actions::export::export_fix;
pub use actions::generate::{GenerateRequest, Generated, NewMigration, generate, rename_questions};
pub use actions::permission::{Answer, DevelopmentCommand, Permission, permission};
pub use actions::plan_parts::{left_out, plan_parts, plan_without};
pub use actions::preview::preview;
pub use actions::pull::{Pulled, pull, release_of, schema_file};
pub use actions::push::{Pushing, desired_as_live, known_desired, push};
pub use actions::rebase::{Conflict, RebaseOutcome, RebaseRequest, Side, rebase};
pub use actions::rename::{Renamed, Renaming, rename, rename_place};
pub use actions::rename_answers::{RenameAnswers, as_flag};
pub use actions::rename_memory::RenameMemory;
pub use actions::repair::{migrations_without_snapshot, repair};
pub use actions::retime::retime_fix;
pub use actions::take_back::{NoWayBack, WayBack, way_back};
pub use configuration::{DesiredSource, ProjectConfig, ProjectId};
pub use features::completion::{Completion, CompletionKind, State as CompletionState, Subject};
pub use features::folding::Fold;
pub use features::hover::{About, Hover};
pub use features::links::Link;
pub use features::log::{Found, LoggedChange, LoggedMigration, LoggedTouch, ObjectLog, log, log_of};
pub use features::pending_tables::{PendingTable, pending_tables};
pub use features::status::{ProjectStatus, Status};
pub use features::symbols::{Symbol, WorkspaceSymbol};
pub use features::trees::{TreeNode, TreeStates, migrations_tree, schema_tree};
pub use features::unmanaged::{UnmanagedObject, unmanaged};
pub use host::Host;
pub use live::{
    ColumnStatistics, IndexStatistics, LiveFindings, LiveHint, LivePicture, LiveState, LiveTable, NameInHistory,
    Statistics, TableStatistics, applied_schema, comparable, differing, live_block, live_hints, live_tables,
};
pub use mermaid::er_diagram;
pub use near::nearest;
pub use project::{Pending, Project};
pub use texts::SourceText;
pub use words::{object as object_words, obstacles as obstacle_words};

use languages::drizzle::{QueryReader, is_script};
use rustc_hash::FxHashSet;
use source::{Diagnostic, FilePath, Files, Location};
use std::collections::BTreeMap;
use std::path::Path;
use std::sync::{Arc, Mutex};

use texts::Texts;

/// What all projects say at one moment. Cheap to clone and to share.
#[derive(Clone, Default)]
pub struct Analysis {
    pub projects: Vec<Arc<Project>>,
    texts: Arc<Texts>,
    /// What was made of files that no schema is read from.
    queries: Arc<Mutex<QueryReader>>,
    looked_at: Arc<FxHashSet<FilePath>>,
}

impl Analysis {
    /// The text of a file that the analysis read or reports on, any migration included.
    pub fn text(&self, file: &Path) -> Option<&Arc<SourceText>> {
        self.texts.get(file).or_else(|| self.projects.iter().find_map(|project| project.migration_text(file)))
    }

    /// Every finding by file, pending changes included, sorted by place. Equal findings of two projects are said once.
    pub fn diagnostics(&self) -> BTreeMap<FilePath, Vec<Diagnostic>> {
        self.diagnostics_with(&|_| Vec::new())
    }

    /// The same, and what else there is to say of each project.
    pub fn diagnostics_with(&self, more: &dyn Fn(&Project) -> Vec<Diagnostic>) -> BTreeMap<FilePath, Vec<Diagnostic>> {
        let mut found: BTreeMap<FilePath, Vec<Diagnostic>> = BTreeMap::new();
        for project in &self.projects {
            for diagnostic in project.all_diagnostics().cloned().chain(more(project)) {
                found.entry(diagnostic.location.file.clone()).or_default().push(diagnostic);
            }
        }
        for list in found.values_mut() {
            list.sort_by(|a, b| {
                (a.location.span, a.severity, a.code.id, &a.message).cmp(&(
                    b.location.span,
                    b.severity,
                    b.code.id,
                    &b.message,
                ))
            });
            list.dedup();
        }
        found
    }

    /// True for schema files, files read to evaluate them, configurations, journals and migrations.
    pub fn knows(&self, file: &Path) -> bool {
        self.texts.contains_key(file) || self.projects.iter().any(|project| project.has_migration(file))
    }

    /// False for code that no project was read from: whatever is typed in it, the next analysis says the same.
    pub fn may_depend_on(&self, file: &FilePath) -> bool {
        !is_script(file) || self.looked_at.contains(file)
    }

    pub fn hover(&self, file: &Path, offset: u32) -> Option<Hover> {
        let in_schema = self.projects.iter().find_map(|project| features::hover::hover(project, file, offset));
        in_schema.or_else(|| {
            self.projects.iter().find_map(|project| features::migration_hover::hover(project, file, offset))
        })
    }

    /// The same in code that uses a schema, of which `text` is what the editor has now. Looks at what the file imports.
    pub fn hover_in_code(&self, file: &FilePath, text: &Arc<str>, offset: u32, files: &dyn Files) -> Option<Hover> {
        features::code_hover::hover(self, file, text, offset, files)
    }

    /// What can stand at `offset` of `text`, which is the file as the editor has it now and may be newer than the analysis.
    pub fn complete(&self, file: &Path, text: &str, offset: u32) -> Vec<Completion> {
        features::completion::complete(self, file, text, offset)
    }

    /// Markdown about what a completion is about.
    pub fn completion_documentation(&self, subject: &Subject) -> Option<String> {
        features::completion::documentation(self, subject)
    }

    /// What of a migration or a SQL schema file can be folded away.
    pub fn folds(&self, file: &Path) -> Vec<Fold> {
        features::folding::of_file(self, file)
    }

    /// From a journal's entries to their migrations.
    pub fn links(&self, file: &Path) -> Vec<Link> {
        features::links::of_file(self, file)
    }

    pub fn definition(&self, file: &Path, offset: u32) -> Vec<Location> {
        features::navigation::definition(&self.projects, file, offset)
    }

    pub fn references(&self, file: &Path, offset: u32, with_declaration: bool) -> Vec<Location> {
        features::navigation::references(&self.projects, file, offset, with_declaration)
    }

    pub fn document_symbols(&self, file: &Path) -> Vec<Symbol> {
        if let Some(project) = self.projects.iter().find(|project| project.declares_in(file)) {
            return features::symbols::of_file(project, file);
        }
        let mut histories = self.projects.iter().filter_map(|project| project.history.as_deref());
        histories
            .find_map(|history| {
                Some(features::migration_symbols::of_migration(history, history.position_of_file(file)?))
            })
            .unwrap_or_default()
    }

    /// Tables, columns, enums and views whose name matches; at most `limit`.
    pub fn workspace_symbols(&self, query: &str, limit: usize) -> Vec<WorkspaceSymbol> {
        features::symbols::matching(&self.projects, query, limit)
    }

    pub fn status(&self) -> Status {
        Status { projects: self.projects.iter().map(|project| features::status::of(project)).collect() }
    }
}
