//! From a place to the declaration of what it names, and to every other place that names it: in schema files and migrations alike.

use history::History;
use schema::ObjectPath;
use source::Location;
use std::path::Path;
use std::sync::Arc;

use crate::Project;
use crate::changed::place_in;
use crate::migration_places::{Named, name_at};
use crate::trail::{self, Moment};

/// The declaration of what stands at the offset. For a name in a migration the one in the schema files; where they do not have the
/// object (any more), the statement that made it.
pub(crate) fn definition(projects: &[Arc<Project>], file: &Path, offset: u32) -> Vec<Location> {
    let mut found: Vec<Location> = projects
        .iter()
        .filter_map(|project| match project.use_at(file, offset) {
            Some(found) => declaration(project, &found.object),
            None => {
                let history = project.history.as_deref()?;
                let named = name_at(history, file, offset)?;
                let today = last_name(history, &named);
                let declared = today.and_then(|name| declaration(project, &name));
                declared.or_else(|| making_statement(history, &named))
            }
        })
        .collect();
    sort(&mut found);
    found
}

fn declaration(project: &Project, object: &ObjectPath) -> Option<Location> {
    project.desired.as_ref()?.origins.get(object).map(|origin| {
        // Behind a spread the definition is what is wanted, not the spread.
        origin.related.first().map_or_else(|| origin.focus.clone(), |related| related.location.clone())
    })
}

/// What an object of a migration is called today; None where it was dropped since.
fn last_name(history: &History, named: &Named<'_>) -> Option<ObjectPath> {
    let object = &named.found.object;
    let (later, last_name) = trail::forth(history, &name_after(history, named), named.at);
    let is_dropped = later.iter().any(|touch| touch.concerning.iter().any(|it| it.drops(&touch.name)));
    let is_dropped_here = trail::back(history, object, named.at)
        .first()
        .is_some_and(|touch| touch.at == named.at && touch.concerning.iter().any(|it| it.drops(&touch.name)));
    (!is_dropped && !is_dropped_here).then_some(last_name)
}

/// What the object is called after the statement.
fn name_after(history: &History, named: &Named<'_>) -> ObjectPath {
    let object = &named.found.object;
    let text = trail::text_of(history, named.at.position);
    let changes = crate::changed::by_statement(history.folder.dialect, named.statement, text);
    changes.list.iter().find_map(|changed| changed.name_after(object)).unwrap_or_else(|| object.clone())
}

fn making_statement(history: &History, named: &Named<'_>) -> Option<Location> {
    let earlier = trail::back(history, &named.found.object, named.at);
    let maker = earlier.iter().find(|touch| touch.concerning.iter().any(|it| it.creates(&touch.name)))?;
    let file = &history.steps.get(maker.at.position)?.file;
    let statement = history.statements_of(maker.at.position)?.statements.get(maker.at.statement)?;
    let place = place_in(statement, &maker.name).or_else(|| place_in(statement, &maker.name.owner()));
    Some(Location::new(file, place.unwrap_or(statement.span)))
}

/// Every place that names what stands at the offset.
pub(crate) fn references(projects: &[Arc<Project>], file: &Path, offset: u32, with_declaration: bool) -> Vec<Location> {
    let mut found = Vec::new();
    for project in projects {
        let history = project.history.as_deref();
        let (in_schema, in_migrations) = match project.use_at(file, offset) {
            Some(used) => {
                let names = history.map(|history| names_up_to(history, &used.object, Moment::END));
                (Some(used.object.clone()), names)
            }
            None => {
                let Some(history) = history else { continue };
                let Some(named) = name_at(history, file, offset) else { continue };
                let name_after = name_after(history, &named);
                let (later, _) = trail::forth(history, &name_after, named.at);
                let mut names = names_up_to(history, &named.found.object, named.at);
                names.push((named.at, name_after));
                names.extend(later.into_iter().map(|touch| (touch.at, touch.name)));
                names.dedup_by(|later, earlier| later.1 == earlier.1);
                (last_name(history, &named), Some(names))
            }
        };
        if let Some(object) = in_schema {
            let places = project.uses_of(&object).filter(|place| with_declaration || !place.is_declaration);
            found.extend(places.map(|place| place.location.clone()));
        }
        if let (Some(history), Some(names)) = (history, in_migrations) {
            // Statements do not declare what the schema files declare.
            places_in_migrations(history, &names, &mut found);
        }
    }
    sort(&mut found);
    found
}

/// The names of one object over time: each from a statement on, the oldest first.
fn names_up_to(history: &History, object: &ObjectPath, until: Moment) -> Vec<(Moment, ObjectPath)> {
    let start = Moment { position: 0, statement: 0 };
    let mut names = Vec::new();
    let mut name = object.clone();
    for touch in trail::back(history, object, until) {
        if let Some(before) = touch.concerning.iter().find_map(|changed| changed.name_before(&name)) {
            names.push((touch.at, std::mem::replace(&mut name, before)));
        }
    }
    names.push((start, name));
    names.reverse();
    names
}

/// The places that name the object by the name it has there. The statement that renames it names it twice.
fn places_in_migrations(history: &History, names: &[(Moment, ObjectPath)], found: &mut Vec<Location>) {
    let all = history.all_statements();
    for (position, statements) in all.iter().enumerate() {
        for (statement, it) in statements.statements.iter().enumerate() {
            let at = Moment { position, statement };
            let current = names.iter().rposition(|(from, _)| *from <= at).unwrap_or_default();
            let is_named = |object: &ObjectPath| {
                let is = |place: usize| names.get(place).is_some_and(|(_, name)| name == object);
                let renames = names.get(current).is_some_and(|(from, _)| *from == at);
                is(current) || (renames && current > 0 && is(current - 1))
            };
            let places = it.uses.iter().filter(|used| is_named(&used.object));
            found.extend(places.map(|used| used.location.clone()));
        }
    }
}

fn sort(locations: &mut Vec<Location>) {
    locations.sort();
    locations.dedup();
}
