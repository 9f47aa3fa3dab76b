//! Two branches each added migrations: those of one come behind those of the other. Nothing is written here.

use serde_json::Value;
use source::{Diagnostic, FilePath, Files, Location, codes};

use super::addition::{Manner, Moment};
use super::drizzle::snapshot::Head;
use super::{Folder, Format, Migration, drizzle, drizzle_1, new_file};

/// A migrations folder as one branch has it.
pub struct Branch<'a> {
    pub folder: &'a Folder,
    pub files: &'a dyn Files,
}

/// The folder of `onto` with what comes behind it: paths are those of `onto`.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Rebased {
    /// In the order in which they have to appear.
    pub files: Vec<(FilePath, String)>,
    /// Each moved migration's name before and after.
    pub renamed: Vec<(String, String)>,
}

impl Rebased {
    pub(super) fn put(&mut self, path: FilePath, text: String) {
        self.files.push((path, text));
    }
}

/// The id of a Drizzle snapshot, and those it continues.
pub fn snapshot_ids(file: &FilePath, files: &dyn Files) -> (Option<String>, Vec<String>) {
    let head = Head::read(file, files);
    (head.id, head.previous_ids.unwrap_or_default())
}

/// Puts these migrations of `local` behind those of `onto`. An error says what keeps them from it.
pub fn rebase(
    onto: &Branch<'_>,
    local: &Branch<'_>,
    moved: &[Migration],
    manner: &Manner,
    moment: &Moment,
) -> Result<Rebased, Box<Diagnostic>> {
    match onto.folder.format {
        Format::Drizzle => drizzle::rebase(onto, local, moved, manner, moment),
        Format::Drizzle1 => drizzle_1::rebase(onto, local, moved, moment),
        _ => new_file::rebase(onto, local, moved, moment),
    }
}

/// Two branches that changed one part of a snapshot.
pub(super) fn clashing(migration: &Migration, clash: &[String]) -> Box<Diagnostic> {
    let message = format!("both branches changed {} of the snapshot of {}", clash.join("."), migration.tag);
    let finding = Diagnostic::new(codes::BRANCH_CONFLICT, migration.listed_at.clone(), message);
    Box::new(finding.with_help("Take the local migration out, and generate it again on top of the other branch."))
}

pub(super) fn text_of(file: &FilePath, files: &dyn Files) -> Result<String, Box<Diagnostic>> {
    files.read_large(file).map_err(|error| {
        let finding = Diagnostic::new(codes::UNREADABLE_FILE, Location::start_of(file), format!("the file {error}"));
        Box::new(finding.with_help("Nothing was written."))
    })
}

pub(super) fn json_of(file: &FilePath, files: &dyn Files) -> Result<Value, Box<Diagnostic>> {
    let text = text_of(file, files)?;
    serde_json::from_str(text.trim_start_matches('\u{feff}')).map_err(|error| {
        let message = format!("the file is not JSON: {error}");
        let finding = Diagnostic::new(codes::UNREADABLE_JOURNAL, Location::start_of(file), message);
        Box::new(finding.with_help("Restore it from version control. Nothing was written."))
    })
}
