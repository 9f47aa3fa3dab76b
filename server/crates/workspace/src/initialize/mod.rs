//! What a project starts with: the scripts of the workflow in its `package.json`, and a `driftlens.toml`.

mod configuration;
mod scripts;

pub use configuration::{Initial, initial_configuration};
pub use scripts::{PackageJson, ScriptsError, package_json_above, with_scripts};
