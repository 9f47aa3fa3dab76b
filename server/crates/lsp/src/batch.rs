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
    /// Configuration files may have come or gone.
    pub(crate) discover: bool,
    /// Somebody waits: start now.
    pub(crate) urgent: bool,
    has_work: bool,
}

impl Batch {
    pub(crate) fn add(&mut self, event: Event, configs: &[FilePath]) {
        if !matches!(event, Event::Wanted) {
            self.has_work = true;
        }
        match event {
            Event::Started | Event::FoldersChanged => {
                self.discover = true;
                self.urgent = true;
            }
            Event::Opened(file) => {
                self.discover |= is_new_config(&file, configs);
                self.urgent = true;
                self.buffers.insert(file);
            }
            Event::Changed(file) => {
                self.buffers.insert(file);
            }
            Event::Saved(file) => {
                self.discover |= is_new_config(&file, configs);
                self.urgent = true;
                self.on_disk.insert(file);
            }
            Event::Closed(file) => {
                self.on_disk.insert(file.clone());
                self.buffers.insert(file);
            }
            Event::Watched(changes) => {
                for change in changes {
                    self.discover |= moves_configs(&change, configs);
                    self.on_disk.insert(change.path);
                }
            }
            Event::Wanted => self.urgent = true,
        }
    }

    /// False where nothing happened that an analysis could see.
    pub(crate) fn has_work(&self) -> bool {
        self.has_work
    }
}

/// A name like `drizzle.config.ts` or `drizzle-dev.config.mjs`. Generous: a wrong yes costs one look at the disk.
fn is_config_name(path: &Path) -> bool {
    let name = path.file_name().and_then(|name| name.to_str()).unwrap_or_default();
    name.starts_with("drizzle") && name.contains(".config.")
}

fn is_new_config(file: &FilePath, configs: &[FilePath]) -> bool {
    is_config_name(file) && !configs.contains(file)
}

/// Whether the change may have added or removed a configuration file. A folder may bring or take some with it.
fn moves_configs(change: &Watched, configs: &[FilePath]) -> bool {
    let holds_config = || configs.iter().any(|config| config.starts_with(&change.path));
    let may_be_folder = change.path.extension().is_none();
    match change.kind {
        WatchedKind::Changed => is_new_config(&change.path, configs),
        WatchedKind::Created => is_config_name(&change.path) || may_be_folder,
        WatchedKind::Deleted => is_config_name(&change.path) || holds_config(),
        WatchedKind::Unknown => is_config_name(&change.path) || holds_config() || may_be_folder,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::sync::Arc;

    /// Whether a change of `path` makes us look for configurations again, when `/p/drizzle.config.ts` is known.
    fn check(kind: WatchedKind, path: &str, expected: bool) {
        let configs = [FilePath::from(Path::new("/p/drizzle.config.ts"))];
        let mut batch = Batch::default();
        batch.add(Event::Watched(vec![Watched { path: Arc::from(Path::new(path)), kind }]), &configs);
        assert_eq!(batch.discover, expected, "{kind:?} {path}");
        assert!(batch.has_work() && !batch.urgent);
    }

    #[test]
    fn only_configurations_that_come_or_go_are_looked_for() {
        check(WatchedKind::Changed, "/p/drizzle.config.ts", false);
        check(WatchedKind::Changed, "/p/schema.ts", false);
        check(WatchedKind::Created, "/p/schema.ts", false);
        check(WatchedKind::Created, "/q/drizzle.dev.config.ts", true);
        check(WatchedKind::Created, "/q/folder", true);
        check(WatchedKind::Deleted, "/p/drizzle.config.ts", true);
        check(WatchedKind::Deleted, "/p", true);
        check(WatchedKind::Deleted, "/q", false);
        check(WatchedKind::Unknown, "/p/drizzle.config.ts", true);
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
