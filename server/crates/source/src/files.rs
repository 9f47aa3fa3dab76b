//! How the engine sees the project's files: a provider it is handed, so that it does no I/O itself and an open buffer counts as the file.

use std::path::Path;
use std::sync::Arc;

use crate::FilePath;

/// Files larger than this many bytes are not read: a schema file or journal never is.
pub const MAX_FILE_BYTES: usize = 4 * 1024 * 1024;

/// Why a file or folder cannot be read.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum ReadError {
    NotFound,
    /// A directory where a file is expected.
    IsDirectory,
    /// A file where a directory is expected.
    NotDirectory,
    /// The offset of the first byte that is not UTF-8.
    NotUtf8(usize),
    TooLarge(u64),
    /// A symbolic link that leads back to itself.
    LinkLoop,
    Other(String),
}

impl std::fmt::Display for ReadError {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self {
            ReadError::NotFound => f.write_str("no such file"),
            ReadError::IsDirectory => f.write_str("is a directory where a file is expected"),
            ReadError::NotDirectory => f.write_str("is a file where a directory is expected"),
            ReadError::NotUtf8(offset) => write!(f, "is not UTF-8 (first bad byte at offset {offset})"),
            ReadError::TooLarge(bytes) => {
                write!(f, "is too large to be read ({bytes} bytes; the limit is {MAX_FILE_BYTES})")
            }
            ReadError::LinkLoop => f.write_str("is a symbolic link that leads back to itself"),
            ReadError::Other(reason) => f.write_str(reason),
        }
    }
}

/// One name in a folder.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Entry {
    pub name: String,
    pub path: FilePath,
    pub is_directory: bool,
}

/// What an import specifier leads to.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Resolution {
    /// A file of the project or of a workspace package.
    File(FilePath),
    /// An installed or missing npm package, by its name without a subpath: its code is never read.
    Package(String),
    /// Nothing, with what was tried, for a person.
    NotFound(String),
}

/// The project's files. Reading the same unchanged file twice gives the same allocation, so that a reader can keep what it made of it.
pub trait Files: Send + Sync {
    /// The whole text, byte for byte but for a leading byte order mark, which stays in it.
    fn read(&self, path: &Path) -> Result<Arc<str>, ReadError>;
    /// The first `bytes` bytes, cut back to whole characters: for files of which only the head counts. Any size of file is allowed.
    fn read_head(&self, path: &Path, bytes: usize) -> Result<String, ReadError>;
    /// The whole text of a file of any size that is read rarely (a migrations snapshot); nothing is kept.
    fn read_large(&self, path: &Path) -> Result<String, ReadError>;
    /// The names in a folder, sorted as strings.
    fn list(&self, directory: &Path) -> Result<Vec<Entry>, ReadError>;
    /// The files that a pattern of a Drizzle configuration names, relative to `base`, in drizzle-kit's order.
    fn glob(&self, base: &Path, pattern: &str) -> Vec<FilePath>;
    /// What `specifier` leads to when `importer` imports it.
    fn resolve(&self, importer: &Path, specifier: &str) -> Resolution;
    /// An environment variable as the project would see it. Only the names of configuration entries are looked up.
    fn environment(&self, name: &str) -> Option<String>;
    /// A number that changes whenever a file below `directory` may have changed; None where the provider cannot tell.
    fn folder_stamp(&self, directory: &Path) -> Option<u64>;
    /// The files below `directory` whose texts may have changed since `folder_stamp` gave `stamp`; None where the provider cannot tell,
    /// or where more than texts changed: a file or folder came or went.
    fn changed_since(&self, directory: &Path, stamp: u64) -> Option<Vec<FilePath>>;
}
