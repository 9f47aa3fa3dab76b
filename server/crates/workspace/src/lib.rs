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
mod ledgers;
mod local;
mod pushing;
mod rebase_branch;
mod resetting;
mod standing;

pub use add_migration::{FolderLock, WriteError, moment, replace_file};
pub use discover::{Discovery, LOOKED_FOR, discover, folder_around, is_source_name};
pub use disk::Disk;
pub use environments::{DatabaseProject, Environment, LedgerNames, NoEnvironment, declared_environments, environment};
pub use git::Repository;
pub use initialize::{Initial, PackageJson, ScriptsError, initial_configuration, package_json_above, with_scripts};
pub use languages::configuration::keys::EnvironmentKind;
pub use ledgers::{LedgerLook, ledger_of, look_at_ledger};
pub use local::{
    ComposeDatabase, ComposeFound, DevelopmentDatabase, ENV_FILE, Engine, FOLDER as LOCAL_FOLDER, UrlInFile,
    find_compose, is_ignored_by_git, url_in_file, write_url,
};
pub use pushing::{Look, look, look_beside};
pub use rebase_branch::{Rebasing, rebase_branch};
pub use resetting::{Reset, emptied_namespaces, made_only_by_migrations, reset};
pub use standing::{Standing, standing, standing_of};
pub use watch::{Watcher, watch};

/// Folders that hold no source of the project: never searched for configuration files and never watched.
pub(crate) const SKIPPED_FOLDERS: [&str; 6] = ["node_modules", ".git", "dist", "target", ".next", local::FOLDER];
