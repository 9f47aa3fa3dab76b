//! Snapshots for migrations that have none, between those that are there: the one after a new one continues it, and counts its changes
//! from it.

use std::collections::HashSet;

use schema::{Dialect, Schema};
use serde_json::{Value, json};
use source::{Diagnostic, Files, Location, codes};

use super::super::super::drizzle::snapshot::Head;
use super::super::graph::{Graph, NOTHING, Node};
use super::delta::{self, Changes};
use super::document::{Change, Document};
use super::state::{Row, State};
use super::{Reading, noting, of_0_x, whole, write};

/// The snapshots of a folder, one after the other.
pub(in crate::formats::drizzle_1) struct Line<'l> {
    reading: Reading<'l>,
    /// The state that the snapshots record with the new ones among them.
    state: State,
    is_noting: bool,
    previous: String,
    /// The one before is new.
    is_relinked: bool,
}

impl<'l> Line<'l> {
    pub(in crate::formats::drizzle_1) fn new(dialect: Dialect, graph: &'l Graph, files: &'l dyn Files) -> Line<'l> {
        let written = graph.nodes.last().and_then(|node| Head::read(&node.file, files).version);
        Line {
            reading: Reading { dialect, graph, files, applied: HashSet::new(), state: State::default() },
            state: State::default(),
            is_noting: dialect == Dialect::Postgres && written.as_deref() != Some("8"),
            previous: NOTHING.to_owned(),
            is_relinked: false,
        }
    }

    /// A snapshot of this state, which continues the line.
    pub(in crate::formats::drizzle_1) fn add(&mut self, schema: &Schema, id: &str) -> Value {
        let previous = std::mem::replace(&mut self.previous, id.to_owned());
        let dialect = self.reading.dialect;
        self.is_relinked = true;
        if self.is_noting && previous != NOTHING {
            let changes = delta::changes(self.state.clone(), write::rows(schema), &[]);
            changes.deltas.iter().for_each(|delta| delta.apply(&mut self.state));
            return noting(id, &[&previous], &changes);
        }
        let rows = delta::following(std::mem::take(&mut self.state), write::rows(schema), &[]);
        self.state = State::new(rows.clone());
        whole(dialect, self.is_noting, id, &[&previous], rows, Vec::new())
    }

    /// What becomes of a snapshot that is there; None where it stays.
    pub(in crate::formats::drizzle_1) fn pass(&mut self, node: &Node) -> Result<Option<Value>, Box<Diagnostic>> {
        if self.reading.apply(node)?.is_some() {
            return Err(of_0_x(&node.tag, &node.file));
        }
        let before = std::mem::replace(&mut self.state, self.reading.state.clone());
        let previous = std::mem::replace(&mut self.previous, node.id.clone());
        if !std::mem::take(&mut self.is_relinked) {
            return Ok(None);
        }
        let (text, document) = self.reading.read(node)?;
        if self.is_noting {
            let after: Vec<Row> = self.state.clone().into_rows().collect();
            return Ok(Some(noting(&node.id, &[&previous], &recounted(before, document, after))));
        }
        let mut snapshot: Value = serde_json::from_str(text.trim_start_matches('\u{feff}')).unwrap_or_default();
        if let Some(fields) = snapshot.as_object_mut() {
            fields.insert(String::from("prevIds"), json!([previous]));
        }
        Ok(Some(snapshot))
    }
}

/// The changes of a snapshot, counted from another state; what it renames stays renamed.
fn recounted(mut before: State, document: Document, after: Vec<Row>) -> Changes {
    let changes = if let Document::Changes(changes) = document { changes } else { Vec::new() };
    let renames = changes.into_iter().filter_map(|change| match change {
        Change::Set(key, fields) if fields.contains_key("name") || fields.contains_key("schema") => Some((key, fields)),
        _ => None,
    });
    let renamed = renames.filter_map(|(key, set)| delta::rename(&mut before, &key, set)).collect();
    delta::between(renamed, before.into_rows().collect(), after)
}

/// The line is not one: which snapshot a new one continues cannot be told.
pub(in crate::formats::drizzle_1) fn check_line(graph: &Graph) -> Result<(), Box<Diagnostic>> {
    let mut previous: Option<&Node> = None;
    for node in &graph.nodes {
        let is_next = match (previous, node.previous.as_slice()) {
            (None, []) => true,
            (Some(previous), [id]) => previous.id == *id,
            _ => false,
        };
        if !is_next {
            let message = format!("the snapshot of {} does not continue the one before it in the folder", node.tag);
            let help = "Snapshots are made only in a folder where each continues the one before: where branches were joined, what a missing one \
                        would have held cannot be told. Nothing was written. Delete the migration that has none and make it again with \
                        `driftlens generate --custom`, where it is not applied yet.";
            let finding = Diagnostic::new(codes::MISSING_SNAPSHOT, Location::start_of(&node.file), message);
            return Err(Box::new(finding.with_help(help)));
        }
        previous = Some(node);
    }
    Ok(())
}
