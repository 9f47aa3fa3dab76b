//! The changes that lack a migration, each at the place that causes it.

use diff::RenameCandidate;
use history::History;
use languages::Desired;
use rustc_hash::FxHashMap;
use schema::{Action, Change, ObjectKind, ObjectPath, Schema};
use source::{Diagnostic, Location, codes};

use crate::configuration::DesiredSource;
use crate::configuration::ProjectConfig;
use crate::project::{Pending, Project};
use crate::same_part;
use crate::{how_to_write, words};

/// Compares history and desired, and puts what differs into the project.
pub(crate) fn find(project: &mut Project, config: &ProjectConfig, desired: &Desired, history: &History) {
    let not_exported: FxHashMap<&ObjectPath, &Location> =
        desired.not_exported.iter().map(|(path, location)| (path, location)).collect();
    enums_not_exported(project, desired, history);
    if history.unreadable {
        return;
    }
    // A replay is as the database has it, where a snapshot has the schema file's own spelling.
    let (before, after) = (dialects::as_stored(&history.schema), dialects::as_stored(&desired.schema));
    let is_replayed = history.is_replayed();
    let difference = match is_replayed {
        true => diff::diff(&before, &after),
        false => diff::diff(&history.schema, &desired.schema),
    };
    let is_drizzle = matches!(config.desired, DesiredSource::Drizzle(_));
    for change in difference.changes {
        // What is known by name only is never pending; nor is what a Drizzle schema has no words for.
        let told = if is_drizzle { history::described(change) } else { Some(change) };
        let Some(change) = told.filter(|change| is_told(change, &before, &after)) else { continue };
        let recorded = history.recorded.as_deref();
        if history.is_unmanaged(&change)
            || (is_replayed && same_part::is_there_under_another_name(&change, &before, &after, recorded))
        {
            continue;
        }
        let diagnostic = diagnostic(&change, config, desired, &not_exported, &difference.renames);
        project.pending.push(Pending { change, diagnostic });
    }
    project.renames = difference.renames;
}

/// Of what the model has no shape for, functions, procedures and triggers are told, where their definitions are known.
fn is_told(change: &Change, before: &Schema, after: &Schema) -> bool {
    if change.object.kind != ObjectKind::Opaque {
        return true;
    }
    let schema = if change.action == Action::Drop { before } else { after };
    schema.opaque_of(&change.object).all(|(key, object)| key.kind.is_defined() && object.definition.is_some())
}

fn diagnostic(
    change: &Change,
    config: &ProjectConfig,
    desired: &Desired,
    not_exported: &FxHashMap<&ObjectPath, &Location>,
    renames: &[RenameCandidate],
) -> Diagnostic {
    if let (Action::Drop, Some(location)) = (&change.action, not_exported.get(&change.object)) {
        let message = format!(
            "{} is not exported, so drizzle-kit does not see it and would drop it",
            words::object(&change.object)
        );
        return Diagnostic::new(codes::NOT_EXPORTED, (*location).clone(), message)
            .with_help("export it, or generate the migration that drops it");
    }
    let location = place(change, config, desired);
    let mut diagnostic =
        Diagnostic::new(codes::MISSING_MIGRATION, location.clone(), words::pending(change, &desired.schema));
    let rename = renames.iter().find(|rename| rename.to == change.object || rename.from == change.object);
    diagnostic = match rename {
        Some(rename) => {
            let help = format!(
                "it looks like a rename of {} to {} ({:.0} % alike): {}",
                words::object(&rename.from),
                words::object(&rename.to),
                f64::from(rename.score) * 100.0,
                how_to_write::A_RENAME
            );
            diagnostic.with_help(help)
        }
        None => diagnostic.with_help(how_to_write::A_CHANGE),
    };
    for related in desired.origins.get(&change.object).into_iter().flat_map(|origin| &origin.related) {
        diagnostic = diagnostic.with_related(related.location.clone(), related.message.clone());
    }
    diagnostic
}

/// The object itself, else what it belonged to, else what names the schema files.
fn place(change: &Change, config: &ProjectConfig, desired: &Desired) -> Location {
    match desired.origin_or_owner(&change.object) {
        Some(origin) => origin.focus.clone(),
        None => config.schema_location.clone(),
    }
}

/// An enum that a column uses and nobody exports: its CREATE TYPE is in no migration and never will be. One that a migration
/// has made is told by its pending drop.
fn enums_not_exported(project: &mut Project, desired: &Desired, history: &History) {
    for (path, location) in desired.not_exported.iter().filter(|(path, _)| path.kind == ObjectKind::Enum) {
        let is_known = history.schema.enums.contains_key(&path.name) || desired.schema.enums.contains_key(&path.name);
        let is_used = || desired.origins.uses().any(|found| found.object == *path && !found.is_declaration);
        if is_known || !is_used() {
            continue;
        }
        let message = format!(
            "{} is used by a column but not exported: drizzle-kit writes no CREATE TYPE for it",
            words::object(path)
        );
        let diagnostic =
            Diagnostic::new(codes::NOT_EXPORTED, location.clone(), message).with_help("export it from a schema file");
        project.diagnostics.push(diagnostic);
    }
}

#[cfg(test)]
mod release_one_tests;
#[cfg(test)]
mod tests;
