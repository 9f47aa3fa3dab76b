//! Single statements as drizzle-kit spells and formats them, each with its semicolon. (drizzle-kit 0.31, `sqlgenerator.ts`.)

mod columns;
mod copy_rows;
mod indexes;
mod pragmas;
mod qualifiers;
mod tables;
mod triggers;
mod views;

pub use columns::{add_column, drop_column, has_constant_default, rename_column};
pub use copy_rows::{CopiedColumn, copy_rows, keep_sequence};
pub use indexes::{create_index, drop_index};
pub use pragmas::{Switch, foreign_keys, legacy_alter_table};
pub use qualifiers::{requalified, unqualified};
pub use tables::{create_table, drop_table, rename_table};
pub use triggers::drop_trigger;
pub use views::{create_view, drop_view};

/// In backquotes, a backquote inside doubled.
fn backquoted(name: &str) -> String {
    format!("`{}`", name.replace('`', "``"))
}

/// Backquoted names with commas between.
fn backquoted_list<'a>(names: impl IntoIterator<Item = &'a String>, comma: &str) -> String {
    names.into_iter().map(|name| backquoted(name)).collect::<Vec<_>>().join(comma)
}

#[cfg(test)]
mod tests;
