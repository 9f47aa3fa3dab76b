//! Tables, columns, enums as symbols.

use languages::Origin;
use schema::{IndexKey, ObjectKind, ObjectPath, Schema};
use source::{Location, Span};
use std::collections::BTreeMap;
use std::path::Path;
use std::sync::Arc;

use crate::{Project, words};

/// A symbol of one file, with what it contains.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Symbol {
    pub name: String,
    /// A column's SQL type, an index's columns.
    pub detail: String,
    pub kind: ObjectKind,
    pub full: Span,
    pub focus: Span,
    pub children: Vec<Symbol>,
}

/// A symbol anywhere in the projects.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct WorkspaceSymbol {
    pub name: String,
    /// The full name of what contains it, empty at the top.
    pub container: String,
    pub kind: ObjectKind,
    pub location: Location,
}

/// The declarations of a file, parts below what they belong to, sorted by place.
pub(crate) fn of_file(project: &Project, file: &Path) -> Vec<Symbol> {
    let Some(desired) = &project.desired else { return Vec::new() };
    let mut owners: BTreeMap<&ObjectPath, Symbol> = BTreeMap::new();
    let mut parts: Vec<(ObjectPath, Symbol)> = Vec::new();
    for (path, origin) in desired.origins.iter().filter(|(_, origin)| *origin.focus.file == *file) {
        let symbol = symbol(path, origin, &desired.schema);
        if path.part.is_none() {
            owners.insert(path, symbol);
        } else {
            parts.push((path.owner(), symbol));
        }
    }
    for (owner, symbol) in parts {
        if let Some(owner) = owners.get_mut(&owner)
            && owner.full.contains(symbol.focus)
            // What a column's own chain declares has the column's place: the column stands for it.
            && (symbol.kind == ObjectKind::Column || symbol.focus != owner.focus)
        {
            owner.children.push(symbol);
        }
    }
    let mut symbols: Vec<Symbol> = owners.into_values().collect();
    for symbol in &mut symbols {
        symbol.children.sort_by(|a, b| (a.focus, a.kind, &a.name).cmp(&(b.focus, b.kind, &b.name)));
        symbol.children.dedup_by(|a, b| a.focus == b.focus && a.kind != ObjectKind::Column);
    }
    symbols.sort_by(|a, b| (a.focus, &a.name).cmp(&(b.focus, &b.name)));
    symbols
}

fn symbol(path: &ObjectPath, origin: &Origin, schema: &Schema) -> Symbol {
    Symbol {
        name: path.last_name().to_owned(),
        detail: detail(path, schema),
        kind: path.kind,
        full: origin.full.cover(origin.focus.span),
        focus: origin.focus.span,
        children: Vec::new(),
    }
}

fn detail(path: &ObjectPath, schema: &Schema) -> String {
    let table = schema.tables.get(&path.name);
    match (path.kind, path.part.as_deref()) {
        (ObjectKind::Column, _) => words::column_of(path, schema).map(words::type_and_facts).unwrap_or_default(),
        (ObjectKind::Index, Some(name)) => table
            .and_then(|table| table.indexes.get(name))
            .map(|index| index.columns.iter().map(|column| key_text(&column.key)).collect::<Vec<&str>>().join(", "))
            .unwrap_or_default(),
        (ObjectKind::Table, _) => table.map(|table| format!("{} columns", table.columns.len())).unwrap_or_default(),
        _ => String::new(),
    }
}

pub(crate) fn key_text(key: &IndexKey) -> &str {
    match key {
        IndexKey::Column(name) => name,
        IndexKey::Expression(expression) => &expression.text,
    }
}

/// Case does not matter; a name that holds the query comes before one that holds its letters in order.
pub(crate) fn matching(projects: &[Arc<Project>], query: &str, limit: usize) -> Vec<WorkspaceSymbol> {
    let query = query.to_lowercase();
    let mut found: Vec<(usize, WorkspaceSymbol)> = Vec::new();
    for project in projects {
        let Some(desired) = &project.desired else { continue };
        for (path, origin) in desired.origins.iter() {
            let counts = matches!(
                path.kind,
                ObjectKind::Table | ObjectKind::Column | ObjectKind::Enum | ObjectKind::View | ObjectKind::Sequence
            );
            if let (true, Some(rank)) = (counts, rank(&path.last_name().to_lowercase(), &query)) {
                let container = path.part.as_ref().map(|_| path.owner().short()).unwrap_or_default();
                let name = path.last_name().to_owned();
                found
                    .push((rank, WorkspaceSymbol { name, container, kind: path.kind, location: origin.focus.clone() }));
            }
        }
    }
    let key = |(rank, symbol): &(usize, WorkspaceSymbol)| {
        (*rank, symbol.kind, symbol.name.len(), symbol.name.clone(), symbol.container.clone(), symbol.location.clone())
    };
    found.sort_by_cached_key(key);
    found.dedup_by(|a, b| a.1 == b.1);
    found.into_iter().take(limit).map(|(_, symbol)| symbol).collect()
}

/// 0 for equal, 1 for a start, 2 inside, 3 for the letters in order; None for no match.
fn rank(name: &str, query: &str) -> Option<usize> {
    if name == query {
        return Some(0);
    }
    if let Some(position) = name.find(query) {
        return Some(if position == 0 { 1 } else { 2 });
    }
    let mut letters = name.chars();
    query.chars().all(|wanted| letters.any(|letter| letter == wanted)).then_some(3)
}
