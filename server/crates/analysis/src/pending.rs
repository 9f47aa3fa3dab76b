//! The changes that lack a migration, each at the place that causes it.

use diff::RenameCandidate;
use history::History;
use languages::Desired;
use languages::drizzle::DrizzleConfig;
use rustc_hash::FxHashMap;
use schema::{Action, Change, ObjectKind, ObjectPath};
use source::{Diagnostic, Location, codes};

use crate::project::{Pending, Project};
use crate::{hand_written, words};

/// Compares history and desired, and puts what differs into the project.
pub(crate) fn find(project: &mut Project, config: &DrizzleConfig, desired: &Desired, history: &History) {
    let not_exported: FxHashMap<&ObjectPath, &Location> =
        desired.not_exported.iter().map(|(path, location)| (path, location)).collect();
    enums_not_exported(project, desired, history);
    if history.unreadable {
        return;
    }
    let difference = diff::diff(&history.schema, &desired.schema);
    for change in difference.changes {
        if hand_written::explains(history, &change, &desired.schema) {
            continue;
        }
        let diagnostic = diagnostic(&change, config, desired, &not_exported, &difference.renames);
        project.pending.push(Pending { change, diagnostic });
    }
    project.renames = difference.renames;
}

fn diagnostic(
    change: &Change,
    config: &DrizzleConfig,
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
                "it looks like a rename of {} to {} ({:.0} % alike): `npx drizzle-kit generate` will ask",
                words::object(&rename.from),
                words::object(&rename.to),
                f64::from(rename.score) * 100.0
            );
            diagnostic.with_help(help)
        }
        None => diagnostic.with_help("run `npx drizzle-kit generate`"),
    };
    for related in desired.origins.get(&change.object).into_iter().flat_map(|origin| &origin.related) {
        diagnostic = diagnostic.with_related(related.location.clone(), related.message.clone());
    }
    diagnostic
}

/// The object itself, else what it belonged to, else the configuration's `schema`.
fn place(change: &Change, config: &DrizzleConfig, desired: &Desired) -> Location {
    match desired.origin_or_owner(&change.object) {
        Some(origin) => origin.focus.clone(),
        None => Location::new(&config.file, config.schema_span),
    }
}

/// An enum that a column uses and nobody exports: its CREATE TYPE is in no migration and never will be. One that a migration
/// has made is told by its pending drop.
fn enums_not_exported(project: &mut Project, desired: &Desired, history: &History) {
    for (path, location) in desired.not_exported.iter().filter(|(path, _)| path.kind == ObjectKind::Enum) {
        let is_known = history.schema.enums.contains_key(&path.name) || desired.schema.enums.contains_key(&path.name);
        let is_used = || desired.origins.uses().any(|found| found.object == *path && !found.is_declaration);
        let is_made = || hand_written::explains(history, &Change::create(path.clone()), &desired.schema);
        if is_known || !is_used() || is_made() {
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
