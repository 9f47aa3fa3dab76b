//! `driftlens doctor`: what of a project and its database is found, and what to do about the rest.

use analysis::Project;
use database::local::Standing;
use database::{Access, Examination, Ledger, connect, examine};
use history::{Format, LedgerRow, MigrationState, folder_state};
use serde_json::json;
use source::Severity;
use std::path::Path;
use std::process::ExitCode;
use std::sync::Arc;
use workspace::{Environment, EnvironmentKind};

use super::inspect::analyze;
use crate::live::{self, Where};
use crate::render;

/// The clocks may differ by so many seconds before times in ledgers look odd.
const CLOCK_TOLERANCE: f64 = 5.0;

/// How it stands with one thing.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Health {
    Good,
    Odd,
    Bad,
}

/// One thing that was looked at.
#[derive(Clone, Debug)]
pub(crate) struct Finding {
    pub(crate) health: Health,
    pub(crate) about: &'static str,
    pub(crate) text: String,
    /// What to do; empty where all is well.
    pub(crate) remedy: String,
}

impl Finding {
    fn good(about: &'static str, text: impl Into<String>) -> Finding {
        Finding { health: Health::Good, about, text: text.into(), remedy: String::new() }
    }

    fn with(health: Health, about: &'static str, text: impl Into<String>, remedy: impl Into<String>) -> Finding {
        Finding { health, about, text: text.into(), remedy: remedy.into() }
    }
}

pub(crate) fn run(
    path: Option<&Path>,
    config: Option<&Path>,
    wanted: &Where,
    as_json: bool,
) -> anyhow::Result<ExitCode> {
    let analysis = analyze(path, config)?;
    let mut all = Vec::new();
    for project in &analysis.projects {
        let mut findings = of_files(project);
        if project.config.is_some() {
            findings.extend(of_database(project, wanted)?);
        }
        all.push((project, findings));
    }
    let is_bad = all.iter().any(|(_, findings)| findings.iter().any(|it| it.health == Health::Bad));
    render::print(&if as_json { printed_json(&all)? } else { render::doctor::text(&all) })?;
    Ok(if is_bad { ExitCode::FAILURE } else { ExitCode::SUCCESS })
}

fn of_files(project: &Project) -> Vec<Finding> {
    let mut findings = Vec::new();
    let source = render::short_path(project.source());
    let Some(config) = &project.config else {
        let reasons: Vec<String> = project.diagnostics.iter().map(|it| it.message.clone()).collect();
        let help = project.diagnostics.iter().find_map(|it| it.help.clone()).unwrap_or_default();
        return vec![Finding::with(Health::Bad, "configuration", format!("{source}: {}", reasons.join("; ")), help)];
    };
    findings.push(Finding::good("configuration", format!("{source}, {}", config.dialect_word)));
    match &project.desired {
        Some(desired) if !desired.unknown.is_empty() => findings.push(Finding::with(
            Health::Odd,
            "schema",
            format!(
                "{}, {} not known in full",
                render::counted(project.tables(), "table"),
                render::counted(desired.unknown.len(), "object")
            ),
            "`driftlens check` says where and why",
        )),
        Some(desired) => findings.push(Finding::good(
            "schema",
            format!(
                "{} in {}",
                render::counted(project.tables(), "table"),
                render::counted(desired.files.len(), "file")
            ),
        )),
        None => findings.push(Finding::good("schema", "no schema files: the migrations alone are checked")),
    }
    if let Some(history) = &project.history {
        let folder = render::short_path(&history.folder.path);
        let text = format!(
            "{} in {folder}, {}",
            render::counted(history.folder.migrations.len(), "migration"),
            words(history.folder.format)
        );
        findings.push(match history.unreadable {
            true => Finding::with(
                Health::Bad,
                "migrations",
                format!("{folder} cannot be read"),
                "`driftlens check` says why",
            ),
            false => Finding::good("migrations", text),
        });
    }
    let errors = project.diagnostics.iter().filter(|it| it.severity == Severity::Error).count();
    match (project.pending.len(), errors) {
        (0, 0) => findings.push(Finding::good("check", "in sync")),
        (pending, errors) => findings.push(Finding::with(
            Health::Odd,
            "check",
            format!("{}, {}", render::counted(pending, "pending change"), render::counted(errors, "error")),
            "`driftlens check` prints them, `driftlens generate` makes the migration",
        )),
    }
    findings
}

