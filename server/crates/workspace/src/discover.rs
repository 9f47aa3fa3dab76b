//! Finding the configuration files below a folder, respecting .gitignore, never descending into `node_modules`.

use std::io;
use std::path::Path;

use ignore::{DirEntry, WalkBuilder, WalkState};
use parking_lot::Mutex;
use source::FilePath;

use crate::{Disk, SKIPPED_FOLDERS};

const EXTENSIONS: [&str; 7] = ["ts", "mts", "cts", "js", "mjs", "cjs", "json"];

/// What was found.
#[derive(Clone, Debug, Default)]
pub struct Discovery {
    /// Configuration files, absolute and sorted; several in one folder are several projects.
    pub configs: Vec<FilePath>,
}

/// Every `drizzle.config.{ts,mts,cts,js,mjs,cjs,json}` below `root` (also `drizzle-x.config.*`, `drizzle.x.config.*`, `drizzle.config.x.*`
/// and `drizzle.config-x.*`); `root` itself, whatever its name, where it is a file.
pub fn discover(root: &Path) -> io::Result<Discovery> {
    let root = Disk::normalize(root);
    let metadata = std::fs::metadata(&root).map_err(|error| {
        io::Error::new(error.kind(), format!("cannot look for configuration files in {}: {error}", root.display()))
    })?;
    if metadata.is_file() {
        return Ok(Discovery { configs: vec![root] });
    }
    let found = Mutex::new(Vec::new());
    // Two threads halve the time of a cold walk; more of them only fight over the same directory cache.
    let walk = WalkBuilder::new(&root)
        .require_git(false)
        .follow_links(false)
        .threads(2)
        .filter_entry(|entry| entry.depth() == 0 || !is_skipped(entry))
        .build_parallel();
    walk.run(|| {
        Box::new(|entry| {
            // A folder that cannot be read hides only what is in it.
            if let Ok(entry) = entry
                && entry.file_name().to_str().is_some_and(is_config_name)
                && entry.path().is_file()
            {
                found.lock().push(FilePath::from(entry.path()));
            }
            WalkState::Continue
        })
    });
    let mut configs = found.into_inner();
    configs.sort();
    Ok(Discovery { configs })
}

fn is_skipped(entry: &DirEntry) -> bool {
    entry.file_type().is_some_and(|kind| kind.is_dir())
        && entry.file_name().to_str().is_some_and(|name| SKIPPED_FOLDERS.contains(&name))
}

fn is_config_name(name: &str) -> bool {
    let Some((stem, extension)) = name.rsplit_once('.') else { return false };
    let Some(rest) = stem.strip_prefix("drizzle") else { return false };
    if !EXTENSIONS.contains(&extension) || [".d", ".test", ".spec"].iter().any(|end| stem.ends_with(end)) {
        return false;
    }
    let is_separator = |text: &str| text.len() > 1 && text.starts_with(['.', '-', '_']);
    match (rest.strip_prefix(".config"), rest.strip_suffix(".config")) {
        (Some(""), _) => true,
        (Some(variant), _) if is_separator(variant) => true,
        (_, Some(variant)) => is_separator(variant),
        _ => false,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::fs;

    fn check(paths: &[&str], expected: &[&str]) {
        let folder = tempfile::tempdir().unwrap();
        for path in paths {
            let (path, text) = path.split_once('=').unwrap_or((path, ""));
            let path = folder.path().join(path);
            fs::create_dir_all(path.parent().unwrap()).unwrap();
            fs::write(path, text).unwrap();
        }
        let discovery = discover(folder.path()).unwrap();
        let found: Vec<_> = discovery.configs.iter().map(|it| it.strip_prefix(folder.path()).unwrap()).collect();
        assert_eq!(found, expected.iter().map(Path::new).collect::<Vec<_>>());
    }

    #[test]
    fn every_spelling_of_a_config_is_found_and_nothing_else() {
        let names = [
            "drizzle-pg.config.ts",
            "drizzle.config-dev.ts",
            "drizzle.config.cjs",
            "drizzle.config.json",
            "drizzle.config.prod.mts",
            "drizzle.sqlite.config.js",
        ];
        let others =
            ["drizzle.config.d.ts", "drizzle.ts", "drizzle.config.test.ts", "drizzle.configs.ts", "drizzle.config.md"];
        check(&[&names[..], &others[..]].concat(), &names);
    }

    #[test]
    fn ignored_and_built_folders_are_not_searched() {
        check(
            &[
                ".gitignore=/ignored\n",
                "ignored/drizzle.config.ts",
                "node_modules/x/drizzle.config.ts",
                "packages/a/dist/drizzle.config.js",
                "packages/a/drizzle.config.ts",
                ".hidden/drizzle.config.ts",
            ],
            &["packages/a/drizzle.config.ts"],
        );
    }

    #[test]
    fn a_file_as_root_is_the_config() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("db.ts");
        fs::write(&path, "").unwrap();
        assert_eq!(discover(&path).unwrap().configs, [FilePath::from(path.as_path())]);
    }

    #[cfg(unix)]
    #[test]
    fn a_symlink_loop_does_not_hang() {
        let folder = tempfile::tempdir().unwrap();
        std::os::unix::fs::symlink(folder.path(), folder.path().join("again")).unwrap();
        fs::write(folder.path().join("drizzle.config.ts"), "").unwrap();
        assert_eq!(discover(folder.path()).unwrap().configs.len(), 1);
    }

    #[test]
    fn a_missing_root_is_named_in_the_error() {
        let error = discover(Path::new("/no/such/folder")).unwrap_err();
        assert!(error.to_string().contains("/no/such/folder"), "{error}");
    }
}
