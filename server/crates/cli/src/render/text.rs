//! Findings with their source, for a person.

use analysis::{Analysis, Project, SourceText};
use annotate_snippets::renderer::DecorStyle;
use annotate_snippets::{AnnotationKind, Group, Level, Renderer, Snippet};
use source::{Diagnostic, Location, Severity};
use std::fmt::Write as _;
use std::io::IsTerminal as _;

use super::{Finding, Places, Shown, counted};

pub(crate) fn render(shown: &Shown<'_>) -> String {
    let renderer = renderer();
    let mut text = String::new();
    for project in &shown.analysis.projects {
        let findings = shown.of_project(project);
        for finding in &findings {
            text.push_str(&frame(shown.analysis, &shown.places, finding.diagnostic, &renderer));
            text.push_str("\n\n");
        }
        let _ = writeln!(text, "{}", summary(shown, project, &findings));
    }
    text
}

fn renderer() -> Renderer {
    let colours = std::io::stdout().is_terminal() && std::env::var_os("NO_COLOR").is_none_or(|value| value.is_empty());
    let renderer = if colours { Renderer::styled() } else { Renderer::plain() };
    renderer.decor_style(DecorStyle::Ascii)
}

/// Findings with their source, a blank line behind each.
pub(super) fn frames(analysis: &Analysis, findings: &[Diagnostic]) -> String {
    let (places, renderer) = (Places::new(analysis), renderer());
    findings.iter().map(|finding| format!("{}\n\n", frame(analysis, &places, finding, &renderer))).collect()
}

fn frame(analysis: &Analysis, places: &Places<'_>, diagnostic: &Diagnostic, renderer: &Renderer) -> String {
    let level = match diagnostic.severity {
        Severity::Error => Level::ERROR,
        Severity::Warning => Level::WARNING,
        Severity::Information => Level::INFO,
        Severity::Hint => Level::NOTE,
    };
    let title = level.primary_title(diagnostic.message.as_str()).id(diagnostic.code.id);
    let mut group = match excerpt(analysis, &diagnostic.location) {
        Some(excerpt) => title.element(excerpt.snippet(places.path(&diagnostic.location.file))),
        None => title.element(Level::NOTE.message(places.path(&diagnostic.location.file))),
    };
    if let Some(help) = &diagnostic.help {
        group = group.element(Level::HELP.message(help.as_str()));
    }
    let mut groups = vec![group];
    for related in &diagnostic.related {
        if let Some(excerpt) = excerpt(analysis, &related.location) {
            let snippet = excerpt.snippet(places.path(&related.location.file));
            groups.push(Group::with_title(Level::NOTE.secondary_title(related.message.as_str())).element(snippet));
        }
    }
    renderer.render(&groups)
}

/// The lines of a location, and the location in them.
struct Excerpt<'a> {
    text: &'a str,
    first_line: usize,
    range: std::ops::Range<usize>,
}

impl<'a> Excerpt<'a> {
    fn snippet(self, path: String) -> Snippet<'a, annotate_snippets::Annotation<'a>> {
        Snippet::source(self.text)
            .path(path)
            .line_start(self.first_line)
            .annotation(AnnotationKind::Primary.span(self.range))
    }
}

/// Only the first lines: a location that goes on for a page is shown by its start.
fn excerpt<'a>(analysis: &'a Analysis, location: &Location) -> Option<Excerpt<'a>> {
    const MOST_LINES: u32 = 3;
    let source: &'a SourceText = analysis.text(&location.file)?;
    let text: &'a str = &source.text;
    if text.is_empty() {
        return None;
    }
    let first = source.lines.line_column(location.span.start).line;
    let last = source.lines.line_column(location.span.end).line.min(first + MOST_LINES - 1);
    let start = source.lines.line_start(first) as usize;
    let end = source.lines.line_end(last, text) as usize;
    let lines = text.get(start..end)?;
    let within = |offset: u32| {
        let mut offset = (offset as usize).saturating_sub(start).min(lines.len());
        while !lines.is_char_boundary(offset) {
            offset -= 1;
        }
        offset
    };
    let range = within(location.span.start)..within(location.span.end);
    Some(Excerpt { text: lines, first_line: first as usize + 1, range })
}

pub(super) fn summary(shown: &Shown<'_>, project: &Project, findings: &[Finding<'_>]) -> String {
    let count = |severity| {
        findings.iter().filter(|finding| !finding.is_pending && finding.diagnostic.severity == severity).count()
    };
    let parts = [
        (findings.iter().filter(|finding| finding.is_pending).count(), "pending change"),
        (count(Severity::Error), "error"),
        (count(Severity::Warning), "warning"),
        (count(Severity::Information) + count(Severity::Hint), "note"),
    ];
    let parts: Vec<String> = parts.iter().filter(|(count, _)| *count > 0).map(|(n, word)| counted(*n, word)).collect();
    let is_known = project.desired.as_ref().is_none_or(|it| it.unknown.is_empty() && !it.schema.open);
    let in_sync = if is_known { "in sync" } else { "in sync as far as it is known" };
    let state = match (project.config.is_some(), project.in_sync(), parts.is_empty()) {
        (false, ..) => format!("not checked, {}", parts.join(", ")),
        // Only the migrations are unknown: what the schema files say is checked.
        (true, ..) if !project.is_compared() && parts.is_empty() => String::from("not compared with its migrations"),
        (true, ..) if !project.is_compared() => format!("not compared with its migrations, {}", parts.join(", ")),
        (true, true, true) if project.is_history_only() => String::from("nothing wrong"),
        (true, true, true) => String::from(in_sync),
        (true, true, false) if project.is_history_only() => parts.join(", "),
        (true, true, false) => format!("{in_sync}, {}", parts.join(", ")),
        (true, false, true) if project.is_history_only() => String::from("errors (elsewhere)"),
        (true, false, true) => String::from("not in sync (elsewhere)"),
        (true, false, false) => parts.join(", "),
    };
    let mut facts = Vec::new();
    facts.extend(project.config.as_ref().map(|config| config.dialect_word.clone()));
    facts.extend(project.history.as_ref().map(|_| counted(project.tables(), "table")));
    facts.extend(project.history.as_ref().map(|history| counted(history.folder.migrations.len(), "migration")));
    let only = match project.is_history_only() {
        true => "; no schema files: the migrations themselves are checked",
        false => "",
    };
    let facts = if facts.is_empty() { String::new() } else { format!(" ({})", facts.join(", ")) };
    format!("{}: {state}{facts}{only}", shown.label(project))
}
