//! Findings as stable JSON, version 1. Lines and columns count from 1, columns in characters; offsets are bytes from 0.

use analysis::{Analysis, Pending, Project};
use serde_json::{Value, json};
use source::{Diagnostic, Location};

use super::Shown;

pub(crate) fn render(shown: &Shown<'_>) -> String {
    let projects: Vec<Value> = shown.analysis.projects.iter().map(|project| of_project(shown, project)).collect();
    let mut text = serde_json::to_string_pretty(&json!({ "version": 1, "projects": projects })).unwrap_or_default();
    text.push('\n');
    text
}

fn of_project(shown: &Shown<'_>, project: &Project) -> Value {
    let desired = project.desired.as_ref();
    let visible = |location: &Location| shown.shows(project, &location.file);
    let pending: Vec<Value> = project
        .pending
        .iter()
        .filter(|pending| visible(&pending.diagnostic.location))
        .map(|pending| of_pending(shown, pending))
        .collect();
    let unknown: Vec<Value> = desired
        .into_iter()
        .flat_map(|desired| &desired.unknown)
        .filter(|unknown| visible(&unknown.location))
        .map(|unknown| {
            let mut value = json!({
                "object": unknown.object.as_ref().map(ToString::to_string),
                "reason": unknown.reason,
            });
            place(shown, &unknown.location, &mut value);
            value
        })
        .collect();
    let diagnostics: Vec<Value> = project
        .diagnostics
        .iter()
        .filter(|diagnostic| visible(&diagnostic.location))
        .map(|diagnostic| of_diagnostic(shown, diagnostic))
        .collect();
    let files: Vec<String> =
        desired.into_iter().flat_map(|desired| &desired.files).map(|file| shown.path(file)).collect();
    json!({
        "config": shown.path(project.source()),
        "name": project.name,
        "dialect": project.config.as_ref().map(|config| config.dialect_word.clone()),
        "schema_files": files,
        "migrations_folder": project.config.as_ref().map(|config| shown.path(&config.migrations)),
        "tables": project.tables(),
        "migrations": project.history.as_ref().map_or(0, |history| history.folder.migrations.len()),
        "in_sync": project.in_sync(),
        "pending": pending,
        "unknown": unknown,
        "diagnostics": diagnostics,
    })
}

fn of_pending(shown: &Shown<'_>, pending: &Pending) -> Value {
    let mut value = json!({
        "code": pending.diagnostic.code.id,
        "kind": pending.change.kind(),
        "object": pending.change.object.to_string(),
        "message": pending.diagnostic.message,
    });
    place(shown, &pending.diagnostic.location, &mut value);
    value
}

fn of_diagnostic(shown: &Shown<'_>, diagnostic: &Diagnostic) -> Value {
    let mut value = json!({
        "code": diagnostic.code.id,
        "severity": diagnostic.severity.as_str(),
        "message": diagnostic.message,
        "help": diagnostic.help,
    });
    place(shown, &diagnostic.location, &mut value);
    value
}

/// Adds `file` and `range`.
fn place(shown: &Shown<'_>, location: &Location, value: &mut Value) {
    if let Value::Object(map) = value {
        map.insert(String::from("file"), Value::String(shown.path(&location.file)));
        let range = json!({
            "start": position(shown.analysis, location, location.span.start),
            "end": position(shown.analysis, location, location.span.end),
        });
        map.insert(String::from("range"), range);
    }
}

fn position(analysis: &Analysis, location: &Location, offset: u32) -> Value {
    let (line, column) = line_column(analysis, location, offset);
    json!({ "line": line, "column": column, "offset": offset })
}

/// Both from 1, the column in characters.
pub(super) fn line_column(analysis: &Analysis, location: &Location, offset: u32) -> (usize, usize) {
    let Some(source) = analysis.text(&location.file) else { return (1, 1) };
    let at = source.lines.line_column(offset);
    let start = source.lines.line_start(at.line) as usize;
    let before = source.text.get(start..start + at.column as usize).unwrap_or_default();
    (at.line as usize + 1, before.chars().count() + 1)
}
