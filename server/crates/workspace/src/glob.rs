//! What a pattern of a Drizzle configuration names, in drizzle-kit's order: its `prepareFilenames` over glob v8.
//!
//! As there: a match that is a folder stands for the files directly in it; names that begin with a dot are matched only by a dot;
//! `**` enters a symbolic link to a folder but no folder below it. Unlike there, a wildcard never enters `node_modules`:
//! a schema is not in an installed package, and looking would take seconds.

use std::path::{Path, PathBuf};

use rustc_hash::FxHashSet;
use source::{Entry, FilePath};

use crate::pattern::{Segment, alternatives};
use crate::{Disk, collate};

/// A folder's names, or none where it cannot be read.
pub(crate) type List<'a> = &'a dyn Fn(&Path) -> Vec<Entry>;

/// The files that `pattern` names relative to `base`, each once, in drizzle-kit's order.
pub(crate) fn glob(base: &Path, pattern: &str, list: List<'_>) -> Vec<FilePath> {
    let mut walk = Walk { list, matches: Vec::new() };
    let base = Disk::normalize(base);
    for segments in alternatives(pattern) {
        let start = if pattern.starts_with('/') { Path::new("/") } else { &*base };
        walk.enter(start, "", &segments);
    }
    walk.matches.sort_by(|left, right| collate::compare(&left.shown, &right.shown));
    let mut seen = FxHashSet::default();
    let mut files = Vec::new();
    for Match { path, is_directory, .. } in walk.matches {
        if is_directory {
            let inside = list(&path).into_iter().filter(|entry| !entry.is_directory);
            files.extend(inside.map(|entry| entry.path));
        } else {
            files.push(FilePath::from(path));
        }
    }
    files.retain(|path| seen.insert(path.clone()));
    files
}

struct Match {
    /// The path as the pattern spells it, which is what glob sorts.
    shown: String,
    path: PathBuf,
    is_directory: bool,
}

struct Walk<'a> {
    list: List<'a>,
    matches: Vec<Match>,
}

