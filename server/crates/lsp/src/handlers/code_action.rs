//! `textDocument/codeAction`: what can be done about findings. The light half: edits are made in `codeAction/resolve` where the client
//! asks for them.

use super::code_action_resolve::{self, Deferred};
use super::execute_command::{GENERATE, SHOW_SQL};
use super::{operation_actions, quick_fixes};
use crate::migration_edit;
use crate::state::{Snapshot, State};
use crate::to_proto::DIAGNOSTIC_SOURCE;
use crate::wanted::Wanted;
use analysis::{Analysis, Project, RenameAnswers, as_flag, object_words, rename_questions};
use std::sync::Arc;
use tower_lsp::jsonrpc::Result;
use tower_lsp::lsp_types::{
    CodeAction, CodeActionKind, CodeActionOrCommand, CodeActionParams, CodeActionResponse, Command, Diagnostic,
    NumberOrString,
};
use workspace::Disk;

/// Generating without a finding under the cursor: for a key binding or a menu of source actions.
pub(crate) const GENERATE_KIND: &str = "source.driftlens.generate";

pub(crate) async fn handle(state: &Arc<State>, params: CodeActionParams) -> Result<Option<CodeActionResponse>> {
    let ours = |it: &&Diagnostic| it.source.as_deref() == Some(DIAGNOSTIC_SOURCE);
    let found: Vec<Diagnostic> = params.context.diagnostics.iter().filter(ours).cloned().collect();
    let only = params.context.only;
    let wants_fixes = wants(only.as_deref(), CodeActionKind::QUICKFIX.as_str()) && !found.is_empty();
    // Unasked, beside the same as a fix, it would stand there twice; beside another finding it would not be about that.
    let wants_source = wants(only.as_deref(), GENERATE_KIND) && (only.is_some() || found.is_empty());
    let may_confirm = wants(only.as_deref(), CodeActionKind::QUICKFIX.as_str()) && state.operations.is_waiting();
    if !wants_fixes && !wants_source && !may_confirm {
        return Ok(None);
    }
    let Some(snapshot) = state.snapshot(&params.text_document.uri).await else { return Ok(None) };
    let state = state.clone();
    // Files are looked at, and for some clients the whole edit is made.
    let made = tokio::task::spawn_blocking(move || {
        let mut actions = Vec::new();
        if may_confirm {
            actions.extend(operation_actions::confirmations(&state, &snapshot));
        }
        if wants_fixes {
            actions.extend(operation_actions::actions(&state, &snapshot, &found));
            actions.extend(quick_fixes::actions(&state, &snapshot, &found));
            let pending = found.into_iter().filter(|it| has_code(it, source::codes::MISSING_MIGRATION)).collect();
            actions.extend(Generating { state: &state, snapshot: &snapshot, pending, is_source: false }.actions());
        }
        if wants_source {
            let generating = Generating { state: &state, snapshot: &snapshot, pending: Vec::new(), is_source: true };
            actions.extend(generating.actions());
        }
        actions
    });
    let actions = made.await.unwrap_or_default();
    Ok((!actions.is_empty()).then(|| actions.into_iter().map(CodeActionOrCommand::CodeAction).collect()))
}

/// Whether a kind is one of those asked for; a kind includes what is below it, `source` all source actions.
fn wants(only: Option<&[CodeActionKind]>, kind: &str) -> bool {
    let includes = |wanted: &CodeActionKind| match kind.strip_prefix(wanted.as_str()) {
        Some(rest) => rest.is_empty() || rest.starts_with('.') || wanted.as_str().is_empty(),
        None => false,
    };
    only.is_none_or(|kinds| kinds.iter().any(includes))
}

pub(super) fn has_code(diagnostic: &Diagnostic, code: source::Code) -> bool {
    matches!(&diagnostic.code, Some(NumberOrString::String(found)) if found == code.id)
}

/// The actions that make or show migrations.
struct Generating<'a> {
    state: &'a State,
    snapshot: &'a Snapshot,
    /// The findings that they are about; none for a source action.
    pending: Vec<Diagnostic>,
    is_source: bool,
}

