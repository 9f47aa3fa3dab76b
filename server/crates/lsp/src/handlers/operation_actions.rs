//! Actions that ask to push or to migrate, and, for clients that cannot be asked, the yes to what was shown.

use super::code_action::{choices, has_code};
use super::code_action_resolve::impossible;
use super::execute_command::{MIGRATE, MIGRATE_CONFIRMED, PUSH, PUSH_CONFIRMED};
use crate::migration_edit::unsaved;
use crate::state::{Snapshot, State};
use crate::wanted::Wanted;
use analysis::{Project, RenameAnswers};
use serde_json::{Value, json};
use tower_lsp::lsp_types::{CodeAction, CodeActionKind, Command, Diagnostic};
use workspace::Operation;

/// The argument of a command about a project and an environment.
pub(super) fn argument(wanted: &Wanted, environment: &str) -> Value {
    let mut argument = wanted.to_json();
    if let Value::Object(members) = &mut argument {
        members.insert(String::from("environment"), environment.into());
    }
    argument
}

/// What the findings ask for, as far as a database was read.
pub(super) fn actions(state: &State, snapshot: &Snapshot, found: &[Diagnostic]) -> Vec<CodeAction> {
    let with = |code| -> Vec<Diagnostic> { found.iter().filter(|it| has_code(it, code)).cloned().collect() };
    let pending = with(source::codes::MISSING_MIGRATION);
    let unapplied = with(source::codes::UNAPPLIED);
    let projects = &snapshot.analysis.projects;
    let mut actions = Vec::new();
    for project in projects {
        let Some(offer) = state.live.offer(project) else { continue };
        let what = if projects.len() > 1 { format!(" {}", project.label()) } else { String::new() };
        let stands_here = project.pending.iter().any(|it| it.diagnostic.location.file == snapshot.file);
        if offer.can_push && !pending.is_empty() && stands_here {
            let obstacle = unsaved(state, project, Operation::Push);
            for (choice, answers, _) in choices(project, &state.remembered_renames(project)) {
                let title = format!("Push{what} to {}…{choice}", offer.environment);
                let arguments = argument(&Wanted::new(project, &answers), &offer.environment);
                actions.push(action(state, title, (PUSH, arguments), &pending, obstacle.as_deref()));
            }
        }
        if offer.can_migrate && !unapplied.is_empty() && is_of_folder(project, snapshot) {
            let obstacle = unsaved(state, project, Operation::Migrate);
            let title = format!("Migrate{what} {}…", offer.environment);
            let arguments = argument(&Wanted::new(project, &RenameAnswers::default()), &offer.environment);
            actions.push(action(state, title, (MIGRATE, arguments), &unapplied, obstacle.as_deref()));
        }
    }
    actions
}

/// The yes to what was planned and shown for a project of this file.
pub(super) fn confirmations(state: &State, snapshot: &Snapshot) -> Vec<CodeAction> {
    if state.settings().confirms || state.settings().asks_by_message {
        return Vec::new();
    }
    let is_of = |project: &&std::sync::Arc<Project>| {
        let is_read = project.desired.as_ref().is_some_and(|desired| desired.files.contains(&snapshot.file));
        is_read || *project.source() == snapshot.file || is_of_folder(project, snapshot)
    };
    let projects = snapshot.analysis.projects.iter().filter(is_of);
    let open = projects.flat_map(|project| state.operations.tickets().of(&project.id));
    open.map(|(token, ticket)| {
        let command = match ticket.asked.operation {
            Operation::Push => PUSH_CONFIRMED,
            Operation::Migrate => MIGRATE_CONFIRMED,
        };
        action(state, ticket.title, (command, json!({ "token": token })), &[], None)
    })
    .collect()
}

fn is_of_folder(project: &Project, snapshot: &Snapshot) -> bool {
    project.history.as_ref().is_some_and(|history| snapshot.file.starts_with(&*history.folder.path))
}

fn action(
    state: &State,
    title: String,
    (command, argument): (&str, Value),
    about: &[Diagnostic],
    unsaved: Option<&str>,
) -> CodeAction {
    let plain = CodeAction {
        kind: Some(CodeActionKind::QUICKFIX),
        diagnostics: (!about.is_empty()).then(|| about.to_vec()),
        is_preferred: Some(false),
        ..CodeAction::default()
    };
    let run = Command::new(title.clone(), command.to_owned(), Some(vec![argument]));
    match unsaved {
        Some(file) => {
            let reason = format!("save {file} first: what is done to a database is made of what is saved");
            impossible(state, CodeAction { title, ..plain }, &reason, Some(run))
        }
        None => CodeAction { title, command: Some(run), ..plain },
    }
}
