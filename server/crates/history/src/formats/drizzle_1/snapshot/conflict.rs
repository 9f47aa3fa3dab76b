//! Two branches that touch the same thing. drizzle-kit joins all others by itself, and takes them for sound until then.
//!
//! PostgreSQL 9 notes with each change what it writes and reads; two changes conflict where one writes what the other writes
//! or reads, unless they are the same (drizzle-kit's `commutativity/engine.ts`). In PostgreSQL 8 the rows of both branches are compared,
//! and in SQLite the statements that they need.

use std::collections::{HashMap, HashSet};

use schema::Dialect;
use serde::Deserialize;
use source::{FilePath, Files};

use super::super::super::snapshot_text;
use super::super::graph::{Graph, Node};
use super::conflict_sqlite;
use super::document::{self, Document};
use super::state::{Key, Row};

/// More branches than this beside each other are not compared with each other.
const MOST_HEADS: usize = 16;

/// Two branches that cannot both be right.
pub(in crate::formats::drizzle_1) struct Conflict {
    /// Positions of a migration of each branch in the graph, the earlier branch first.
    pub(in crate::formats::drizzle_1) sides: (usize, usize),
    /// What both touch; None where the branches share no beginning.
    pub(in crate::formats::drizzle_1) on: Option<String>,
}

/// The first conflict between branches that nothing joins.
pub(in crate::formats::drizzle_1) fn find(dialect: Dialect, graph: &Graph, files: &dyn Files) -> Option<Conflict> {
    let mut heads = graph.heads();
    heads.truncate(MOST_HEADS);
    heads.reverse();
    let pairs =
        heads.iter().enumerate().flat_map(|(at, first)| heads.iter().skip(at + 1).map(move |second| (*first, *second)));
    pairs.into_iter().find_map(|(first, second)| Pair::new(dialect, graph, files, first, second)?.conflict())
}

struct Pair<'p> {
    dialect: Dialect,
    graph: &'p Graph,
    files: &'p dyn Files,
    heads: (usize, usize),
    /// The latest snapshot that both continue.
    shared: Option<usize>,
    /// What each continues and the other does not, itself included.
    branches: (Vec<usize>, Vec<usize>),
}

impl<'p> Pair<'p> {
    fn new(dialect: Dialect, graph: &'p Graph, files: &'p dyn Files, first: usize, second: usize) -> Option<Pair<'p>> {
        let none = HashSet::new();
        let history = |head: usize| Some(graph.history([&graph.nodes.get(head)?.id], &none));
        let (first_history, second_history) = (history(first)?, history(second)?);
        let but = |own: &[usize], other: &[usize]| {
            let other: HashSet<usize> = other.iter().copied().collect();
            own.iter().copied().partition::<Vec<usize>, _>(|position| other.contains(position))
        };
        let (shared, first_only) = but(&first_history, &second_history);
        let (_, second_only) = but(&second_history, &first_history);
        let shared = shared.last().copied();
        Some(Pair { dialect, graph, files, heads: (first, second), shared, branches: (first_only, second_only) })
    }

    fn conflict(&self) -> Option<Conflict> {
        let Some(shared) = self.shared else { return Some(Conflict { sides: self.heads, on: None }) };
        let is_noted =
            |branch: &[usize]| branch.iter().all(|position| self.node(*position).is_some_and(|node| node.is_diff));
        match is_noted(&self.branches.0) && is_noted(&self.branches.1) {
            true => self.of_footprints(),
            false => self.of_rows(shared),
        }
    }

    fn node(&self, position: usize) -> Option<&'p Node> {
        self.graph.nodes.get(position)
    }

    fn of_footprints(&self) -> Option<Conflict> {
        let read = |branch: &[usize]| -> Vec<(usize, Footprint)> {
            let files = branch.iter().filter_map(|position| Some((*position, &self.node(*position)?.file)));
            files
                .flat_map(|(position, file)| footprints(file, self.files).into_iter().map(move |it| (position, it)))
                .collect()
        };
        let (first, second) = (read(&self.branches.0), read(&self.branches.1));
        let found = clash(&first, &second).or_else(|| clash(&second, &first).map(|(a, b)| (b, a)));
        found.map(|((first, footprint), (second, _))| Conflict {
            sides: (*first, *second),
            on: Some(footprint.target()),
        })
    }

    fn of_rows(&self, shared: usize) -> Option<Conflict> {
        let from = self.rows(shared)?;
        let (first, second) = (self.rows(self.heads.0)?, self.rows(self.heads.1)?);
        let on = match self.dialect {
            Dialect::Sqlite => conflict_sqlite::clash(&from, &first, &second),
            Dialect::Postgres => {
                let from = keyed(from);
                let (first, second) = (changed(&from, keyed(first)), changed(&from, keyed(second)));
                let both = first.iter().find(|(key, row)| second.get(*key).is_some_and(|other| other != *row));
                both.map(|(key, _)| key.to_string())
            }
        };
        on.map(|on| Conflict { sides: self.heads, on: Some(on) })
    }

    fn rows(&self, position: usize) -> Option<Vec<Row>> {
        let file = &self.node(position)?.file;
        let text = snapshot_text::read(file, self.files).ok()?;
        match document::parse(&text, file).ok()? {
            Document::Full(rows) => Some(rows),
            _ => None,
        }
    }
}

