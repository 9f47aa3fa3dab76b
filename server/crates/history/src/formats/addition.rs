//! A migration that is to be added to a folder: its files and their texts. Nothing is written here.

use languages::drizzle::MigrationPrefix;
use schema::{ObjectPath, Schema};
use source::{Diagnostic, FilePath};

use super::staged::{Staged, WithoutStaged};
use super::{Folder, Format, drizzle, drizzle_1, new_file};
use source::Files;

/// A migration that is not in its folder yet.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Addition {
    /// What a person calls it, such as `0007_users_add_email`.
    pub tag: String,
    /// In the order in which they have to appear: with the last one the migration counts.
    pub files: Vec<AddedFile>,
    /// What goes when they are in place.
    pub removed: Vec<FilePath>,
}

/// A file of an addition.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct AddedFile {
    pub path: FilePath,
    pub text: String,
    /// True for one that is there already (a journal).
    pub replaces: bool,
}

/// What a migration does.
#[derive(Clone, Copy, Debug)]
pub struct Content<'a> {
    /// Each with its semicolon, and with the line end that drizzle-kit writes behind some kinds.
    pub statements: &'a [String],
    /// What takes them back, where the format keeps that; None where it is not wanted.
    pub down: Option<&'a [String]>,
    /// The state that the migration leads to; None for an empty one that a person fills, which records the state before it.
    pub schema: Option<&'a Schema>,
    /// What goes on under another name, as it was and as it is; a part with the name its table has on that side.
    pub renames: &'a [(ObjectPath, ObjectPath)],
}

/// How migrations are named and written, as a project's configuration has it.
#[derive(Clone, Debug, Default)]
pub struct Manner {
    pub prefix: MigrationPrefix,
    /// False where statements are not divided by `--> statement-breakpoint`.
    pub breakpoints: bool,
    /// drizzle-kit's `driver`: `expo` and `durable-sqlite` want a bundle beside the migrations.
    pub driver: Option<String>,
    /// The dialect as the configuration spells it.
    pub dialect_word: String,
}

/// What the folder cannot know.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Moment {
    /// Milliseconds since 1970.
    pub unix_ms: u64,
    /// A new UUID of version 4.
    pub id: String,
}

/// The files that add a migration of this name to the folder. An error says why none can be added as things are.
pub fn add(
    folder: &Folder,
    name: &str,
    content: Content<'_>,
    manner: &Manner,
    moment: &Moment,
    files: &dyn Files,
) -> Result<Addition, Box<Diagnostic>> {
    let staged = Staged::interrupted(&folder.path, files);
    let visible = staged.map(|staged| WithoutStaged::new(files, &folder.path, &staged));
    let files = visible.as_ref().map_or(files, |visible| visible as &dyn Files);
    match folder.format {
        Format::Drizzle => drizzle::add(folder, name, content, manner, moment, files),
        Format::Drizzle1 => drizzle_1::add(folder, name, content, manner, moment, files),
        _ => Ok(new_file::add(folder, name, content, moment)),
    }
}

/// The files that give the migrations at these positions a snapshot of these states: `serial` folded, in the order of the folder. An error
/// says why none can be made as things are.
pub fn rebuild_snapshots(
    folder: &Folder,
    states: &[(usize, Schema)],
    new_id: &mut dyn FnMut() -> String,
    files: &dyn Files,
) -> Result<Addition, Box<Diagnostic>> {
    match folder.format {
        Format::Drizzle => drizzle::rebuild(folder, states, new_id, files),
        Format::Drizzle1 => drizzle_1::rebuild(folder, states, new_id, files),
        _ => Ok(Addition { tag: String::from("snapshots"), files: Vec::new(), removed: Vec::new() }),
    }
}

/// `YYYYMMDDHHMMSS` in UTC.
pub(super) fn date_digits(unix_ms: u64) -> String {
    date(unix_ms, "%Y%m%d%H%M%S")
}

pub(super) fn date(unix_ms: u64, format: &str) -> String {
    let ms = i64::try_from(unix_ms).unwrap_or(i64::MAX);
    jiff::Timestamp::from_millisecond(ms).unwrap_or(jiff::Timestamp::MAX).strftime(format).to_string()
}

/// A name as part of a file's name: lower case, words joined by `_`; `migration` where nothing is left.
pub fn file_name_part(name: &str) -> String {
    let words: Vec<String> = name
        .split(|character: char| !character.is_alphanumeric())
        .filter(|word| !word.is_empty())
        .map(str::to_lowercase)
        .collect();
    let joined = words.join("_");
    let end = joined.floor_char_boundary(MAX_NAME_BYTES);
    match joined.get(..end).map(|cut| cut.trim_end_matches('_')) {
        Some(cut) if !cut.is_empty() => cut.to_owned(),
        _ => String::from("migration"),
    }
}

/// File systems take 255 bytes a name; prefixes and endings want room.
const MAX_NAME_BYTES: usize = 120;

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_become_file_names() {
        for (name, expected) in [
            ("Add E-Mail to Users!", "add_e_mail_to_users"),
            ("../../etc/passwd", "etc_passwd"),
            ("größe", "größe"),
            ("  ", "migration"),
            ("a/b\\c", "a_b_c"),
        ] {
            assert_eq!(file_name_part(name), expected, "{name}");
        }
        assert!(file_name_part(&"ab ".repeat(200)).len() <= MAX_NAME_BYTES);
    }

    #[test]
    fn dates_are_utc() {
        assert_eq!(date_digits(0), "19700101000000");
        assert_eq!(date_digits(1_795_360_797_130), "20261122151957");
        assert_eq!(date(1_795_360_797_130, "%Y-%m-%d-%H%M%S"), "2026-11-22-151957");
    }
}
