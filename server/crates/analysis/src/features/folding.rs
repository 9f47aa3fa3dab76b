//! What of a migration or a SQL schema file can be folded away: statements and comments of several lines.

use source::{LineIndex, Span};
use std::path::Path;

use crate::Analysis;
use crate::configuration::DesiredSource;

/// Several lines that can be shown as one.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Fold {
    pub span: Span,
    pub is_comment: bool,
}

pub(crate) fn of_file(analysis: &Analysis, file: &Path) -> Vec<Fold> {
    let Some(source) = analysis.text(file) else { return Vec::new() };
    let statements = analysis.projects.iter().find_map(|project| {
        if let Some(history) = project.history.as_deref()
            && let Some(position) = history.position_of_file(file)
        {
            return Some(history.statements_of(position)?.statements.iter().map(|it| it.span).collect::<Vec<Span>>());
        }
        let config = project.config.as_ref()?;
        let DesiredSource::Sql { files, .. } = &config.desired else { return None };
        files.iter().find(|known| ***known == *file)?;
        Some(languages::sql::statements(config.dialect, &source.text).iter().map(|it| it.span).collect())
    });
    let Some(statements) = statements else { return Vec::new() };
    let has_lines = |fold: &Fold| line_of(&source.lines, fold.span.start) < line_of(&source.lines, fold.span.end);
    let comments = comments(&source.text).into_iter().map(|span| Fold { span, is_comment: true });
    let statements: Vec<Fold> =
        statements.into_iter().map(|span| Fold { span, is_comment: false }).filter(has_lines).collect();
    // Lines that look like comments inside of a statement are folded with it.
    let is_free = |fold: &Fold| !statements.iter().any(|statement| statement.span.contains(fold.span));
    let mut found: Vec<Fold> = comments.filter(has_lines).filter(is_free).collect();
    found.extend(&statements);
    found.sort_by_key(|fold| fold.span);
    found
}

fn line_of(lines: &LineIndex, offset: u32) -> u32 {
    lines.line_column(offset).line
}

/// Runs of lines that are comments, without drizzle-kit's breakpoints.
fn comments(text: &str) -> Vec<Span> {
    let mut found: Vec<Span> = Vec::new();
    let mut start = 0;
    let mut run: Option<Span> = None;
    for line in text.split_inclusive('\n') {
        let own = line.trim_end();
        let is_comment = own.trim_start().starts_with("--") && !own.contains("--> statement-breakpoint");
        let span = Span::new(start, start + own.len());
        run = match (run, is_comment) {
            (Some(before), true) => Some(before.cover(span)),
            (None, true) => Some(span),
            (before, false) => {
                found.extend(before);
                None
            }
        };
        start += line.len();
    }
    found.extend(run);
    found
}
