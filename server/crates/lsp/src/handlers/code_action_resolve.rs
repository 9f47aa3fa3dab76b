//! `codeAction/resolve`: the edit that creates a migration's files.
//!
//! It is made of the newest analysis; where the project's files changed since the action was offered, it is refused.

use crate::state::State;
use analysis::{Analysis, AnswersEdit, GenerateRequest, Generated, NewMigration, Project, RenameAnswers, generate};
use serde::{Deserialize, Serialize};
use source::{FilePath, LineIndex, Span};
use std::path::Path;
use std::sync::Arc;
use tower_lsp::jsonrpc::{Error, ErrorCode, Result};
use tower_lsp::lsp_types::{
    CodeAction, CreateFile, CreateFileOptions, DeleteFile, DocumentChangeOperation, DocumentChanges, OneOf,
    OptionalVersionedTextDocumentIdentifier, Range, ResourceOp, TextDocumentEdit, TextEdit, Url, WorkspaceEdit,
};
use workspace::Disk;

/// What an action stands for until it is resolved.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub(crate) struct Wanted {
    /// The configuration file, and the position in it.
    source: String,
    index: usize,
    renames: Vec<(String, String)>,
    nothing_else: bool,
    /// The count of changes when it was offered.
    revision: u64,
}

impl Wanted {
    pub(super) fn new(state: &State, project: &Project, answers: &RenameAnswers) -> Wanted {
        Wanted {
            source: project.source().display().to_string(),
            index: project.id.index,
            renames: answers.renames.clone(),
            nothing_else: answers.nothing_else,
            revision: state.documents().revision(),
        }
    }

    fn answers(&self) -> RenameAnswers {
        RenameAnswers { renames: self.renames.clone(), nothing_else: self.nothing_else, ..RenameAnswers::default() }
    }
}

pub(crate) async fn handle(state: &Arc<State>, mut action: CodeAction) -> Result<CodeAction> {
    let Some(data) = action.data.take() else { return Ok(action) };
    let wanted: Wanted = serde_json::from_value(data)
        .map_err(|error| refused(&format!("this action is not one of driftlens': {error}")))?;
    let analysis = state.latest_analysis().await;
    if state.documents().revision() != wanted.revision {
        return Err(refused("files changed since the action was offered; ask for it again"));
    }
    let state = state.clone();
    let made = tokio::task::spawn_blocking(move || edit(&state, &analysis, &wanted)).await;
    let made = made.map_err(|error| refused(&error.to_string()))?;
    action.edit = Some(made.map_err(|message| refused(&message))?);
    Ok(action)
}

fn refused(message: &str) -> Error {
    Error { code: ErrorCode::ServerError(-32803), message: message.to_owned().into(), data: None }
}

/// The edit, or why there is none.
pub(super) fn edit(state: &State, analysis: &Analysis, wanted: &Wanted) -> std::result::Result<WorkspaceEdit, String> {
    let is_wanted = |project: &&Arc<Project>| {
        project.source().display().to_string() == wanted.source && project.id.index == wanted.index
    };
    let project = analysis.projects.iter().find(is_wanted).ok_or("the project is no longer open")?;
    if let Some(file) = unsaved_file(state, project) {
        return Err(format!("save {file} first: a migration is made of what is saved"));
    }
    match generated(project, &wanted.answers()) {
        Generated::Migration(migration) => workspace_edit(state, &migration),
        Generated::Nothing => Err(String::from("nothing is pending any more")),
        Generated::Questions(_) => Err(String::from("it has to be decided what is renamed; ask for the action again")),
        Generated::Impossible(sentence) => Err(sentence),
        Generated::Refused(findings) => {
            let first = findings.first().map_or_else(String::new, |finding| finding.message.clone());
            Err(format!("not everything is known: {first}"))
        }
    }
}

fn generated(project: &Project, answers: &RenameAnswers) -> Generated {
    let moment = workspace::moment();
    let request = GenerateRequest { name: None, is_custom: false, with_down: false, answers, moment: &moment };
    generate(project, &request, &Disk::new())
}

/// A schema file of the project whose buffer is not what the disk has, by its name.
pub(super) fn unsaved_file(state: &State, project: &Project) -> Option<String> {
    let documents = state.documents();
    let desired = project.desired.as_ref()?;
    let is_unsaved = |file: &&FilePath| {
        documents
            .get(file)
            .is_some_and(|document| std::fs::read_to_string(file).ok().as_deref() != Some(&document.text))
    };
    let file = desired.read_files.iter().chain(&desired.files).find(is_unsaved)?;
    Some(file.file_name().unwrap_or_default().to_string_lossy().into_owned())
}

fn workspace_edit(state: &State, migration: &NewMigration) -> std::result::Result<WorkspaceEdit, String> {
    let mut changes = Vec::new();
    for file in &migration.addition.files {
        let uri = Url::from_file_path(&file.path).map_err(|()| format!("{} has no URI", file.path.display()))?;
        let range = if file.replaces {
            whole(state, &file.path)?
        } else {
            let options = CreateFileOptions { overwrite: Some(false), ignore_if_exists: Some(false) };
            let create = CreateFile { uri: uri.clone(), options: Some(options), annotation_id: None };
            changes.push(DocumentChangeOperation::Op(ResourceOp::Create(create)));
            Range::default()
        };
        let version = state.documents().get(&file.path).map(|document| document.version);
        changes.push(DocumentChangeOperation::Edit(TextDocumentEdit {
            text_document: OptionalVersionedTextDocumentIdentifier { uri, version },
            edits: vec![OneOf::Left(TextEdit { range, new_text: file.text.clone() })],
        }));
    }
    if let Some(answers) = &migration.answers {
        changes.push(answers_change(state, answers)?);
    }
    Ok(WorkspaceEdit { document_changes: Some(DocumentChanges::Operations(changes)), ..WorkspaceEdit::default() })
}

/// The answers that a migration was made with go with it.
fn answers_change(state: &State, answers: &AnswersEdit) -> std::result::Result<DocumentChangeOperation, String> {
    let uri = Url::from_file_path(&answers.path).map_err(|()| format!("{} has no URI", answers.path.display()))?;
    let Some(text) = &answers.text else {
        let delete = DeleteFile { uri, options: None };
        return Ok(DocumentChangeOperation::Op(ResourceOp::Delete(delete)));
    };
    let range = whole(state, &answers.path)?;
    let version = state.documents().get(&answers.path).map(|document| document.version);
    Ok(DocumentChangeOperation::Edit(TextDocumentEdit {
        text_document: OptionalVersionedTextDocumentIdentifier { uri, version },
        edits: vec![OneOf::Left(TextEdit { range, new_text: text.clone() })],
    }))
}

/// All of a file as the client has it.
fn whole(state: &State, file: &Path) -> std::result::Result<Range, String> {
    let open = state.documents().get(file).map(|document| document.text.clone());
    let text = match open {
        Some(text) => text,
        None => std::fs::read_to_string(file).map_err(|error| format!("{} cannot be read: {error}", file.display()))?,
    };
    Ok(state.settings().encoding.range(&text, &LineIndex::new(&text), Span::new(0, text.len())))
}
