//! What lies in a migrations folder, for the formats in which the folder itself is the list.

use source::{Diagnostic, Entry, Files, Location, ReadError, codes};

use super::Folder;

/// The folder's names, sorted. Nothing, with a finding, where it cannot be listed; nothing where it does not exist.
pub(super) fn list(folder: &mut Folder, files: &dyn Files) -> Vec<Entry> {
    match files.list(&folder.path) {
        Ok(entries) => entries,
        Err(ReadError::NotFound) => Vec::new(),
        Err(error) => {
            let message = format!("the migrations folder {error}");
            let finding = Diagnostic::new(codes::UNREADABLE_JOURNAL, Location::start_of(&folder.path), message)
                .with_help("Check the configured path of the migrations folder and its permissions.");
            folder.diagnostics.push(finding);
            folder.unreadable = true;
            Vec::new()
        }
    }
}

/// The files among a folder's names.
pub(super) fn only_files(entries: Vec<Entry>) -> impl Iterator<Item = Entry> {
    entries.into_iter().filter(|entry| !entry.is_directory)
}

/// True for a name that a person takes for SQL.
pub(super) fn is_sql(name: &str) -> bool {
    name.get(name.len().saturating_sub(4)..).is_some_and(|ending| ending.eq_ignore_ascii_case(".sql"))
}

/// The digits that a name starts with, and what stands behind them; None where it starts with none.
pub(super) fn leading_digits(name: &str) -> Option<(&str, &str)> {
    let end = name.bytes().take_while(u8::is_ascii_digit).count();
    (end > 0).then(|| name.split_at(end))
}

/// Orders digits as the number they write, however long they are.
pub(super) fn number_key(digits: &str) -> (usize, &str) {
    let significant = digits.trim_start_matches('0');
    (significant.len(), significant)
}
