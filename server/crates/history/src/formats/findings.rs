//! Findings that several formats have in common: versions that clash, files that the tool passes over, files it stops at.

use std::collections::HashMap;

use source::{Diagnostic, FilePath, Location, Span, codes};

use super::Migration;

/// Two migrations of one version; `help` says what the tool does then.
pub(super) fn duplicate_versions(migrations: &[Migration], help: &str) -> Vec<Diagnostic> {
    duplicates(migrations.iter().map(|migration| (migration.version.as_str(), migration)), help)
}

/// Two migrations whose versions are one as the tool compares them: `Key` is what it compares.
pub(super) fn duplicates<'a, Key: std::hash::Hash + Eq>(
    migrations: impl Iterator<Item = (Key, &'a Migration)>,
    help: &str,
) -> Vec<Diagnostic> {
    let mut earlier: HashMap<Key, &Migration> = HashMap::new();
    let mut findings = Vec::new();
    for (key, migration) in migrations {
        if let Some(other) = earlier.get(&key) {
            let message = format!("{} has the version {} of {}", migration.tag, other.version, other.tag);
            findings.push(duplicate(&migration.file, &other.file, message, help));
        } else {
            earlier.insert(key, migration);
        }
    }
    findings
}

/// A file that clashes with another.
pub(super) fn duplicate(file: &FilePath, other: &FilePath, message: String, help: &str) -> Diagnostic {
    Diagnostic::new(codes::DUPLICATE_ENTRY, Location::start_of(file), message)
        .with_help(help)
        .with_related(Location::start_of(other), "the other migration")
}

/// A `.sql` file that the tool passes over without an error; `why` tells what it asks of a name.
pub(super) fn unlisted(file: &FilePath, tool: &str, why: &str) -> Diagnostic {
    let message = format!("{tool} never runs {}: {why}", name_of(file));
    Diagnostic::new(codes::UNLISTED_FILE, Location::start_of(file), message)
        .with_help("Give it a name that the tool takes for a migration, or move it out of the migrations folder.")
}

/// A migration at which the tool stops.
pub(super) fn malformed(file: &FilePath, span: Span, message: impl Into<String>, help: &str) -> Diagnostic {
    Diagnostic::new(codes::MALFORMED_MIGRATION, Location::new(file, span), message).with_help(help)
}

/// The last part of a path.
pub(super) fn name_of(file: &FilePath) -> String {
    file.file_name().map(|name| name.to_string_lossy().into_owned()).unwrap_or_default()
}
