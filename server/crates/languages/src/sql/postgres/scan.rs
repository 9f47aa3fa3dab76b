//! The coarse tokens of PostgreSQL's SQL: enough to find statements, names and strings without parsing. (SQL Syntax, 4.1 Lexical Structure.)
//!
//! Comments and whitespace are left out. Every token is at least one byte long, and all of them together are linear in the text.

/// What a token is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(in crate::sql) enum TokenKind {
    /// A name, keyword or number: what letters, digits, `_`, `$` and everything beyond ASCII are joined in.
    Word,
    /// `"name"`.
    QuotedName,
    /// `'text'` and `E'text'`, the latter with its prefix.
    String,
    /// `$tag$ text $tag$`.
    DollarString,
    /// The comment `--> statement-breakpoint`.
    Breakpoint,
    /// Any other character.
    Mark(u8),
}

/// A token and its place, in bytes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(in crate::sql) struct Token {
    pub kind: TokenKind,
    pub start: usize,
    pub end: usize,
}

impl Token {
    pub fn is_mark(&self, mark: u8) -> bool {
        self.kind == TokenKind::Mark(mark)
    }

    /// True for this keyword, which is given in upper case.
    pub fn is_word(&self, text: &str, word: &str) -> bool {
        self.kind == TokenKind::Word && self.text(text).eq_ignore_ascii_case(word)
    }

    pub fn text<'a>(&self, text: &'a str) -> &'a str {
        text.get(self.start..self.end).unwrap_or_default()
    }
}

/// The tokens of a text from a place on.
#[derive(Clone)]
pub(in crate::sql) struct Scanner<'a> {
    bytes: &'a [u8],
    pub position: usize,
}

const BREAKPOINT: &[u8] = b"--> statement-breakpoint";

impl<'a> Scanner<'a> {
    pub fn new(text: &'a str) -> Scanner<'a> {
        Scanner { bytes: text.as_bytes(), position: 0 }
    }

    pub fn at(text: &'a str, position: usize) -> Scanner<'a> {
        Scanner { bytes: text.as_bytes(), position }
    }

    fn byte(&self, position: usize) -> u8 {
        self.bytes.get(position).copied().unwrap_or(0)
    }

    fn rest(&self, position: usize) -> &'a [u8] {
        self.bytes.get(position..).unwrap_or_default()
    }

    /// The place of the next `byte` at or behind `from`.
    fn next_byte(&self, byte: u8, from: usize) -> Option<usize> {
        self.rest(from).iter().position(|it| *it == byte).map(|at| from + at)
    }

    fn token(&mut self, kind: TokenKind, start: usize, end: usize) -> Option<Token> {
        let end = end.min(self.bytes.len()).max(start + 1);
        self.position = end;
        Some(Token { kind, start, end })
    }

    fn word_end(&self, start: usize) -> usize {
        let length = self.rest(start).iter().position(|byte| !is_word_byte(*byte));
        length.map_or(self.bytes.len(), |length| start + length)
    }

    /// Behind the quote that closes what the quote at `start` opens; doubled quotes are inside.
    fn quoted_end(&self, quote: u8, start: usize) -> usize {
        let mut position = start + 1;
        while let Some(end) = self.next_byte(quote, position) {
            if self.byte(end + 1) != quote {
                return end + 1;
            }
            position = end + 2;
        }
        self.bytes.len()
    }

    /// The same for a string in which a backslash takes the next character's meaning away.
    fn escape_string_end(&self, start: usize) -> usize {
        let mut position = start + 1;
        loop {
            match self.bytes.get(position) {
                None => return self.bytes.len(),
                Some(b'\\') => position += 2,
                Some(b'\'') if self.byte(position + 1) == b'\'' => position += 2,
                Some(b'\'') => return position + 1,
                Some(_) => position += 1,
            }
        }
    }

    /// Behind the comment that `/*` at `start` opens; comments nest.
    fn comment_end(&self, start: usize) -> usize {
        let mut depth = 1_usize;
        let mut position = start + 2;
        while depth > 0 {
            let Some(length) = self.rest(position).iter().position(|byte| matches!(byte, b'*' | b'/')) else {
                return self.bytes.len();
            };
            position += length;
            match (self.byte(position), self.byte(position + 1)) {
                (b'*', b'/') => (depth, position) = (depth - 1, position + 2),
                (b'/', b'*') => (depth, position) = (depth + 1, position + 2),
                _ => position += 1,
            }
        }
        position
    }

    /// Behind the dollar-quoted string at `start`; None where the dollar opens none.
    fn dollar_end(&self, start: usize) -> Option<usize> {
        let tag = self.rest(start + 1);
        let length = tag.iter().position(|byte| !is_tag_byte(*byte))?;
        if tag.get(length) != Some(&b'$') || tag.first().is_some_and(u8::is_ascii_digit) {
            return None;
        }
        let delimiter = self.bytes.get(start..start + length + 2)?;
        let mut position = start + delimiter.len();
        while let Some(end) = self.next_byte(b'$', position) {
            if self.rest(end).starts_with(delimiter) {
                return Some(end + delimiter.len());
            }
            position = end + 1;
        }
        Some(self.bytes.len())
    }
}

impl Iterator for Scanner<'_> {
    type Item = Token;

    fn next(&mut self) -> Option<Token> {
        loop {
            let start = self.position;
            let byte = *self.bytes.get(start)?;
            match byte {
                b' ' | b'\t' | b'\n' | b'\r' | 0x0b | 0x0c => self.position += 1,
                // The byte order mark.
                0xef if self.rest(start).starts_with(b"\xef\xbb\xbf") => self.position += 3,
                b'-' if self.byte(start + 1) == b'-' => {
                    let end = self.next_byte(b'\n', start).unwrap_or(self.bytes.len());
                    let line = self.bytes.get(start..end).unwrap_or_default();
                    // Drizzle cuts at these characters wherever they stand.
                    if let Some(at) = line.windows(BREAKPOINT.len()).position(|it| it == BREAKPOINT) {
                        return self.token(TokenKind::Breakpoint, start + at, start + at + BREAKPOINT.len());
                    }
                    self.position = end;
                }
                b'/' if self.byte(start + 1) == b'*' => self.position = self.comment_end(start),
                b'e' | b'E' if self.byte(start + 1) == b'\'' => {
                    return self.token(TokenKind::String, start, self.escape_string_end(start + 1));
                }
                b'\'' => return self.token(TokenKind::String, start, self.quoted_end(b'\'', start)),
                b'"' => return self.token(TokenKind::QuotedName, start, self.quoted_end(b'"', start)),
                b'$' => {
                    return match self.dollar_end(start) {
                        Some(end) => self.token(TokenKind::DollarString, start, end),
                        None => self.token(TokenKind::Mark(b'$'), start, start + 1),
                    };
                }
                _ if is_word_byte(byte) => return self.token(TokenKind::Word, start, self.word_end(start)),
                _ => return self.token(TokenKind::Mark(byte), start, start + 1),
            }
        }
    }
}

fn is_word_byte(byte: u8) -> bool {
    byte.is_ascii_alphanumeric() || matches!(byte, b'_' | b'$') || byte >= 0x80
}

fn is_tag_byte(byte: u8) -> bool {
    byte.is_ascii_alphanumeric() || byte == b'_' || byte >= 0x80
}
