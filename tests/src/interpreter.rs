//! The interpreter as the comparisons use it: files of SQL, one after the other, on an empty database.

use std::path::Path;

use languages::sql::{State, apply, statements};
use schema::{Dialect, Schema};
use source::{Diagnostic, FilePath, Severity};

/// What a replay makes of texts, and what it has to say about them beside notes.
pub struct Replayed {
    pub schema: Schema,
    pub findings: Vec<Diagnostic>,
}

/// Replays texts, each as a file of its own.
pub fn replay(dialect: Dialect, texts: &[&str]) -> Replayed {
    let mut replaying = Replaying::new(dialect);
    for text in texts {
        replaying.apply(text);
    }
    let findings = replaying.take_findings();
    Replayed { findings, schema: replaying.state.into_schema() }
}

/// A replay under way. `serial` stays spelled out, as a catalog has it.
pub struct Replaying {
    dialect: Dialect,
    state: State,
    n_files: usize,
}

impl Replaying {
    pub fn new(dialect: Dialect) -> Replaying {
        Replaying { dialect, state: State::new(dialect), n_files: 0 }
    }

    /// The next file.
    pub fn apply(&mut self, text: &str) {
        let file = FilePath::from(Path::new(&format!("/{}.sql", self.n_files)));
        self.n_files += 1;
        self.state.begin(&file, false);
        for statement in statements(self.dialect, text) {
            apply(&mut self.state, &statement);
        }
    }

    pub fn schema(&self) -> &Schema {
        self.state.schema()
    }

    /// What was found since the last call.
    pub fn take_findings(&mut self) -> Vec<Diagnostic> {
        let mut findings = self.state.take_diagnostics();
        findings.retain(|finding| finding.severity != Severity::Information);
        findings
    }
}

/// A finding with the statement it is about. The texts are those of the replay; a single one is the one that was replayed last.
pub fn shown(finding: &Diagnostic, texts: &[&str]) -> String {
    let name = finding.location.file.file_stem().unwrap_or_default().to_string_lossy().into_owned();
    let position = name.parse::<usize>().unwrap_or_default();
    let text = texts.get(if texts.len() == 1 { 0 } else { position }).copied().unwrap_or_default();
    let words: String = text.get(finding.location.span.start as usize..).unwrap_or_default().chars().take(60).collect();
    format!("{}: {} at {:?}", finding.code, finding.message, words.split_whitespace().collect::<Vec<_>>().join(" "))
}
