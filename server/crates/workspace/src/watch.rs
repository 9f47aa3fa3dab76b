//! Our own watcher, for clients that do not watch files for us.
//!
//! Where the system watches folders one by one (Linux, BSD), each is watched by itself, because a recursive watch would spend the few there
//! are on every folder of `node_modules`. Where it watches trees (macOS, Windows), a root is one watch.

use std::io;
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::mpsc::{Receiver, Sender, channel};
use std::time::{Duration, Instant};

use ignore::WalkBuilder;
use notify::event::ModifyKind;
use notify::{EventKind, RecommendedWatcher, RecursiveMode, Watcher as _};
use rustc_hash::FxHashSet;
use source::FilePath;

use crate::{Disk, SKIPPED_FOLDERS};

/// A checkout or an install comes as thousands of events: they are handed on together.
const GATHER: Duration = Duration::from_millis(100);

const WATCHES_TREES: bool = cfg!(any(target_os = "macos", windows));
const MODE: RecursiveMode = if WATCHES_TREES { RecursiveMode::Recursive } else { RecursiveMode::NonRecursive };

enum Message {
    Event(notify::Result<notify::Event>),
    Stop,
}

/// Watches until it is dropped.
pub struct Watcher {
    sender: Sender<Message>,
    is_stopped: Arc<AtomicBool>,
}

impl Drop for Watcher {
    fn drop(&mut self) {
        self.is_stopped.store(true, Ordering::SeqCst);
        // An error means that the thread has ended already.
        let _ = self.sender.send(Message::Stop);
    }
}

/// Calls `changed` from a thread of its own with what changed below `roots`, gathered over 100 ms, `node_modules`, `.git` and build output left out.
///
/// Folders that .gitignore names or whose name begins with a dot are not watched, unless they are one of the roots.
pub fn watch(roots: &[PathBuf], changed: impl Fn(Vec<FilePath>) + Send + 'static) -> io::Result<Watcher> {
    let (sender, receiver) = channel();
    let events = sender.clone();
    let notify = notify::recommended_watcher(move |event| {
        let _ = events.send(Message::Event(event));
    });
    let roots: Vec<FilePath> = roots.iter().map(|root| Disk::normalize(root)).collect();
    let mut folders = Folders { notify: notify.map_err(io::Error::other)?, roots: roots.clone() };
    for root in &roots {
        folders
            .notify
            .watch(root, MODE)
            .map_err(|error| io::Error::other(format!("cannot watch {}: {error}", root.display())))?;
    }
    let is_stopped = Arc::new(AtomicBool::new(false));
    let watcher = Watcher { sender, is_stopped: is_stopped.clone() };
    // Before the first return, so that no change after it is missed.
    for root in &roots {
        folders.add(root, &mut FxHashSet::default());
    }
    std::thread::Builder::new().name("watch".to_owned()).spawn(move || {
        while let Some(paths) = folders.gather(&receiver) {
            if is_stopped.load(Ordering::SeqCst) {
                break;
            }
            if !paths.is_empty() {
                let mut paths: Vec<_> = paths.into_iter().collect();
                paths.sort();
                changed(paths);
            }
        }
    })?;
    Ok(watcher)
}

struct Folders {
    notify: RecommendedWatcher,
    roots: Vec<FilePath>,
}

impl Folders {
    /// Waits for an event, then for those of the next 100 ms; None when there is nobody left to tell.
    fn gather(&mut self, receiver: &Receiver<Message>) -> Option<FxHashSet<FilePath>> {
        let mut paths = FxHashSet::default();
        let mut message = receiver.recv().ok()?;
        let end = Instant::now() + GATHER;
        loop {
            match message {
                Message::Stop => return None,
                Message::Event(Ok(event)) => self.take(&event, &mut paths),
                Message::Event(Err(error)) => {
                    paths.extend(error.paths.iter().map(|path| FilePath::from(path.as_path())))
                }
            }
            message = match receiver.recv_timeout(end.saturating_duration_since(Instant::now())) {
                Ok(message) => message,
                Err(_) => return Some(paths),
            };
        }
    }

