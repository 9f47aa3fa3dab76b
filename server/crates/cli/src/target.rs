//! From what the user names to configuration files.

use anyhow::{Context as _, bail};
use source::FilePath;
use std::path::{Path, PathBuf};
use workspace::Disk;

/// What to check.
pub(crate) struct Target {
    pub(crate) configs: Vec<FilePath>,
    /// Where the user named single files: only findings in them are shown …
    pub(crate) only: Vec<FilePath>,
    /// … but for these projects, which are named as a whole too.
    pub(crate) whole: Vec<FilePath>,
}

/// The projects that the paths lead to. An error names what was looked for and what to do.
pub(crate) fn find(paths: &[PathBuf], config: Option<&Path>) -> anyhow::Result<Target> {
    let mut target = Target { configs: Vec::new(), only: Vec::new(), whole: Vec::new() };
    if let Some(config) = config {
        if !config.exists() {
            bail!("{}: no such configuration file; check the path given with --config", config.display());
        }
        let config = Disk::normalize(config);
        for path in paths {
            let path = existing(path)?;
            if path.is_file() && path != config {
                target.only.push(path);
            } else {
                target.whole.push(config.clone());
            }
        }
        target.configs.push(config);
        return Ok(target);
    }
    let here = [PathBuf::from(".")];
    let paths = if paths.is_empty() { &here } else { paths };
    for path in paths {
        let path = existing(path)?;
        let found = if path.is_dir() || is_config(&path) {
            let found = below(&path)?;
            target.whole.extend(found.iter().cloned());
            found
        } else {
            target.only.push(path.clone());
            around(&path)?
        };
        target.configs.extend(found.into_iter().filter(|config| !target.configs.contains(config)).collect::<Vec<_>>());
    }
    Ok(target)
}

fn existing(path: &Path) -> anyhow::Result<FilePath> {
    let path = Disk::normalize(path);
    if !path.exists() {
        bail!("{}: no such file or folder", path.display());
    }
    Ok(path)
}

fn below(folder: &FilePath) -> anyhow::Result<Vec<FilePath>> {
    let found =
        workspace::discover(folder).with_context(|| format!("{} cannot be searched", folder.display()))?.configs;
    if found.is_empty() {
        bail!(
            "{}: no drizzle.config.{{ts,mts,cts,js,mjs,cjs,json}} in this folder or below it \
             (ignored files and node_modules are not searched); name the configuration with --config FILE",
            folder.display()
        );
    }
    Ok(found)
}

/// The projects of the nearest folder upward that has any.
fn around(file: &FilePath) -> anyhow::Result<Vec<FilePath>> {
    for folder in file.ancestors().skip(1) {
        let has_config = std::fs::read_dir(folder)
            .map(|entries| entries.flatten().any(|entry| is_config(&entry.path())))
            .unwrap_or(false);
        // A name that only looks like a configuration's, or one that is ignored, does not end the search.
        if has_config && let Ok(found) = below(&FilePath::from(folder)) {
            return Ok(found);
        }
    }
    bail!(
        "{}: no drizzle.config.{{ts,mts,cts,js,mjs,cjs,json}} in its folder or above; name the configuration with --config FILE",
        file.display()
    );
}

fn is_config(path: &Path) -> bool {
    let name = path.file_name().and_then(|name| name.to_str()).unwrap_or_default();
    let is_script = [".ts", ".mts", ".cts", ".js", ".mjs", ".cjs", ".json"].iter().any(|ending| name.ends_with(ending));
    is_script && name.starts_with("drizzle") && name.contains("config") && path.is_file()
}
