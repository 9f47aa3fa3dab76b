//! From a place to the declaration of what it names, and to every other place that names it.

use source::Location;
use std::path::Path;
use std::sync::Arc;

use crate::Project;

/// The declaration of what stands at the offset.
pub(crate) fn definition(projects: &[Arc<Project>], file: &Path, offset: u32) -> Vec<Location> {
    let mut found: Vec<Location> = projects
        .iter()
        .filter_map(|project| {
            let object = &project.use_at(file, offset)?.object;
            project.desired.as_ref()?.origins.get(object).map(|origin| {
                // Behind a spread the definition is what is wanted, not the spread.
                origin.related.first().map_or_else(|| origin.focus.clone(), |related| related.location.clone())
            })
        })
        .collect();
    sort(&mut found);
    found
}

/// Every place that names what stands at the offset.
pub(crate) fn references(projects: &[Arc<Project>], file: &Path, offset: u32, with_declaration: bool) -> Vec<Location> {
    let mut found = Vec::new();
    for project in projects {
        let Some(object) = project.use_at(file, offset).map(|found| found.object.clone()) else { continue };
        let places = project.uses_of(&object).filter(|place| with_declaration || !place.is_declaration);
        found.extend(places.map(|place| place.location.clone()));
    }
    sort(&mut found);
    found
}

fn sort(locations: &mut Vec<Location>) {
    locations.sort();
    locations.dedup();
}
