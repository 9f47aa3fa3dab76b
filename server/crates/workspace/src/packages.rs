//! The packages of a monorepo by name, found without `node_modules`: from pnpm-workspace.yaml or `workspaces` in package.json.

use std::path::{Path, PathBuf};
use std::sync::Arc;

use parking_lot::Mutex;
use rustc_hash::FxHashMap;
use serde_json::Value;

use crate::glob::glob;
use crate::overlay::Overlay;
use crate::read;

type Folders = Arc<FxHashMap<String, PathBuf>>;

pub(crate) struct Packages {
    overlay: Arc<Overlay>,
    /// By the folder of a workspace's root.
    by_root: Mutex<FxHashMap<PathBuf, Folders>>,
    /// The root of the workspace that a folder belongs to.
    roots: Mutex<FxHashMap<PathBuf, Option<PathBuf>>>,
}

impl Packages {
    pub(crate) fn new(overlay: Arc<Overlay>) -> Packages {
        Packages { overlay, by_root: Mutex::default(), roots: Mutex::default() }
    }

    /// The folder of a package whose source belongs to the project: one of the workspace, or one that `node_modules` only links to.
    pub(crate) fn folder(&self, importer: &Path, name: &str) -> Option<PathBuf> {
        let in_workspace = self.workspace(importer).and_then(|folders| folders.get(name).cloned());
        in_workspace.or_else(|| linked(importer, name))
    }

    pub(crate) fn json(&self, path: &Path) -> Option<Value> {
        let text = match self.overlay.text(path) {
            Some(text) => text,
            None => Arc::from(read::read_text(path).ok()?.0),
        };
        serde_json::from_str(text.trim_start_matches('\u{feff}')).ok()
    }

    pub(crate) fn is_file(&self, path: &Path) -> bool {
        self.overlay.is_file(path) || path.is_file()
    }

    fn workspace(&self, directory: &Path) -> Option<Folders> {
        let known = self.roots.lock().get(directory).cloned();
        let root = known.unwrap_or_else(|| {
            let root = directory.ancestors().find(|above| !self.patterns(above).is_empty()).map(Path::to_path_buf);
            self.roots.lock().insert(directory.to_path_buf(), root.clone());
            root
        })?;
        // Held while the folders are looked for, so that many threads look once.
        let mut by_root = self.by_root.lock();
        Some(by_root.entry(root).or_insert_with_key(|root| Arc::new(self.packages_of(root))).clone())
    }

    fn packages_of(&self, root: &Path) -> FxHashMap<String, PathBuf> {
        let list = |directory: &Path| read::list(&self.overlay, directory).unwrap_or_default();
        let manifests = |pattern: &str| glob(root, &format!("{}/package.json", pattern.trim_end_matches('/')), &list);
        let patterns = self.patterns(root);
        let (excluded, included): (Vec<_>, Vec<_>) = patterns.iter().partition(|pattern| pattern.starts_with('!'));
        let excluded: Vec<_> = excluded.iter().flat_map(|pattern| manifests(pattern.trim_start_matches('!'))).collect();
        let mut found: Vec<_> = included.iter().flat_map(|pattern| manifests(pattern)).collect();
        found.retain(|manifest| !excluded.contains(manifest));
        found.push(root.join("package.json").into());
        let mut folders = FxHashMap::default();
        for manifest in found {
            let json = self.json(&manifest).unwrap_or_default();
            if let (Some(name), Some(folder)) = (json.get("name").and_then(Value::as_str), manifest.parent()) {
                // The first one wins, so that a fixture with the same name further down does not.
                folders.entry(name.to_owned()).or_insert_with(|| folder.to_path_buf());
            }
        }
        folders
    }

    /// The patterns of a workspace's packages; none where the folder is not the root of one.
    fn patterns(&self, directory: &Path) -> Vec<String> {
        let path = directory.join("pnpm-workspace.yaml");
        let pnpm = self.overlay.text(&path).or_else(|| Some(Arc::from(read::read_text(&path).ok()?.0)));
        if let Some(pnpm) = pnpm {
            let patterns = pnpm_packages(&pnpm);
            if !patterns.is_empty() {
                return patterns;
            }
        }
        let manifest = self.json(&directory.join("package.json")).unwrap_or_default();
        let workspaces = manifest.get("workspaces").unwrap_or(&Value::Null);
        let list = workspaces.get("packages").unwrap_or(workspaces).as_array();
        list.into_iter().flatten().filter_map(Value::as_str).map(str::to_owned).collect()
    }
}

/// A package that a package manager has only linked into `node_modules`, by its real folder.
fn linked(importer: &Path, name: &str) -> Option<PathBuf> {
    let link = importer.ancestors().map(|above| above.join("node_modules").join(name)).find(|path| path.exists())?;
    let real = link.canonicalize().ok()?;
    // pnpm links installed packages too, but from one folder in `node_modules` to another.
    let is_installed = real.components().any(|component| component.as_os_str() == "node_modules");
    (!is_installed).then_some(real)
}

/// The list below `packages:`, as pnpm's own documentation writes it; the rest of the file is of no interest.
fn pnpm_packages(yaml: &str) -> Vec<String> {
    let unquote = |text: &str| {
        let text = text.trim();
        match text.chars().next() {
            Some(quote @ ('"' | '\'')) => text.split(quote).nth(1).unwrap_or_default().to_owned(),
            _ => text.split(" #").next().unwrap_or_default().trim().to_owned(),
        }
    };
    let mut lines = yaml.lines();
    let Some(first) = lines.by_ref().find_map(|line| line.trim_start_matches('\u{feff}').strip_prefix("packages:"))
    else {
        return Vec::new();
    };
    if let Some(flow) = first.trim().strip_prefix('[') {
        let flow = flow.split(']').next().unwrap_or_default();
        return flow.split(',').map(unquote).filter(|it| !it.is_empty()).collect();
    }
    let lines = lines.filter(|line| !line.trim().is_empty() && !line.trim_start().starts_with('#'));
    lines.map_while(|line| line.trim_start().strip_prefix('-').map(unquote)).filter(|it| !it.is_empty()).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(yaml: &str, expected: &[&str]) {
        assert_eq!(pnpm_packages(yaml), expected);
    }

    #[test]
    fn the_packages_of_a_pnpm_workspace_are_read() {
        check(
            "catalog:\n  a: 1\npackages:\n  # apps\n  - 'apps/*'\n\n  - packages/** # all\n  - \"!**/test/**\"\nonlyBuilt:\n  - x\n",
            &["apps/*", "packages/**", "!**/test/**"],
        );
        check("packages:\r\n- a\r\n- b\r\n", &["a", "b"]);
        check("packages: [\"a/*\", b]\n", &["a/*", "b"]);
        check("catalog: {}\n", &[]);
    }
}
