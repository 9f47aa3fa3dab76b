//! The file provider over the disk, with open buffers on top.

use std::borrow::Cow;
use std::path::{Component, Path, PathBuf};
use std::sync::Arc;

use parking_lot::RwLock;
use rustc_hash::{FxHashMap, FxHashSet};
use source::{Entry, FilePath, Files, ReadError, Resolution};

use crate::changes::Changes;
use crate::overlay::Overlay;
use crate::read;
use crate::resolve::Resolver;
use crate::texts::Texts;

/// Files whose content decides what other files are: a change of their text changes resolutions.
const RESOLUTION_FILES: [&str; 3] = ["package.json", "pnpm-workspace.yaml", "jsconfig.json"];

/// Files on disk under open buffers. Shared between threads; every method takes `&self`.
///
/// As made by `new`, every read looks whether the file is still the same. With `trusting_changes` what was read once is trusted until
/// `changed`, `open` or `close` names it: for a server that is told of every change, and reads hundreds of files at every keystroke.
pub struct Disk {
    trusts_changes: bool,
    environment: Option<FxHashMap<String, String>>,
    overlay: Arc<Overlay>,
    resolver: Resolver,
    texts: Texts,
    /// Files that were there at their last reported change: another change of them creates nothing.
    seen: RwLock<FxHashSet<FilePath>>,
    listings: RwLock<FxHashMap<FilePath, Result<Vec<Entry>, ReadError>>>,
    /// The heads of files with how many bytes were asked for: a folder of migrations has thousands of snapshots.
    heads: RwLock<FxHashMap<FilePath, (usize, Arc<str>)>>,
    globs: RwLock<FxHashMap<FilePath, FxHashMap<String, Vec<FilePath>>>>,
    changes: RwLock<Changes>,
}

impl Default for Disk {
    fn default() -> Disk {
        Disk::new()
    }
}

impl Disk {
    pub fn new() -> Disk {
        let overlay = Arc::<Overlay>::default();
        Disk {
            trusts_changes: false,
            environment: None,
            resolver: Resolver::new(overlay.clone()),
            overlay,
            texts: Texts::default(),
            seen: RwLock::default(),
            listings: RwLock::default(),
            heads: RwLock::default(),
            globs: RwLock::default(),
            changes: RwLock::default(),
        }
    }

    /// Trusts what it has read until `changed` names it.
    #[must_use]
    pub fn trusting_changes(mut self) -> Disk {
        self.trusts_changes = true;
        self
    }

    /// These variables instead of the process's own.
    #[must_use]
    pub fn with_environment(mut self, variables: impl IntoIterator<Item = (String, String)>) -> Disk {
        self.environment = Some(variables.into_iter().collect());
        self
    }

    /// An absolute path with `.` and `..` taken out; symbolic links stay as they are.
    pub fn normalize(path: &Path) -> FilePath {
        // Without a current directory (it was removed) the path stays relative: reading it then says that there is no such file.
        let absolute = std::path::absolute(path).unwrap_or_else(|_| path.to_path_buf());
        let mut normal = PathBuf::new();
        for component in absolute.components() {
            match component {
                Component::CurDir => {}
                Component::ParentDir => {
                    normal.pop();
                }
                _ => normal.push(component),
            }
        }
        Arc::from(normal)
    }

    /// From now on the file has this text, until `close`.
    pub fn open(&self, path: &FilePath, text: Arc<str>) {
        let path = normal(path);
        let was_open = self.overlay.insert(FilePath::from(&*path), text);
        // Counted before the rest is forgotten, so that a look-up under way does not keep what it saw before.
        self.changes.write().add(&path, true);
        // An editor that makes a file and opens it is quicker than the word that the file was made.
        let was_there = was_open || (path.is_file() && self.is_listed(&path));
        if is_resolution_file(&path) || !was_there {
            self.forget_structure();
        }
    }

    /// True for a file that was there when its folder was last looked at.
    fn is_listed(&self, path: &Path) -> bool {
        let listings = self.listings.read();
        let listing = path.parent().and_then(|folder| listings.get(folder)?.as_ref().ok());
        listing.is_some_and(|entries| entries.iter().any(|entry| *entry.path == *path))
    }

