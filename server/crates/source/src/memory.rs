//! Files kept in memory: the provider of tests, and of anything that has no disk. One text holds them all, a header a file:
//!
//! ```text
//! //- /project/schema.ts
//! export const a = 1;
//! //- /project/drizzle/meta/_journal.json
//! {}
//! ```

use std::collections::BTreeMap;
use std::path::{Component, Path, PathBuf};
use std::sync::Arc;

use crate::{Entry, FilePath, Files, ReadError, Resolution};

/// What starts the header of a file in a fixture; the rest of the line is its absolute path.
const HEADER: &str = "//- ";

/// Files by path. A folder exists where a file lies below it.
#[derive(Clone, Debug, Default)]
pub struct MemoryFiles {
    files: BTreeMap<PathBuf, Arc<str>>,
    environment: BTreeMap<String, String>,
    stamp: u64,
}

impl MemoryFiles {
    /// The files of a fixture. The line break before the next header belongs to the file; what stands before the first header is left out.
    pub fn new(fixture: &str) -> MemoryFiles {
        let mut files = MemoryFiles::default();
        let mut current: Option<(&str, String)> = None;
        for line in fixture.split_inclusive('\n') {
            if let Some(path) = line.trim_start().strip_prefix(HEADER) {
                if let Some((path, text)) = current.replace((path.trim(), String::new())) {
                    files.set(path, text);
                }
            } else if let Some((_, text)) = &mut current {
                text.push_str(line);
            }
        }
        if let Some((path, text)) = current {
            files.set(path, text);
        }
        files
    }

    /// Adds or replaces a file.
    pub fn set(&mut self, path: impl AsRef<Path>, text: impl Into<Arc<str>>) {
        self.files.insert(normalize(path.as_ref()), text.into());
        self.stamp += 1;
    }

    /// Takes a file away.
    pub fn remove(&mut self, path: impl AsRef<Path>) {
        self.files.remove(&normalize(path.as_ref()));
        self.stamp += 1;
    }

    /// Sets an environment variable.
    pub fn set_environment(&mut self, name: &str, value: &str) {
        self.environment.insert(name.to_owned(), value.to_owned());
        self.stamp += 1;
    }

    /// Every file's path, sorted.
    pub fn paths(&self) -> impl Iterator<Item = FilePath> {
        self.files.keys().map(|path| FilePath::from(path.as_path()))
    }

    fn is_directory(&self, path: &Path) -> bool {
        self.files.keys().any(|file| file != path && file.starts_with(path))
    }
}

impl Files for MemoryFiles {
    fn read(&self, path: &Path) -> Result<Arc<str>, ReadError> {
        let path = normalize(path);
        match self.files.get(&path) {
            Some(text) => Ok(text.clone()),
            None if self.is_directory(&path) => Err(ReadError::IsDirectory),
            None => Err(ReadError::NotFound),
        }
    }

    fn read_head(&self, path: &Path, bytes: usize) -> Result<String, ReadError> {
        let text = self.read(path)?;
        let end = text.floor_char_boundary(bytes);
        Ok(text.get(..end).unwrap_or_default().to_owned())
    }

    fn read_large(&self, path: &Path) -> Result<String, ReadError> {
        self.read(path).map(|text| text.to_string())
    }

    fn list(&self, directory: &Path) -> Result<Vec<Entry>, ReadError> {
        let directory = normalize(directory);
        if self.files.contains_key(&directory) {
            return Err(ReadError::NotDirectory);
        }
        let mut entries: Vec<Entry> = Vec::new();
        for file in self.files.keys() {
            let Ok(rest) = file.strip_prefix(&directory) else { continue };
            let mut parts = rest.components();
            let Some(Component::Normal(first)) = parts.next() else { continue };
            let path = FilePath::from(directory.join(first));
            if entries.iter().all(|entry| entry.path != path) {
                let name = first.to_string_lossy().into_owned();
                entries.push(Entry { name, path, is_directory: parts.next().is_some() });
            }
        }
        entries.sort();
        if entries.is_empty() { Err(ReadError::NotFound) } else { Ok(entries) }
    }

    /// A file by its path, a folder's direct files, or a pattern of `*`, `**`, `?` and `{a,b}`.
    fn glob(&self, base: &Path, pattern: &str) -> Vec<FilePath> {
        let whole = normalize(&base.join(pattern));
        let patterns = alternatives(&whole.to_string_lossy());
        let matching = |file: &&PathBuf| {
            let text = file.to_string_lossy();
            let parts: Vec<&str> = text.split('/').collect();
            file.parent() == Some(&whole)
                || patterns.iter().any(|pattern| matches_path(&pattern.split('/').collect::<Vec<_>>(), &parts))
        };
        self.files.keys().filter(matching).map(|path| FilePath::from(path.as_path())).collect()
    }

    fn resolve(&self, importer: &Path, specifier: &str) -> Resolution {
        let is_relative = ["./", "../", "/"].iter().any(|start| specifier.starts_with(start));
        if !is_relative && specifier != "." && specifier != ".." {
            let parts = if specifier.starts_with('@') { 2 } else { 1 };
            return Resolution::Package(specifier.split('/').take(parts).collect::<Vec<_>>().join("/"));
        }
        let target = normalize(&importer.parent().unwrap_or(Path::new("/")).join(specifier));
        let found = candidates(&target).into_iter().find(|path| self.files.contains_key(path));
        match found {
            Some(path) => Resolution::File(FilePath::from(path)),
            None => Resolution::NotFound(format!("no file {} with a known extension", target.display())),
        }
    }

    fn environment(&self, name: &str) -> Option<String> {
        self.environment.get(name).cloned()
    }

