//! What lies in a migrations folder of drizzle-kit 1.0: the folders that hold a migration or a snapshot.

use std::path::Path;

use source::{Entry, FilePath, Files, ReadError};

pub(super) const SQL: &str = "migration.sql";
/// Where Driftlens keeps what takes a migration back: drizzle-kit and drizzle-orm do not look at it.
pub(super) const DOWN: &str = "down.sql";
const SNAPSHOT: &str = "snapshot.json";

/// One folder below the migrations folder.
#[derive(Debug)]
pub(super) struct Member {
    pub(super) name: String,
    /// `migration.sql`, whether it exists or not.
    pub(super) sql: FilePath,
    pub(super) has_sql: bool,
    pub(super) snapshot: Option<FilePath>,
    pub(super) down: Option<FilePath>,
}

/// The folders that count, in the order in which the migrator runs them.
pub(super) fn read(path: &FilePath, files: &dyn Files) -> Result<Vec<Member>, ReadError> {
    let directories = files.list(path)?.into_iter().filter(|entry| entry.is_directory);
    let mut members: Vec<Member> = directories.filter_map(|entry| member(entry, files)).collect();
    members.sort_by_cached_key(|member| collation_key(&member.name));
    Ok(members)
}

fn member(directory: Entry, files: &dyn Files) -> Option<Member> {
    let entries = files.list(&directory.path).ok()?;
    let has = |name: &str| entries.iter().any(|entry| !entry.is_directory && entry.name == name);
    let file = |name: &str| FilePath::from(Path::new(&*directory.path).join(name));
    let (has_sql, has_snapshot) = (has(SQL), has(SNAPSHOT));
    (has_sql || has_snapshot).then(|| Member {
        sql: file(SQL),
        has_sql,
        snapshot: has_snapshot.then(|| file(SNAPSHOT)),
        down: has(DOWN).then(|| file(DOWN)),
        name: directory.name,
    })
}

/// `migration.sql` of a folder that is named as drizzle-kit 1.0 names them: `<14 digits>_<name>`.
pub(in crate::formats) fn dated_migration(directory: &Entry, files: &dyn Files) -> Option<FilePath> {
    let is_dated =
        directory.is_directory && digits(&directory.name).is_some() && directory.name.as_bytes().get(14) == Some(&b'_');
    let file = || FilePath::from(Path::new(&*directory.path).join(SQL));
    is_dated.then(file).filter(|file| files.read_head(file, 1).is_ok())
}

/// The milliseconds since 1970 that the first 14 digits of a name stand for, in UTC, as drizzle-orm's `formatToMillis` reads them.
pub(super) fn milliseconds(name: &str) -> Option<u64> {
    let digits = digits(name)?;
    let number = |from: usize, to: usize| digits.get(from..to)?.parse::<i64>().ok();
    let (year, month, day) = (number(0, 4)?, number(4, 6)?, number(6, 8)?);
    let (hour, minute, second) = (number(8, 10)?, number(10, 12)?, number(12, 14)?);
    // Days in the proleptic Gregorian calendar, counted from March so that a leap day ends its year.
    let months = year * 12 + month - 3;
    let (year, month) = (months.div_euclid(12), months.rem_euclid(12));
    let days = 365 * year + year / 4 - year / 100 + year / 400 + (153 * month + 2) / 5 + day - 1 - 719_468;
    u64::try_from((((days * 24 + hour) * 60 + minute) * 60 + second) * 1000).ok()
}

fn digits(name: &str) -> Option<&str> {
    name.get(..14).filter(|digits| digits.bytes().all(|byte| byte.is_ascii_digit()))
}

/// True where the migrator runs the first of two folders after the second.
pub(super) fn sorts_after(name: &str, other: &str) -> bool {
    collation_key(name) > collation_key(other)
}

/// JavaScript's `localeCompare`, by which the migrator sorts: punctuation, digits, letters; case decides only between equals.
fn collation_key(name: &str) -> (Vec<(u8, char)>, Vec<bool>) {
    let key = |character: char| {
        let class = match character {
            '_' => 0,
            _ if character.is_alphabetic() => 3,
            _ if character.is_numeric() => 2,
            _ => 1,
        };
        (class, character.to_lowercase().next().unwrap_or(character))
    };
    (name.chars().map(key).collect(), name.chars().map(char::is_uppercase).collect())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_time_of_a_name_is_that_of_javascript() {
        assert_eq!(milliseconds("19700101000000_x"), Some(0));
        assert_eq!(milliseconds("20261125223701_init"), Some(1_795_646_221_000));
        assert_eq!(milliseconds("20240229235959_leap"), Some(1_709_251_199_000));
        assert_eq!(milliseconds("20261399000000_no_such_day"), Some(1_807_228_800_000));
        assert_eq!(milliseconds("00000101000000_long_ago"), None);
        assert_eq!(milliseconds("2024_x"), None);
        assert_eq!(milliseconds("20240229235959"), Some(1_709_251_199_000));
    }

    #[test]
    fn names_sort_as_in_javascript() {
        let mut names = ["2_b", "2_B", "2_a-c", "2_a_c", "2_ab", "2_a1", "1_z", "2_A", "2_a"];
        names.sort_by_cached_key(|name| collation_key(name));
        assert_eq!(names, ["1_z", "2_a", "2_A", "2_a_c", "2_a-c", "2_a1", "2_ab", "2_b", "2_B"]);
    }
}
