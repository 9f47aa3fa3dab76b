//! Reading files and folders of the disk, with every way this can fail named.

use std::fs::{File, Metadata};
use std::io::{ErrorKind, Read};
use std::path::Path;
use std::time::{Duration, SystemTime};

use source::{Entry, FilePath, MAX_FILE_BYTES, ReadError};

use crate::overlay::Overlay;

/// Two writes closer than this can leave the same modification time: file systems count in ticks of a few milliseconds.
const CLOCK_TICK: Duration = Duration::from_millis(20);

/// What is compared to tell whether a file is still the one that was read.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Stamp {
    modified: Option<SystemTime>,
    bytes: u64,
    inode: u64,
}

impl Stamp {
    /// None where there is nothing to compare.
    pub(crate) fn of(path: &Path) -> Option<Stamp> {
        std::fs::metadata(path).ok().map(|metadata| Stamp::from(&metadata))
    }

    /// Whether a later write could leave this very stamp.
    pub(crate) fn is_fresh(&self) -> bool {
        // A modification time in the future has no elapsed time: it cannot be trusted either.
        self.modified.is_none_or(|modified| modified.elapsed().map_or(true, |age| age < CLOCK_TICK))
    }
}

impl From<&Metadata> for Stamp {
    fn from(metadata: &Metadata) -> Stamp {
        #[cfg(unix)]
        let inode = std::os::unix::fs::MetadataExt::ino(metadata);
        #[cfg(not(unix))]
        let inode = 0;
        Stamp { modified: metadata.modified().ok(), bytes: metadata.len(), inode }
    }
}

/// The whole text of a file that is not larger than `MAX_FILE_BYTES`, and the stamp it had before it was read.
pub(crate) fn read_text(path: &Path) -> Result<(String, Stamp), ReadError> {
    let (file, metadata) = open(path)?;
    if metadata.len() > MAX_FILE_BYTES as u64 {
        return Err(ReadError::TooLarge(metadata.len()));
    }
    let stamp = Stamp::from(&metadata);
    // The file may have grown since it was opened: the limit holds for what is read.
    let bytes = read_bytes(file, MAX_FILE_BYTES as u64 + 1)?;
    if bytes.len() > MAX_FILE_BYTES {
        return Err(ReadError::TooLarge(bytes.len() as u64));
    }
    Ok((utf8(bytes)?, stamp))
}

/// The whole text of a file of any size.
pub(crate) fn read_large(path: &Path) -> Result<String, ReadError> {
    let (file, _) = open(path)?;
    utf8(read_bytes(file, u64::MAX)?)
}

/// The first `bytes` bytes of a file, cut back to whole characters.
pub(crate) fn read_head(path: &Path, bytes: usize) -> Result<String, ReadError> {
    let (file, _) = open(path)?;
    let mut head = read_bytes(file, bytes as u64)?;
    if let Err(error) = std::str::from_utf8(&head)
        // No length means that the bytes end within a character, which is ours if we cut there.
        && error.error_len().is_none()
        && head.len() == bytes
    {
        head.truncate(error.valid_up_to());
    }
    utf8(head)
}

/// The names in a folder, open buffers included, sorted as strings. Names that are not UTF-8 are left out: no configuration can name them.
pub(crate) fn list(overlay: &Overlay, directory: &Path) -> Result<Vec<Entry>, ReadError> {
    let mut entries = overlay.entries(directory);
    match std::fs::read_dir(directory) {
        Ok(found) => {
            for entry in found.flatten() {
                let Ok(name) = entry.file_name().into_string() else { continue };
                let path = directory.join(&name);
                let is_directory = match entry.file_type() {
                    Ok(kind) if kind.is_symlink() => path.is_dir(),
                    Ok(kind) => kind.is_dir(),
                    Err(_) => false,
                };
                entries.insert(name.clone(), Entry { name, path: FilePath::from(path), is_directory });
            }
        }
        Err(_) if !entries.is_empty() => {}
        Err(error) => return Err(read_error(&error)),
    }
    Ok(entries.into_values().collect())
}

