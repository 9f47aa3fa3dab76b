//! `textDocument/completion` and `completionItem/resolve`: names, types and values that the project has.
//!
//! It is answered from the newest analysis there is, and the buffer as it is now: nobody waits for the analysis of the letter that was
//! just typed, which changes what stands around the cursor, not what can stand there.

use super::refused;
use crate::from_proto::file_path;
use crate::state::State;
use crate::to_proto::markup;
use analysis::{Completion, CompletionKind, CompletionState, ProjectId, Subject};
use schema::{Dialect, Name, ObjectKind, ObjectPath};
use serde::{Deserialize, Serialize};
use source::{FilePath, LineIndex, Span};
use std::path::Path;
use std::sync::Arc;
use tower_lsp::jsonrpc::Result;
use tower_lsp::lsp_types::{
    CompletionItem, CompletionItemKind, CompletionList, CompletionOptions, CompletionParams, CompletionResponse,
    CompletionTextEdit, Documentation, TextEdit,
};

/// Behind a table's name, and where a name or value in quotes starts.
const TRIGGERS: [&str; 4] = [".", "'", "\"", "`"];

pub(crate) fn options() -> CompletionOptions {
    CompletionOptions {
        resolve_provider: Some(true),
        trigger_characters: Some(TRIGGERS.map(str::to_owned).to_vec()),
        ..CompletionOptions::default()
    }
}

pub(crate) async fn handle(state: &State, params: CompletionParams) -> Result<Option<CompletionResponse>> {
    let at = params.text_document_position;
    let Some(file) = file_path(&at.text_document.uri) else { return Ok(None) };
    let buffer = state.documents().get(&file).map(|document| Arc::<str>::from(document.text.as_str()));
    let analysis = state.first_analysis().await;
    let Some(text) = buffer.or_else(|| analysis.text(&file).map(|source| source.text.clone())) else { return Ok(None) };
    let lines = LineIndex::new(&text);
    let encoding = state.settings().encoding;
    let offset = encoding.offset(&text, &lines, at.position);
    let found = analysis.complete(&file, &text, offset);
    if found.is_empty() {
        return Ok(None);
    }
    let edit = |span: Span, new_text: String| TextEdit { range: encoding.range(&text, &lines, span), new_text };
    let items = found.into_iter().enumerate().map(|(position, item)| to_item(item, position, &edit)).collect();
    Ok(Some(CompletionResponse::List(CompletionList { is_incomplete: false, items })))
}

fn to_item(item: Completion, position: usize, edit: &dyn Fn(Span, String) -> TextEdit) -> CompletionItem {
    let import = item.import.map(|(at, text)| vec![edit(Span { start: at, end: at }, text)]);
    CompletionItem {
        kind: Some(item_kind(item.kind)),
        detail: (!item.detail.is_empty()).then_some(item.detail),
        sort_text: Some(format!("{}{position:05}", item.rank)),
        filter_text: Some(item.filter),
        text_edit: Some(CompletionTextEdit::Edit(edit(item.span, item.text))),
        additional_text_edits: import,
        data: item.subject.as_ref().and_then(|subject| serde_json::to_value(Data::of(subject)).ok()),
        label: item.label,
        ..CompletionItem::default()
    }
}

/// The nearest of LSP's kinds, chosen for the icon it gets.
fn item_kind(kind: CompletionKind) -> CompletionItemKind {
    match kind {
        CompletionKind::Table => CompletionItemKind::STRUCT,
        CompletionKind::View => CompletionItemKind::INTERFACE,
        CompletionKind::Column => CompletionItemKind::FIELD,
        CompletionKind::Alias => CompletionItemKind::VARIABLE,
        CompletionKind::Type => CompletionItemKind::TYPE_PARAMETER,
        CompletionKind::EnumValue => CompletionItemKind::ENUM_MEMBER,
        CompletionKind::Builder => CompletionItemKind::FUNCTION,
    }
}

pub(crate) async fn resolve(state: &State, mut item: CompletionItem) -> Result<CompletionItem> {
    let Some(data) = item.data.clone() else { return Ok(item) };
    let data: Data = serde_json::from_value(data)
        .map_err(|error| refused(&format!("this completion is not one of driftlens': {error}")))?;
    let analysis = state.first_analysis().await;
    let documentation = data.subject().and_then(|subject| analysis.completion_documentation(&subject));
    item.documentation = documentation
        .map(|markdown| Documentation::MarkupContent(markup(&markdown, state.settings().plain_completion)));
    Ok(item)
}

/// What a completion is about, as it travels through the client.
#[derive(Debug, Serialize, Deserialize)]
#[serde(tag = "about", rename_all = "camelCase")]
enum Data {
    Builder {
        dialect: String,
        name: String,
    },
    Object {
        source: FileName,
        index: usize,
        kind: String,
        name: (String, String),
        #[serde(default, skip_serializing_if = "Option::is_none")]
        part: Option<String>,
        /// The migration, and how many of its statements count.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        before: Option<(FileName, usize)>,
    },
}

type FileName = String;

/// What a completion can be about.
const KINDS: [ObjectKind; 5] =
    [ObjectKind::Table, ObjectKind::Column, ObjectKind::View, ObjectKind::Enum, ObjectKind::Domain];
const DIALECTS: [Dialect; 2] = [Dialect::Postgres, Dialect::Sqlite];

impl Data {
    fn of(subject: &Subject) -> Data {
        match subject {
            Subject::Builder { dialect, name } => {
                Data::Builder { dialect: dialect.as_str().to_owned(), name: name.clone() }
            }
            Subject::Object { project, object, state } => Data::Object {
                source: project.source.display().to_string(),
                index: project.index,
                kind: object.kind.as_str().to_owned(),
                name: (object.name.namespace.clone(), object.name.name.clone()),
                part: object.part.clone(),
                before: match state {
                    CompletionState::Desired => None,
                    CompletionState::History { migration, n_statements } => {
                        Some((migration.display().to_string(), *n_statements))
                    }
                },
            },
        }
    }

    /// None for a kind that is not known.
    fn subject(self) -> Option<Subject> {
        let path = |text: &str| FilePath::from(Path::new(text));
        Some(match self {
            Data::Builder { dialect, name } => {
                Subject::Builder { dialect: DIALECTS.into_iter().find(|known| known.as_str() == dialect)?, name }
            }
            Data::Object { source, index, kind, name: (namespace, name), part, before } => Subject::Object {
                project: ProjectId { source: path(&source), index },
                object: ObjectPath {
                    kind: KINDS.into_iter().find(|known| known.as_str() == kind)?,
                    name: Name::new(namespace, name),
                    part,
                },
                state: match before {
                    None => CompletionState::Desired,
                    Some((migration, n_statements)) => {
                        CompletionState::History { migration: path(&migration), n_statements }
                    }
                },
            },
        })
    }
}
