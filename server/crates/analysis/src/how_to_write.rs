//! What to do about a pending change: the command that makes a project's migrations.

use history::Format;

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
    match config.format {
        // Its snapshots are read, but not written.
        Format::Drizzle1 => "npx drizzle-kit generate",
        _ => "driftlens generate",
    }
}
