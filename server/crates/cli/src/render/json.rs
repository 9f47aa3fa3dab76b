//! Findings as stable JSON, version 1. Lines and columns count from 1, columns in characters; offsets are bytes from 0.

use analysis::{Pending, Project, UnmanagedObject};
use serde_json::{Value, json};
use source::{Diagnostic, Location};

use super::{Places, Shown};

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
            shown.places.add(&unknown.location, &mut value);
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
        "unmanaged": analysis::unmanaged(project).iter().map(|it| of_unmanaged(&shown.places, it)).collect::<Vec<Value>>(),
        "diagnostics": diagnostics,
    })
}

/// `file` and `range` are the statement that made it, where that is known.
pub(crate) fn of_unmanaged(places: &Places<'_>, unmanaged: &UnmanagedObject) -> Value {
    let mut value = json!({
        "kind": unmanaged.object.kind.as_str(),
        "object": unmanaged.object.to_string(),
        "made_by": unmanaged.made_by,
    });
    if let Some(location) = &unmanaged.location {
        places.add(location, &mut value);
    }
    value
}

fn of_pending(shown: &Shown<'_>, pending: &Pending) -> Value {
    let mut value = json!({
        "code": pending.diagnostic.code.id,
        "kind": pending.change.kind(),
        "object": pending.change.object.to_string(),
        "message": pending.diagnostic.message,
    });
    shown.places.add(&pending.diagnostic.location, &mut value);
    value
}

fn of_diagnostic(shown: &Shown<'_>, diagnostic: &Diagnostic) -> Value {
    let mut value = json!({
        "code": diagnostic.code.id,
        "severity": diagnostic.severity.as_str(),
        "message": diagnostic.message,
        "help": diagnostic.help,
    });
    shown.places.add(&diagnostic.location, &mut value);
    value
}
