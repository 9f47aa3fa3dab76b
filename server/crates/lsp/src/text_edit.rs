//! Edits of files that are there already, in the client's words.

use crate::migration_edit::with_annotation;
use crate::state::State;
use analysis::{Analysis, FileEdit};
use source::FilePath;
use std::collections::{BTreeMap, HashMap};
use tower_lsp::lsp_types::{
    ChangeAnnotation, DocumentChanges, OptionalVersionedTextDocumentIdentifier, TextDocumentEdit, TextEdit, Url,
    WorkspaceEdit,
};

const ANNOTATION: &str = "driftlens";

/// The edits as one; None for a file that no URI can say.
pub(crate) fn workspace_edit(
    state: &State,
    analysis: &Analysis,
    edits: &[FileEdit],
    annotation: Option<ChangeAnnotation>,
) -> Option<WorkspaceEdit> {
    let documents = state.documents();
    let words = state.words(analysis, &documents);
    let mut by_file: BTreeMap<FilePath, Vec<TextEdit>> = BTreeMap::new();
    for edit in edits {
        let text_edit = TextEdit { range: words.range(&edit.file, edit.span), new_text: edit.text.clone() };
        by_file.entry(edit.file.clone()).or_default().push(text_edit);
    }
    if !state.settings().document_changes {
        let changes: Option<HashMap<Url, Vec<TextEdit>>> =
            by_file.into_iter().map(|(file, edits)| Some((words.uri(&file)?, edits))).collect();
        return Some(WorkspaceEdit { changes: Some(changes?), ..WorkspaceEdit::default() });
    }
    let id = annotation.as_ref().map(|_| ANNOTATION.to_owned());
    let changes: Option<Vec<TextDocumentEdit>> = by_file
        .into_iter()
        .map(|(file, edits)| {
            let version = documents.get(&file).map(|document| document.version);
            Some(TextDocumentEdit {
                text_document: OptionalVersionedTextDocumentIdentifier { uri: words.uri(&file)?, version },
                edits: edits.into_iter().map(|edit| with_annotation(edit, id.as_ref())).collect(),
            })
        })
        .collect();
    Some(WorkspaceEdit {
        document_changes: Some(DocumentChanges::Edits(changes?)),
        change_annotations: annotation.map(|annotation| HashMap::from([(ANNOTATION.to_owned(), annotation)])),
        ..WorkspaceEdit::default()
    })
}
