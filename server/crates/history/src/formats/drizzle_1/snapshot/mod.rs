//! Snapshots of drizzle-kit 1.0: PostgreSQL 8 and 9, SQLite 6 and 7, and older ones that `drizzle-kit up` moved and did not convert.
//!
//! A snapshot lists rows, one for each object. On PostgreSQL from version 9 on, all but the first list what changed, and the state
//! is what the first one holds with the changes of its descendants applied. (drizzle-kit's `dialects/postgres/reconstruct.ts`)

mod conflict;
mod conflict_sqlite;
mod delta;
mod document;
mod footprint;
mod postgres;
mod rebuild;
mod rows;
mod sqlite;
mod state;
mod statement;
mod statement_column;
mod statement_sql;
mod write;
mod write_postgres;
mod write_sqlite;

use std::collections::HashSet;

use schema::{Dialect, ObjectPath, Schema};
use serde_json::{Value, json};
use source::{Diagnostic, FilePath, Files, Location, codes};

use super::super::Migration;
use super::super::addition::Content;
use super::super::drizzle::snapshot::{self as older, Head};
use super::super::snapshot_text::{self, SnapshotError};
use super::graph::{Graph, NOTHING, Node};
pub(super) use conflict::find as conflict;
use document::Document;
pub(super) use rebuild::{Line, check_line};
use state::{Key, Row, State};

/// The state that the snapshots of these migrations record together.
pub(super) fn state(dialect: Dialect, migrations: &[Migration], files: &dyn Files) -> Result<Schema, Box<Diagnostic>> {
    match recorded(dialect, &Graph::read(migrations, files), files)? {
        Recorded::Schema(schema) => Ok(*schema),
        Recorded::Rows(state) => schema_of(dialect, state),
    }
}

/// What the snapshots of a folder record together.
enum Recorded {
    Rows(State),
    /// Of a snapshot of 0.x, which has no rows.
    Schema(Box<Schema>),
}

fn recorded(dialect: Dialect, graph: &Graph, files: &dyn Files) -> Result<Recorded, Box<Diagnostic>> {
    let heads: Vec<&Node> = graph.heads().into_iter().filter_map(|position| graph.nodes.get(position)).collect();
    let Some((first, others)) = heads.split_first() else { return Ok(Recorded::Rows(State::default())) };
    let mut reading = Reading { dialect, graph, files, applied: HashSet::new(), state: State::default() };
    match reading.line(first)? {
        Some(schema) => Ok(Recorded::Schema(Box::new(schema))),
        None => {
            others.iter().try_for_each(|other| reading.branch(first, other))?;
            Ok(Recorded::Rows(reading.state))
        }
    }
}

/// The snapshot of a new migration that continues all that the folder ends with. None as the schema records the state before it.
pub(super) fn next(
    dialect: Dialect,
    graph: &Graph,
    id: &str,
    content: Content<'_>,
    files: &dyn Files,
) -> Result<Value, Box<Diagnostic>> {
    let heads: Vec<&Node> = graph.heads().into_iter().filter_map(|position| graph.nodes.get(position)).collect();
    let (after, renames) = (content.schema, content.renames);
    let state = match (recorded(dialect, graph, files)?, heads.first()) {
        (Recorded::Rows(state), _) => state,
        (Recorded::Schema(_), newest) => {
            let (tag, file) = newest.map_or(("the folder", None), |it| (it.tag.as_str(), Some(&it.file)));
            let nowhere = FilePath::from(std::path::Path::new(""));
            return Err(of_0_x(tag, file.unwrap_or(&nowhere)));
        }
    };
    let mut previous: Vec<&str> = match heads.as_slice() {
        [] => vec![NOTHING],
        heads => heads.iter().map(|head| head.id.as_str()).collect(),
    };
    if dialect == Dialect::Sqlite {
        // On PostgreSQL the first one is what the changes are counted from; here drizzle-kit sorts them.
        previous.sort_unstable();
    }
    let written = heads.first().and_then(|head| Head::read(&head.file, files).version);
    let is_noting = dialect == Dialect::Postgres && written.as_deref() != Some("8");
    if is_noting && !heads.is_empty() {
        let changes = after.map(|schema| delta::changes(state, write::rows(schema), renames)).unwrap_or_default();
        return Ok(noting(id, &previous, &changes));
    }
    let rows = match after {
        Some(schema) => delta::following(state, write::rows(schema), renames),
        None => state.into_rows().collect(),
    };
    Ok(whole(dialect, is_noting, id, &previous, rows, named(renames)))
}

