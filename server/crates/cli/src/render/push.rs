//! What `driftlens push` says.

use analysis::{Analysis, as_flag};
use database::{ApplyError, Loss, Rows};
use diff::RenameCandidate;
use plan::{Plan, Step};
use schema::ObjectPath;
use serde_json::{Value, json};
use source::Diagnostic;
use std::fmt::Write as _;
use workspace::{Environment, push_remains};
pub(crate) use workspace::{place, rows_words};

use super::generate::{print_json, step_json, steps_text};
use super::{counted, note, print};
use crate::PlainFormat;

/// One cause often has many findings: so many are shown.
const MAX_FINDINGS: usize = 5;

/// How a push ended.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Ended {
    Nothing,
    DryRun,
    Applied,
    Stopped,
    Changed,
    Busy,
}

impl Ended {
    fn word(self) -> &'static str {
        match self {
            Ended::Nothing => "nothing",
            Ended::DryRun => "dry_run",
            Ended::Applied => "applied",
            Ended::Stopped => "stopped",
            Ended::Changed => "changed_meanwhile",
            Ended::Busy => "busy",
        }
    }
}

/// The steps, what they do beside their change, and how many rows lose something.
pub(crate) fn plan(plan: &Plan, losses: &[Loss]) -> anyhow::Result<()> {
    let mut text = steps_text(plan);
    if !losses.is_empty() {
        text.push_str("\nLost for good:\n");
        for loss in losses {
            let _ = writeln!(text, "  {}{}", loss.what, loss.rows.map(rows_words).unwrap_or_default());
        }
    }
    print(&text)
}

pub(crate) fn unproved(unproved: &[ObjectPath]) {
    for object in unproved {
        note(&format!(
            "{object}: unproved. An expression of it is written otherwise than the database prints it, and it could not be proved to mean the same; it is left as it is"
        ));
    }
}

/// How it ended, as one object.
pub(crate) fn ended_json(
    environment: &Environment,
    plan: &Plan,
    losses: &[Loss],
    unproved: &[ObjectPath],
    ended: Ended,
) -> anyhow::Result<()> {
    let steps: Vec<Value> = plan.steps.iter().map(step_json).collect();
    let unproved: Vec<String> = unproved.iter().map(ToString::to_string).collect();
    print_json(&json!({
        "environment": environment_json(environment),
        "result": ended.word(),
        "steps": steps,
        "losses": losses.iter().map(loss_json).collect::<Vec<Value>>(),
        "unproved": unproved,
    }))
}

pub(crate) fn environment_json(environment: &Environment) -> Value {
    json!({ "name": environment.name, "kind": environment.kind.as_str(), "address": environment.address.to_string() })
}

fn loss_json(loss: &Loss) -> Value {
    let (rows, is_estimate) = match loss.rows {
        Some(Rows::Exactly(n)) => (Some(n), false),
        Some(Rows::About(n)) => (Some(n), true),
        None => (None, false),
    };
    json!({ "step": loss.step, "what": loss.what, "rows": rows, "estimated": is_estimate })
}

pub(crate) fn questions(
    environment: &Environment,
    open: &[RenameCandidate],
    format: PlainFormat,
) -> anyhow::Result<()> {
    match format {
        PlainFormat::Text => super::generate::questions(open, crate::GenerateFormat::Text),
        PlainFormat::Json => {
            let question = |it: &RenameCandidate| json!({ "kind": it.from.kind, "from": it.from, "to": it.to, "likeness": it.score, "flag": format!("--rename {}", as_flag(it)) });
            let questions: Vec<Value> = open.iter().map(question).collect();
            print_json(
                &json!({ "environment": environment_json(environment), "result": "questions", "questions": questions }),
            )
        }
    }
}

pub(crate) fn refused(
    analysis: &Analysis,
    environment: &Environment,
    findings: &[Diagnostic],
    format: PlainFormat,
) -> anyhow::Result<()> {
    if format == PlainFormat::Json {
        let finding = |found: &Diagnostic| json!({ "code": found.code.id, "file": found.location.file.display().to_string(), "message": found.message, "help": found.help });
        let findings: Vec<Value> = findings.iter().map(finding).collect();
        return print_json(
            &json!({ "environment": environment_json(environment), "result": "refused", "refused": findings }),
        );
    }
    eprint!("{}", super::text::frames(analysis, findings.get(..MAX_FINDINGS).unwrap_or(findings)));
    let more = if findings.len() > MAX_FINDINGS { "; `driftlens check` prints them all" } else { "" };
    note(&format!("nothing was changed: {} in the way{more}", counted(findings.len(), "finding")));
    Ok(())
}

/// That the schema files alone do not make it.
pub(crate) fn made_by_migrations(unnamed: &[ObjectPath]) -> String {
    const NAMED: usize = 3;
    let names: Vec<String> = unnamed.iter().take(NAMED).map(analysis::object_words).collect();
    let more = if unnamed.len() > NAMED { ", …" } else { "" };
    format!("the migrations make what the schema files do not name ({}{more})", names.join(", "))
}

/// A statement that failed, with all that the server says of it, and what is there now.
pub(crate) fn failed(
    environment: &Environment,
    plan: &Plan,
    failed: &ApplyError,
    command: &str,
    format: PlainFormat,
) -> anyhow::Result<()> {
    let step = failed.step.and_then(|position| plan.steps.get(position));
    if format == PlainFormat::Json {
        return print_json(&json!({
            "environment": environment_json(environment),
            "result": "failed",
            "error": failed.error.to_string(),
            "code": failed.error.code(),
            "step": failed.step,
            "sql": step.map(|step| step.sql.as_str()),
            "applied": failed.n_applied,
            "unclear": failed.is_unclear,
        }));
    }
    let where_ = failed.step.map_or_else(
        || String::from("the end of the transaction"),
        |position| format!("step {} of {}", position + 1, plan.steps.len()),
    );
    note(&format!("{where_} failed: {}", failed.error));
    for line in step.map(|step| step.sql.trim_end()).unwrap_or_default().lines() {
        eprintln!("  {line}");
    }
    note(&push_remains(plan, failed, command));
    Ok(())
}

/// One part of a plan that a person is asked about.
pub(crate) fn part(steps: &[&Step], losses: &[&Loss]) {
    eprintln!();
    for step in steps {
        eprintln!("{}", step.sql.trim_end());
    }
    for loss in losses {
        eprintln!("  -- DATA LOSS: {}{}", loss.what, loss.rows.map(rows_words).unwrap_or_default());
    }
}
