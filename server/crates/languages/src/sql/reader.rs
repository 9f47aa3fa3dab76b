//! SQL files as a schema: a migration from nothing.

use rustc_hash::FxHashMap;
use schema::{Dialect, Map, ObjectPath};
use source::{Diagnostic, FilePath, Files, Location, Span, codes};
use std::sync::Arc;

use super::{State, apply, statements};
use crate::drizzle::ReadModules;
use crate::{Desired, Origin, Origins, Places, Use};

/// Reads SQL files in their order as one schema. What cannot be read is in the diagnostics.
pub fn read_schema(dialect: Dialect, schema_files: &[FilePath], files: &dyn Files) -> Desired {
    let mut state = State::new(dialect);
    let mut diagnostics = Vec::new();
    let mut places: Map<ObjectPath, Places> = Map::default();
    let mut is_open = false;
    for file in schema_files {
        let text = match files.read(file) {
            Ok(text) => text,
            Err(error) => {
                let message = format!("the schema file {error}");
                diagnostics.push(
                    Diagnostic::new(codes::UNREADABLE_FILE, Location::start_of(file), message)
                        .with_help("Nothing is reported as dropped while a schema file cannot be read."),
                );
                is_open = true;
                continue;
            }
        };
        state.begin(file, true);
        for statement in statements(dialect, &text) {
            apply(&mut state, &statement);
            add_places(&mut places, state.drain_uses(), statement.span);
        }
        diagnostics.extend(state.take_diagnostics());
    }
    let mut schema = state.into_schema();
    dialects::fold_serials(&mut schema);
    schema.open |= is_open;
    let mut origins = Origins::default();
    for (owner, places) in places {
        origins.add(&owner, Arc::new(places));
    }
    Desired {
        schema,
        origins,
        unknown: Vec::new(),
        diagnostics,
        not_exported: Vec::new(),
        files: schema_files.to_vec(),
        read_files: schema_files.to_vec(),
        modules: ReadModules::default(),
    }
}

/// The places of one statement, each with what it belongs to. The first declaration of an object is its origin.
fn add_places(places: &mut Map<ObjectPath, Places>, uses: Vec<Use>, statement: Span) {
    for found in uses {
        let entry = places
            .entry(found.object.owner())
            .or_insert_with(|| Places { origins: FxHashMap::default(), uses: Vec::new() });
        if found.is_declaration {
            let full = if found.object.part.is_none() { statement } else { found.location.span };
            let origin = || Origin { focus: found.location.clone(), full, related: Vec::new() };
            entry.origins.entry(found.object.clone()).or_insert_with(origin);
        }
        entry.uses.push(found);
    }
}
