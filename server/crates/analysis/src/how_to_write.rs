//! What to do about a pending change: the command that makes a project's migrations.

use crate::configuration::ProjectConfig;

/// How the migration that makes a change comes to be.
pub(crate) fn a_change(config: &ProjectConfig) -> String {
    format!("run `{}`", command(config))
}

/// How a drop and an addition become a rename.
pub(crate) fn a_rename(config: &ProjectConfig) -> String {
    format!("`{}` will ask", command(config))
}

fn command(config: &ProjectConfig) -> &'static str {
    if config.format.is_written() { "driftlens generate" } else { "npx drizzle-kit generate" }
}
