//! What to do about a pending change: the command that makes a project's migrations.

/// How the migration that makes a change comes to be.
pub(crate) const A_CHANGE: &str = "run `driftlens generate`";

/// How a drop and an addition become a rename.
pub(crate) const A_RENAME: &str = "`driftlens generate` will ask";
