//! Snapshots for migrations that have none: a file in each folder, and the snapshots behind them once more.

use schema::Schema;
use serde_json::Value;
use source::{Diagnostic, FilePath, Files};

use super::add::pretty;
use super::graph::Graph;
use super::snapshot::{Line, check_line};
use crate::formats::Folder;
use crate::formats::addition::{AddedFile, Addition};

/// The files that give the migrations at these positions their snapshots. `new_id` makes a UUID.
pub(in crate::formats) fn rebuild(
    folder: &Folder,
    states: &[(usize, Schema)],
    new_id: &mut dyn FnMut() -> String,
    files: &dyn Files,
) -> Result<Addition, Box<Diagnostic>> {
    let graph = Graph::read(&folder.migrations, files);
    check_line(&graph)?;
    let mut line = Line::new(folder.dialect, &graph, files);
    let mut nodes = graph.nodes.iter();
    let file = |path: &FilePath, snapshot: &Value, replaces| AddedFile {
        path: path.clone(),
        text: pretty(snapshot),
        replaces,
    };
    let mut made = Vec::new();
    for (position, migration) in folder.migrations.iter().enumerate() {
        if migration.snapshot.is_some() {
            let Some(node) = nodes.next() else { continue };
            made.extend(line.pass(node)?.map(|snapshot| file(&node.file, &snapshot, true)));
        } else if let Some((_, state)) = states.iter().find(|(it, _)| *it == position) {
            let path = FilePath::from(folder.path.join(&migration.tag).join("snapshot.json"));
            made.push(file(&path, &line.add(state, &new_id()), false));
        }
    }
    Ok(Addition { tag: String::from("snapshots"), files: made, removed: Vec::new() })
}
