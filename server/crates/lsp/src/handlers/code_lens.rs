//! `textDocument/codeLens`: what is pending of a table, and what its database says of it, above it.

use super::execute_command::{GENERATE, PUSH, READ_DATABASE, SHOW_SQL};
use super::operation_actions::argument;
use crate::ask::ask;
use crate::state::State;
use crate::to_proto::Words;
use crate::wanted::Wanted;
use analysis::{LiveTable, Project, RenameAnswers, live_tables, pending_tables};
use source::FilePath;
use std::time::Duration;
use tower_lsp::Client;
use tower_lsp::jsonrpc::Result;
use tower_lsp::lsp_types::request::CodeLensRefresh;
use tower_lsp::lsp_types::{CodeLens, CodeLensParams, Command};

const ANSWER_WITHIN: Duration = Duration::from_secs(10);

pub(crate) async fn handle(state: &State, params: CodeLensParams) -> Result<Option<Vec<CodeLens>>> {
    let beside = state.beside();
    if !beside.has_lenses {
        return Ok(None);
    }
    let Some(snapshot) = state.snapshot(&params.text_document.uri).await else { return Ok(None) };
    let documents = state.documents();
    let words = state.words(&snapshot.analysis, &documents);
    let mut lenses = Vec::new();
    for project in &snapshot.analysis.projects {
        let arguments = vec![Wanted::new(project, &RenameAnswers::default()).to_json()];
        let offer = state.live.offer(project);
        for found in pending_tables(project, &snapshot.file) {
            let range = words.range(&snapshot.file, found.span);
            let mut add = |title: String, command: &str| {
                let command = Command::new(title, command.to_owned(), Some(arguments.clone()));
                lenses.push(CodeLens { range, command: Some(command), data: None });
            };
            add(counted(found.n_changes), SHOW_SQL);
            if state.settings().creates_files {
                add(String::from("Generate"), GENERATE);
            }
            add(String::from("Show SQL"), SHOW_SQL);
            if let Some(offer) = offer.as_ref().filter(|offer| offer.can_push) {
                let argument = argument(&Wanted::new(project, &RenameAnswers::default()), &offer.environment);
                let title = format!("Push to {}…", offer.environment);
                let command = Command::new(title, PUSH.to_owned(), Some(vec![argument]));
                lenses.push(CodeLens { range, command: Some(command), data: None });
            }
        }
        if beside.has_live_lenses {
            lenses.extend(live(state, &words, project, &snapshot.file));
        }
    }
    Ok(Some(lenses))
}

/// What the database says of each table of a file. Whoever clicks on it wants to know what it says now.
fn live(state: &State, words: &Words<'_>, project: &Project, file: &FilePath) -> Vec<CodeLens> {
    let Some((environment, picture)) = state.live.last_read(&project.id) else { return Vec::new() };
    let drifted = state.live.tree_states(project).drifted;
    let tables = live_tables(project, file, &environment, &picture, &drifted).into_iter();
    let lens = |table: LiveTable| CodeLens {
        range: words.range(file, table.span),
        command: Some(Command::new(table.line, READ_DATABASE.to_owned(), None)),
        data: None,
    };
    tables.map(lens).collect()
}

fn counted(n_changes: usize) -> String {
    match n_changes {
        1 => String::from("1 change not in a migration"),
        n => format!("{n} changes not in a migration"),
    }
}

/// Has the client ask again, where it can be told to. Waits in a task of its own.
pub(crate) fn refresh(state: &State, client: &Client) {
    if state.settings().refreshes_lenses {
        let client = client.clone();
        tokio::spawn(async move { ask::<CodeLensRefresh>(&client, (), ANSWER_WITHIN).await });
    }
}