fn of_0_x(tag: &str, file: &FilePath) -> Box<Diagnostic> {
    let message = format!("the snapshot of {tag} is one of drizzle-kit 0.x, which no snapshot of 1.0 can continue");
    let help = "Run `npx drizzle-kit up`, which converts the snapshots, then generate again.";
    Box::new(Diagnostic::new(codes::UNSUPPORTED_FORMAT, Location::start_of(file), message).with_help(help))
}

/// A snapshot of PostgreSQL 9 that lists what changed.
fn noting(id: &str, previous: &[&str], changes: &delta::Changes) -> Value {
    let footprints = footprint::footprints(&changes.before, &changes.after, &changes.deltas);
    let deltas: Vec<Value> = changes.deltas.iter().map(delta::Delta::listed).collect();
    json!({
        "type": "diff", "version": "9", "dialect": "postgres", "id": id, "prevIds": previous,
        "footprints": footprints, "deltas": deltas,
    })
}

/// A snapshot that lists every row.
fn whole(
    dialect: Dialect,
    is_noting: bool,
    id: &str,
    previous: &[&str],
    rows: Vec<Row>,
    renames: Vec<String>,
) -> Value {
    let listed = |rows: Vec<Row>| rows.into_iter().map(write::listed).collect::<Vec<Value>>();
    match (dialect, is_noting) {
        (Dialect::Postgres, true) => {
            let created: Vec<delta::Delta> = rows.iter().cloned().map(delta::Delta::Create).collect();
            let footprints = footprint::footprints(&[], &rows, &created);
            json!({
                "type": "base", "version": "9", "dialect": "postgres", "id": id, "prevIds": previous,
                "footprints": footprints, "ddl": listed(rows),
            })
        }
        (Dialect::Postgres, false) => json!({
            "version": "8", "dialect": "postgres", "id": id, "prevIds": previous, "ddl": listed(rows), "renames": renames,
        }),
        (Dialect::Sqlite, _) => json!({
            "version": "7", "dialect": "sqlite", "id": id, "prevIds": previous, "ddl": listed(rows), "renames": renames,
        }),
    }
}

/// `from->to`, as drizzle-kit notes renames beside a whole state: a column's table has its new name on both sides.
fn named(renames: &[(ObjectPath, ObjectPath)]) -> Vec<String> {
    let path = |of: &schema::Name, part: &Option<String>| {
        let names = [of.namespace.as_str(), of.name.as_str(), part.as_deref().unwrap_or_default()];
        names.into_iter().filter(|name| !name.is_empty()).collect::<Vec<_>>().join(".")
    };
    let mut renames: Vec<&(ObjectPath, ObjectPath)> = renames.iter().collect();
    renames.sort_by_key(|(from, _)| delta::rename_order(from.kind));
    let shown = |(from, to): &(ObjectPath, ObjectPath)| {
        let home = if from.part.is_some() { &to.name } else { &from.name };
        format!("{}->{}", path(home, &from.part), path(&to.name, &to.part))
    };
    renames.into_iter().map(shown).collect()
}

/// The kind and the names of a row as it stands in a snapshot.
pub(super) fn row_name(row: &serde_json::Value) -> Option<String> {
    let fields = row.as_object()?;
    let kind = fields.get("entityType")?.as_str()?;
    Some(Key::of(kind, fields).to_string())
}

fn schema_of(dialect: Dialect, state: State) -> Result<Schema, Box<Diagnostic>> {
    match dialect {
        Dialect::Postgres => postgres::schema(state),
        Dialect::Sqlite => sqlite::schema(state),
    }
}

struct Reading<'r> {
    dialect: Dialect,
    graph: &'r Graph,
    files: &'r dyn Files,
    /// Positions of nodes whose changes the state holds.
    applied: HashSet<usize>,
    state: State,
}

