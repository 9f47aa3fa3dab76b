//! Writing a migration: all of its files or none.
//!
//! One process at a time writes into a folder. The files are written aside and synced, then moved to their places, the one with which the
//! migration counts last (see `history::formats::staged`).

use std::fs::{self, File};
use std::io::{self, Write as _};
use std::path::{Path, PathBuf};
use std::time::{SystemTime, UNIX_EPOCH};

use history::formats::{Addition, Moment, STAGED_FOLDER, STAGED_LIST, Staged};
use source::Files;

use crate::Disk;

/// What the engine cannot know of a migration that is made now.
pub fn moment() -> Moment {
    let since = SystemTime::now().duration_since(UNIX_EPOCH).unwrap_or_default();
    Moment { unix_ms: u64::try_from(since.as_millis()).unwrap_or(u64::MAX), id: uuid::Uuid::new_v4().to_string() }
}

/// Why a migration could not be written. Nothing of it is in its folder.
#[derive(Debug)]
pub struct WriteError {
    pub path: PathBuf,
    pub doing: &'static str,
    pub error: io::Error,
}

impl std::fmt::Display for WriteError {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "{} cannot be {}: {}", self.path.display(), self.doing, self.error)
    }
}

impl std::error::Error for WriteError {}

/// The right to write into a migrations folder, given back when it is dropped.
pub struct FolderLock {
    folder: PathBuf,
    _lock: File,
}

impl FolderLock {
    /// Makes the folder where it is not there, and waits until no other process writes into it; `waiting` is called where that takes
    /// time. Takes away what a killed process left.
    pub fn take(folder: &Path, waiting: impl FnOnce()) -> Result<FolderLock, WriteError> {
        fs::create_dir_all(folder).map_err(|error| failed(folder, "made", error))?;
        let lock = lock_file(folder)?;
        match lock.try_lock() {
            Ok(()) => {}
            Err(fs::TryLockError::WouldBlock) => {
                waiting();
                lock.lock().map_err(|error| failed(folder, "locked", error))?;
            }
            Err(fs::TryLockError::Error(error)) => return Err(failed(folder, "locked", error)),
        }
        let lock = FolderLock { folder: folder.to_owned(), _lock: lock };
        lock.clean_up()?;
        Ok(lock)
    }

    /// Writes all files of a migration. Where that fails nothing is left of it.
    pub fn write(&self, addition: &Addition) -> Result<(), WriteError> {
        let staged = self.folder.join(STAGED_FOLDER);
        let written = self.stage(addition, &staged).and_then(|()| self.move_into_place(addition, &staged));
        if written.is_err() {
            self.clean_up()?;
        }
        written?;
        remove_folder(&staged)
    }

    fn stage(&self, addition: &Addition, staged: &Path) -> Result<(), WriteError> {
        for file in &addition.files {
            write_synced(&self.staged_path(staged, &file.path), file.text.as_bytes())?;
        }
        let list = serde_json::to_vec(&Staged::of(addition, &self.folder));
        let list = list.map_err(|error| failed(staged, "listed", io::Error::other(error)))?;
        // With the list in place the rest can be taken back.
        let (path, unfinished) = (staged.join(STAGED_LIST), staged.join("files.json.tmp"));
        write_synced(&unfinished, &list)?;
        fs::rename(&unfinished, &path).map_err(|error| failed(&path, "written", error))?;
        sync_folder(staged);
        sync_folder(&self.folder);
        Ok(())
    }

    fn move_into_place(&self, addition: &Addition, staged: &Path) -> Result<(), WriteError> {
        for file in &addition.files {
            if !file.replaces && file.path.exists() {
                let error = io::Error::new(io::ErrorKind::AlreadyExists, "there is such a file already");
                return Err(failed(&file.path, "written", error));
            }
            let parent = file.path.parent().unwrap_or(&self.folder);
            fs::create_dir_all(parent).map_err(|error| failed(parent, "made", error))?;
            fs::rename(self.staged_path(staged, &file.path), &file.path)
                .map_err(|error| failed(&file.path, "written", error))?;
            sync_folder(parent);
        }
        addition.removed.iter().try_for_each(|file| self.remove(file))
    }

    /// Removes a file, and its folder where nothing else is in it.
    fn remove(&self, file: &Path) -> Result<(), WriteError> {
        match fs::remove_file(file) {
            Err(error) if error.kind() != io::ErrorKind::NotFound => return Err(failed(file, "removed", error)),
            _ => {}
        }
        if let Some(parent) = file.parent().filter(|parent| *parent != self.folder) {
            let _ = fs::remove_dir(parent);
        }
        Ok(())
    }

