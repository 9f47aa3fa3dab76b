//! What git knows of a project: files as they are at a revision, and what it is in the middle of.

use anyhow::{Context as _, anyhow, bail};
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

/// A work tree of git.
pub struct Repository {
    root: PathBuf,
}

impl Repository {
    /// The one that a file or folder is in.
    pub fn of(path: &Path) -> anyhow::Result<Repository> {
        let folder = path.ancestors().skip(1).find(|it| it.is_dir()).unwrap_or(path);
        let root = git(folder, &["rev-parse", "--show-toplevel"])?;
        Ok(Repository { root: PathBuf::from(root.trim_end_matches(['\n', '\r'])) })
    }

    /// Where a path is below the root. The path itself need not exist.
    pub fn inside(&self, path: &Path) -> anyhow::Result<PathBuf> {
        let there = path.ancestors().find_map(|it| Some((it, it.canonicalize().ok()?)));
        let (above, real) = there.with_context(|| path.display().to_string())?;
        let real = real.join(path.strip_prefix(above)?);
        let inside = real.strip_prefix(&self.root);
        Ok(inside.with_context(|| format!("{} is not in {}", real.display(), self.root.display()))?.to_owned())
    }

    /// The commit that a revision names.
    pub fn commit(&self, revision: &str) -> anyhow::Result<String> {
        let commit = git(&self.root, &["rev-parse", "--verify", "--quiet", &format!("{revision}^{{commit}}")]);
        let commit =
            commit.map_err(|_| anyhow!("{revision}: git knows no such revision in {}", self.root.display()))?;
        Ok(commit.trim().to_owned())
    }

    /// The files of a revision, or those below `inside`, in a folder that is gone afterwards. Where there are none it is empty.
    pub fn checkout(&self, revision: &str, inside: Option<&Path>) -> anyhow::Result<tempfile::TempDir> {
        let commit = self.commit(revision)?;
        let copy = tempfile::tempdir()?;
        let mut arguments = vec![String::from("archive"), commit.clone()];
        if let Some(inside) = inside.map(|it| it.to_string_lossy().replace('\\', "/")).filter(|it| !it.is_empty()) {
            if git(&self.root, &["cat-file", "-e", &format!("{commit}:{inside}")]).is_err() {
                return Ok(copy);
            }
            arguments.extend([String::from("--"), inside]);
        }
        let mut archive = Command::new("git").current_dir(&self.root).args(arguments).stdout(Stdio::piped()).spawn()?;
        let tar = archive.stdout.take().context("git archive says nothing")?;
        let unpacked = Command::new("tar").arg("-x").current_dir(copy.path()).stdin(tar).status()?;
        if !archive.wait()?.success() || !unpacked.success() {
            bail!("{revision}: its files cannot be taken out of git");
        }
        Ok(copy)
    }

    /// The revisions that git is bringing together, the one that stays first; None where it is in the middle of nothing.
    pub fn in_progress(&self) -> Option<(&'static str, &'static str)> {
        let is_there = |name: &str| self.commit(name).is_ok();
        match () {
            () if is_there("MERGE_HEAD") => Some(("MERGE_HEAD", "HEAD")),
            // In a rebase HEAD is the other branch with what was moved so far.
            () if is_there("REBASE_HEAD") => Some(("HEAD", "REBASE_HEAD")),
            () if is_there("CHERRY_PICK_HEAD") => Some(("HEAD", "CHERRY_PICK_HEAD")),
            () => None,
        }
    }
}

fn git(folder: &Path, arguments: &[&str]) -> anyhow::Result<String> {
    let output = Command::new("git").current_dir(folder).args(arguments).output().context("git cannot be started")?;
    if !output.status.success() {
        bail!("git {}: {}", arguments.join(" "), String::from_utf8_lossy(&output.stderr).trim());
    }
    Ok(String::from_utf8(output.stdout)?)
}
