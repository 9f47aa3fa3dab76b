//! Which snapshot continues which: each names those it was made from, so that two branches and their merge can be told.

use std::collections::{HashMap, HashSet};

use source::{FilePath, Files};

use super::super::Migration;
use super::super::drizzle::snapshot::Head;

/// What the first snapshot continues.
pub(super) const NOTHING: &str = "00000000-0000-0000-0000-000000000000";

/// A snapshot's place in the graph.
#[derive(Debug)]
pub(super) struct Node {
    /// The migration's tag, for a person.
    pub(super) tag: String,
    pub(super) file: FilePath,
    pub(super) id: String,
    /// The snapshots it continues, the first one being the one its changes were counted from.
    pub(super) previous: Vec<String>,
    /// Holds only what changed since the snapshots it continues.
    pub(super) is_diff: bool,
}

/// The snapshots of a folder in the order of its migrations.
#[derive(Debug)]
pub(super) struct Graph {
    pub(super) nodes: Vec<Node>,
    by_id: HashMap<String, usize>,
}

impl Graph {
    /// Reads the heads of the snapshots.
    pub(super) fn read(migrations: &[Migration], files: &dyn Files) -> Graph {
        let mut graph = Graph { nodes: Vec::new(), by_id: HashMap::new() };
        for migration in migrations {
            let Some(file) = &migration.snapshot else { continue };
            let head = Head::read(file, files);
            // One without an id is nobody's parent; reading it tells what is wrong.
            let id = head.id.unwrap_or_else(|| format!("none of {}", migration.tag));
            let previous = head.previous_ids.unwrap_or_default();
            // The later of two equal ids counts, as in drizzle-kit.
            graph.by_id.insert(id.clone(), graph.nodes.len());
            graph.nodes.push(Node {
                tag: migration.tag.clone(),
                file: file.clone(),
                id,
                previous: previous.into_iter().filter(|id| !id.is_empty() && id != NOTHING).collect(),
                is_diff: head.kind.as_deref() == Some("diff"),
            });
        }
        graph
    }

    pub(super) fn find(&self, id: &str) -> Option<usize> {
        self.by_id.get(id).copied()
    }

    /// Snapshots that no other one continues, the latest first. Never empty unless there is no snapshot.
    pub(super) fn heads(&self) -> Vec<usize> {
        let continued: HashSet<&str> =
            self.nodes.iter().flat_map(|node| node.previous.iter().map(String::as_str)).collect();
        let is_head = |(position, node): &(usize, &Node)| {
            !continued.contains(node.id.as_str()) && self.find(&node.id) == Some(*position)
        };
        let heads: Vec<usize> =
            self.nodes.iter().enumerate().filter(is_head).map(|(position, _)| position).rev().collect();
        match (heads.is_empty(), self.nodes.len().checked_sub(1)) {
            (true, Some(last)) => vec![last],
            _ => heads,
        }
    }

    /// The nodes that `ids` name and all they continue, but those in `known`, in the folder's order. Ids of no snapshot are skipped.
    pub(super) fn history<'i>(&self, ids: impl IntoIterator<Item = &'i String>, known: &HashSet<usize>) -> Vec<usize> {
        let mut found: HashSet<usize> = HashSet::new();
        let mut rest: Vec<usize> = ids.into_iter().filter_map(|id| self.find(id)).collect();
        while let Some(position) = rest.pop() {
            if !known.contains(&position) && found.insert(position) {
                let previous = self.nodes.get(position).into_iter().flat_map(|node| &node.previous);
                rest.extend(previous.filter_map(|id| self.find(id)));
            }
        }
        let mut found: Vec<usize> = found.into_iter().collect();
        found.sort_unstable();
        found
    }
}