    fn staged_path(&self, staged: &Path, file: &Path) -> PathBuf {
        staged.join(file.strip_prefix(&self.folder).unwrap_or(file))
    }

    /// Takes back a migration of which not all files are in place; completes what cannot be taken back.
    fn clean_up(&self) -> Result<(), WriteError> {
        let disk = Disk::new();
        let staged = self.folder.join(STAGED_FOLDER);
        if let Some(interrupted) = Staged::interrupted(&self.folder, &disk as &dyn Files) {
            if interrupted.is_completed() {
                self.complete(&interrupted, &staged)?;
            }
            for file in interrupted.added() {
                let (there, waiting) = (self.folder.join(file), staged.join(file));
                // What is still waiting was not moved: a file of this name is somebody else's.
                if waiting.exists() || !there.exists() {
                    continue;
                }
                self.remove(&there)?;
            }
        }
        remove_folder(&staged)
    }

    fn complete(&self, interrupted: &Staged, staged: &Path) -> Result<(), WriteError> {
        for file in &interrupted.new {
            let (there, waiting) = (self.folder.join(file), staged.join(file));
            if waiting.exists() {
                let parent = there.parent().unwrap_or(&self.folder);
                fs::create_dir_all(parent).map_err(|error| failed(parent, "made", error))?;
                fs::rename(&waiting, &there).map_err(|error| failed(&there, "written", error))?;
                sync_folder(parent);
            }
        }
        interrupted.removed.iter().try_for_each(|file| self.remove(&self.folder.join(file)))
    }
}

/// Gives a file another text, or takes it away where there is none: a reader sees the old text or the new one.
pub fn replace_file(path: &Path, text: Option<&str>) -> Result<(), WriteError> {
    let Some(text) = text else {
        return fs::remove_file(path).map_err(|error| failed(path, "removed", error));
    };
    let mut name = path.file_name().unwrap_or_default().to_owned();
    name.push(format!(".{}.tmp", std::process::id()));
    let unfinished = path.with_file_name(name);
    let written = write_synced(&unfinished, text.as_bytes())
        .and_then(|()| fs::rename(&unfinished, path).map_err(|error| failed(path, "written", error)));
    if written.is_err() {
        let _ = fs::remove_file(&unfinished);
    }
    written?;
    sync_folder(path.parent().unwrap_or(path));
    Ok(())
}

fn failed(path: &Path, doing: &'static str, error: io::Error) -> WriteError {
    WriteError { path: path.to_owned(), doing, error }
}

fn remove_folder(folder: &Path) -> Result<(), WriteError> {
    match fs::remove_dir_all(folder) {
        Err(error) if error.kind() != io::ErrorKind::NotFound => Err(failed(folder, "removed", error)),
        _ => Ok(()),
    }
}

fn write_synced(path: &Path, bytes: &[u8]) -> Result<(), WriteError> {
    let write = || -> io::Result<()> {
        fs::create_dir_all(path.parent().unwrap_or(path))?;
        let mut file = File::create(path)?;
        file.write_all(bytes)?;
        file.sync_all()
    };
    write().map_err(|error| failed(path, "written", error))
}

/// Names in a folder reach the disk with the folder. Not every file system can do it; then the files themselves have to do.
fn sync_folder(folder: &Path) {
    if let Ok(folder) = File::open(folder) {
        let _ = folder.sync_all();
    }
}

/// The folder itself can be locked, so nothing is left in it.
#[cfg(unix)]
fn lock_file(folder: &Path) -> Result<File, WriteError> {
    File::open(folder).map_err(|error| failed(folder, "opened", error))
}

/// A file of the user's, named for the folder.
#[cfg(not(unix))]
fn lock_file(folder: &Path) -> Result<File, WriteError> {
    use std::hash::{Hash as _, Hasher as _};
    let mut hasher = rustc_hash::FxHasher::default();
    folder.canonicalize().unwrap_or_else(|_| folder.to_owned()).hash(&mut hasher);
    let path = std::env::temp_dir().join(format!("driftlens-{:016x}.lock", hasher.finish()));
    let opened = File::options().create(true).truncate(false).write(true).open(&path);
    opened.map_err(|error| failed(&path, "opened", error))
}

#[cfg(test)]
mod tests {
    use super::*;
    use history::formats::AddedFile;
    use source::FilePath;

