//! Events gathered into one round of analysis, with duplicates dropped.

use crate::state::{Event, Watched, WatchedKind};
use source::FilePath;
use std::collections::BTreeSet;
use std::path::Path;

/// What happened since the last round.
#[derive(Debug, Default)]
pub(crate) struct Batch {
    /// Files whose open buffer changed, appeared or went.
    pub(crate) buffers: BTreeSet<FilePath>,
    /// Files and folders whose content on disk may have changed.
    pub(crate) on_disk: BTreeSet<FilePath>,
    /// Configuration files or migrations folders may have come or gone.
    pub(crate) discover: bool,
    /// Somebody waits: start now.
    pub(crate) urgent: bool,
    /// What is known of a database changed.
    pub(crate) database_read: bool,
    has_work: bool,
    /// Something else happened than that open buffers were typed in.
    is_more_than_typed: bool,
}

impl Batch {
    pub(crate) fn add(&mut self, event: Event, sources: &[FilePath]) {
        if !matches!(event, Event::Wanted | Event::DatabaseRead) {
            self.has_work = true;
        }
        self.is_more_than_typed |= !matches!(event, Event::Wanted | Event::Changed(_));
        match event {
            Event::Started | Event::FoldersChanged => {
                self.discover = true;
                self.urgent = true;
            }
            Event::Opened(file) => {
                self.discover |= is_new_source(&file, sources);
                self.urgent = true;
                self.buffers.insert(file);
            }
            Event::Changed(file) => {
                self.buffers.insert(file);
            }
            Event::Saved(file) => {
                self.discover |= is_new_source(&file, sources);
                self.urgent = true;
                self.on_disk.insert(file);
            }
            Event::Closed(file) => {
                self.on_disk.insert(file.clone());
                self.buffers.insert(file);
            }
            Event::Watched(changes) => {
                for change in changes {
                    self.discover |= moves_sources(&change, sources);
                    self.on_disk.insert(change.path);
                }
            }
            Event::Wanted => self.urgent = true,
            Event::DatabaseRead => {
                self.database_read = true;
                self.urgent = true;
            }
        }
    }

    /// False where nothing happened that an analysis could see.
    pub(crate) fn has_work(&self) -> bool {
        self.has_work
    }
}

impl Batch {
    /// True where nothing happened but that these buffers were typed in.
    pub(crate) fn is_typed_in(&self, is_one: impl Fn(&FilePath) -> bool) -> bool {
        !self.is_more_than_typed && self.buffers.iter().all(is_one)
    }
}

/// A name like `drizzle.config.ts`, `driftlens.toml` or `migrations`. A wrong yes costs one look at the disk.
fn may_be_source(path: &Path) -> bool {
    let name = path.file_name().and_then(|name| name.to_str()).unwrap_or_default();
    workspace::is_source_name(path) || (name.starts_with("drizzle") && name.contains(".config."))
}

fn is_new_source(file: &FilePath, sources: &[FilePath]) -> bool {
    may_be_source(file) && !sources.contains(file)
}

/// Whether the change may have added or removed a project's source. A folder may bring or take some with it; the first migration
/// makes a folder a project, the last one that goes ends it.
fn moves_sources(change: &Watched, sources: &[FilePath]) -> bool {
    let holds_source = || sources.iter().any(|source| source.starts_with(&change.path));
    let may_be_folder = change.path.extension().is_none();
    let known_folder = || sources.iter().any(|source| change.path.starts_with(source));
    let is_migration = change.path.extension().is_some_and(|extension| extension == "sql")
        && change.path.ancestors().skip(1).take(3).any(workspace::is_source_name);
    match change.kind {
        WatchedKind::Changed => is_new_source(&change.path, sources),
        WatchedKind::Created => may_be_source(&change.path) || may_be_folder || (is_migration && !known_folder()),
        WatchedKind::Deleted => may_be_source(&change.path) || holds_source() || (is_migration && known_folder()),
        WatchedKind::Unknown => may_be_source(&change.path) || holds_source() || may_be_folder || is_migration,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::sync::Arc;

    /// Whether a change of `path` makes us look for projects again, when `/p/drizzle.config.ts` and `/m/migrations` are known.
    fn check(kind: WatchedKind, path: &str, expected: bool) {
        let sources = ["/m/migrations", "/p/drizzle.config.ts"].map(|path| FilePath::from(Path::new(path)));
        let mut batch = Batch::default();
        batch.add(Event::Watched(vec![Watched { path: Arc::from(Path::new(path)), kind }]), &sources);
        assert_eq!(batch.discover, expected, "{kind:?} {path}");
        assert!(batch.has_work() && !batch.urgent);
    }

    #[test]
    fn only_sources_that_come_or_go_are_looked_for() {
        check(WatchedKind::Changed, "/p/drizzle.config.ts", false);
        check(WatchedKind::Changed, "/p/schema.ts", false);
        check(WatchedKind::Created, "/p/schema.ts", false);
        check(WatchedKind::Created, "/q/drizzle.dev.config.ts", true);
        check(WatchedKind::Created, "/q/folder", true);
        check(WatchedKind::Deleted, "/p/drizzle.config.ts", true);
        check(WatchedKind::Deleted, "/p", true);
        check(WatchedKind::Deleted, "/q", false);
        check(WatchedKind::Unknown, "/p/drizzle.config.ts", true);
        check(WatchedKind::Created, "/q/driftlens.toml", true);
        check(WatchedKind::Created, "/q/supabase/config.toml", true);
        check(WatchedKind::Created, "/q/Cargo.toml", false);
    }

    #[test]
    fn the_first_and_the_last_migration_of_a_folder_count() {
        check(WatchedKind::Created, "/q/migrations/1_x.sql", true);
        check(WatchedKind::Created, "/q/migrations/1_x/up.sql", true);
        check(WatchedKind::Created, "/q/queries/1_x.sql", false);
        check(WatchedKind::Created, "/m/migrations/2_x.sql", false);
        check(WatchedKind::Changed, "/m/migrations/1_x.sql", false);
        check(WatchedKind::Deleted, "/m/migrations/1_x.sql", true);
    }

    #[test]
    fn ten_thousand_events_are_one_batch() {
        let mut batch = Batch::default();
        for n in 0..10_000 {
            let path: FilePath = Arc::from(Path::new(&format!("/p/{}.ts", n % 100)));
            batch.add(Event::Watched(vec![Watched { path, kind: WatchedKind::Changed }]), &[]);
        }
        assert_eq!(batch.on_disk.len(), 100);
    }

    #[test]
    fn a_request_alone_is_no_work() {
        let mut batch = Batch::default();
        batch.add(Event::Wanted, &[]);
        assert!(batch.urgent && !batch.has_work());
    }
}
