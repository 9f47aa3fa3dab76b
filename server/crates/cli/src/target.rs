//! From what the user names to configuration files and migrations folders.

use analysis::Analysis;
use anyhow::{Context as _, anyhow, bail};
use source::FilePath;
use std::path::{Path, PathBuf};
use workspace::{Disk, LOOKED_FOR};

/// What to check.
pub(crate) struct Target {
    /// Where the projects are read from: configuration files and migrations folders.
    pub(crate) sources: Vec<FilePath>,
    /// Where the user named single files: only findings in them are shown …
    pub(crate) only: Vec<FilePath>,
    /// … but for these projects, which are named as a whole too.
    pub(crate) whole: Vec<FilePath>,
}

/// The projects that the paths lead to. An error names what was looked for and what to do.
pub(crate) fn find(paths: &[PathBuf], config: Option<&Path>) -> anyhow::Result<Target> {
    let mut target = Target { sources: Vec::new(), only: Vec::new(), whole: Vec::new() };
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
        target.sources.push(config);
        return Ok(target);
    }
    let here = [PathBuf::from(".")];
    let paths = if paths.is_empty() { &here } else { paths };
    for path in paths {
        let path = existing(path)?;
        let found = if path.is_dir() || is_source(&path) {
            let found = below_or_around(&path)?;
            target.whole.extend(found.iter().cloned());
            found
        } else {
            target.only.push(path.clone());
            around(&path)?
        };
        target.sources.extend(found.into_iter().filter(|source| !target.sources.contains(source)).collect::<Vec<_>>());
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
        workspace::discover(folder).with_context(|| format!("{} cannot be searched", folder.display()))?.sources;
    if found.is_empty() {
        return Err(nothing_in(folder));
    }
    Ok(found)
}

/// A folder within a project is as good as a file of it, as far as the repository goes.
fn below_or_around(folder: &FilePath) -> anyhow::Result<Vec<FilePath>> {
    below(folder).or_else(|nothing| {
        let repository = folder.ancestors().find(|above| above.join(".git").exists()).filter(|_| folder.is_dir());
        let is_inside =
            |found: &Vec<FilePath>| found.iter().all(|it| repository.is_some_and(|root| it.starts_with(root)));
        around(folder).ok().filter(is_inside).ok_or(nothing)
    })
}

/// Names all that was looked for, and what to do.
fn nothing_in(folder: &Path) -> anyhow::Error {
    anyhow!(
        "{}: no {LOOKED_FOR} in this folder or below it (ignored files, node_modules and folders of tests are not searched); \
         name the configuration with --config FILE, or the folder in a driftlens.toml",
        folder.display()
    )
}

/// An error where what was found turned out to hold no project: a configuration of another tool that names no migrations.
pub(crate) fn must_hold_projects(target: &Target, analysis: &Analysis) -> anyhow::Result<()> {
    if !analysis.projects.is_empty() {
        return Ok(());
    }
    let names: Vec<String> = target.sources.iter().map(|source| source.display().to_string()).collect();
    bail!(
        "{}: no migrations and no schema files are named or found there; name the migrations folder in a driftlens.toml",
        names.join(", ")
    );
}

/// The projects of the nearest folder upward that has a configuration; else the nearest migrations folder.
fn around(file: &Path) -> anyhow::Result<Vec<FilePath>> {
    for folder in file.ancestors().skip(1) {
        let has_config = std::fs::read_dir(folder)
            .map(|entries| entries.flatten().any(|entry| entry.path().is_file() && is_source(&entry.path())))
            .unwrap_or(false);
        // A name that only looks like a configuration's, or one that is ignored, does not end the search.
        if has_config && let Ok(found) = below(&FilePath::from(folder)) {
            return Ok(found);
        }
    }
    if let Some(folder) = workspace::folder_around(file) {
        return Ok(vec![folder]);
    }
    bail!("{}: no {LOOKED_FOR} in its folder or above; name the configuration with --config FILE", file.display());
}

/// A configuration file by its name. Generous with Drizzle's.
fn is_source(path: &Path) -> bool {
    let name = path.file_name().and_then(|name| name.to_str()).unwrap_or_default();
    let is_script = [".ts", ".mts", ".cts", ".js", ".mjs", ".cjs", ".json"].iter().any(|ending| name.ends_with(ending));
    let is_drizzle = is_script && name.starts_with("drizzle") && name.contains("config");
    (is_drizzle || workspace::is_source_name(path)) && path.is_file()
}