    /// From now on the file is what the disk has.
    pub fn close(&self, path: &Path) {
        let path = normal(path);
        let was_open = self.overlay.remove(&path);
        let may_alter = self.forget(&path);
        // An open file counted as one: it still does where the disk has it.
        let is_kept = was_open && path.is_file() && !is_resolution_file(&path);
        if may_alter && !is_kept {
            self.forget_structure();
        }
    }

    /// What was kept of these files and folders is read again when it is next asked for.
    pub fn changed(&self, paths: &[FilePath]) {
        let mut structure = false;
        for path in paths {
            let path = normal(path);
            let links = self.texts.links(&path);
            for path in links.iter().map(|link| &**link).chain([&*path]) {
                structure |= self.forget(path);
            }
        }
        if structure {
            self.forget_structure();
        }
    }

    /// Forgets a file's text; true if the change may have altered which files there are or where imports lead.
    fn forget(&self, path: &Path) -> bool {
        let is_file = path.is_file();
        // Counted before it is forgotten: a read under way either sees the count, or is done and forgotten below.
        self.changes.write().add(path, is_file);
        let was_read = self.texts.forget(path);
        self.heads.write().remove(path);
        if !is_file {
            // A folder that came, went or was renamed took all its files along.
            self.texts.forget_below(path);
            self.heads.write().retain(|known, _| !known.starts_with(path));
            self.seen.write().retain(|known| !known.starts_with(path));
        }
        let was_seen = is_file && !self.seen.write().insert(FilePath::from(path));
        // An open file counts before and after, whatever became of it on the disk.
        let was_file = was_read || was_seen || self.overlay.is_file(path);
        let is_file = is_file || self.overlay.is_file(path);
        !(is_file && was_file) || is_resolution_file(path)
    }

    /// Which files there are, and what follows from it, is looked up again.
    fn forget_structure(&self) {
        self.listings.write().clear();
        self.globs.write().clear();
        self.resolver.forget();
        // Last: who was told a stamp meanwhile may have seen what was there before.
        self.changes.write().add_structure();
    }
}

impl Disk {
    fn trusted_head(&self, path: &Path, bytes: usize) -> Result<String, ReadError> {
        if let Some((known_bytes, head)) = self.heads.read().get(path)
            && *known_bytes == bytes
        {
            return Ok(head.to_string());
        }
        let before = self.changes.read().count;
        let head = read::read_head(path, bytes)?;
        let mut heads = self.heads.write();
        if self.changes.read().count == before {
            heads.insert(FilePath::from(path), (bytes, Arc::from(head.as_str())));
        }
        Ok(head)
    }
}

impl Files for Disk {
    fn read(&self, path: &Path) -> Result<Arc<str>, ReadError> {
        let path = normal(path);
        if let Some(text) = self.overlay.text(&path) {
            return Ok(text);
        }
        let count = || self.changes.read().count;
        match self.trusts_changes {
            true => self.texts.read_trusting(&path, &count),
            false => self.texts.read_checking(&path),
        }
    }

    fn read_head(&self, path: &Path, bytes: usize) -> Result<String, ReadError> {
        let path = normal(path);
        match self.overlay.text(&path) {
            Some(text) => Ok(text.get(..text.floor_char_boundary(bytes)).unwrap_or_default().to_owned()),
            None if self.trusts_changes => self.trusted_head(&path, bytes),
            None => read::read_head(&path, bytes),
        }
    }

    fn read_large(&self, path: &Path) -> Result<String, ReadError> {
        let path = normal(path);
        match self.overlay.text(&path) {
            Some(text) => Ok(text.to_string()),
            None => read::read_large(&path),
        }
    }

