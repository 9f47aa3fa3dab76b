//! What a check shows, in three formats.

pub(crate) mod doctor;
pub(crate) mod generate;
pub(crate) mod github;
pub(crate) mod json;
pub(crate) mod migrate;
mod places;
pub(crate) mod push;
pub(crate) mod rebase;
pub(crate) mod status;
pub(crate) mod text;

pub(crate) use places::Places;

use analysis::{Analysis, Project};
use source::Diagnostic;
use std::io::Write as _;
use std::path::Path;

use crate::target::Target;

/// One finding of one project.
pub(crate) struct Finding<'a> {
    pub(crate) diagnostic: &'a Diagnostic,
    pub(crate) is_pending: bool,
}

/// An analysis as the user asked to see it.
pub(crate) struct Shown<'a> {
    pub(crate) analysis: &'a Analysis,
    pub(crate) places: Places<'a>,
    target: &'a Target,
}

impl<'a> Shown<'a> {
    pub(crate) fn new(analysis: &'a Analysis, target: &'a Target) -> Shown<'a> {
        Shown { analysis, places: Places::new(analysis), target }
    }

    /// A project's findings that are asked for: pending changes by place, then the rest by severity and place.
    pub(crate) fn of_project(&self, project: &'a Project) -> Vec<Finding<'a>> {
        let pending =
            project.pending.iter().map(|pending| Finding { diagnostic: &pending.diagnostic, is_pending: true });
        let others = project.diagnostics.iter().map(|diagnostic| Finding { diagnostic, is_pending: false });
        let mut findings: Vec<Finding<'a>> =
            pending.chain(others).filter(|finding| self.shows(project, &finding.diagnostic.location.file)).collect();
        findings.sort_by_key(|finding| {
            (!finding.is_pending, finding.diagnostic.severity, finding.diagnostic.location.clone())
        });
        findings
    }

    pub(crate) fn findings(&self) -> impl Iterator<Item = Finding<'a>> {
        self.analysis.projects.iter().flat_map(|project| self.of_project(project))
    }

    pub(crate) fn shows(&self, project: &Project, file: &Path) -> bool {
        self.target.only.is_empty()
            || self.target.whole.contains(project.source())
            || self.target.only.iter().any(|only| **only == *file)
    }

    /// What a project is called: its configuration, or its migrations folder where it has none, and its name among several.
    pub(crate) fn label(&self, project: &Project) -> String {
        let path = self.path(project.source());
        match &project.name {
            Some(name) => format!("{path} [{name}]"),
            None => path,
        }
    }

    pub(crate) fn path(&self, file: &Path) -> String {
        self.places.path(file)
    }
}

/// `1 change`, `2 changes`.
pub(crate) fn counted(count: usize, word: &str) -> String {
    if count == 1 { format!("1 {word}") } else { format!("{count} {word}s") }
}

/// A path as seen from the working directory.
pub(crate) fn short_path(file: &Path) -> String {
    places::path_from(&workspace::Disk::normalize(Path::new(".")), file)
}

/// A word as a shell takes it.
pub(crate) fn shell_word(word: &str) -> String {
    let is_plain = |it: char| it.is_alphanumeric() || "._-=/:@%+".contains(it);
    if word.chars().all(is_plain) { word.to_owned() } else { format!("'{}'", word.replace('\'', "'\\''")) }
}

/// Prints to standard output. A reader that stops reading is no error.
pub(crate) fn print(text: &str) -> anyhow::Result<()> {
    match std::io::stdout().lock().write_all(text.as_bytes()) {
        Err(error) if error.kind() == std::io::ErrorKind::BrokenPipe => Ok(()),
        result => Ok(result?),
    }
}

/// Prints a line to standard error, where it cannot spoil what is printed.
pub(crate) fn note(text: &str) {
    let _ = writeln!(std::io::stderr().lock(), "driftlens: {text}");
}
