//! The page of each finding, from the manual.

/// The codes and their pages.
macro_rules! pages {
    ($($code:literal => $file:literal,)*) => {
        const PAGES: &[(&str, &str)] = &[$(($code, include_str!(concat!("../../../docs/codes/", $file, ".md"))),)*];
    };
}

pages! {
    "schema/missing-migration" => "schema-missing-migration",
    "schema/not-static" => "schema-not-static",
    "schema/not-exported" => "schema-not-exported",
    "schema/syntax-error" => "schema-syntax-error",
    "schema/unresolved-import" => "schema-unresolved-import",
    "schema/unreadable-file" => "schema-unreadable-file",
    "schema/duplicate-name" => "schema-duplicate-name",
    "schema/unnamed-index" => "schema-unnamed-index",
    "schema/missing-opclass" => "schema-missing-opclass",
    "schema/interpolated-value" => "schema-interpolated-value",
    "config/unreadable" => "config-unreadable",
    "config/invalid" => "config-invalid",
    "config/unsupported-dialect" => "config-unsupported-dialect",
    "config/no-schema-files" => "config-no-schema-files",
    "history/unreadable-journal" => "history-unreadable-journal",
    "history/unreadable-snapshot" => "history-unreadable-snapshot",
    "history/unsupported-format" => "history-unsupported-format",
    "history/missing-file" => "history-missing-file",
    "history/unlisted-file" => "history-unlisted-file",
    "history/missing-snapshot" => "history-missing-snapshot",
    "history/out-of-order" => "history-out-of-order",
    "history/duplicate-entry" => "history-duplicate-entry",
    "history/branch-conflict" => "history-branch-conflict",
    "history/snapshot-stale" => "history-snapshot-stale",
    "sql/unreadable-statement" => "sql-unreadable-statement",
    "sql/contradiction" => "sql-contradiction",
    "sql/opaque-block" => "sql-opaque-block",
    "sql/skipped-line" => "sql-skipped-line",
    "history/malformed-migration" => "history-malformed-migration",
    "history/partly-unknown" => "history-partly-unknown",
    "history/interrupted" => "history-interrupted",
    "plan/obstacle" => "plan-obstacle",
    "db/unapplied" => "db-unapplied",
    "db/skipped-migration" => "db-skipped-migration",
    "db/modified-migration" => "db-modified-migration",
    "db/drift" => "db-drift",
    "db/pushed" => "db-pushed",
}

/// The page of a code, in Markdown; None for a code there is not.
pub fn page(code: &str) -> Option<&'static str> {
    PAGES.iter().find(|(known, _)| *known == code).map(|(_, page)| *page)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_code_has_its_page() {
        for code in source::ALL_CODES {
            let page = page(code.id).unwrap_or_else(|| panic!("{code} has no page"));
            assert!(page.starts_with(&format!("# {code}\n")), "the page of {code} starts with its code");
        }
        assert_eq!(PAGES.len(), source::ALL_CODES.len());
    }
}
