//! The changes that lack a migration, each at the place that causes it.

use diff::RenameCandidate;
use history::History;
use languages::Desired;
use languages::drizzle::DrizzleConfig;
use rustc_hash::FxHashMap;
use schema::{Action, Change, ObjectKind, ObjectPath};
use source::{Diagnostic, Location, codes};

use crate::project::{Pending, Project};
use crate::words;

/// Compares history and desired, and puts what differs into the project.
pub(crate) fn find(project: &mut Project, config: &DrizzleConfig, desired: &Desired, history: &History) {
    let not_exported: FxHashMap<&ObjectPath, &Location> =
        desired.not_exported.iter().map(|(path, location)| (path, location)).collect();
    enums_not_exported(project, desired);
    if history.unreadable {
        return;
    }
    let difference = diff::diff(&history.schema, &desired.schema);
    for change in difference.changes {
        if explained_by_hand_written_sql(&change, history) {
            continue;
        }
        let diagnostic = diagnostic(&change, config, desired, &not_exported, &difference.renames);
        project.pending.push(Pending { change, diagnostic });
    }
    project.renames = difference.renames;
}

/// A migration without a snapshot that names the object may have made the change already.
fn explained_by_hand_written_sql(change: &Change, history: &History) -> bool {
    if history.not_replayed.is_empty() {
        return false;
    }
    let name = change.object.last_name().to_lowercase();
    let owner = change.object.name.name.to_lowercase();
    // SQL about a part names its table too, but for an index, which is dropped by its name alone.
    let needs_owner = change.object.kind.is_part() && change.object.kind != ObjectKind::Index;
    history.not_replayed.iter().any(|sql| has_word(sql, &name) && (!needs_owner || has_word(sql, &owner)))
}

fn has_word(text: &str, word: &str) -> bool {
    let is_name = |character: char| character.is_alphanumeric() || character == '_' || character == '$';
    !word.is_empty()
        && text.match_indices(word).any(|(start, _)| {
            let before = text.get(..start).and_then(|before| before.chars().next_back());
            let after = text.get(start + word.len()..).and_then(|after| after.chars().next());
            !before.is_some_and(is_name) && !after.is_some_and(is_name)
        })
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

/// An enum that a column uses and nobody exports: its CREATE TYPE is in no migration and never will be.
fn enums_not_exported(project: &mut Project, desired: &Desired) {
    for (path, location) in &desired.not_exported {
        let is_used = path.kind == ObjectKind::Enum
            && desired.origins.uses().any(|found| found.object == *path && !found.is_declaration);
        if is_used && !desired.schema.enums.contains_key(&path.name) {
            let message = format!(
                "{} is used by a column but not exported: drizzle-kit writes no CREATE TYPE for it",
                words::object(path)
            );
            let diagnostic = Diagnostic::new(codes::NOT_EXPORTED, location.clone(), message)
                .with_help("export it from a schema file");
            project.diagnostics.push(diagnostic);
        }
    }
}

#[cfg(test)]
mod tests;