    fn addition(folder: &Path) -> Addition {
        let file = |name: &str, text: &str, replaces| AddedFile {
            path: FilePath::from(folder.join(name)),
            text: text.to_owned(),
            replaces,
        };
        let files = vec![
            file("0001_a.sql", "SELECT 1;", false),
            file("meta/0001_snapshot.json", "{}", false),
            file("meta/_journal.json", "new", true),
        ];
        Addition { tag: String::from("0001_a"), files, removed: Vec::new() }
    }

    fn names(folder: &Path) -> Vec<String> {
        let mut names: Vec<String> =
            fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().file_name().into_string().unwrap()).collect();
        names.sort();
        names
    }

    fn with_journal() -> tempfile::TempDir {
        let folder = tempfile::tempdir().unwrap();
        fs::create_dir(folder.path().join("meta")).unwrap();
        fs::write(folder.path().join("meta/_journal.json"), "old").unwrap();
        folder
    }

    #[test]
    fn all_files_of_a_migration_are_written_and_nothing_else_is_left() {
        let folder = with_journal();
        FolderLock::take(folder.path(), || panic!("nobody else is there"))
            .unwrap()
            .write(&addition(folder.path()))
            .unwrap();
        assert_eq!(names(folder.path()), ["0001_a.sql", "meta"]);
        assert_eq!(names(&folder.path().join("meta")), ["0001_snapshot.json", "_journal.json"]);
        assert_eq!(fs::read_to_string(folder.path().join("meta/_journal.json")).unwrap(), "new");
    }

    #[test]
    fn what_cannot_be_written_leaves_the_folder_as_it_was() {
        let folder = with_journal();
        fs::write(folder.path().join("meta/0001_snapshot.json"), "another's").unwrap();
        let error = FolderLock::take(folder.path(), || ()).unwrap().write(&addition(folder.path())).unwrap_err();
        assert!(error.to_string().contains("0001_snapshot.json cannot be written: there is such a file"), "{error}");
        assert_eq!(names(folder.path()), ["meta"]);
        assert_eq!(fs::read_to_string(folder.path().join("meta/0001_snapshot.json")).unwrap(), "another's");
        assert_eq!(fs::read_to_string(folder.path().join("meta/_journal.json")).unwrap(), "old");
    }

    #[test]
    fn what_a_killed_process_left_is_taken_back_at_every_point() {
        for n_moved in 0..3 {
            let folder = with_journal();
            let lock = FolderLock::take(folder.path(), || ()).unwrap();
            let addition = addition(folder.path());
            let staged = folder.path().join(STAGED_FOLDER);
            lock.stage(&addition, &staged).unwrap();
            let part = Addition { files: addition.files.iter().take(n_moved).cloned().collect(), ..addition };
            lock.move_into_place(&part, &staged).unwrap();
            drop(lock);
            FolderLock::take(folder.path(), || ()).unwrap();
            assert_eq!(names(folder.path()), ["meta"], "{n_moved}");
            assert_eq!(names(&folder.path().join("meta")), ["_journal.json"], "{n_moved}");
            assert_eq!(fs::read_to_string(folder.path().join("meta/_journal.json")).unwrap(), "old");
        }
    }

    #[test]
    fn what_cannot_be_taken_back_is_completed_from_every_point() {
        for n_moved in 0..=3 {
            let folder = with_journal();
            fs::write(folder.path().join("0001_old.sql"), "old").unwrap();
            let lock = FolderLock::take(folder.path(), || ()).unwrap();
            let whole = Addition {
                removed: vec![FilePath::from(folder.path().join("0001_old.sql"))],
                ..addition(folder.path())
            };
            let staged = folder.path().join(STAGED_FOLDER);
            lock.stage(&whole, &staged).unwrap();
            let part =
                Addition { files: whole.files.iter().take(n_moved).cloned().collect(), removed: Vec::new(), ..whole };
            lock.move_into_place(&part, &staged).unwrap();
            drop(lock);
            FolderLock::take(folder.path(), || ()).unwrap();
            assert_eq!(names(folder.path()), ["0001_a.sql", "meta"], "{n_moved}");
            assert_eq!(fs::read_to_string(folder.path().join("meta/_journal.json")).unwrap(), "new", "{n_moved}");
        }
    }

    #[test]
    fn the_second_waits_for_the_first() {
        let folder = with_journal();
        let lock = FolderLock::take(folder.path(), || ()).unwrap();
        let (path, (sender, receiver)) = (folder.path().to_owned(), std::sync::mpsc::channel());
        let second = std::thread::spawn(move || {
            FolderLock::take(&path, || sender.send(()).unwrap()).unwrap();
        });
        receiver.recv().unwrap();
        drop(lock);
        second.join().unwrap();
    }
}
