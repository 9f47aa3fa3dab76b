//! What `driftlens generate` says.

use analysis::{ANSWERS_FILE, Analysis, KeptAnswer, NewMigration, Project, as_flag, object_words};
use diff::RenameCandidate;
use history::formats::Addition;
use plan::{Hazard, Plan, Step};
use serde_json::{Value, json};
use source::Diagnostic;
use std::fmt::Write as _;
use workspace::hazard_words;

use super::{counted, print, short_path};
use crate::GenerateFormat;

/// One cause often has many findings: of those that keep a migration from being made so many are shown.
const MAX_FINDINGS: usize = 5;

pub(crate) fn nothing(project: &Project, format: GenerateFormat) -> anyhow::Result<()> {
    match format {
        GenerateFormat::Text => print(&format!(
            "{}: nothing to generate, the migrations have every change of the schema files\n",
            short_path(project.source())
        )),
        GenerateFormat::Json => print_json(&json!({ "migration": null, "files": [], "steps": [] })),
        GenerateFormat::Sql => Ok(()),
    }
}

/// Candidates that nobody has decided on, with the flags that do.
pub(crate) fn questions(open: &[RenameCandidate], format: GenerateFormat) -> anyhow::Result<()> {
    if format == GenerateFormat::Json {
        let question = |it: &RenameCandidate| json!({ "kind": it.from.kind, "from": it.from, "to": it.to, "likeness": it.score, "flag": format!("--rename {}", as_flag(it)) });
        let questions: Vec<Value> = open.iter().map(question).collect();
        return print_json(&json!({ "migration": null, "questions": questions }));
    }
    let mut text = String::from("driftlens: it has to be decided what is renamed\n");
    for candidate in open {
        let (from, to) = (object_words(&candidate.from), object_words(&candidate.to));
        let _ = writeln!(text, "  {from} is gone, {to} is new ({:.0} % alike)", f64::from(candidate.score) * 100.0);
        let _ = writeln!(text, "    renamed:           --rename {}", super::shell_word(&as_flag(candidate)));
    }
    text.push_str("  dropped and new, all that is not named by a --rename:  --no-renames\n");
    if let Some(first) = open.first() {
        let (from, to) = (first.from.to_string(), as_flag(first));
        let to = to.split_once('=').map(|(_, to)| to.to_owned());
        let line = |to: Option<String>| KeptAnswer { from: from.clone(), to }.line();
        let _ = writeln!(text, "  or in {ANSWERS_FILE}, a line each:  {}", line(to));
        let _ = writeln!(text, "                                           {}", line(None));
    }
    eprint!("{text}");
    Ok(())
}

pub(crate) fn refused(analysis: &Analysis, findings: &[Diagnostic], format: GenerateFormat) -> anyhow::Result<()> {
    if format == GenerateFormat::Json {
        let finding = |found: &Diagnostic| json!({ "code": found.code.id, "file": found.location.file.display().to_string(), "message": found.message, "help": found.help });
        let findings: Vec<Value> = findings.iter().map(finding).collect();
        return print_json(&json!({ "migration": null, "refused": findings }));
    }
    eprint!("{}", super::text::frames(analysis, findings.get(..MAX_FINDINGS).unwrap_or(findings)));
    let more = match findings.len() > MAX_FINDINGS {
        true => "; `driftlens check` prints them all",
        false => "",
    };
    eprintln!("driftlens: nothing was written: {} in the way{more}", counted(findings.len(), "finding"));
    Ok(())
}

pub(crate) fn migration(migration: &NewMigration, is_written: bool, format: GenerateFormat) -> anyhow::Result<()> {
    let text = match format {
        GenerateFormat::Json => return print_json(&as_json(migration, is_written)),
        GenerateFormat::Sql => sql_text(&migration.plan),
        GenerateFormat::Text => as_text(migration, is_written),
    };
    print(&text)
}

/// The steps of a plan alone.
pub(crate) fn steps(plan: &Plan, format: GenerateFormat) -> anyhow::Result<()> {
    match format {
        GenerateFormat::Text => print(&steps_text(plan)),
        GenerateFormat::Sql => print(&sql_text(plan)),
        GenerateFormat::Json => {
            let steps: Vec<Value> = plan.steps.iter().map(step_json).collect();
            print_json(&json!({ "steps": steps }))
        }
    }
}

/// Files that are no migration by themselves, said beside the output: that may be JSON or SQL.
pub(crate) fn files(verb: &str, addition: &Addition) {
    for file in &addition.files {
        super::note(&format!("{verb} {}", short_path(&file.path)));
    }
}

fn sql_text(plan: &Plan) -> String {
    plan.steps.iter().map(|step| format!("{}\n", step.sql.trim_end())).collect()
}

pub(super) fn steps_text(plan: &Plan) -> String {
    let mut text = String::new();
    for step in &plan.steps {
        let _ = writeln!(text, "{}", step.sql.trim_end());
        for hazard in &step.hazards {
            let _ = writeln!(text, "  -- {}", hazard_words(hazard));
        }
    }
    text
}

fn as_text(migration: &NewMigration, is_written: bool) -> String {
    let mut text = steps_text(&migration.plan);
    if !text.is_empty() {
        text.push('\n');
    }
    let verb = if is_written { "wrote" } else { "would write" };
    for file in &migration.addition.files {
        let _ = writeln!(text, "{verb} {}", short_path(&file.path));
    }
    let losses = migration.plan.steps.iter().flat_map(|step| &step.hazards);
    let n_losses = losses.filter(|hazard| matches!(hazard, Hazard::LosesData(_))).count();
    if n_losses > 0 {
        let _ = writeln!(
            text,
            "{} data: read the file before it is applied",
            match n_losses {
                1 => String::from("1 step loses"),
                n => format!("{n} steps lose"),
            }
        );
    }
    text
}

fn as_json(migration: &NewMigration, is_written: bool) -> Value {
    let files: Vec<String> = migration.addition.files.iter().map(|file| file.path.display().to_string()).collect();
    let steps: Vec<Value> = migration.plan.steps.iter().map(step_json).collect();
    json!({ "migration": migration.addition.tag, "written": is_written, "files": files, "steps": steps })
}

pub(super) fn step_json(step: &Step) -> Value {
    let locks: Vec<Value> = step.locks.iter().map(|lock| json!({ "table": lock.table, "mode": lock.mode })).collect();
    let hazard = |hazard: &Hazard| {
        let (kind, about) = match hazard {
            Hazard::Rewrites(table) => ("rewrites", table.to_string()),
            Hazard::Scans(table) => ("scans", table.to_string()),
            Hazard::BuildsIndex(table) => ("builds_index", table.to_string()),
            Hazard::LosesData(text) => ("loses_data", text.clone()),
            Hazard::MayFail(text) => ("may_fail", text.clone()),
            Hazard::NotInTransaction(text) => ("not_in_transaction", text.clone()),
        };
        json!({ "kind": kind, "about": about })
    };
    let hazards: Vec<Value> = step.hazards.iter().map(hazard).collect();
    json!({ "kind": step.kind, "object": step.object, "sql": step.sql, "locks": locks, "hazards": hazards })
}

pub(crate) fn print_json(value: &Value) -> anyhow::Result<()> {
    print(&format!("{}\n", serde_json::to_string_pretty(value)?))
}