impl Reading<'_> {
    /// Fills the state with that of `head`: the nearest whole snapshot that it leads back to by first parents, and every change
    /// since. A snapshot of 0.x has no rows, and is returned as a schema.
    fn line(&mut self, head: &Node) -> Result<Option<Schema>, Box<Diagnostic>> {
        let mut line = vec![head];
        let mut oldest = head;
        while oldest.is_diff {
            let parent = oldest.previous.first().and_then(|id| self.graph.find(id));
            let Some(parent) = parent.and_then(|position| self.graph.nodes.get(position)) else {
                return Err(broken(
                    oldest,
                    "holds only what changed, and the snapshot it continues is not in this folder",
                ));
            };
            if line.len() > self.graph.nodes.len() {
                return Err(broken(head, "continues itself"));
            }
            line.push(parent);
            oldest = parent;
        }
        for node in line.into_iter().rev() {
            if let Some(others) = node.previous.get(1..).filter(|_| node.is_diff) {
                self.history(others)?;
            }
            if let Some(schema) = self.apply(node)? {
                return Ok(Some(schema));
            }
        }
        Ok(None)
    }

    /// Adds what the branch of `other` holds beyond that of `first`.
    fn branch(&mut self, first: &Node, other: &Node) -> Result<(), Box<Diagnostic>> {
        if other.is_diff {
            return self.history(std::slice::from_ref(&other.id));
        }
        let none = HashSet::new();
        let ours: HashSet<usize> = self.graph.history([&first.id], &none).into_iter().collect();
        let shared = self.graph.history([&other.id], &none).into_iter().rfind(|position| ours.contains(position));
        let from = match shared.and_then(|position| self.graph.nodes.get(position)) {
            Some(node) => self.rows(node)?,
            None => Vec::new(),
        };
        let to = self.rows(other)?;
        self.state.merge(from, to);
        Ok(())
    }

    /// Applies the changes of these nodes and all they continue that are not applied yet.
    fn history(&mut self, ids: &[String]) -> Result<(), Box<Diagnostic>> {
        for position in self.graph.history(ids, &self.applied) {
            if let Some(node) = self.graph.nodes.get(position).filter(|node| node.is_diff) {
                self.apply(node)?;
            }
        }
        Ok(())
    }

    fn apply(&mut self, node: &Node) -> Result<Option<Schema>, Box<Diagnostic>> {
        self.applied.extend(self.graph.find(&node.id));
        match self.read(node)? {
            (_, Document::Full(rows)) => self.state = State::new(rows),
            (_, Document::Changes(changes)) => changes.into_iter().for_each(|change| change.apply(&mut self.state)),
            (text, Document::Older) => {
                return older::read(&text).map(Some).map_err(|error| error.into_diagnostic(&node.file));
            }
        }
        Ok(None)
    }

    fn rows(&self, node: &Node) -> Result<Vec<Row>, Box<Diagnostic>> {
        match self.read(node)? {
            (_, Document::Full(rows)) => Ok(rows),
            _ => Ok(Vec::new()),
        }
    }

    fn read(&self, node: &Node) -> Result<(String, Document), Box<Diagnostic>> {
        let document = snapshot_text::read(&node.file, self.files).and_then(|text| {
            let document = document::parse(&text, &node.file)?;
            self.check_head(&text, &document)?;
            Ok((text, document))
        });
        document.map_err(|error| error.into_diagnostic(&node.file))
    }

    fn check_head(&self, text: &str, document: &Document) -> Result<(), SnapshotError> {
        let head = Head::scan(text);
        let (Some(dialect), Some(version)) = (head.dialect.as_deref(), head.version.as_deref()) else {
            return older::read(text).map(|_| ());
        };
        let found = match dialect {
            "postgres" | "postgresql" | "pg" => Dialect::Postgres,
            "sqlite" | "turso" => Dialect::Sqlite,
            _ => return Err(older::unknown_version(dialect, version)),
        };
        let is_known = matches!((found, version), (Dialect::Postgres, "8" | "9") | (Dialect::Sqlite, "6" | "7"));
        match document {
            _ if found != self.dialect => Err(snapshot_text::other_dialect(found.as_str(), self.dialect.as_str())),
            Document::Older if is_known && version != "6" => Err(SnapshotError {
                message: String::from("holds neither objects nor changes"),
                help: String::from("Restore the file from version control."),
                offset: None,
            }),
            Document::Older => Ok(()),
            _ if is_known => Ok(()),
            _ => Err(older::unknown_version(dialect, version)),
        }
    }
}

fn broken(node: &Node, what: &str) -> Box<Diagnostic> {
    let message = format!("the snapshot of {} {what}", node.tag);
    let help = "Restore the missing migration folder from version control, or delete this one and every later one and generate again.";
    Box::new(Diagnostic::new(codes::UNREADABLE_SNAPSHOT, Location::start_of(&node.file), message).with_help(help))
}

#[cfg(test)]
mod tests;
