//! `DROP TRIGGER`: what a trigger does is not kept, so none can be created.

use super::backquoted;

/// `DROP TRIGGER`.
pub fn drop_trigger(name: &str) -> String {
    format!("DROP TRIGGER {};", backquoted(name))
}
