//! `meta/_journal.json`: the list of migrations, each with its place in the text.

use serde::Deserialize;
use serde_json::value::RawValue;
use source::Span;

use crate::formats::snapshot_text;

/// The journal's content.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Journal {
    /// The dialect it names and where; None where it names none.
    pub(super) dialect: Option<(String, Span)>,
    pub(super) entries: Vec<JournalEntry>,
}

/// One migration as the journal names it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct JournalEntry {
    pub(super) idx: u64,
    pub(super) when: u64,
    /// The number.
    pub(super) when_span: Span,
    pub(super) tag: String,
    /// The tag between its quotes.
    pub(super) span: Span,
}

/// Why a journal cannot be read, and where.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct JournalError {
    pub(super) message: String,
    pub(super) span: Span,
}

#[derive(Deserialize)]
struct RawJournal<'a> {
    #[serde(borrow)]
    dialect: Option<&'a RawValue>,
    #[serde(borrow)]
    entries: Vec<&'a RawValue>,
}

#[derive(Deserialize)]
struct RawEntry<'a> {
    idx: Option<u64>,
    #[serde(borrow)]
    when: &'a RawValue,
    #[serde(borrow)]
    tag: &'a RawValue,
}

/// Reads a journal. Unknown fields are ignored; an entry without `idx` counts as its place in the list.
pub(super) fn parse(text: &str) -> Result<Journal, JournalError> {
    let body = text.trim_start_matches('\u{feff}');
    if body.trim().is_empty() {
        return Err(JournalError { message: String::from("is empty"), span: Span::default() });
    }
    let raw: RawJournal<'_> = serde_json::from_str(body).map_err(|error| malformed(text, body, &error))?;
    let dialect = match raw.dialect {
        Some(dialect) => Some((string(text, dialect)?, inside(text, dialect))),
        None => None,
    };
    let entries = raw.entries.into_iter().enumerate().map(|(position, raw)| entry(text, position, raw));
    Ok(Journal { dialect, entries: entries.collect::<Result<_, _>>()? })
}

fn entry(text: &str, position: usize, raw: &RawValue) -> Result<JournalEntry, JournalError> {
    let fields: RawEntry<'_> = serde_json::from_str(raw.get()).map_err(|error| malformed(text, raw.get(), &error))?;
    let number: serde_json::Number =
        serde_json::from_str(fields.when.get()).map_err(|error| malformed(text, fields.when.get(), &error))?;
    let when = number.as_u64().or_else(|| number.as_f64().map(|when| when as u64));
    let when_start = snapshot_text::start_in(text, fields.when.get());
    Ok(JournalEntry {
        idx: fields.idx.unwrap_or(position as u64),
        when: when.unwrap_or_default(),
        when_span: Span::new(when_start, when_start + fields.when.get().len()),
        tag: string(text, fields.tag)?,
        span: inside(text, fields.tag),
    })
}

fn string(text: &str, raw: &RawValue) -> Result<String, JournalError> {
    serde_json::from_str(raw.get()).map_err(|error| malformed(text, raw.get(), &error))
}

/// The finding of serde_json in `part`, which is a piece of `text`.
fn malformed(text: &str, part: &str, error: &serde_json::Error) -> JournalError {
    let message = match snapshot_text::has_merge_markers(text) {
        true => String::from("holds the markers of an unresolved merge"),
        false => format!("is not a journal: {}", snapshot_text::what(error)),
    };
    let at = snapshot_text::start_in(text, part) + snapshot_text::offset_of(part, error);
    JournalError { message, span: Span::new(at, at) }
}

/// The bytes between the quotes of a string.
fn inside(text: &str, raw: &RawValue) -> Span {
    let start = snapshot_text::start_in(text, raw.get());
    Span::new(start + 1, (start + raw.get().len()).saturating_sub(1))
}

#[cfg(test)]
mod tests {
    use super::*;
    use expect_test::{Expect, expect};

    fn check(text: &str, expected: Expect) {
        let shown = match parse(text) {
            Ok(journal) => {
                let entries = journal.entries.iter().map(|entry| {
                    format!("{} {} {} at {:?}\n", entry.idx, entry.when, entry.tag, entry.span.text(text))
                });
                let dialect = journal.dialect.map(|(name, span)| format!("{name} at {:?}\n", span.text(text)));
                dialect.into_iter().chain(entries).collect()
            }
            Err(error) => format!("at {}: {}\n", error.span.start, error.message),
        };
        expected.assert_eq(&shown);
    }

    const JOURNAL: &str = r#"{ "version": "7", "dialect": "postgresql", "entries": [
  { "idx": 0, "version": "7", "when": 1795360797130, "tag": "0000_init", "breakpoints": true },
  { "idx": 1, "when": 1.8e12, "tag": "0001_\u00e9" }
] }"#;

    #[test]
    fn entries_come_with_the_place_of_their_tag() {
        check(
            JOURNAL,
            expect![[r#"
                postgresql at "postgresql"
                0 1795360797130 0000_init at "0000_init"
                1 1800000000000 0001_é at "0001_\\u00e9"
            "#]],
        );
        check(
            &format!("\u{feff}{}", r#"{"entries":[{"when":1,"tag":"a"}]}"#),
            expect![[r#"
            0 1 a at "a"
        "#]],
        );
    }

    #[test]
    fn a_broken_journal_is_an_error_at_its_place() {
        check(
            " \n",
            expect![[r#"
            at 0: is empty
        "#]],
        );
        check(
            "{}",
            expect![[r#"
            at 1: is not a journal: missing field `entries`
        "#]],
        );
        check(
            "{\"entries\": [\n  {\"idx\": 0, \"tag\": \"a\"}]}",
            expect![[r#"
            at 37: is not a journal: missing field `when`
        "#]],
        );
        check(
            "{\"entries\": [\n  {\"idx\": 0, \"when\": 5, \"tag\": 7}]}",
            expect![[r#"
            at 45: is not a journal: invalid type: integer `7`, expected a string
        "#]],
        );
        check(
            "{\"entries\": [\n<<<<<<< HEAD\n",
            expect![[r#"
            at 14: holds the markers of an unresolved merge
        "#]],
        );
        check(
            "{\"entries\": [\n  {\"idx\": 0,,",
            expect![[r#"
            at 26: is not a journal: key must be a string
        "#]],
        );
    }

    #[test]
    fn no_prefix_of_a_journal_is_read_wrongly() {
        for end in (0..JOURNAL.len()).filter(|end| JOURNAL.is_char_boundary(*end)) {
            let error = parse(&JOURNAL[..end]).unwrap_err();
            assert!(error.span.end as usize <= end, "{end}: {error:?}");
        }
    }
}
