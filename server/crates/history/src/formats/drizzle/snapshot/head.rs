//! The header of a snapshot, found by a cheap scan that works on the first bytes of a file too.

use source::{FilePath, Files};

use crate::formats::drizzle::json_scan::Scanner;

/// A snapshot's ids stand before its tables, within this many bytes.
const HEAD_BYTES: usize = 1024;

/// What stands at the top of a snapshot, each None where the text does not reach it.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(in crate::formats) struct Head {
    pub(in crate::formats) id: Option<String>,
    /// The snapshots it continues: `prevId`, from drizzle-kit 1.0 on the list `prevIds`.
    pub(in crate::formats) previous_ids: Option<Vec<String>>,
    pub(in crate::formats) version: Option<String>,
    pub(in crate::formats) dialect: Option<String>,
    /// `base` or `diff`, from version 9 of PostgreSQL on.
    pub(in crate::formats) kind: Option<String>,
}

impl Head {
    /// Reads the keys of the outermost object until all that every snapshot has are known, the text ends or stops being JSON.
    pub(in crate::formats) fn scan(text: &str) -> Head {
        let mut head = Head::default();
        let mut scanner = Scanner::new(text.trim_start_matches('\u{feff}'));
        let _ = head.fill(&mut scanner);
        head
    }

    /// The head of a file; the whole file is read only where a formatter moved the ids behind the tables.
    pub(in crate::formats) fn read(file: &FilePath, files: &dyn Files) -> Head {
        let head = |text: Result<String, source::ReadError>| Head::scan(&text.unwrap_or_default());
        let short = head(files.read_head(file, HEAD_BYTES));
        if short.has_ids() { short } else { head(files.read_large(file)) }
    }

    pub(in crate::formats) fn has_ids(&self) -> bool {
        self.id.is_some() && self.previous_ids.is_some()
    }

    fn is_full(&self) -> bool {
        self.has_ids() && self.version.is_some() && self.dialect.is_some()
    }

    fn fill(&mut self, scanner: &mut Scanner<'_>) -> Option<()> {
        scanner.expect(b'{')?;
        while !self.is_full() {
            let key = scanner.string()?;
            scanner.expect(b':')?;
            let value = scanner.value()?;
            // A number is a version too, for whoever wrote it without quotes.
            let word = || Some(value.trim_matches('"').to_owned());
            match key {
                "id" => self.id = word(),
                "prevId" => self.previous_ids = word().map(|id| vec![id]),
                "prevIds" => self.previous_ids = serde_json::from_str(value).ok(),
                "version" => self.version = word(),
                "dialect" => self.dialect = word(),
                "type" => self.kind = word(),
                _ => {}
            }
            scanner.expect(b',')?;
        }
        Some(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use expect_test::{Expect, expect};

    fn check(text: &str, expected: Expect) {
        let Head { id, previous_ids, version, dialect, kind } = Head::scan(text);
        expected.assert_eq(&format!("{id:?} {previous_ids:?} {version:?} {dialect:?} {kind:?}"));
    }

    #[test]
    fn a_cut_off_text_gives_what_it_reaches() {
        check(
            r#"{ "version": "6", "dialect": "sqlite", "id": "i", "prevId": "p", "tab"#,
            expect![[r#"Some("i") Some(["p"]) Some("6") Some("sqlite") None"#]],
        );
        check(r#"{"id":"i","prevId":"p","version":"7"#, expect![[r#"Some("i") Some(["p"]) None None None"#]]);
        check("<html>", expect!["None None None None None"]);
    }

    #[test]
    fn a_snapshot_of_1_0_continues_several() {
        check(
            r#"{"type":"diff","version":"9","dialect":"postgres","id":"i","prevIds":["p","q"],"ddl"#,
            expect![[r#"Some("i") Some(["p", "q"]) Some("9") Some("postgres") Some("diff")"#]],
        );
    }

    #[test]
    fn ids_behind_the_tables_are_found_and_those_inside_are_not() {
        check(
            r#"{"_meta":{"id":"no"},"dialect":"postgresql","tables":{"a":{"id":"}\"","x":[1,{"prevId":"no"}]}},"id":"i","prevId":"p"}"#,
            expect![[r#"Some("i") Some(["p"]) None Some("postgresql") None"#]],
        );
    }
}
