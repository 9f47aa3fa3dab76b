//! `driftlens/schemaTree` and `driftlens/migrationsTree`: projects as trees, for a view beside the editor.

use crate::state::State;
use crate::to_proto::Words;
use analysis::{Project, TreeNode, TreeStates, migrations_tree, schema_tree};
use serde_json::{Value, json};
use tower_lsp::jsonrpc::Result;

pub(crate) async fn schema(state: &State) -> Result<Value> {
    Ok(answer(state, schema_tree).await)
}

pub(crate) async fn migrations(state: &State) -> Result<Value> {
    Ok(answer(state, migrations_tree).await)
}

async fn answer(state: &State, tree: fn(&Project, &TreeStates) -> Vec<TreeNode>) -> Value {
    let analysis = state.latest_analysis().await;
    let documents = state.documents();
    let words = state.words(&analysis, &documents);
    let projects = analysis.projects.iter().map(|project| {
        let nodes = tree(project, &state.live.tree_states(project));
        json!({
            "config": project.source().display().to_string(),
            "name": project.name,
            "label": project.label(),
            "nodes": nodes.iter().map(|it| node(it, &words)).collect::<Vec<Value>>(),
        })
    });
    json!({ "projects": projects.collect::<Vec<Value>>() })
}

fn node(it: &TreeNode, words: &Words<'_>) -> Value {
    json!({
        "id": it.id,
        "kind": it.kind,
        "label": it.label,
        "description": it.description,
        "state": it.state,
        "location": it.location.as_ref().and_then(|location| words.location(location)),
        "name": it.name,
        "children": it.children.iter().map(|child| node(child, words)).collect::<Vec<Value>>(),
    })
}
