//! Positions: between byte offsets and lines with columns in the encoding agreed with the client. Whatever a client sends is
//! brought inside the text: it may be about an older one.

use source::{LineColumn, LineIndex, Span};
use std::ops::Range;
use tower_lsp::lsp_types::{Position, PositionEncodingKind, Range as LspRange};

/// What a column counts. In the order of our preference.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum PositionEncoding {
    Utf8,
    Utf32,
    /// What every client speaks, and what one means that names none.
    #[default]
    Utf16,
}

impl PositionEncoding {
    /// The one we like best of those the client offers.
    pub(crate) fn negotiate(offered: &[PositionEncodingKind]) -> PositionEncoding {
        [PositionEncoding::Utf8, PositionEncoding::Utf32]
            .into_iter()
            .find(|encoding| offered.contains(&encoding.kind()))
            .unwrap_or_default()
    }

    pub(crate) fn kind(self) -> PositionEncodingKind {
        match self {
            PositionEncoding::Utf8 => PositionEncodingKind::UTF8,
            PositionEncoding::Utf32 => PositionEncodingKind::UTF32,
            PositionEncoding::Utf16 => PositionEncodingKind::UTF16,
        }
    }

    fn width(self, character: char) -> u32 {
        let width = match self {
            PositionEncoding::Utf8 => character.len_utf8(),
            PositionEncoding::Utf32 => 1,
            PositionEncoding::Utf16 => character.len_utf16(),
        };
        u32::try_from(width).unwrap_or(1)
    }

    /// The offset of a position. Past the end of a line is the line's end, past the last line the text's end, inside a
    /// character its start.
    pub(crate) fn offset(self, text: &str, lines: &LineIndex, position: Position) -> u32 {
        let start = lines.line_start(position.line);
        let line = text.get(start as usize..lines.line_end(position.line, text) as usize).unwrap_or_default();
        let mut column = 0;
        for (at, character) in line.char_indices() {
            column += self.width(character);
            if column > position.character {
                return start + u32::try_from(at).unwrap_or_default();
            }
        }
        start + u32::try_from(line.len()).unwrap_or_default()
    }

    /// The bytes of a range; one that ends before it starts is read the other way round, as VS Code's own library does.
    pub(crate) fn bytes(self, text: &str, lines: &LineIndex, range: LspRange) -> Range<usize> {
        let (start, end) = (self.offset(text, lines, range.start), self.offset(text, lines, range.end));
        start.min(end) as usize..start.max(end) as usize
    }

    /// The position of an offset; inside a character or a line break is before it.
    pub(crate) fn position(self, text: &str, lines: &LineIndex, offset: u32) -> Position {
        let LineColumn { line, column } = lines.line_column(offset);
        let start = lines.line_start(line);
        let end = (start + column).min(lines.line_end(line, text)) as usize;
        let before = text.get(start as usize..text.floor_char_boundary(end)).unwrap_or_default();
        Position { line, character: before.chars().map(|character| self.width(character)).sum() }
    }

    pub(crate) fn range(self, text: &str, lines: &LineIndex, span: Span) -> LspRange {
        LspRange { start: self.position(text, lines, span.start), end: self.position(text, lines, span.end) }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use PositionEncoding::{Utf8, Utf16, Utf32};

    // Columns of `b`: 7 bytes, 3 characters, 4 units of UTF-16.
    const TEXT: &str = "é😀ab\r\nx\u{301}y\rlast";

    fn offset(encoding: PositionEncoding, line: u32, character: u32) -> u32 {
        encoding.offset(TEXT, &LineIndex::new(TEXT), Position { line, character })
    }

    #[test]
    fn columns_count_what_was_agreed() {
        assert_eq!([offset(Utf8, 0, 7), offset(Utf32, 0, 3), offset(Utf16, 0, 4)], [7, 7, 7]);
    }

    #[test]
    fn inside_a_character_is_its_start() {
        assert_eq!([offset(Utf8, 0, 1), offset(Utf8, 0, 3), offset(Utf8, 0, 5), offset(Utf16, 0, 2)], [0, 2, 2, 2]);
    }

    #[test]
    fn past_the_end_is_the_end() {
        for encoding in [Utf8, Utf32, Utf16] {
            assert_eq!(offset(encoding, 0, 99), 8, "before the line break");
            assert_eq!(offset(encoding, 2, u32::MAX), u32::try_from(TEXT.len()).unwrap());
            assert_eq!(offset(encoding, u32::MAX, 0), u32::try_from(TEXT.len()).unwrap());
        }
    }

    #[test]
    fn a_range_that_ends_before_it_starts_is_turned_round() {
        let lines = LineIndex::new(TEXT);
        let range = LspRange::new(Position::new(2, 1), Position::new(0, 0));
        assert_eq!(Utf16.bytes(TEXT, &lines, range), 0..TEXT.len() - 3);
    }

    #[test]
    fn every_offset_comes_back_as_the_start_of_its_character() {
        let lines = LineIndex::new(TEXT);
        for encoding in [Utf8, Utf32, Utf16] {
            for at in 0..=TEXT.len() + 2 {
                let back = encoding.offset(TEXT, &lines, encoding.position(TEXT, &lines, u32::try_from(at).unwrap()));
                let mut expected = TEXT.floor_char_boundary(at);
                if TEXT[..expected].ends_with('\r') && TEXT[expected..].starts_with('\n') {
                    expected -= 1;
                }
                assert_eq!(back as usize, expected, "{encoding:?} at {at}");
            }
        }
    }

    #[test]
    fn the_best_common_encoding_is_taken() {
        use PositionEncodingKind as Kind;
        assert_eq!(PositionEncoding::negotiate(&[]), Utf16);
        assert_eq!(PositionEncoding::negotiate(&[Kind::UTF16, Kind::UTF32]), Utf32);
        assert_eq!(PositionEncoding::negotiate(&[Kind::UTF16, Kind::UTF32, Kind::UTF8]), Utf8);
        assert_eq!(PositionEncoding::negotiate(&[Kind::new("utf-7")]), Utf16);
    }
}