fn keyed(rows: Vec<Row>) -> HashMap<Key, Row> {
    rows.into_iter().map(|row| (row.key(), row)).collect()
}

/// The rows that are not as they were, and None for those that are gone.
fn changed(from: &HashMap<Key, Row>, to: HashMap<Key, Row>) -> HashMap<Key, Option<Row>> {
    let gone: Vec<(Key, Option<Row>)> =
        from.keys().filter(|key| !to.contains_key(key)).map(|key| (key.clone(), None)).collect();
    let new = to.into_iter().filter(|(key, row)| from.get(key) != Some(row)).map(|(key, row)| (key, Some(row)));
    new.chain(gone).collect()
}

/// What one statement of a migration touches.
#[derive(Debug, Deserialize)]
#[serde(rename_all = "camelCase")]
struct Footprint {
    statement_type: String,
    statement_target: Vec<String>,
    writes: Vec<String>,
    #[serde(default)]
    reads: Vec<String>,
    #[serde(default)]
    shared_writes: Vec<String>,
    sql_hash: Option<String>,
}

impl Footprint {
    /// `column app.members.a`
    fn target(&self) -> String {
        match self.statement_target.split_first() {
            Some((kind, names)) => format!("{kind} {}", names.join(".")),
            None => self.statement_type.clone(),
        }
    }

    fn is_same(&self, other: &Footprint) -> bool {
        self.sql_hash.is_some() && (&self.statement_type, &self.sql_hash) == (&other.statement_type, &other.sql_hash)
    }
}

type Placed = (usize, Footprint);

/// The first change of `from` that writes what one of `to` writes or reads.
fn clash<'f>(from: &'f [Placed], to: &'f [Placed]) -> Option<(&'f Placed, &'f Placed)> {
    let mut touching: HashMap<&str, Vec<&Placed>> = HashMap::new();
    for placed in to {
        for touched in placed.1.writes.iter().chain(&placed.1.reads) {
            touching.entry(touched).or_default().push(placed);
        }
    }
    from.iter().find_map(|placed| {
        let written = placed.1.writes.iter().chain(&placed.1.shared_writes);
        let mut others = written.filter_map(|written| touching.get(written.as_str())).flatten();
        others.find(|other| !placed.1.is_same(&other.1)).map(|other| (placed, *other))
    })
}

fn footprints(file: &FilePath, files: &dyn Files) -> Vec<Footprint> {
    #[derive(Deserialize)]
    struct Snapshot {
        #[serde(default)]
        footprints: Vec<Footprint>,
    }
    let text = snapshot_text::read(file, files).unwrap_or_default();
    serde_json::from_str(text.trim_start_matches('\u{feff}')).map_or_else(|_| Vec::new(), |it: Snapshot| it.footprints)
}
