//! The project on disk: detection of configuration files, the file provider with its overlay of open buffers, module resolution, watching.

mod discover;
mod disk;
mod glob;
mod resolve;
mod watch;

pub use discover::{Discovery, discover};
pub use disk::Disk;
pub use watch::{Watcher, watch};