    fn list(&self, directory: &Path) -> Result<Vec<Entry>, ReadError> {
        let directory = normal(directory);
        if !self.trusts_changes {
            return read::list(&self.overlay, &directory);
        }
        if let Some(known) = self.listings.read().get(&*directory) {
            return known.clone();
        }
        let before = self.changes.read().count;
        let listing = read::list(&self.overlay, &directory);
        let mut listings = self.listings.write();
        if self.changes.read().count == before {
            listings.insert(FilePath::from(&*directory), listing.clone());
        }
        listing
    }

    fn glob(&self, base: &Path, pattern: &str) -> Vec<FilePath> {
        let base = normal(base);
        let list = |directory: &Path| self.list(directory).unwrap_or_default();
        if !self.trusts_changes {
            return crate::glob::glob(&base, pattern, &list);
        }
        if let Some(known) = self.globs.read().get(&*base).and_then(|patterns| patterns.get(pattern)) {
            return known.clone();
        }
        let before = self.changes.read().count;
        let files = crate::glob::glob(&base, pattern, &list);
        let mut globs = self.globs.write();
        if self.changes.read().count == before {
            globs.entry(FilePath::from(&*base)).or_default().insert(pattern.to_owned(), files.clone());
        }
        files
    }

    fn resolve(&self, importer: &Path, specifier: &str) -> Resolution {
        let importer = normal(importer);
        match self.trusts_changes {
            true => self.resolver.resolve(&importer, specifier),
            false => self.resolver.resolve_checked(&importer, specifier),
        }
    }

    fn environment(&self, name: &str) -> Option<String> {
        match &self.environment {
            Some(variables) => variables.get(name).cloned(),
            None => std::env::var(name).ok(),
        }
    }

    fn folder_stamp(&self, directory: &Path) -> Option<u64> {
        self.trusts_changes.then(|| self.changes.read().stamp(&normal(directory)))
    }

    fn changed_since(&self, directory: &Path, stamp: u64) -> Option<Vec<FilePath>> {
        self.trusts_changes.then(|| self.changes.read().since(&normal(directory), stamp))?
    }
}

/// The path as `normalize` gives it, without an allocation where it is so already.
fn normal(path: &Path) -> Cow<'_, Path> {
    let is_normal =
        path.is_absolute() && !path.components().any(|it| matches!(it, Component::ParentDir | Component::CurDir));
    if is_normal { Cow::Borrowed(path) } else { Cow::Owned(Disk::normalize(path).to_path_buf()) }
}

