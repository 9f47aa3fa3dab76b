//! `driftlens log`: what each migration did, or what they did to one object.

use analysis::{Found, LoggedChange, LoggedMigration, ObjectLog};
use anyhow::bail;
use serde_json::{Value, json};
use std::collections::BTreeMap;
use std::fmt::Write as _;
use std::path::Path;
use std::process::ExitCode;

use super::inspect::{analyze, history_of, quoted, the_project};
use crate::LogFormat;
use crate::render::{self, Places, counted};

/// More changes of one migration than this are counted by what they are.
const MOST_SPELLED_OUT: usize = 4;
/// A longer statement is cut here.
const MOST_SQL_LINES: usize = 4;

pub(crate) fn run(
    object: Option<&str>,
    path: Option<&Path>,
    config: Option<&Path>,
    project: Option<&str>,
    format: LogFormat,
) -> anyhow::Result<ExitCode> {
    let analysis = analyze(path, config)?;
    let project = the_project(&analysis, project)?;
    let history = history_of(project)?;
    let places = Places::new(&analysis);
    let text = match object {
        None => {
            let migrations = analysis::log(history);
            match format {
                LogFormat::Text => of_migrations(&migrations),
                LogFormat::Json => {
                    pretty(&json!({ "version": 1, "migrations": migrations_json(&migrations, &places) }))?
                }
            }
        }
        Some(name) => {
            let logs = match analysis::log_of(history, project.desired.as_ref().map(|it| &it.schema), name) {
                Found::Logs(logs) => logs,
                Found::Near(near) if near.is_empty() => {
                    bail!("no migration touches `{name}`; `driftlens log` says what they do")
                }
                Found::Near(near) => bail!("no migration touches `{name}`; did you mean {}?", quoted(&near)),
            };
            match format {
                LogFormat::Text => logs.iter().map(|log| of_object(log, &places)).collect::<Vec<String>>().join("\n"),
                LogFormat::Json => {
                    let objects: Vec<Value> = logs.iter().map(|log| object_json(log, &places)).collect();
                    pretty(&json!({ "version": 1, "objects": objects }))?
                }
            }
        }
    };
    render::print(&text)?;
    Ok(ExitCode::SUCCESS)
}

fn pretty(value: &Value) -> anyhow::Result<String> {
    Ok(format!("{}\n", serde_json::to_string_pretty(value)?))
}

/// One line a migration.
fn of_migrations(migrations: &[LoggedMigration]) -> String {
    let width = migrations.iter().map(|it| it.tag.chars().count()).max().unwrap_or_default();
    let counts: Vec<String> = migrations.iter().map(|it| counted(it.statements, "statement")).collect();
    let count_width = counts.iter().map(String::len).max().unwrap_or_default();
    let mut text = String::new();
    for (migration, count) in migrations.iter().zip(&counts) {
        let _ = writeln!(text, "{:width$}  {count:>count_width$}  {}", migration.tag, done(migration));
    }
    if migrations.is_empty() {
        text.push_str("no migrations\n");
    }
    text
}

fn done(migration: &LoggedMigration) -> String {
    if migration.is_unreadable {
        return String::from("cannot be read");
    }
    if migration.changes.is_empty() {
        return String::from("no change of the schema");
    }
    if migration.changes.len() <= MOST_SPELLED_OUT {
        return migration.changes.iter().map(|it| it.words.as_str()).collect::<Vec<&str>>().join(", ");
    }
    let mut order: Vec<&str> = Vec::new();
    let mut kinds: BTreeMap<&str, usize> = BTreeMap::new();
    for LoggedChange { kind, .. } in &migration.changes {
        if !kinds.contains_key(kind.as_str()) {
            order.push(kind);
        }
        *kinds.entry(kind).or_default() += 1;
    }
    let part = |kind: &&str| match kinds.get(kind).copied().unwrap_or_default() {
        1 => kind.replace('_', " "),
        count => format!("{} ×{count}", kind.replace('_', " ")),
    };
    order.iter().map(part).collect::<Vec<String>>().join(", ")
}

fn of_object(log: &ObjectLog, places: &Places<'_>) -> String {
    let mut text = String::new();
    for touch in &log.touches {
        let words: Vec<&str> = touch.changes.iter().map(|it| it.words.as_str()).collect();
        let rebuilt = if touch.is_rebuild { "rebuild its table: " } else { "" };
        let _ = writeln!(text, "{}  {rebuilt}{}", places.place(&touch.location), words.join(", "));
        let lines: Vec<&str> = touch.sql.lines().collect();
        for line in lines.iter().take(MOST_SQL_LINES) {
            let _ = writeln!(text, "    {}", line.trim_end());
        }
        if lines.len() > MOST_SQL_LINES {
            let _ = writeln!(text, "    … {} more", counted(lines.len() - MOST_SQL_LINES, "line"));
        }
        text.push('\n');
    }
    let unmanaged = if log.is_unmanaged { " (only hand-written SQL made it)" } else { "" };
    match (&log.now, log.touches.is_empty()) {
        (Some(now), false) => writeln!(text, "now: {now}{unmanaged}"),
        (Some(now), true) => writeln!(text, "no migration made it; the history has {now}"),
        (None, false) => writeln!(text, "now: gone"),
        (None, true) => writeln!(text, "{}: no migration touches it yet", log.object.short()),
    }
    .unwrap_or_default();
    text
}

fn migrations_json(migrations: &[LoggedMigration], places: &Places<'_>) -> Vec<Value> {
    let one = |migration: &LoggedMigration| {
        json!({
            "tag": migration.tag,
            "file": places.path(&migration.file),
            "statements": migration.statements,
            "changes": migration.changes.iter().map(change_json).collect::<Vec<Value>>(),
        })
    };
    migrations.iter().map(one).collect()
}

fn object_json(log: &ObjectLog, places: &Places<'_>) -> Value {
    let touches: Vec<Value> = log
        .touches
        .iter()
        .map(|touch| {
            let mut value = json!({
                "tag": touch.tag,
                "sql": touch.sql,
                "rebuild": touch.is_rebuild,
                "changes": touch.changes.iter().map(change_json).collect::<Vec<Value>>(),
            });
            places.add(&touch.location, &mut value);
            value
        })
        .collect();
    json!({
        "object": log.object.to_string(),
        "kind": log.object.kind.as_str(),
        "now": log.now,
        "unmanaged": log.is_unmanaged,
        "touched_by": touches,
    })
}

fn change_json(change: &LoggedChange) -> Value {
    json!({
        "kind": change.kind,
        "object": change.object.to_string(),
        "renamed_from": change.renamed_from.as_ref().map(ToString::to_string),
        "message": change.words,
    })
}
