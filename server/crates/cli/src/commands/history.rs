//! `driftlens history`: what was done to which database from this machine.

use anyhow::{Context as _, bail};
use serde_json::{Value, json};
use std::fmt::Write as _;
use std::path::Path;
use std::process::ExitCode;
use workspace::{OperationRecord, Outcome, StepRecord, Store, time_words};

use super::inspect::{analyze, the_project};
use crate::PlainFormat;
use crate::arguments::Selected;
use crate::render::generate::print_json;
use crate::render::{self, counted};

/// So many steps of an operation are named in its line.
const MAX_NAMED: usize = 3;

/// What is asked for, as the flags say it.
pub(crate) struct Wanted<'a> {
    /// The number of an operation, or what stands in its place.
    pub(crate) operation: Option<&'a str>,
    pub(crate) project: &'a Selected,
    pub(crate) is_all: bool,
    pub(crate) limit: u32,
    pub(crate) format: PlainFormat,
}

/// Both may be left out, so a path may come first.
fn operation_and_path<'a>(wanted: &Wanted<'a>) -> anyhow::Result<(Option<i64>, Option<&'a Path>)> {
    let path = wanted.project.path.as_deref();
    match (wanted.operation, wanted.operation.map(str::parse::<i64>)) {
        (_, Some(Ok(id))) => Ok((Some(id), path)),
        (Some(text), _) if path.is_none() => Ok((None, Some(Path::new(text)))),
        (Some(text), _) => bail!("{text} is not the number of an operation; `driftlens history` lists them"),
        (None, _) => Ok((None, path)),
    }
}

pub(crate) fn run(wanted: &Wanted<'_>) -> anyhow::Result<ExitCode> {
    let store = Store::open()?;
    let is_json = wanted.format == PlainFormat::Json;
    let (operation, path) = operation_and_path(wanted)?;
    if let Some(id) = operation {
        let found = store.operation(id)?;
        let found =
            found.with_context(|| format!("there is no operation {id}; `driftlens history --all` lists them"))?;
        match is_json {
            true => print_json(&json!({ "version": 1, "operation": record_json(&found) }))?,
            false => render::print(&whole(&found))?,
        }
        return Ok(ExitCode::SUCCESS);
    }
    let source = match wanted.is_all {
        true => None,
        false => {
            let analysis = analyze(path, wanted.project.config.as_deref())?;
            let project = the_project(&analysis, wanted.project.project.as_deref())?;
            Some(project.source().display().to_string())
        }
    };
    let found = store.operations(source.as_deref(), wanted.limit)?;
    if is_json {
        let all: Vec<Value> = found.iter().map(record_json).collect();
        print_json(&json!({ "version": 1, "operations": all }))?;
        return Ok(ExitCode::SUCCESS);
    }
    let mut text = String::new();
    for it in &found {
        let _ = writeln!(text, "{}", line(it, wanted.is_all));
    }
    if found.is_empty() {
        text.push_str("nothing was done to a database from this machine\n");
    }
    render::print(&text)?;
    Ok(ExitCode::SUCCESS)
}

/// One operation in one line.
fn line(it: &OperationRecord, with_project: bool) -> String {
    let begun = &it.begun;
    let project = if with_project { format!("  {}", begun.project) } else { String::new() };
    let error = it.error.as_deref().and_then(|error| error.lines().next());
    let error = error.map(|error| format!(": {error}")).unwrap_or_default();
    format!(
        "{:>5}  {}  {:8}  {:7}  {} ({})  {}{error}{project}",
        it.id,
        time_words(it.began_at),
        begun.command,
        it.outcome.as_str(),
        begun.environment,
        begun.address,
        steps(&it.steps),
    )
}

fn steps(steps: &[StepRecord]) -> String {
    match steps {
        [] => String::from("no step"),
        _ => {
            let names: Vec<&str> = steps.iter().take(MAX_NAMED).map(|step| step.name.as_str()).collect();
            let more = if steps.len() > MAX_NAMED { ", …" } else { "" };
            format!("{}: {}{more}", counted(steps.len(), "step"), names.join(", "))
        }
    }
}

/// One operation with all that is known of it.
fn whole(it: &OperationRecord) -> String {
    let begun = &it.begun;
    let mut text = format!(
        "{} of {} on {} ({}, {})\n",
        begun.command, begun.project, begun.address, begun.environment, begun.kind
    );
    let ended = it
        .ended_at
        .filter(|_| it.outcome != Outcome::Killed)
        .map(|at| format!(" until {}", time_words(at)))
        .unwrap_or_default();
    let _ = writeln!(text, "{}{ended}: {} (driftlens {})", time_words(it.began_at), it.outcome.as_str(), it.version);
    for step in &it.steps {
        let took = match step.ended_at {
            Some(ended) => format!("{} ms", ended.saturating_sub(step.began_at)),
            None => String::from("begun, not known to have ended"),
        };
        let _ = writeln!(text, "  {}  ({took})", step.name);
    }
    it.error.iter().flat_map(|error| error.lines()).for_each(|line| {
        let _ = writeln!(text, "{line}");
    });
    text
}

/// What is said of one whose process ended in the middle of it.
pub(super) fn killed(it: &OperationRecord) -> String {
    let last = it.steps.iter().rev().find(|step| step.ended_at.is_none());
    let during = last.map(|step| format!(" during {}", step.name)).unwrap_or_default();
    format!(
        "`driftlens {}` of {} was killed{during}: a transaction of it is there as a whole or not at all, and what is missing is done now (`driftlens history {}`)",
        it.begun.command,
        time_words(it.began_at),
        it.id
    )
}

fn record_json(it: &OperationRecord) -> Value {
    let step = |step: &StepRecord| json!({ "name": step.name, "began_at": time_words(step.began_at), "ended_at": step.ended_at.map(time_words) });
    json!({
        "id": it.id,
        "command": it.begun.command,
        "project": it.begun.project,
        "environment": it.begun.environment,
        "kind": it.begun.kind,
        "address": it.begun.address,
        "version": it.version,
        "began_at": time_words(it.began_at),
        "ended_at": it.ended_at.map(time_words),
        "outcome": it.outcome.as_str(),
        "error": it.error,
        "steps": it.steps.iter().map(step).collect::<Vec<Value>>(),
    })
}
