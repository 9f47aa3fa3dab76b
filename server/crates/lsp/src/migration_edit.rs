//! The edit that creates migrations' files, or why there is none.

use crate::state::State;
use analysis::{
    Analysis, AnswersEdit, GenerateRequest, Generated, NewMigration, Project, RebaseOutcome, RenameAnswers, generate,
    rename_questions, repair,
};
use history::formats::Addition;
use source::{Diagnostic, FilePath, LineIndex, Span};
use std::collections::HashMap;
use std::path::Path;
use std::sync::Arc;
use tower_lsp::lsp_types::{
    AnnotatedTextEdit, ChangeAnnotation, CreateFile, CreateFileOptions, DeleteFile, DocumentChangeOperation,
    DocumentChanges, OneOf, OptionalVersionedTextDocumentIdentifier, Range, ResourceOp, TextDocumentEdit, TextEdit,
    Url, WorkspaceEdit,
};
use workspace::{Disk, Operation, rebase_branch};

/// The edit for one project.
pub(crate) fn of_one(state: &State, project: &Project, answers: &RenameAnswers) -> Result<WorkspaceEdit, String> {
    let migration = migration(state, project, answers)?;
    workspace_edit(state, &[migration])
}

/// One edit for several projects. Those that need a decision or have something in the way are left out, each with the reason.
pub(crate) fn of_many(
    state: &State,
    projects: &[Arc<Project>],
) -> Result<(Option<WorkspaceEdit>, Vec<String>), String> {
    let mut migrations = Vec::new();
    let mut left_out = Vec::new();
    for project in projects {
        match migration(state, project, &state.remembered_renames(project)) {
            Ok(migration) => migrations.push(migration),
            Err(reason) => left_out.push(format!("{}: {reason}", project.label())),
        }
    }
    if migrations.is_empty() {
        return Ok((None, left_out));
    }
    Ok((Some(workspace_edit(state, &migrations)?), left_out))
}

/// Projects of which changes are pending.
pub(crate) fn pending(analysis: &Analysis) -> Vec<Arc<Project>> {
    analysis.projects.iter().filter(|project| !project.pending.is_empty()).cloned().collect()
}

fn migration(state: &State, project: &Project, answers: &RenameAnswers) -> Result<NewMigration, String> {
    if let Some(reason) = obstacle(state, project) {
        return Err(reason);
    }
    let moment = workspace::moment();
    let request = GenerateRequest { name: None, is_custom: false, with_down: false, answers, moment: &moment };
    match generate(project, &request, &Disk::new()) {
        Generated::Migration(migration) => Ok(*migration),
        Generated::Nothing => Err(String::from("nothing is pending any more")),
        Generated::Questions(_) => {
            let open = rename_questions(project, answers, &Disk::new());
            let open: Vec<String> = open
                .iter()
                .map(|it| format!("{} may be {}", analysis::object_words(&it.to), analysis::object_words(&it.from)))
                .collect();
            Err(format!("it has to be decided what is renamed ({}); ask for the action again", open.join(", ")))
        }
        Generated::Impossible(sentence) => Err(sentence),
        Generated::Refused(findings) => {
            let first = findings.first().map_or_else(String::new, |finding| finding.message.clone());
            Err(format!("not everything is known: {first}"))
        }
    }
}

/// Why no migration can be made as things are, for a person.
pub(crate) fn obstacle(state: &State, project: &Project) -> Option<String> {
    if let Some(file) = unsaved_file(state, project) {
        return Some(format!("save {file} first: a migration is made of what is saved"));
    }
    let history = project.history.as_ref()?;
    if history.diagnostics.iter().any(|found| found.code == source::codes::INTERRUPTED) {
        return Some(String::from("a migration was not written to its end: `driftlens generate` takes it away first"));
    }
    let is_known = project.desired.as_ref().is_some_and(|desired| desired.unknown.is_empty());
    (!is_known).then(|| String::from("parts of the schema cannot be told without running code; see the findings"))
}

/// A file that an operation is made of and whose buffer is not what the disk has, by its name.
pub(crate) fn unsaved(state: &State, project: &Project, operation: Operation) -> Option<String> {
    match operation {
        Operation::Push => unsaved_file(state, project),
        Operation::Migrate => {
            let history = project.history.as_ref()?;
            unsaved_of(state, history.folder.migrations.iter().map(|migration| &migration.file))
        }
    }
}

/// A schema file of the project whose buffer is not what the disk has, by its name.
fn unsaved_file(state: &State, project: &Project) -> Option<String> {
    let desired = project.desired.as_ref()?;
    unsaved_of(state, desired.read_files.iter().chain(&desired.files))
}

fn unsaved_of<'f>(state: &State, mut files: impl Iterator<Item = &'f FilePath>) -> Option<String> {
    let documents = state.documents();
    let is_unsaved = |file: &&FilePath| {
        documents
            .get(file)
            .is_some_and(|document| std::fs::read_to_string(file).ok().as_deref() != Some(&document.text))
    };
    let file = files.find(is_unsaved)?;
    Some(file.file_name().unwrap_or_default().to_string_lossy().into_owned())
}

