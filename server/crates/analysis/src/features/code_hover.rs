//! A name of a table or column in code that uses a schema: the object that it leads to.

use languages::Desired;
use languages::drizzle::{DrizzleConfig, is_script};
use source::{FilePath, Files};
use std::sync::{Arc, PoisonError};

use super::hover::{Hover, of_object};
use crate::{Analysis, DesiredSource, Project};

pub(crate) fn hover(
    analysis: &Analysis,
    file: &FilePath,
    text: &Arc<str>,
    offset: u32,
    files: &dyn Files,
) -> Option<Hover> {
    if !is_script(file) {
        return None;
    }
    let (projects, read): (Vec<&Project>, Vec<(&DrizzleConfig, &Desired)>) =
        analysis.projects.iter().filter_map(|project| Some((&**project, drizzle(project)?))).unzip();
    let mut queries = analysis.queries.lock().unwrap_or_else(PoisonError::into_inner);
    let (position, found) = queries.name_at(file, text, offset, &read, files)?;
    of_object(projects.get(position)?, &found.object, found.span)
}

fn drizzle(project: &Project) -> Option<(&DrizzleConfig, &Desired)> {
    match (&project.config.as_ref()?.desired, &project.desired) {
        (DesiredSource::Drizzle(config), Some(desired)) => Some((config, desired)),
        _ => None,
    }
}
