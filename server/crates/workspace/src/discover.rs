//! Finding the configuration files below a folder, respecting .gitignore, never descending into `node_modules`.

use source::FilePath;
use std::path::Path;

/// What was found.
#[derive(Clone, Debug, Default)]
pub struct Discovery {
    /// Configuration files, absolute and sorted; several in one folder are several projects.
    pub configs: Vec<FilePath>,
}

/// Every `drizzle.config.{ts,mts,js,mjs,cjs,json}` below `root` (and `drizzle.*.config.*`, `drizzle.config.*.*`), `root` itself where it is a file.
pub fn discover(root: &Path) -> std::io::Result<Discovery> {
    let _ = root;
    Ok(Discovery::default())
}
