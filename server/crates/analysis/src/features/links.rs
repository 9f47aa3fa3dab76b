//! From a journal's entries to the files of their migrations.

use source::{FilePath, Span};
use std::path::Path;

use crate::Analysis;

/// A place that leads to a file.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Link {
    pub span: Span,
    pub target: FilePath,
}

pub(crate) fn of_file(analysis: &Analysis, file: &Path) -> Vec<Link> {
    let Some(source) = analysis.text(file) else { return Vec::new() };
    let is_journal = |journal: &FilePath| **journal == *file;
    let histories = analysis.projects.iter().filter_map(|project| project.history.as_deref());
    let Some(history) = histories.into_iter().find(|it| it.folder.journal.as_ref().is_some_and(is_journal)) else {
        return Vec::new();
    };
    let link = |(position, migration): (usize, &history::Migration)| {
        // An entry whose file is missing leads nowhere.
        history.steps.get(position)?.text.as_ref()?;
        let quoted = format!("\"{}\"", migration.tag);
        let start = source.text.find(&quoted)? + 1;
        Some(Link { span: Span::new(start, start + migration.tag.len()), target: migration.file.clone() })
    };
    history.folder.migrations.iter().enumerate().filter_map(link).collect()
}