    fn folder_stamp(&self, _directory: &Path) -> Option<u64> {
        Some(self.stamp)
    }

    fn changed_since(&self, _directory: &Path, _stamp: u64) -> Option<Vec<FilePath>> {
        None
    }
}

/// `.` and `..` taken out, so that one file has one path.
fn normalize(path: &Path) -> PathBuf {
    let mut out = PathBuf::new();
    for component in path.components() {
        match component {
            Component::CurDir => {}
            Component::ParentDir => {
                out.pop();
            }
            other => out.push(other),
        }
    }
    out
}

/// The files an import of `target` may mean, in TypeScript's order.
fn candidates(target: &Path) -> Vec<PathBuf> {
    let text = target.to_string_lossy();
    let mut out = vec![target.to_owned()];
    for (written, source) in [(".js", [".ts", ".tsx"]), (".mjs", [".mts", ".mjs"]), (".cjs", [".cts", ".cjs"])] {
        let stem = text.strip_suffix(written);
        out.extend(stem.into_iter().flat_map(|stem| source.map(|end| PathBuf::from(format!("{stem}{end}")))));
    }
    let endings = [".ts", ".tsx", ".mts", ".cts", ".js", ".mjs", ".cjs", ".json"];
    out.extend(endings.map(|end| PathBuf::from(format!("{text}{end}"))));
    out.extend(endings.map(|end| target.join(format!("index{end}"))));
    out
}

/// `a.{ts,js}` as `a.ts` and `a.js`.
fn alternatives(pattern: &str) -> Vec<String> {
    let parts = pattern
        .split_once('{')
        .and_then(|(head, rest)| rest.split_once('}').map(|(inside, tail)| (head, inside, tail)));
    match parts {
        Some((head, inside, tail)) => {
            inside.split(',').flat_map(|choice| alternatives(&format!("{head}{choice}{tail}"))).collect()
        }
        None => vec![pattern.to_owned()],
    }
}

fn matches_path(pattern: &[&str], path: &[&str]) -> bool {
    match (pattern.split_first(), path.split_first()) {
        (None, None) => true,
        (Some((&"**", rest)), Some((_, below))) => matches_path(rest, path) || matches_path(pattern, below),
        (Some((&"**", rest)), None) => matches_path(rest, path),
        (Some((first, rest)), Some((name, below))) => {
            matches_name(first.as_bytes(), name.as_bytes()) && matches_path(rest, below)
        }
        _ => false,
    }
}

fn matches_name(pattern: &[u8], name: &[u8]) -> bool {
    match (pattern.split_first(), name.split_first()) {
        (None, None) => true,
        (Some((b'*', rest)), None) => matches_name(rest, name),
        (Some((b'*', rest)), Some((_, below))) => matches_name(rest, name) || matches_name(pattern, below),
        (Some((b'?', rest)), Some((_, below))) => matches_name(rest, below),
        (Some((first, rest)), Some((byte, below))) => first == byte && matches_name(rest, below),
        _ => false,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn fixture() -> MemoryFiles {
        MemoryFiles::new("//- /p/a.ts\none\n//- /p/db/index.ts\ntwo é\n//- /p/db/users.tsx\n//- /p/db/deep/x.sql\n")
    }

    #[test]
    fn a_header_starts_a_file_and_folders_follow_from_files() {
        let files = fixture();
        assert_eq!(files.read(Path::new("/p/a.ts")).as_deref(), Ok("one\n"));
        assert_eq!(files.read(Path::new("/p/db")), Err(ReadError::IsDirectory));
        assert_eq!(files.read(Path::new("/q")), Err(ReadError::NotFound));
        assert_eq!(files.read_head(Path::new("/p/db/index.ts"), 5).as_deref(), Ok("two "));
        let names: Vec<_> =
            files.list(Path::new("/p/db")).unwrap().into_iter().map(|entry| (entry.name, entry.is_directory)).collect();
        assert_eq!(names, [("deep".into(), true), ("index.ts".into(), false), ("users.tsx".into(), false)]);
        assert_eq!(files.list(Path::new("/p/a.ts")), Err(ReadError::NotDirectory));
    }

    #[test]
    fn a_pattern_names_a_file_a_folder_or_many() {
        let files = fixture();
        let check = |pattern: &str, expected: &[&str]| {
            let found: Vec<String> =
                files.glob(Path::new("/p"), pattern).iter().map(|path| path.display().to_string()).collect();
            assert_eq!(found, expected, "{pattern}");
        };
        check("./a.ts", &["/p/a.ts"]);
        check("db", &["/p/db/index.ts", "/p/db/users.tsx"]);
        check("**/*.ts", &["/p/a.ts", "/p/db/index.ts"]);
        check("db/*.{tsx,sql}", &["/p/db/users.tsx"]);
        check("db/**", &["/p/db/deep/x.sql", "/p/db/index.ts", "/p/db/users.tsx"]);
        check("nothing/*.ts", &[]);
    }

    #[test]
    fn an_import_leads_to_a_file_or_a_package() {
        let files = fixture();
        let check = |specifier: &str, expected: &str| {
            let found = match files.resolve(Path::new("/p/a.ts"), specifier) {
                Resolution::File(path) => path.display().to_string(),
                Resolution::Package(name) => format!("package {name}"),
                Resolution::NotFound(_) => String::from("nothing"),
            };
            assert_eq!(found, expected, "{specifier}");
        };
        check("./db", "/p/db/index.ts");
        check("./db/users.js", "/p/db/users.tsx");
        check("./db/../a", "/p/a.ts");
        check("./none", "nothing");
        check("@scope/name/sub", "package @scope/name");
        check("drizzle-orm/pg-core", "package drizzle-orm");
    }
}