impl Generating<'_> {
    fn actions(&self) -> Vec<CodeAction> {
        if self.pending.is_empty() && !self.is_source {
            return Vec::new();
        }
        let analysis = &self.snapshot.analysis;
        let concerned = analysis.projects.iter().filter(|project| self.concerns_file(project));
        let mut actions: Vec<CodeAction> = concerned.flat_map(|project| self.of_project(project)).collect();
        let n_pending = migration_edit::pending(analysis).len();
        if !actions.is_empty() && n_pending > 1 && self.state.settings().creates_files {
            let title = format!("Generate migrations for all {n_pending} projects with pending changes");
            actions.push(self.action(title, Deferred::GenerateAll, false));
        }
        actions
    }

    fn analysis(&self) -> &Analysis {
        &self.snapshot.analysis
    }

    /// Whether something pending of the project stands in the file; for a source action, whether the file is one of its schema.
    fn concerns_file(&self, project: &Arc<Project>) -> bool {
        let file = &self.snapshot.file;
        let stands_here = || project.pending.iter().any(|it| it.diagnostic.location.file == *file);
        let is_read = || project.desired.as_ref().is_some_and(|desired| desired.files.contains(file));
        stands_here() || (self.is_source && !project.pending.is_empty() && (is_read() || project.source() == file))
    }

    /// Generating and showing, or both answers to the open questions about renames.
    fn of_project(&self, project: &Project) -> Vec<CodeAction> {
        let of = if self.analysis().projects.len() > 1 { format!(" for {}", project.label()) } else { String::new() };
        let mut actions = Vec::new();
        if self.state.settings().creates_files {
            let obstacle = migration_edit::obstacle(self.state, project);
            let remembered = self.state.remembered_renames(project);
            for (title, answers, is_preferred) in choices(project, &remembered) {
                let wanted = Wanted::new(project, &answers);
                let title = format!("Generate migration{of}{title}");
                actions.push(match &obstacle {
                    Some(reason) => {
                        let command = Command::new(title.clone(), GENERATE.to_owned(), Some(vec![wanted.to_json()]));
                        let action = self.plain(title, is_preferred);
                        code_action_resolve::impossible(self.state, action, reason, Some(command))
                    }
                    None => self.action(title, Deferred::Generate { wanted }, is_preferred),
                });
            }
        }
        let show = format!("Show SQL{of}");
        let arguments = vec![Wanted::new(project, &RenameAnswers::default()).to_json()];
        let command = Command::new(show.clone(), SHOW_SQL.to_owned(), Some(arguments));
        actions.push(CodeAction { command: Some(command), ..self.plain(show, false) });
        actions
    }

    /// What every action has.
    fn plain(&self, title: String, is_preferred: bool) -> CodeAction {
        let kind = if self.is_source { CodeActionKind::new(GENERATE_KIND) } else { CodeActionKind::QUICKFIX };
        CodeAction {
            title,
            kind: Some(kind),
            diagnostics: (!self.pending.is_empty()).then(|| self.pending.clone()),
            is_preferred: Some(is_preferred),
            ..CodeAction::default()
        }
    }

    fn action(&self, title: String, deferred: Deferred, is_preferred: bool) -> CodeAction {
        code_action_resolve::defer(self.state, self.analysis(), self.plain(title, is_preferred), deferred)
    }
}

/// The answers that can be given to what is open: what each adds to the title, and whether it is the likelier one.
pub(super) fn choices(project: &Project, remembered: &RenameAnswers) -> Vec<(String, RenameAnswers, bool)> {
    let open = &rename_questions(project, remembered, &Disk::new());
    if open.is_empty() {
        return vec![(String::new(), RenameAnswers::default(), true)];
    }
    let flags = open.iter().map(as_flag);
    let renames = flags.filter_map(|flag| flag.split_once('=').map(|(from, to)| (from.to_owned(), to.to_owned())));
    let all_renamed = RenameAnswers { renames: renames.collect(), ..RenameAnswers::default() };
    let none = RenameAnswers { nothing_else: true, ..RenameAnswers::default() };
    let renamed: Vec<String> =
        open.iter().map(|it| format!("{} to `{}`", object_words(&it.from), it.to.last_name())).collect();
    let dropped: Vec<String> = open.iter().map(|it| object_words(&it.from)).collect();
    vec![
        (format!(": rename {}", renamed.join(", ")), all_renamed, true),
        (format!(": drop {}", dropped.join(", ")), none, false),
    ]
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_kind_includes_what_is_below_it_and_nothing_else() {
        let check = |only: &[&'static str], expected: bool| {
            let only: Vec<_> = only.iter().map(|kind| CodeActionKind::new(kind)).collect();
            assert_eq!(wants(Some(&only), GENERATE_KIND), expected, "{only:?}");
        };
        check(&["source"], true);
        check(&["quickfix", "source.driftlens"], true);
        check(&["source.driftlens.generate"], true);
        check(&[""], true);
        check(&["source.fixAll"], false);
        check(&["source.drift"], false);
        check(&["source.driftlens.generate.more"], false);
        check(&[], false);
        assert!(wants(None, GENERATE_KIND));
    }
}
