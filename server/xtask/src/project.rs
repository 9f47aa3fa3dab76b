//! Where things are: the root of the workspace, the target directory, the folder of what is installed and generated.

use anyhow::{Context, Result};
use serde_json::Value;
use std::path::{Path, PathBuf};
use std::process::Command;

/// Names the folder for what is installed and generated; `.cache` in the root of the workspace without it.
const CACHE_VARIABLE: &str = "DRIFTLENS_CACHE";

pub struct Project {
    pub root: PathBuf,
    pub cache: PathBuf,
    pub target: PathBuf,
}

impl Project {
    /// Asks cargo. Makes the cache folder.
    pub fn find() -> Result<Project> {
        let output = Command::new(cargo())
            .args(["metadata", "--format-version", "1", "--no-deps"])
            .current_dir(concat!(env!("CARGO_MANIFEST_DIR"), "/../.."))
            .output()
            .context("cargo cannot be started")?;
        let metadata: Value = serde_json::from_slice(&output.stdout)
            .with_context(|| format!("cargo metadata: {}", String::from_utf8_lossy(&output.stderr).trim()))?;
        let root = directory(&metadata, "workspace_root")?;
        let target = directory(&metadata, "target_directory")?;
        // Relative to where the person stands, as a shell has it; never relative to where a child process runs.
        let cache = match std::env::var_os(CACHE_VARIABLE) {
            Some(folder) => std::path::absolute(folder)?,
            None => root.join(".cache"),
        };
        std::fs::create_dir_all(&cache).with_context(|| format!("{} cannot be made", cache.display()))?;
        Ok(Project { root, cache, target })
    }

    /// The binary of a build.
    pub fn driftlens(&self, profile: &str) -> PathBuf {
        self.target.join(profile).join(format!("driftlens{}", std::env::consts::EXE_SUFFIX))
    }

    /// A command that runs in a folder of the workspace. What Cargo says to this task of its own package is not passed on: build scripts
    /// that look at it would be run again, and all that is above them be compiled anew.
    pub fn command(&self, program: impl AsRef<Path>, folder: &str) -> Command {
        let mut command = Command::new(program.as_ref());
        command.current_dir(self.root.join(folder));
        for (name, _) in std::env::vars_os() {
            if name.to_str().is_some_and(|name| name.starts_with("CARGO_PKG_") || name.starts_with("CARGO_MANIFEST_")) {
                command.env_remove(name);
            }
        }
        command
    }
}

/// The cargo that runs this task.
pub fn cargo() -> PathBuf {
    std::env::var_os("CARGO").map_or_else(|| PathBuf::from("cargo"), PathBuf::from)
}

fn directory(metadata: &Value, field: &str) -> Result<PathBuf> {
    let text = metadata.get(field).and_then(Value::as_str);
    text.map(PathBuf::from).with_context(|| format!("cargo metadata says no {field}"))
}
