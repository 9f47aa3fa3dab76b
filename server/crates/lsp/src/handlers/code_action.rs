//! `textDocument/codeAction`: what can be done about pending changes. The light half: edits are made in `codeAction/resolve` where the
//! client asks for them.

use super::code_action_resolve::{self, Wanted};
use crate::state::State;
use crate::to_proto::DIAGNOSTIC_SOURCE;
use analysis::{Analysis, Project, RenameAnswers, as_flag, object_words, rename_questions};
use std::sync::Arc;
use tower_lsp::jsonrpc::Result;
use tower_lsp::lsp_types::{
    CodeAction, CodeActionDisabled, CodeActionKind, CodeActionOrCommand, CodeActionParams, CodeActionResponse,
    Diagnostic, NumberOrString,
};
use workspace::Disk;

pub(crate) async fn handle(state: &Arc<State>, params: CodeActionParams) -> Result<Option<CodeActionResponse>> {
    let pending: Vec<Diagnostic> = params.context.diagnostics.iter().filter(|it| is_pending(it)).cloned().collect();
    if !state.settings().creates_files || !wants_quick_fixes(&params) || pending.is_empty() {
        return Ok(None);
    }
    let Some(snapshot) = state.snapshot(&params.text_document.uri).await else { return Ok(None) };
    let state = state.clone();
    // Files are looked at, and for some clients the whole edit is made.
    let made = tokio::task::spawn_blocking(move || {
        let concerns_file =
            |project: &&Arc<Project>| project.pending.iter().any(|it| it.diagnostic.location.file == snapshot.file);
        let projects = snapshot.analysis.projects.iter().filter(concerns_file);
        projects.flat_map(|project| of_project(&state, &snapshot.analysis, project, &pending)).collect::<Vec<_>>()
    });
    let actions = made.await.unwrap_or_default();
    Ok((!actions.is_empty()).then(|| actions.into_iter().map(CodeActionOrCommand::CodeAction).collect()))
}

fn wants_quick_fixes(params: &CodeActionParams) -> bool {
    let only = params.context.only.as_deref();
    only.is_none_or(|kinds| kinds.iter().any(|kind| CodeActionKind::QUICKFIX.as_str().starts_with(kind.as_str())))
}

fn is_pending(diagnostic: &Diagnostic) -> bool {
    let is_ours = diagnostic.source.as_deref() == Some(DIAGNOSTIC_SOURCE);
    is_ours && matches!(&diagnostic.code, Some(NumberOrString::String(code)) if code == "schema/missing-migration")
}

/// Generating, or both answers to the open questions about renames.
fn of_project(state: &State, analysis: &Analysis, project: &Project, pending: &[Diagnostic]) -> Vec<CodeAction> {
    let of = if analysis.projects.len() > 1 { format!(" for {}", label(project)) } else { String::new() };
    let obstacle = obstacle(state, project);
    let action = |title: String, answers: &RenameAnswers, is_preferred: bool| {
        let wanted = Wanted::new(state, project, answers);
        let mut action = CodeAction {
            title,
            kind: Some(CodeActionKind::QUICKFIX),
            diagnostics: Some(pending.to_vec()),
            is_preferred: Some(is_preferred),
            ..CodeAction::default()
        };
        match &obstacle {
            Some(reason) => action.disabled = Some(CodeActionDisabled { reason: reason.clone() }),
            None if state.settings().resolves_edits => action.data = serde_json::to_value(&wanted).ok(),
            None => match code_action_resolve::edit(state, analysis, &wanted) {
                Ok(edit) => action.edit = Some(edit),
                Err(reason) => action.disabled = Some(CodeActionDisabled { reason }),
            },
        }
        action
    };
    let open = &rename_questions(project, &Disk::new());
    if open.is_empty() {
        return vec![action(format!("Generate migration{of}"), &RenameAnswers::default(), true)];
    }
    let flags = open.iter().map(as_flag);
    let renames = flags.filter_map(|flag| flag.split_once('=').map(|(from, to)| (from.to_owned(), to.to_owned())));
    let all_renamed = RenameAnswers { renames: renames.collect(), ..RenameAnswers::default() };
    let none = RenameAnswers { nothing_else: true, ..RenameAnswers::default() };
    let renamed: Vec<String> =
        open.iter().map(|it| format!("{} to `{}`", object_words(&it.from), it.to.last_name())).collect();
    let dropped: Vec<String> = open.iter().map(|it| object_words(&it.from)).collect();
    vec![
        action(format!("Generate migration{of}: rename {}", renamed.join(", ")), &all_renamed, true),
        action(format!("Generate migration{of}: drop {}", dropped.join(", ")), &none, false),
    ]
}

/// Why no migration can be made as things are, for a person.
fn obstacle(state: &State, project: &Project) -> Option<String> {
    if let Some(file) = code_action_resolve::unsaved_file(state, project) {
        return Some(format!("save {file} first: a migration is made of what is saved"));
    }
    let history = project.history.as_ref()?;
    if !history.folder.format.is_written() {
        return Some(String::from("migrations of drizzle-kit 1.0 are not written yet: run `npx drizzle-kit generate`"));
    }
    if history.diagnostics.iter().any(|found| found.code == source::codes::INTERRUPTED) {
        return Some(String::from("a migration was not written to its end: `driftlens generate` takes it away first"));
    }
    let is_known = project.desired.as_ref().is_some_and(|desired| desired.unknown.is_empty());
    (!is_known).then(|| String::from("parts of the schema cannot be told without running code; see the findings"))
}

fn label(project: &Project) -> String {
    let source = project.source();
    let names = [source.parent().and_then(|it| it.file_name()), source.file_name()];
    let path = names.into_iter().flatten().map(|name| name.to_string_lossy()).collect::<Vec<_>>().join("/");
    project.name.as_ref().map_or_else(|| path.clone(), |name| format!("{path} [{name}]"))
}