impl Walk<'_> {
    /// Matches `segments` below `directory`, which may not exist.
    fn enter(&mut self, directory: &Path, shown: &str, segments: &[Segment]) {
        match segments {
            [] => {}
            [Segment::Name(name), rest @ ..] => self.enter_name(directory, shown, name, rest),
            [Segment::Wildcard { matcher, dotted }, rest @ ..] => {
                for entry in (self.list)(directory) {
                    if entry.name.starts_with('.') == *dotted && matcher.is_match(&entry.name) {
                        self.take(&entry, shown, rest);
                    }
                }
            }
            [Segment::AnyFolders] => self.take_all(directory, shown),
            [Segment::AnyFolders, rest @ ..] => self.enter_all(directory, shown, rest),
        }
    }

    fn enter_name(&mut self, directory: &Path, shown: &str, name: &str, rest: &[Segment]) {
        let path = match name {
            "." => directory.to_path_buf(),
            ".." => directory.parent().unwrap_or(directory).to_path_buf(),
            _ => directory.join(name),
        };
        if !rest.is_empty() {
            return self.enter(&path, &format!("{shown}{name}/"), rest);
        }
        // Found by its folder's listing, so that an open buffer counts.
        let parent = path.parent().unwrap_or(directory);
        let is_directory = match path.file_name().and_then(|it| it.to_str()) {
            Some(file_name) => (self.list)(parent).iter().find(|it| it.name == file_name).map(|it| it.is_directory),
            None => Some(true),
        };
        if let Some(is_directory) = is_directory {
            self.matches.push(Match { shown: format!("{shown}{name}"), path, is_directory });
        }
    }

    /// `rest` in `directory` and in every folder below it.
    fn enter_all(&mut self, directory: &Path, shown: &str, rest: &[Segment]) {
        // A loop of links ends here too: a link is entered, what is below it is not.
        self.enter(directory, shown, rest);
        for entry in (self.list)(directory) {
            if !entry.is_directory || entry.name.starts_with('.') || entry.name == "node_modules" {
                continue;
            }
            let shown = format!("{shown}{}/", entry.name);
            match entry.path.is_symlink() {
                true => self.enter(&entry.path, &shown, rest),
                false => self.enter_all(&entry.path, &shown, rest),
            }
        }
    }

    /// A folder and everything below it, for a pattern that ends in `**`.
    fn take_all(&mut self, directory: &Path, shown: &str) {
        if !shown.is_empty() {
            let shown = shown.trim_end_matches('/').to_owned();
            self.matches.push(Match { shown, path: directory.to_path_buf(), is_directory: true });
        }
        for entry in (self.list)(directory) {
            if entry.name.starts_with('.') || entry.name == "node_modules" {
                continue;
            }
            let shown = format!("{shown}{}", entry.name);
            if !entry.is_directory {
                self.matches.push(Match { shown, path: entry.path.to_path_buf(), is_directory: false });
            } else if !entry.path.is_symlink() {
                self.take_all(&entry.path, &format!("{shown}/"));
            }
        }
    }

    fn take(&mut self, entry: &Entry, shown: &str, rest: &[Segment]) {
        let shown = format!("{shown}{}", entry.name);
        let Entry { path, is_directory, .. } = entry;
        if *is_directory && entry.name == "node_modules" {
            return;
        }
        if !rest.is_empty() {
            self.enter(path, &format!("{shown}/"), rest);
        } else if !is_directory || !path.is_symlink() {
            // drizzle-kit takes a link to a folder for a file, which it then fails to load: it names nothing here.
            self.matches.push(Match { shown, path: path.to_path_buf(), is_directory: *is_directory });
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{overlay::Overlay, read};
    use std::fs;

    const TREE: [&str; 14] = [
        "src/a.ts",
        "src/A.ts",
        "src/a_b.ts",
        "src/a-b.ts",
        "src/1.ts",
        "src/10.ts",
        "src/2.ts",
        "src/z.sql",
        "src/.dot.ts",
        "src/ab/n.ts",
        "src/ab/deep/m.ts",
        "src/Zed/x.ts",
        "src/node_modules/y/i.ts",
        "other/o.ts",
    ];

    /// The expectations are what `prepareFilenames` of drizzle-kit 0.31 gives in the same tree, `node_modules` aside.
    fn check(pattern: &str, expected: &[&str]) {
        let folder = tempfile::tempdir().unwrap();
        let root = folder.path().canonicalize().unwrap();
        for path in TREE {
            let path = root.join(path);
            fs::create_dir_all(path.parent().unwrap()).unwrap();
            fs::write(path, "").unwrap();
        }
        #[cfg(unix)]
        {
            std::os::unix::fs::symlink("../ab", root.join("src/Zed/link")).unwrap();
            std::os::unix::fs::symlink(".", root.join("src/Zed/loop")).unwrap();
        }
        let overlay = Overlay::default();
        let pattern = pattern.replace("$ROOT", root.to_str().unwrap());
        let files = glob(&root, &pattern, &|directory| read::list(&overlay, directory).unwrap_or_default());
        let found: Vec<_> = files.iter().map(|it| it.strip_prefix(&root).unwrap().to_str().unwrap()).collect();
        assert_eq!(found, expected, "{pattern}");
    }

    #[test]
    fn a_wildcard_gives_files_in_the_kits_order() {
        let names = ["src/1.ts", "src/10.ts", "src/2.ts", "src/a_b.ts", "src/a-b.ts", "src/a.ts", "src/A.ts"];
        check("./src/*.ts", &names);
        check("$ROOT/src/*.ts", &names);
        check("src/?.ts", &["src/1.ts", "src/2.ts", "src/a.ts", "src/A.ts"]);
        check("src/[!a].ts", &["src/1.ts", "src/2.ts", "src/A.ts"]);
        check("src/.*.ts", &["src/.dot.ts"]);
    }

    #[test]
    fn two_stars_enter_a_link_once_and_never_node_modules() {
        check("./src/**/n.ts", &["src/ab/n.ts", "src/Zed/link/n.ts"]);
        check("./src/**/x.ts", &["src/Zed/loop/x.ts", "src/Zed/x.ts"]);
        check("**/m.ts", &["src/ab/deep/m.ts"]);
        check("**/node_modules/**/*.ts", &["src/node_modules/y/i.ts"]);
    }

    #[test]
    fn an_exact_file_is_itself_and_a_missing_one_is_left_out() {
        check("./src/a.ts", &["src/a.ts"]);
        check("src//../src/./a.ts", &["src/a.ts"]);
        check("src/none.ts", &[]);
        check("none/*.ts", &[]);
    }

    #[test]
    fn a_folder_is_its_direct_files() {
        check("./src/ab", &["src/ab/n.ts"]);
        check("src/ab/", &["src/ab/n.ts"]);
        check("src/{ab,Z*}", &["src/ab/n.ts", "src/Zed/x.ts"]);
    }

    #[test]
    fn two_stars_at_the_end_name_the_folder_and_all_in_it() {
        check("./src/ab/**", &["src/ab/n.ts", "src/ab/deep/m.ts"]);
        check("./src/Z*/**", &["src/Zed/x.ts"]);
        check("./src/Zed/*", &["src/Zed/x.ts"]);
    }

    #[test]
    fn braces_name_files_each_once() {
        check("{src/ab,other}/*.ts", &["other/o.ts", "src/ab/n.ts"]);
        check("src/{a,a,1}.ts", &["src/1.ts", "src/a.ts"]);
    }
}
