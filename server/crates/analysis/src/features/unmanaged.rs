//! What only hand-written SQL made: in the database, but in no snapshot and no schema file: an index, a function, an extension.

use history::History;
use schema::{Action, ObjectKind, ObjectPath, Schema};
use source::Location;
use std::collections::BTreeMap;

use crate::changed::{self, place_in};
use crate::{Project, trail, words};

/// An object that exists only through hand-written SQL.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct UnmanagedObject {
    pub object: ObjectPath,
    /// Its kind and name, for a person.
    pub words: String,
    /// The tag of the migration that made it, where that can be told.
    pub made_by: Option<String>,
    /// The object's name in the statement that made it.
    pub location: Option<Location>,
}

/// In the order of the folder. Empty without a snapshot: nothing says then what was written by hand.
pub fn unmanaged(project: &Project) -> Vec<UnmanagedObject> {
    let Some(history) = project.history.as_deref() else { return Vec::new() };
    let Some(recorded) = history.recorded.as_deref() else { return Vec::new() };
    let mut found: BTreeMap<ObjectPath, Option<usize>> =
        history.unmanaged.iter().map(|it| (it.object.clone(), it.made_by)).collect();
    let desired = project.desired.as_ref().map(|desired| &desired.schema);
    let mut add = |object: ObjectPath| {
        if !recorded.contains(&object) && !desired.is_some_and(|desired| desired.contains(&object)) {
            let made_by = || trail::introduced(history, &object).map(|(position, _)| position);
            let made_by = if found.contains_key(&object) { None } else { made_by() };
            found.entry(object).or_insert(made_by);
        }
    };
    // What no snapshot can speak of,
    undescribed(&history.replayed).into_iter().for_each(&mut add);
    // and what came after the last one.
    let later = diff::diff(recorded, &history.schema).changes.into_iter().filter_map(history::described);
    later.filter(|change| change.action == Action::Create).map(|change| change.object).for_each(&mut add);
    let one = |(object, made_by): (ObjectPath, Option<usize>)| UnmanagedObject {
        words: in_words(history, &object),
        made_by: made_by.and_then(|position| Some(history.folder.migrations.get(position)?.tag.clone())),
        location: made_by.and_then(|position| making_statement(history, position, &object)),
        object,
    };
    let mut found: Vec<(Option<usize>, UnmanagedObject)> = found.into_iter().map(|it| (it.1, one(it))).collect();
    found.sort_by_key(|(made_by, it)| (*made_by, it.location.as_ref().map(|location| location.span)));
    found.into_iter().map(|(_, object)| object).collect()
}

/// Objects of the kinds that Drizzle has no words for.
fn undescribed(schema: &Schema) -> Vec<ObjectPath> {
    let domains = schema.domains.keys().map(|name| ObjectPath::new(ObjectKind::Domain, name));
    let extensions = schema.extensions.keys().map(|name| ObjectPath::global(ObjectKind::Extension, name.as_str()));
    let opaque = schema.opaque.keys().map(schema::OpaqueKey::path);
    let exclusions = schema.tables.iter().flat_map(|(name, table)| {
        table.exclusions.keys().map(move |part| ObjectPath::part(ObjectKind::Exclusion, name, part.as_str()))
    });
    domains.chain(extensions).chain(opaque).chain(exclusions).collect()
}

/// A function is called one.
fn in_words(history: &History, object: &ObjectPath) -> String {
    let opaque = history.replayed.opaque_of(object).next().filter(|_| object.kind == ObjectKind::Opaque);
    match opaque {
        Some((key, _)) => match &key.on {
            Some(table) => {
                let table = ObjectPath::new(ObjectKind::Table, table).short();
                format!("{} `{}` of `{table}`", key.kind.as_str(), key.name.name)
            }
            None => format!("{} `{}`", key.kind.as_str(), object.short()),
        },
        None => words::object(object),
    }
}

/// The last statement of the migration that makes the object, or what it belongs to.
fn making_statement(history: &History, position: usize, object: &ObjectPath) -> Option<Location> {
    let text = trail::text_of(history, position);
    let statements = &history.statements_of(position)?.statements;
    let makes = |statement: &&history::MigrationStatement| {
        let concerns = statement.effects.iter().any(|effect| changed::touches(effect, &object.owner()));
        let changes = || changed::by_statement(history.folder.dialect, statement, text);
        concerns && changes().concerning(object).iter().any(|changed| changed.creates(object))
    };
    let statement = statements.iter().rfind(makes)?;
    let span = place_in(statement, object).unwrap_or(statement.span);
    Some(Location::new(&history.folder.migrations.get(position)?.file, span))
}
