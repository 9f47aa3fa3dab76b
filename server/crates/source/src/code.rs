//! The stable codes of all findings: one visible list. The page behind a code is `server/docs/codes/<group>-<name>.md`.

use crate::Severity;

/// A finding's stable name, such as `schema/not-static`, and how much it matters.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct Code {
    pub id: &'static str,
    pub severity: Severity,
}

impl std::fmt::Display for Code {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(self.id)
    }
}

macro_rules! codes {
    ($($name:ident = $severity:ident $id:literal;)*) => {
        /// Every code by name.
        pub mod codes {
            use super::{Code, Severity};
            $(pub const $name: Code = Code { id: $id, severity: Severity::$severity };)*
        }
        /// Every code there is, in the order of the manual.
        pub const ALL_CODES: &[Code] = &[$(codes::$name,)*];
    };
}

codes! {
    MISSING_MIGRATION = Warning "schema/missing-migration";
    NOT_STATIC = Information "schema/not-static";
    NOT_EXPORTED = Warning "schema/not-exported";
    SYNTAX_ERROR = Information "schema/syntax-error";
    UNRESOLVED_IMPORT = Warning "schema/unresolved-import";
    UNREADABLE_FILE = Error "schema/unreadable-file";
    DUPLICATE_NAME = Error "schema/duplicate-name";
    UNNAMED_INDEX = Error "schema/unnamed-index";
    MISSING_OPCLASS = Error "schema/missing-opclass";
    INTERPOLATED_VALUE = Warning "schema/interpolated-value";
    UNREADABLE_CONFIG = Error "config/unreadable";
    INVALID_CONFIG = Error "config/invalid";
    UNSUPPORTED_DIALECT = Information "config/unsupported-dialect";
    NO_SCHEMA_FILES = Error "config/no-schema-files";
    UNREADABLE_JOURNAL = Error "history/unreadable-journal";
    UNREADABLE_SNAPSHOT = Error "history/unreadable-snapshot";
    UNSUPPORTED_FORMAT = Information "history/unsupported-format";
    MISSING_FILE = Error "history/missing-file";
    UNLISTED_FILE = Warning "history/unlisted-file";
    MISSING_SNAPSHOT = Warning "history/missing-snapshot";
    OUT_OF_ORDER = Error "history/out-of-order";
    DUPLICATE_ENTRY = Error "history/duplicate-entry";
    BRANCH_CONFLICT = Error "history/branch-conflict";
    SNAPSHOT_STALE = Warning "history/snapshot-stale";
    UNREADABLE_STATEMENT = Warning "sql/unreadable-statement";
    CONTRADICTION = Warning "sql/contradiction";
    OPAQUE_BLOCK = Information "sql/opaque-block";
    SKIPPED_LINE = Information "sql/skipped-line";
    MALFORMED_MIGRATION = Error "history/malformed-migration";
    PARTLY_UNKNOWN = Information "history/partly-unknown";
    INTERRUPTED = Information "history/interrupted";
    PLAN_OBSTACLE = Error "plan/obstacle";
    UNAPPLIED = Information "db/unapplied";
    SKIPPED_MIGRATION = Warning "db/skipped-migration";
    MODIFIED_MIGRATION = Warning "db/modified-migration";
    DRIFT = Information "db/drift";
    PUSHED = Information "db/pushed";
}
