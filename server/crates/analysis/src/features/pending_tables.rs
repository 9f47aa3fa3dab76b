//! Tables with pending changes, for a line above each in an editor.

use schema::{ObjectKind, ObjectPath};
use source::Span;
use std::collections::BTreeMap;
use std::path::Path;

use crate::Project;

/// A table of a file of which changes are pending.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PendingTable {
    pub table: ObjectPath,
    /// The short part that names it.
    pub span: Span,
    /// Its own and those of its columns, keys and indexes.
    pub n_changes: usize,
}

/// The tables declared in a file that have pending changes, in the order of the file. One that is dropped is declared nowhere.
pub fn pending_tables(project: &Project, file: &Path) -> Vec<PendingTable> {
    let Some(desired) = project.desired.as_deref() else { return Vec::new() };
    let mut counts: BTreeMap<ObjectPath, usize> = BTreeMap::new();
    for pending in &project.pending {
        let owner = pending.change.object.owner();
        if owner.kind == ObjectKind::Table {
            *counts.entry(owner).or_default() += 1;
        }
    }
    let in_file = counts.into_iter().filter_map(|(table, n_changes)| {
        let origin = desired.origins.get(&table).filter(|origin| *origin.focus.file == *file)?;
        Some(PendingTable { span: origin.focus.span, table, n_changes })
    });
    let mut found: Vec<PendingTable> = in_file.collect();
    found.sort_by_key(|it| it.span);
    found
}