fn words(format: Format) -> String {
    let name = history::formats::FORMATS.iter().find(|(_, it)| *it == format).map(|(name, _)| *name);
    format!("format {}", name.unwrap_or_default())
}

fn of_database(project: &Project, wanted: &Where) -> anyhow::Result<Vec<Finding>> {
    let environment = match live::configured_environment(project, wanted) {
        Ok(environment) => environment,
        Err(error) => {
            let remedy = "the manual's page on the configuration has a section on databases";
            return Ok(vec![Finding::with(Health::Odd, "environment", error.root_cause().to_string(), remedy)]);
        }
    };
    let mut findings = vec![of_environment(&environment)];
    if let Some(server) = &environment.server {
        let folder = render::short_path(server.folder());
        match server.standing() {
            Standing::Runs => findings.push(Finding::good("server", format!("of `driftlens up`, in {folder}"))),
            Standing::Stopped | Standing::Absent => {
                let text = format!("the one of `driftlens up`, in {folder}, does not run");
                findings.push(Finding::with(Health::Bad, "server", text, "`driftlens up` starts it"));
                return Ok(findings);
            }
        }
    }
    let names = (environment.ledger.schema.as_deref(), environment.ledger.table.as_deref());
    let ledger = project.config.as_ref().map(|config| Ledger::new(config.format, config.dialect, names.0, names.1));
    let examined: Result<_, database::Error> = live::wait(async {
        let mut connection = connect(&environment.address, Access::Read).await?;
        let examined = examine(&mut connection).await;
        let rows = match &ledger {
            Some(ledger) => ledger.rows(&mut connection).await,
            None => Ok(None),
        };
        connection.close().await;
        Ok((examined?, rows?))
    })?;
    match examined {
        Ok((examined, rows)) => {
            findings.extend(of_server(&examined));
            findings.extend(ledger.map(|ledger| of_ledger(project, &ledger, rows.as_deref())));
        }
        Err(error) => findings.push(Finding::with(
            Health::Bad,
            "connection",
            error.to_string(),
            "check that the server runs and that the address, user and password are right",
        )),
    }
    Ok(findings)
}

fn of_environment(environment: &Environment) -> Finding {
    let allowed = match environment.kind {
        EnvironmentKind::Development => "push is allowed",
        EnvironmentKind::Shared => "changed by migrations only",
        EnvironmentKind::Production => "changed by migrations only",
    };
    let Environment { name, kind, address, said_by, .. } = environment;
    Finding::good("environment", format!("{name} ({}: {allowed}), {address}, from {said_by}", kind.as_str()))
}

fn of_server(found: &Examination) -> Vec<Finding> {
    let mut findings = Vec::new();
    let user = found.user.as_ref().map(|user| format!(" as {user}")).unwrap_or_default();
    findings.push(match found.is_known_version {
        true => Finding::good("connection", format!("{}{user}", found.server)),
        false => Finding::with(
            Health::Bad,
            "connection",
            format!("{}{user} is too old", found.server),
            "PostgreSQL 13 and later are read",
        ),
    });
    findings.push(match (found.is_replica, found.creates_tables) {
        (true, _) => Finding::with(
            Health::Bad,
            "permissions",
            "a replica: nothing can be written",
            "connect to the primary server",
        ),
        (false, false) => Finding::with(
            Health::Bad,
            "permissions",
            "no tables can be made",
            match &found.user {
                Some(user) => format!("GRANT CREATE ON SCHEMA public TO {user}"),
                None => String::from("make the file writable"),
            },
        ),
        (false, true) if found.user.is_some() && !found.creates_schemas => Finding::with(
            Health::Odd,
            "permissions",
            "tables can be made, schemas cannot",
            "a ledger in a schema of its own (drizzle's) has to be made by somebody else first",
        ),
        (false, true) => Finding::good("permissions", "tables and schemas can be made"),
    });
    if !found.extensions.is_empty() {
        let names: Vec<String> =
            found.extensions.iter().map(|(name, namespace)| format!("{name} in {namespace}")).collect();
        findings.push(Finding::good("extensions", names.join(", ")));
    }
    if found.clock_ahead.abs() > CLOCK_TOLERANCE {
        let direction = if found.clock_ahead > 0.0 { "ahead of" } else { "behind" };
        findings.push(Finding::with(
            Health::Odd,
            "clock",
            format!("the server's is {:.0} s {direction} ours", found.clock_ahead.abs()),
            "times in ledgers and logs will look odd: set the clocks",
        ));
    }
    findings
}

