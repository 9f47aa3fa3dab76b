//! Findings as GitHub workflow commands, which become annotations on the changed lines.

use source::Severity;
use std::fmt::Write as _;

use super::{Shown, text};

pub(crate) fn render(shown: &Shown<'_>) -> String {
    let mut out = String::new();
    for finding in shown.findings() {
        let diagnostic = finding.diagnostic;
        let command = match diagnostic.severity {
            Severity::Error => "error",
            Severity::Warning => "warning",
            Severity::Information | Severity::Hint => "notice",
        };
        let location = &diagnostic.location;
        let (line, column) = shown.places.line_column(location, location.span.start);
        let (end_line, end_column) = shown.places.line_column(location, location.span.end);
        let help = diagnostic.help.as_ref().map(|help| format!("\n{help}")).unwrap_or_default();
        let _ = writeln!(
            out,
            "::{command} file={},line={line},col={column},endLine={end_line},endColumn={end_column},title={}::{}",
            property(&shown.path(&location.file)),
            property(diagnostic.code.id),
            data(&format!("{}{help}", diagnostic.message)),
        );
    }
    for project in &shown.analysis.projects {
        let _ = writeln!(out, "{}", text::summary(shown, project, &shown.of_project(project)));
    }
    out
}

/// The escapes of a workflow command's message.
fn data(text: &str) -> String {
    text.replace('%', "%25").replace('\r', "%0D").replace('\n', "%0A")
}

/// The escapes of a workflow command's property.
fn property(text: &str) -> String {
    data(text).replace(':', "%3A").replace(',', "%2C")
}
