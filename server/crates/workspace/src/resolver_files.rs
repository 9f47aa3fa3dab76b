//! The file system that the module resolver sees: the disk under the open buffers, with tsconfig files repaired.

use std::io;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use oxc_resolver::{FileMetadata, FileSystem, FileSystemOs, ResolveError};

use crate::overlay::Overlay;
use crate::packages::Packages;
use crate::tsconfig::{self, Ownership};

pub(crate) struct ResolverFiles {
    pub(crate) overlay: Arc<Overlay>,
    pub(crate) packages: Arc<Packages>,
    pub(crate) ownership: Ownership,
}

impl ResolverFiles {
    fn metadata_or_open(
        &self,
        path: &Path,
        on_disk: impl FnOnce(&Path) -> io::Result<FileMetadata>,
    ) -> io::Result<FileMetadata> {
        on_disk(path).or_else(|error| match () {
            () if self.overlay.is_file(path) => Ok(FileMetadata::new(true, false, false)),
            () if self.overlay.is_directory(path) => Ok(FileMetadata::new(false, true, false)),
            () => Err(error),
        })
    }
}

impl FileSystem for ResolverFiles {
    // The trait asks for it; the resolver is always given a file system that was made before.
    fn new() -> ResolverFiles {
        let overlay = Arc::<Overlay>::default();
        let packages = Arc::new(Packages::new(overlay.clone()));
        ResolverFiles { overlay, packages, ownership: Ownership::AsWritten }
    }

    fn read(&self, path: &Path) -> io::Result<Vec<u8>> {
        match self.overlay.text(path) {
            Some(text) => Ok(text.as_bytes().to_vec()),
            None => std::fs::read(path),
        }
    }

    /// The resolver reads only tsconfig files as text.
    fn read_to_string(&self, path: &Path) -> io::Result<String> {
        let text = match self.overlay.text(path) {
            Some(text) => text.to_string(),
            None => FileSystemOs::read_to_string(path)?,
        };
        let is_file = |path: &Path| path.is_file() || self.overlay.is_file(path);
        let package_folder = |directory: &Path, name: &str| self.packages.folder(directory, name);
        Ok(tsconfig::repair(path, &text, self.ownership, &is_file, &package_folder))
    }

    fn metadata(&self, path: &Path) -> io::Result<FileMetadata> {
        self.metadata_or_open(path, FileSystemOs::metadata)
    }

    fn symlink_metadata(&self, path: &Path) -> io::Result<FileMetadata> {
        self.metadata_or_open(path, FileSystemOs::symlink_metadata)
    }

    fn read_link(&self, path: &Path) -> Result<PathBuf, ResolveError> {
        FileSystemOs::read_link(path)
    }

    fn canonicalize(&self, path: &Path) -> io::Result<PathBuf> {
        match FileSystemOs::canonicalize(path) {
            Err(_) if self.overlay.is_file(path) || self.overlay.is_directory(path) => Ok(path.to_path_buf()),
            canonical => canonical,
        }
    }
}
