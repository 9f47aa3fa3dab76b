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

/// Replays texts, each as a file of its own. `serial` stays spelled out, as a catalog has it.
pub fn replay(dialect: Dialect, texts: &[&str]) -> Replayed {
    let mut state = State::new(dialect);
    for (position, text) in texts.iter().enumerate() {
        let file = FilePath::from(Path::new(&format!("/{position}.sql")));
        state.begin(&file, false);
        for statement in statements(dialect, text) {
            apply(&mut state, &statement);
        }
    }
    let mut findings = state.take_diagnostics();
    findings.retain(|finding| finding.severity != Severity::Information);
    Replayed { schema: state.into_schema(), findings }
}

/// A finding with the statement it is about.
pub fn shown(finding: &Diagnostic, texts: &[&str]) -> String {
    let name = finding.location.file.file_stem().unwrap_or_default().to_string_lossy().into_owned();
    let text = name.parse::<usize>().ok().and_then(|position| texts.get(position)).copied().unwrap_or_default();
    let span = finding.location.span;
    let words: String = text.get(span.start as usize..).unwrap_or_default().chars().take(60).collect();
    format!("{} {} at {:?}", finding.code, finding.message, words.split_whitespace().collect::<Vec<_>>().join(" "))
}
