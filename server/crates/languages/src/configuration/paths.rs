//! Paths that a configuration names.

use std::path::{Component, Path, PathBuf};
use std::sync::Arc;

use source::{FilePath, Files};

/// `base/relative` with `.` and `..` taken out.
pub fn joined(base: &Path, relative: &str) -> FilePath {
    let mut path = PathBuf::new();
    for component in base.join(relative).components() {
        match component {
            Component::CurDir => {}
            Component::ParentDir => {
                path.pop();
            }
            other => path.push(other),
        }
    }
    Arc::from(path)
}

/// The SQL files that a path or a pattern names, sorted by path. A file that is named as such counts whatever its ending.
pub fn sql_files(base: &Path, pattern: &str, files: &dyn Files) -> Vec<FilePath> {
    let exact = joined(base, pattern);
    let is_sql = |path: &FilePath| {
        *path == exact || path.extension().is_some_and(|extension| extension.eq_ignore_ascii_case("sql"))
    };
    let mut found: Vec<FilePath> = files.glob(base, pattern).into_iter().filter(is_sql).collect();
    found.sort();
    found
}
