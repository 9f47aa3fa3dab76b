//! Switches of the connection.

/// What a switch is set to.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Switch {
    On,
    Off,
}

impl Switch {
    fn as_str(self) -> &'static str {
        match self {
            Switch::On => "ON",
            Switch::Off => "OFF",
        }
    }
}

/// `PRAGMA foreign_keys`; does nothing inside a transaction. (pragma.html#pragma_foreign_keys)
pub fn foreign_keys(switch: Switch) -> String {
    format!("PRAGMA foreign_keys={};", switch.as_str())
}

/// `PRAGMA legacy_alter_table`: while it is on, renaming a table neither looks into views and triggers nor changes them.
/// (pragma.html#pragma_legacy_alter_table)
pub fn legacy_alter_table(switch: Switch) -> String {
    format!("PRAGMA legacy_alter_table={};", switch.as_str())
}
