//! What only hand-written SQL made: in the database, but in no snapshot and no schema file.

use history::History;
use schema::ObjectPath;
use source::Location;

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

/// In the order of the folder.
pub fn unmanaged(project: &Project) -> Vec<UnmanagedObject> {
    let Some(history) = project.history.as_deref() else { return Vec::new() };
    let mut found: Vec<_> = history.unmanaged.iter().collect();
    found.sort_by(|a, b| (a.made_by, &a.object).cmp(&(b.made_by, &b.object)));
    let one = |it: &&history::Unmanaged| UnmanagedObject {
        object: it.object.clone(),
        words: words::object(&it.object),
        made_by: it.made_by.and_then(|position| Some(history.folder.migrations.get(position)?.tag.clone())),
        location: it.made_by.and_then(|position| making_statement(history, position, &it.object)),
    };
    found.iter().map(one).collect()
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