/// What the ledger says beside the folder.
fn of_ledger(project: &Project, ledger: &Ledger, rows: Option<&[LedgerRow]>) -> Finding {
    const APPLY: &str = "`driftlens migrate` applies them";
    let n_migrations = project.history.as_ref().map_or(0, |history| history.folder.migrations.len());
    let Some((rows, history)) = rows.zip(project.history.as_deref()) else {
        return match n_migrations {
            0 => Finding::good("ledger", "none yet, and no migrations"),
            n => {
                let text = format!("none: {} unapplied", render::counted(n, "migration"));
                Finding::with(Health::Odd, "ledger", text, format!("{APPLY}, and makes the ledger"))
            }
        };
    };
    let state = folder_state(history, rows);
    let tags = |wanted: MigrationState| -> Vec<&str> {
        let migrations = state.states.iter().zip(&history.folder.migrations);
        migrations.filter(|(state, _)| **state == wanted).map(|(_, migration)| migration.tag.as_str()).collect()
    };
    let n_applied = state.states.iter().filter(|it| it.is_applied()).count();
    let head = format!("{}: {n_applied} of {n_migrations} applied", ledger.table());
    let (failed, modified, skipped) =
        (tags(MigrationState::Failed), tags(MigrationState::Modified), tags(MigrationState::Skipped));
    if !failed.is_empty() {
        let text = format!("{head}; failed half way: {}", failed.join(", "));
        return Finding::with(Health::Bad, "ledger", text, "finish or undo it by hand, then tell its tool");
    }
    if !skipped.is_empty() {
        let text =
            format!("{head}; older than the newest applied, so a runner may pass over it: {}", skipped.join(", "));
        return Finding::with(
            Health::Bad,
            "ledger",
            text,
            "`driftlens migrate --allow-out-of-order` applies it, or `driftlens rebase` gives it a later time",
        );
    }
    if !modified.is_empty() {
        let text = format!("{head}; changed since they were applied: {}", modified.join(", "));
        return Finding::with(
            Health::Odd,
            "ledger",
            text,
            "undo the edit, and write what it was for into a new migration",
        );
    }
    if !state.missing.is_empty() {
        let text = format!("{head}; applied, but not in the folder: {}", state.missing.join(", "));
        return Finding::with(
            Health::Odd,
            "ledger",
            text,
            "bring the files of the branch that was applied, or set up the database anew",
        );
    }
    match n_migrations - n_applied {
        0 => Finding::good("ledger", head),
        n => Finding::with(Health::Odd, "ledger", format!("{head}, {n} unapplied"), APPLY),
    }
}

fn printed_json(all: &[(&Arc<Project>, Vec<Finding>)]) -> anyhow::Result<String> {
    let health = |it: Health| match it {
        Health::Good => "good",
        Health::Odd => "odd",
        Health::Bad => "bad",
    };
    let finding =
        |it: &Finding| json!({ "about": it.about, "health": health(it.health), "text": it.text, "remedy": it.remedy });
    let projects: Vec<serde_json::Value> = all
        .iter()
        .map(|(project, findings)| {
            json!({ "project": project.label(), "findings": findings.iter().map(finding).collect::<Vec<_>>() })
        })
        .collect();
    Ok(format!("{}\n", serde_json::to_string_pretty(&json!({ "projects": projects }))?))
}
