//! The header of a snapshot, found by a cheap scan that works on the first bytes of a file too.

use crate::formats::drizzle::json_scan::Scanner;

/// The top-level strings of a snapshot, each None where the text does not reach it.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(in crate::formats::drizzle) struct Head {
    pub(in crate::formats::drizzle) id: Option<String>,
    pub(in crate::formats::drizzle) previous_id: Option<String>,
    pub(in crate::formats::drizzle) version: Option<String>,
    pub(in crate::formats::drizzle) dialect: Option<String>,
}

impl Head {
    /// Reads the keys of the outermost object until all four are known, the text ends or stops being JSON.
    pub(in crate::formats::drizzle) fn scan(text: &str) -> Head {
        let mut head = Head::default();
        let mut scanner = Scanner::new(text.trim_start_matches('\u{feff}'));
        let _ = head.fill(&mut scanner);
        head
    }

    pub(in crate::formats::drizzle) fn has_ids(&self) -> bool {
        self.id.is_some() && self.previous_id.is_some()
    }

    fn is_full(&self) -> bool {
        self.has_ids() && self.version.is_some() && self.dialect.is_some()
    }

    fn fill(&mut self, scanner: &mut Scanner<'_>) -> Option<()> {
        scanner.expect(b'{')?;
        while !self.is_full() {
            let key = scanner.string()?;
            scanner.expect(b':')?;
            let field = match key {
                "id" => Some(&mut self.id),
                "prevId" => Some(&mut self.previous_id),
                "version" => Some(&mut self.version),
                "dialect" => Some(&mut self.dialect),
                _ => None,
            };
            let value = scanner.value()?;
            if let Some(field) = field {
                // A number is a version too, for whoever wrote it without quotes.
                *field = Some(value.trim_matches('"').to_owned());
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
        let Head { id, previous_id, version, dialect } = Head::scan(text);
        expected.assert_eq(&format!("{id:?} {previous_id:?} {version:?} {dialect:?}"));
    }

    #[test]
    fn a_cut_off_text_gives_what_it_reaches() {
        check(
            r#"{ "version": "6", "dialect": "sqlite", "id": "i", "prevId": "p", "tab"#,
            expect![[r#"Some("i") Some("p") Some("6") Some("sqlite")"#]],
        );
        check(r#"{"id":"i","prevId":"p","version":"7"#, expect![[r#"Some("i") Some("p") None None"#]]);
        check("<html>", expect!["None None None None"]);
    }

    #[test]
    fn ids_behind_the_tables_are_found_and_those_inside_are_not() {
        check(
            r#"{"_meta":{"id":"no"},"dialect":"postgresql","tables":{"a":{"id":"}\"","x":[1,{"prevId":"no"}]}},"id":"i","prevId":"p"}"#,
            expect![[r#"Some("i") Some("p") None Some("postgresql")"#]],
        );
    }
}
