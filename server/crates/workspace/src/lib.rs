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
mod initialize;
mod journal;
mod ledgers;
mod local;
mod migrating;
mod operation;
mod operation_run;
mod operation_words;
mod pictures;
mod pushing;
mod rebase_branch;
mod resetting;
mod standing;
mod store;
mod witnesses;

pub use add_migration::{FolderLock, WriteError, moment, replace_file};
pub use discover::{Discovery, LOOKED_FOR, discover, folder_around, is_source_name};
pub use disk::Disk;
pub use environments::{DatabaseProject, Environment, LedgerNames, NoEnvironment, declared_environments, environment};
pub use git::Repository;
pub use initialize::{Initial, PackageJson, ScriptsError, initial_configuration, package_json_above, with_scripts};
pub use journal::{Journal, LeftInTheMiddle, Recording, migrate_error};
pub use languages::configuration::keys::EnvironmentKind;
pub use ledgers::{LedgerLook, ledger_of, look_at_ledger};
pub use local::{
    ComposeDatabase, ComposeFound, DevelopmentDatabase, ENV_FILE, Engine, FOLDER as LOCAL_FOLDER, UrlInFile,
    find_compose, is_ignored_by_git, url_in_file, write_url,
};
pub use migrating::{Extent, Next, Prepared, known_history, open_for_migrations, prepare_migrations, script_losses};
pub use operation::{Ended, Operation, OperationNews, Planned, Planning, Work, plan_operation, run_operation};
pub use operation_words::{
    hazard_words, middle_words, migration_remains, obstacle_words, place, place_in_script, push_remains, rows_words,
    time_words,
};
pub use pictures::keep_catalog;
pub use pushing::{Agreed, Look, PushNews, Pushed, look, look_beside, open_for_push, push_agreed};
pub use rebase_branch::{Rebasing, rebase_branch};
pub use resetting::{Reset, emptied_namespaces, made_only_by_migrations, reset};
pub use standing::{Standing, leave_out_unspoken, standing, standing_of};
pub use store::{Answers, CatalogKey, OperationRecord, Outcome, StepRecord, Store, StoreError};
pub use watch::{Watcher, watch};
pub use witnesses::witness_applied;

/// Folders that hold no source of the project: never searched for configuration files and never watched.
pub(crate) const SKIPPED_FOLDERS: [&str; 6] = ["node_modules", ".git", "dist", "target", ".next", local::FOLDER];
