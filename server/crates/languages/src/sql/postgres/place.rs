//! A text of SQL and where it stands in its file: as it is, or in a string with its escapes.

use source::Span;

/// A text to read. Cheap to copy.
#[derive(Clone, Copy, Debug)]
pub(super) struct Text<'a> {
    pub text: &'a str,
    place: Place<'a>,
}

#[derive(Clone, Copy, Debug)]
enum Place<'a> {
    /// The text stands in the file from this offset on.
    Offset(usize),
    /// For each byte of the text, and for its end, an offset into the file: the text was in quotes and had escapes.
    Table(&'a [u32]),
}

impl<'a> Text<'a> {
    /// A whole file.
    pub fn file(text: &'a str) -> Text<'a> {
        Text { text, place: Place::Offset(0) }
    }

    pub fn decoded(string: &'a Decoded) -> Text<'a> {
        Text { text: &string.text, place: Place::Table(&string.offsets) }
    }

    /// The part from `start` to `end`; empty where there is none.
    pub fn slice(self, start: usize, end: usize) -> Text<'a> {
        let text = self.text.get(start..end).unwrap_or_default();
        let place = match self.place {
            Place::Offset(offset) => Place::Offset(offset + start),
            Place::Table(table) => Place::Table(table.get(start..=end).unwrap_or_default()),
        };
        Text { text, place }
    }

    pub fn offset(self, position: usize) -> usize {
        match self.place {
            Place::Offset(offset) => offset + position,
            Place::Table(table) => table.get(position).or(table.last()).map_or(0, |offset| *offset as usize),
        }
    }

    /// The place in the file.
    pub fn span(self, start: usize, end: usize) -> Span {
        Span::new(self.offset(start), self.offset(end))
    }

    pub fn whole(self) -> Span {
        self.span(0, self.text.len())
    }
}

/// The text of a string constant, and where each byte of it stands in the file.
#[derive(Clone, Debug, Default)]
pub(super) struct Decoded {
    pub text: String,
    /// One more than the text has bytes.
    pub offsets: Vec<u32>,
}

impl Decoded {
    pub fn push(&mut self, character: char, offset: usize) {
        self.text.push(character);
        let offset = u32::try_from(offset).unwrap_or(u32::MAX);
        self.offsets.extend(std::iter::repeat_n(offset, character.len_utf8()));
    }

    pub fn close(&mut self, offset: usize) {
        self.offsets.push(u32::try_from(offset).unwrap_or(u32::MAX));
    }
}
