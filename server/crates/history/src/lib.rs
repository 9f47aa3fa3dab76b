//! The migrations folder: formats, order, integrity, snapshots, replay.

mod choice;
mod described;
mod folding;
pub mod formats;
mod ledger;
mod object_span;
mod reader;
mod replay;
mod script;
mod script_losses;
mod snapshot_stale;
mod statements;
mod undescribed;

pub use choice::Obstacle;
pub use described::described;
pub use formats::{Folder, Format, Migration};
pub use ledger::{FolderState, LedgerRow, MigrationState, folder_state};
pub use reader::{History, Reader, Unmanaged};
pub use replay::{Step, schema_before};
pub use script::{NoScript, Script};
pub use statements::{MigrationStatement, MigrationStatements};
pub use undescribed::{keep_undescribed, keep_unlisted, with_replayed};

use schema::Dialect;
use source::{FilePath, Files};

/// Reads a migrations folder and the state it records, with nothing kept from an earlier reading.
pub fn read(format: Format, dialect: Dialect, path: &FilePath, files: &dyn Files) -> History {
    Reader::default().read(format, dialect, path, files)
}
