//! A journal entry's time, set after those before it.

use history::{Format, History};
use source::{FilePath, Span, codes};

use super::edit::FileEdit;
use crate::{Analysis, trail};

/// The edit for a finding `history/out-of-order` of a Drizzle journal. A database that has run the migration runs it again then, so
/// there is none but for the last migration, and where that does nothing the second time.
pub fn retime_fix(analysis: &Analysis, file: &FilePath, span: Span) -> Option<FileEdit> {
    let is_found = |found: &source::Diagnostic| {
        found.code == codes::OUT_OF_ORDER && found.location.file == *file && found.location.span == span
    };
    let project = analysis.projects.iter().find(|project| project.all_diagnostics().any(is_found))?;
    let history = project.history.as_deref().filter(|history| history.folder.format == Format::Drizzle)?;
    let source = analysis.text(file)?;
    let last = history.folder.migrations.len().checked_sub(1)?;
    let is_last = history.folder.migrations.get(last).is_some_and(|it| it.tag == span.text(&source.text));
    if !is_last || !does_nothing_again(history, last) {
        return None;
    }
    let (span, text) = history::formats::drizzle::retimed(&source.text, span)?;
    Some(FileEdit { file: file.clone(), span, text })
}

/// True where every statement makes only what is not there.
fn does_nothing_again(history: &History, position: usize) -> bool {
    let text = trail::text_of(history, position);
    let Some(statements) = history.statements_of(position) else { return false };
    let mut end = 0;
    for statement in &statements.statements {
        let is_understood = is_blank(text.get(end..statement.span.start as usize));
        if !is_understood || !makes_what_is_missing(statement.span.text(text)) {
            return false;
        }
        end = statement.span.end as usize;
    }
    !statements.statements.is_empty() && is_blank(text.get(end..))
}

/// Comments, semicolons and white space.
fn is_blank(text: Option<&str>) -> bool {
    let is_nothing = |line: &str| line.trim_start_matches([';', ' ', '\t', '\r']).is_empty();
    text.is_some_and(|text| text.lines().all(|line| is_nothing(line.split("--").next().unwrap_or_default())))
}

fn makes_what_is_missing(statement: &str) -> bool {
    let plain: Vec<&str> = statement.lines().map(|line| line.split("--").next().unwrap_or_default()).collect();
    let plain = plain.join(" ").to_ascii_uppercase();
    let words: Vec<&str> = plain.split_whitespace().collect();
    let condition = ["IF", "NOT", "EXISTS"];
    match words.as_slice() {
        ["CREATE", "TABLE" | "INDEX" | "SCHEMA" | "SEQUENCE" | "EXTENSION", rest @ ..]
        | ["CREATE", "UNIQUE", "INDEX", rest @ ..] => rest.starts_with(&condition),
        // One action: a comma might bring another.
        ["ALTER", "TABLE", _, "ADD", "COLUMN", rest @ ..] => rest.starts_with(&condition) && !statement.contains(','),
        _ => false,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_what_makes_the_missing_does_nothing_the_second_time() {
        for (statement, expected) in [
            ("create table if not exists a (id int, b text)", true),
            ("CREATE UNIQUE INDEX -- why\n IF NOT EXISTS i ON a (id)", true),
            ("ALTER TABLE a ADD COLUMN IF NOT EXISTS b text", true),
            ("ALTER TABLE a ADD COLUMN IF NOT EXISTS b text, DROP COLUMN c", false),
            ("ALTER TABLE a ADD COLUMN b text", false),
            ("CREATE TABLE a (id int) -- IF NOT EXISTS", false),
            ("DROP TABLE IF EXISTS a", false),
            ("INSERT INTO a VALUES (1)", false),
        ] {
            assert_eq!(makes_what_is_missing(statement), expected, "{statement}");
        }
        assert!(is_blank(Some(";\n--> statement-breakpoint\n")) && !is_blank(Some("; x")) && !is_blank(None));
    }
}