fn workspace_edit(state: &State, migrations: &[NewMigration]) -> Result<WorkspaceEdit, String> {
    let mut changes = Vec::new();
    let mut annotations = HashMap::new();
    for migration in migrations {
        let annotation = state.settings().annotates_changes.then(|| annotation(migration));
        let id = annotation.as_ref().map(|_| migration_id(migration));
        changes.extend(addition_changes(state, &migration.addition, id.as_ref())?);
        if let Some(answers) = &migration.answers {
            changes.push(answers_change(state, answers)?);
        }
        if let (Some(annotation), Some(id)) = (annotation, id) {
            annotations.insert(id, annotation);
        }
    }
    Ok(WorkspaceEdit {
        document_changes: Some(DocumentChanges::Operations(changes)),
        change_annotations: (!annotations.is_empty()).then_some(annotations),
        ..WorkspaceEdit::default()
    })
}

/// The snapshots that migrations of the project lack.
pub(crate) fn of_repair(state: &State, project: &Project) -> Result<WorkspaceEdit, String> {
    match repair(project, &mut || workspace::moment().id, &Disk::new()) {
        Ok(Some(addition)) => alone(state, &addition),
        Ok(None) => Err(String::from("every migration has its snapshot")),
        Err(findings) => Err(first_message(&findings)),
    }
}

/// The project's own migrations behind those of the branch that git is bringing in.
pub(crate) fn of_rebase(state: &State, project: &Project) -> Result<WorkspaceEdit, String> {
    let rebasing = rebase_branch(project, None).map_err(|error| format!("{error:#}"))?;
    match rebasing.outcome {
        RebaseOutcome::Changes { addition, .. } => alone(state, &addition),
        RebaseOutcome::Nothing => Err(format!("no migration has to come behind those of {}", rebasing.onto)),
        RebaseOutcome::Refused(findings) => Err(first_message(&findings)),
        RebaseOutcome::Conflicts(conflicts) => {
            let objects: Vec<String> = conflicts.iter().map(|it| analysis::object_words(&it.object)).collect();
            Err(format!("both branches change {}; `driftlens rebase` shows how", objects.join(", ")))
        }
    }
}

fn first_message(findings: &[Diagnostic]) -> String {
    findings.first().map_or_else(String::new, |finding| finding.message.clone())
}

/// An edit of nothing but these files.
fn alone(state: &State, addition: &Addition) -> Result<WorkspaceEdit, String> {
    let changes = addition_changes(state, addition, None)?;
    Ok(WorkspaceEdit { document_changes: Some(DocumentChanges::Operations(changes)), ..WorkspaceEdit::default() })
}

/// The files of an addition as a client makes, replaces and deletes them.
fn addition_changes(
    state: &State,
    addition: &Addition,
    annotation: Option<&String>,
) -> Result<Vec<DocumentChangeOperation>, String> {
    let uri_of = |path: &FilePath| Url::from_file_path(path).map_err(|()| format!("{} has no URI", path.display()));
    let mut changes = Vec::new();
    for file in &addition.files {
        let uri = uri_of(&file.path)?;
        let range = if file.replaces {
            whole(state, &file.path)?
        } else {
            let options = CreateFileOptions { overwrite: Some(false), ignore_if_exists: Some(false) };
            let create = CreateFile { uri: uri.clone(), options: Some(options), annotation_id: annotation.cloned() };
            changes.push(DocumentChangeOperation::Op(ResourceOp::Create(create)));
            Range::default()
        };
        let version = state.documents().get(&file.path).map(|document| document.version);
        let edit = TextEdit { range, new_text: file.text.clone() };
        changes.push(DocumentChangeOperation::Edit(TextDocumentEdit {
            text_document: OptionalVersionedTextDocumentIdentifier { uri, version },
            edits: vec![with_annotation(edit, annotation)],
        }));
    }
    for file in &addition.removed {
        let delete = DeleteFile { uri: uri_of(file)?, options: None };
        changes.push(DocumentChangeOperation::Op(ResourceOp::Delete(delete)));
    }
    Ok(changes)
}

/// Two projects may have migrations of one name.
fn migration_id(migration: &NewMigration) -> String {
    let last = migration.addition.files.last().map(|file| file.path.display().to_string());
    format!("{} {}", migration.addition.tag, last.unwrap_or_default())
}

/// What is lost is confirmed; the rest is only named.
fn annotation(migration: &NewMigration) -> ChangeAnnotation {
    let losses: Vec<&str> = migration.losses().collect();
    let label = if losses.is_empty() { String::from("Generate migration") } else { losses.join(" ") };
    ChangeAnnotation {
        label,
        needs_confirmation: Some(!losses.is_empty()),
        description: Some(migration.addition.tag.clone()),
    }
}

pub(crate) fn with_annotation(edit: TextEdit, id: Option<&String>) -> OneOf<TextEdit, AnnotatedTextEdit> {
    match id {
        Some(id) => OneOf::Right(AnnotatedTextEdit { text_edit: edit, annotation_id: id.clone() }),
        None => OneOf::Left(edit),
    }
}

/// The answers that a migration was made with go with it.
fn answers_change(state: &State, answers: &AnswersEdit) -> Result<DocumentChangeOperation, String> {
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
fn whole(state: &State, file: &Path) -> Result<Range, String> {
    let open = state.documents().get(file).map(|document| document.text.clone());
    let text = match open {
        Some(text) => text,
        None => std::fs::read_to_string(file).map_err(|error| format!("{} cannot be read: {error}", file.display()))?,
    };
    Ok(state.settings().encoding.range(&text, &LineIndex::new(&text), Span::new(0, text.len())))
}
