//! Switches of the connection.

/// `PRAGMA foreign_keys`; does nothing inside a transaction. (pragma.html#pragma_foreign_keys)
pub fn foreign_keys(are_on: &str) -> String {
    format!("PRAGMA foreign_keys={are_on};")
}

/// `PRAGMA legacy_alter_table`: while it is on, renaming a table neither looks into views and triggers nor changes them.
/// (pragma.html#pragma_legacy_alter_table)
pub fn legacy_alter_table(is_on: &str) -> String {
    format!("PRAGMA legacy_alter_table={is_on};")
}
