//! What can be done about a finding, one file each. An action returns texts for a face to show or write; it writes nothing itself.

pub(crate) mod answers_file;
pub(crate) mod compare;
pub(crate) mod generate;
mod migration_name;
pub(crate) mod rebase;
pub(crate) mod rename_answers;
pub(crate) mod repair;
mod target;