fn is_resolution_file(path: &Path) -> bool {
    let name = path.file_name().and_then(|name| name.to_str()).unwrap_or_default();
    RESOLUTION_FILES.contains(&name) || (name.contains("tsconfig") && name.ends_with(".json"))
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::fs;

    struct Project {
        _folder: tempfile::TempDir,
        root: PathBuf,
        disk: Disk,
    }

    impl Project {
        fn path(&self, name: &str) -> FilePath {
            FilePath::from(self.root.join(name))
        }
        fn write(&self, name: &str, text: &str) -> FilePath {
            let path = self.path(name);
            fs::create_dir_all(path.parent().unwrap()).unwrap();
            fs::write(&path, text).unwrap();
            path
        }
        fn names(&self, pattern: &str) -> Vec<String> {
            let files = self.disk.glob(&self.root, pattern);
            files.iter().map(|it| it.strip_prefix(&self.root).unwrap().to_str().unwrap().to_owned()).collect()
        }
    }

    /// Runs the case on a disk that looks at every read, and on one that trusts what it is told.
    fn check(case: impl Fn(&Project)) {
        for disk in [Disk::new(), Disk::new().trusting_changes()] {
            let folder = tempfile::tempdir().unwrap();
            let root = folder.path().canonicalize().unwrap();
            case(&Project { _folder: folder, root, disk });
        }
    }

    #[test]
    fn an_unchanged_file_is_the_same_allocation_and_a_changed_one_is_read_again() {
        check(|project| {
            let path = project.write("a.ts", "one");
            let first = project.disk.read(&path).unwrap();
            assert!(Arc::ptr_eq(&first, &project.disk.read(&project.root.join("x/../a.ts")).unwrap()));
            project.write("a.ts", "two");
            project.disk.changed(std::slice::from_ref(&path));
            assert_eq!(&*project.disk.read(&path).unwrap(), "two");
            project.disk.changed(std::slice::from_ref(&path));
            assert_eq!(&*project.disk.read(&path).unwrap(), "two");
        });
    }

    #[test]
    fn a_file_that_is_made_and_opened_before_its_change_is_told_is_there() {
        check(|project| {
            project.write("out/1.sql", "");
            assert_eq!(project.names("out/*.sql"), ["out/1.sql"]);
            let made = project.write("out/2.sql", "");
            project.disk.open(&made, Arc::from("select 2"));
            project.disk.changed(std::slice::from_ref(&made));
            assert_eq!(project.names("out/*.sql"), ["out/1.sql", "out/2.sql"]);
            assert_eq!(project.disk.list(&project.root.join("out")).unwrap().len(), 2);
        });
    }

    #[test]
    fn without_trust_a_write_of_the_same_length_is_seen_at_once() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("a.ts");
        let disk = Disk::new();
        for text in ["one", "two", "six", "ten"] {
            fs::write(&path, text).unwrap();
            assert_eq!(&*disk.read(&path).unwrap(), text);
        }
        let kept = disk.read(&path).unwrap();
        fs::write(&path, "ten").unwrap();
        assert!(Arc::ptr_eq(&kept, &disk.read(&path).unwrap()), "the same text keeps its allocation");
    }

    #[test]
    fn with_trust_nothing_changes_until_it_is_said() {
        check(|project| {
            if !project.disk.trusts_changes {
                return;
            }
            let (old, new) = (project.write("src/a.ts", "one"), project.path("src/b.ts"));
            assert_eq!(project.names("src/*.ts"), ["src/a.ts"]);
            assert_eq!(project.disk.read(&old).as_deref(), Ok("one"));
            assert_eq!(project.disk.read(&new), Err(ReadError::NotFound));
            assert!(matches!(project.disk.resolve(&old, "./b"), Resolution::NotFound(_)));
            project.write("src/a.ts", "two");
            project.write("src/b.ts", "");
            assert_eq!(project.names("src/*.ts"), ["src/a.ts"]);
            assert_eq!(project.disk.read(&old).as_deref(), Ok("one"));
            project.disk.changed(std::slice::from_ref(&new));
            assert_eq!(project.names("src/*.ts"), ["src/a.ts", "src/b.ts"]);
            assert_eq!(project.disk.read(&new).as_deref(), Ok(""));
            assert_eq!(project.disk.resolve(&old, "./b"), Resolution::File(new));
            assert_eq!(project.disk.read(&old).as_deref(), Ok("one"));
            project.disk.changed(std::slice::from_ref(&old));
            assert_eq!(project.disk.read(&old).as_deref(), Ok("two"));
        });
    }

    #[test]
    fn an_open_buffer_is_the_file() {
        check(|project| {
            let saved = project.write("src/a.ts", "disk");
            let unsaved = project.path("new/b.ts");
            assert!(project.names("**/*.ts").len() == 1);
            project.disk.open(&saved, Arc::from("buffer"));
            project.disk.open(&unsaved, Arc::from("é"));
            assert_eq!(project.disk.read(&saved).as_deref(), Ok("buffer"));
            assert_eq!(project.disk.read_large(&saved).as_deref(), Ok("buffer"));
            assert_eq!(project.disk.read_head(&unsaved, 1).as_deref(), Ok(""));
            assert_eq!(project.names("**/*.ts"), ["new/b.ts", "src/a.ts"]);
            assert_eq!(project.disk.resolve(&saved, "../new/b.js"), Resolution::File(unsaved.clone()));
            project.disk.close(&saved);
            project.disk.close(&unsaved);
            assert_eq!(project.disk.read(&saved).as_deref(), Ok("disk"));
            assert_eq!(project.disk.read(&unsaved), Err(ReadError::NotFound));
            assert_eq!(project.names("**/*.ts"), ["src/a.ts"]);
            assert!(matches!(project.disk.resolve(&saved, "../new/b.js"), Resolution::NotFound(_)));
        });
    }

    #[test]
    fn a_removed_or_renamed_folder_takes_its_files_along() {
        check(|project| {
            let path = project.write("out/meta/_journal.json", "{}");
            assert!(project.disk.read(&path).is_ok());
            assert_eq!(project.disk.list(&project.path("out")).unwrap().len(), 1);
            fs::rename(project.path("out"), project.path("drizzle")).unwrap();
            project.disk.changed(&[project.path("out"), project.path("drizzle")]);
            assert_eq!(project.disk.read(&path), Err(ReadError::NotFound));
            assert_eq!(project.disk.list(&project.path("out")), Err(ReadError::NotFound));
            assert!(project.disk.read(&project.path("drizzle/meta/_journal.json")).is_ok());
        });
    }

    #[test]
    fn a_folder_stamp_moves_with_changes_below_it_only() {
        check(|project| {
            let path = project.write("out/meta/a.json", "");
            let stamp = |name: &str| project.disk.folder_stamp(&project.path(name));
            if !project.disk.trusts_changes {
                return assert_eq!(stamp("out"), None);
            }
            let (out, other) = (stamp("out"), stamp("src"));
            project.disk.changed(&[path]);
            assert!(stamp("out") > out && stamp("src") == other);
            let (out, meta) = (stamp("out"), stamp("out/meta"));
            fs::remove_dir_all(project.path("out")).unwrap();
            project.disk.changed(&[project.path("out")]);
            assert!(stamp("out") > out && stamp("out/meta") > meta && stamp("src") == other);
        });
    }

    #[test]
    fn a_memo_is_made_anew_where_what_it_looked_at_changed_or_a_file_came() {
        check(|project| {
            let (first, second) = (project.write("out/1.sql", "one"), project.write("out/2.sql", ""));
            let out = project.path("out");
            let mut memo = source::Memo::default();
            let mut n_made = 0;
            let mut get = |expected: (usize, &str)| {
                let make = |files: &dyn Files| {
                    n_made += 1;
                    (files.list(&out).unwrap().len(), files.read(&first).unwrap())
                };
                let (n_files, text) = memo.get(&out, &project.disk, make);
                assert_eq!((*n_files, &**text), expected);
                n_made
            };
            let is_kept = usize::from(!project.disk.trusts_changes);
            assert_eq!(get((2, "one")), 1);
            project.disk.open(&second, Arc::from("edited"));
            project.disk.changed(std::slice::from_ref(&second));
            assert_eq!(get((2, "one")), 1 + is_kept);
            project.disk.open(&first, Arc::from("edited"));
            assert_eq!(get((2, "edited")), 2 + is_kept);
            let third = project.write("out/3.sql", "");
            project.disk.changed(&[third]);
            assert_eq!(get((3, "edited")), 3 + is_kept);
        });
    }

    #[cfg(unix)]
    #[test]
    fn a_change_of_a_links_target_is_a_change_of_the_link() {
        check(|project| {
            let real = project.write("real.ts", "one");
            std::os::unix::fs::symlink(&real, project.path("link.ts")).unwrap();
            assert_eq!(project.disk.read(&project.path("link.ts")).as_deref(), Ok("one"));
            project.write("real.ts", "two");
            project.disk.changed(&[real]);
            assert_eq!(project.disk.read(&project.path("link.ts")).as_deref(), Ok("two"));
        });
    }

    #[test]
    fn paths_are_made_absolute_without_dots() {
        assert_eq!(&*Disk::normalize(Path::new("/a/./b/../../../c/")), Path::new("/c"));
        assert!(Disk::normalize(Path::new("a")).is_absolute());
    }

    #[test]
    fn variables_can_be_given() {
        let disk = Disk::new().with_environment([("A".to_owned(), "1".to_owned())]);
        assert_eq!(disk.environment("A").as_deref(), Some("1"));
        assert_eq!(disk.environment("PATH"), None);
        assert!(Disk::new().environment("PATH").is_some());
    }
}
