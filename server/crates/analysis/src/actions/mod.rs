//! What can be done about a finding, one file each. An action returns texts for a face to show or write; it writes nothing itself.

pub(crate) mod answers_file;
pub(crate) mod compare;
pub(crate) mod edit;
pub(crate) mod export;
pub(crate) mod generate;
mod migration_name;
pub(crate) mod permission;
pub(crate) mod plan_parts;
pub(crate) mod preview;
pub(crate) mod pull;
pub(crate) mod push;
pub(crate) mod rebase;
pub(crate) mod rename;
pub(crate) mod rename_answers;
pub(crate) mod rename_memory;
pub(crate) mod repair;
pub(crate) mod retime;
pub(crate) mod take_back;
mod target;
