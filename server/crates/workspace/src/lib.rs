//! The project on disk: detection of configuration files and migrations folders, the file provider with its overlay of open buffers, module resolution, watching.

mod discover;

mod changes;
mod disk;
mod overlay;
mod read;
mod texts;

mod collate;
mod glob;
mod pattern;

mod package_entry;
mod packages;
mod resolve;
mod resolver_files;
mod specifier;
mod tsconfig;

mod watch;

mod add_migration;
mod environments;
mod git;
mod ledgers;
mod migrating;
mod operation;
mod operation_run;
mod operation_words;
mod pushing;
mod rebase_branch;
mod resetting;
mod standing;

pub use add_migration::{FolderLock, WriteError, moment, replace_file};
pub use discover::{Discovery, LOOKED_FOR, discover, folder_around, is_source_name};
pub use disk::Disk;
pub use environments::{DatabaseProject, Environment, LedgerNames, NoEnvironment, declared_environments, environment};
pub use git::Repository;
pub use languages::configuration::keys::EnvironmentKind;
pub use ledgers::{LedgerLook, ledger_of, look_at_ledger};
pub use migrating::{Next, Prepared, known_history, open_for_migrations, prepare_migrations, script_losses};
pub use operation::{Ended, Operation, OperationNews, Planned, Planning, Work, plan_operation, run_operation};
pub use operation_words::{
    hazard_words, migration_remains, obstacle_words, place, place_in_script, push_remains, rows_words,
};
pub use pushing::{Agreed, Look, PushNews, Pushed, look, look_beside, open_for_push, push_agreed};
pub use rebase_branch::{Rebasing, rebase_branch};
pub use resetting::{Reset, emptied_namespaces, made_only_by_migrations, reset};
pub use standing::{Standing, standing, standing_of};
pub use watch::{Watcher, watch};

/// Folders that hold no source of the project: never searched for configuration files and never watched.
pub(crate) const SKIPPED_FOLDERS: [&str; 5] = ["node_modules", ".git", "dist", "target", ".next"];