    fn take(&mut self, event: &notify::Event, paths: &mut FxHashSet<FilePath>) {
        if event.need_rescan() {
            // The system lost events: anything may have changed.
            for root in self.roots.clone() {
                self.add(&root, paths);
                paths.insert(root);
            }
            return;
        }
        if matches!(event.kind, EventKind::Access(_)) {
            return;
        }
        let may_be_new = matches!(event.kind, EventKind::Create(_) | EventKind::Modify(ModifyKind::Name(_)));
        for path in &event.paths {
            if self.is_skipped(path) {
                continue;
            }
            let is_directory = std::fs::symlink_metadata(path).is_ok_and(|metadata| metadata.is_dir());
            if is_directory && may_be_new {
                self.add(path, paths);
            }
            // Some systems also report the folder of a changed file as modified, which says nothing new.
            if !is_directory || may_be_new {
                paths.insert(FilePath::from(path.as_path()));
            }
        }
    }

    /// Watches a folder and those below it; collects what is there, which may be older than the watch.
    fn add(&mut self, folder: &Path, paths: &mut FxHashSet<FilePath>) {
        let walk = WalkBuilder::new(folder)
            .require_git(false)
            .follow_links(false)
            .filter_entry(|entry| {
                entry.depth() == 0 || !entry.file_name().to_str().is_some_and(|name| SKIPPED_FOLDERS.contains(&name))
            })
            // A root that lies in an ignored folder is watched all the same.
            .parents(false)
            .build();
        for entry in walk.flatten() {
            if !WATCHES_TREES && entry.file_type().is_some_and(|kind| kind.is_dir()) {
                // Past the system's limit the rest goes unwatched, which is better than nothing at all.
                let _ = self.notify.watch(entry.path(), RecursiveMode::NonRecursive);
            }
            paths.insert(FilePath::from(entry.path()));
        }
    }

    fn is_skipped(&self, path: &Path) -> bool {
        // Only what lies below a root counts: the project itself may be in a folder named `dist`.
        let below =
            self.roots.iter().filter_map(|root| path.strip_prefix(root).ok()).min_by_key(|it| it.as_os_str().len());
        let mut names = below.unwrap_or(path).components().filter_map(|it| it.as_os_str().to_str());
        names.any(|name| SKIPPED_FOLDERS.contains(&name))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::fs;

    /// Makes the change in a watched folder, and gives what is reported until `last` is.
    fn check(change: impl FnOnce(&Path), last: &str, expected: &[&str]) {
        let folder = tempfile::tempdir().unwrap();
        let root = folder.path().canonicalize().unwrap();
        fs::create_dir_all(root.join("src")).unwrap();
        fs::create_dir_all(root.join("node_modules/x")).unwrap();
        fs::write(root.join("src/a.ts"), "").unwrap();
        let (sender, receiver) = channel();
        let watcher = watch(std::slice::from_ref(&root), move |paths| sender.send(paths).unwrap_or_default()).unwrap();
        change(&root);
        let mut found = FxHashSet::default();
        while !found.contains(Path::new(last)) {
            let paths = receiver.recv_timeout(Duration::from_secs(10)).unwrap();
            found.extend(paths.iter().map(|path| path.strip_prefix(&root).unwrap().to_path_buf()));
        }
        let mut found: Vec<_> = found.into_iter().collect();
        found.sort();
        assert_eq!(found, expected.iter().map(PathBuf::from).collect::<Vec<_>>());
        drop(watcher);
        // The thread ends, and with it the sender.
        assert!(
            receiver
                .recv_timeout(Duration::from_secs(10))
                .is_err_and(|it| it == std::sync::mpsc::RecvTimeoutError::Disconnected)
        );
    }

    #[test]
    fn a_written_file_is_reported_and_an_installed_one_is_not() {
        let change = |root: &Path| {
            fs::write(root.join("node_modules/x/i.ts"), "x").unwrap();
            fs::write(root.join("src/a.ts"), "x").unwrap();
        };
        check(change, "src/a.ts", &["src/a.ts"]);
    }

    #[test]
    fn a_file_in_a_new_folder_is_reported() {
        let change = |root: &Path| {
            fs::create_dir_all(root.join("out/meta")).unwrap();
            fs::write(root.join("out/meta/_journal.json"), "{}").unwrap();
        };
        check(change, "out/meta/_journal.json", &["out", "out/meta", "out/meta/_journal.json"]);
    }

    #[test]
    fn a_removed_file_is_reported() {
        check(|root| fs::remove_file(root.join("src/a.ts")).unwrap(), "src/a.ts", &["src/a.ts"]);
    }

    #[test]
    fn a_missing_root_is_an_error() {
        assert!(watch(&[PathBuf::from("/no/such/folder")], |_| {}).is_err());
    }
}