fn open(path: &Path) -> Result<(File, Metadata), ReadError> {
    // Looked at before it is opened, because opening a pipe waits for somebody to write to it.
    let metadata = std::fs::metadata(path).map_err(|error| match error.kind() {
        // `a.ts/b.ts` where `a.ts` is a file: there is no such file.
        ErrorKind::NotADirectory => ReadError::NotFound,
        _ => read_error(&error),
    })?;
    if metadata.is_dir() {
        return Err(ReadError::IsDirectory);
    }
    if !metadata.is_file() {
        return Err(ReadError::Other("is not a regular file".to_owned()));
    }
    let file = File::open(path).map_err(|error| read_error(&error))?;
    Ok((file, metadata))
}

fn read_bytes(file: File, limit: u64) -> Result<Vec<u8>, ReadError> {
    let mut bytes = Vec::new();
    file.take(limit).read_to_end(&mut bytes).map_err(|error| read_error(&error))?;
    Ok(bytes)
}

fn utf8(bytes: Vec<u8>) -> Result<String, ReadError> {
    String::from_utf8(bytes).map_err(|error| ReadError::NotUtf8(error.utf8_error().valid_up_to()))
}

fn read_error(error: &std::io::Error) -> ReadError {
    // The kind for a loop of links is not stable yet, so its number is compared.
    const LINK_LOOP: i32 = if cfg!(target_os = "linux") { 40 } else { 62 };
    match error.kind() {
        ErrorKind::NotFound => ReadError::NotFound,
        ErrorKind::IsADirectory => ReadError::IsDirectory,
        ErrorKind::NotADirectory => ReadError::NotDirectory,
        _ if cfg!(unix) && error.raw_os_error() == Some(LINK_LOOP) => ReadError::LinkLoop,
        _ => ReadError::Other(format!("cannot be read: {error}")),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(bytes: &[u8], expected: Result<&str, ReadError>) {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("a.ts");
        std::fs::write(&path, bytes).unwrap();
        assert_eq!(read_text(&path).map(|(text, _)| text), expected.map(str::to_owned));
    }

    #[test]
    fn text_is_kept_byte_for_byte() {
        check(b"\xef\xbb\xbfa\r\nb\n", Ok("\u{feff}a\r\nb\n"));
    }

    #[test]
    fn the_first_bad_byte_is_named() {
        check(b"abc\xff", Err(ReadError::NotUtf8(3)));
    }

    #[test]
    fn a_file_over_the_limit_is_too_large_but_its_head_and_its_whole_can_be_asked_for() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("big.json");
        std::fs::write(&path, "é".repeat(MAX_FILE_BYTES)).unwrap();
        assert_eq!(read_text(&path).unwrap_err(), ReadError::TooLarge(2 * MAX_FILE_BYTES as u64));
        assert_eq!(read_head(&path, 5).unwrap(), "éé");
        assert_eq!(read_large(&path).unwrap().len(), 2 * MAX_FILE_BYTES);
    }

    #[test]
    fn a_directory_a_missing_file_and_a_file_used_as_a_folder_are_told_apart() {
        let folder = tempfile::tempdir().unwrap();
        let file = folder.path().join("a.ts");
        std::fs::write(&file, "").unwrap();
        assert_eq!(read_text(folder.path()).unwrap_err(), ReadError::IsDirectory);
        assert_eq!(read_text(&folder.path().join("b.ts")).unwrap_err(), ReadError::NotFound);
        assert_eq!(read_text(&file.join("b.ts")).unwrap_err(), ReadError::NotFound);
        assert_eq!(list(&Overlay::default(), &file).unwrap_err(), ReadError::NotDirectory);
        assert_eq!(list(&Overlay::default(), &folder.path().join("no")).unwrap_err(), ReadError::NotFound);
    }

    #[cfg(unix)]
    #[test]
    fn a_loop_of_links_is_named() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("a.ts");
        std::os::unix::fs::symlink("a.ts", &path).unwrap();
        assert_eq!(read_text(&path).unwrap_err(), ReadError::LinkLoop);
        assert_eq!(read_head(&path, 9).unwrap_err(), ReadError::LinkLoop);
    }

    #[test]
    fn a_head_with_a_bad_byte_inside_is_not_utf8() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("a.sql");
        std::fs::write(&path, b"a\xffbc").unwrap();
        assert_eq!(read_head(&path, 3).unwrap_err(), ReadError::NotUtf8(1));
    }
}
