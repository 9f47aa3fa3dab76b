//! SQLite's tokens, with their places. (sqlite.org/lang_expr.html, lang_keywords.html, lang_comment.html; `tokenize.c`.)

use source::Span;

/// What a token is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(in crate::sql) enum Kind {
    /// A keyword or a bare name.
    Word,
    /// A name in `"…"`, `` `…` `` or `[…]`.
    Quoted,
    /// `'…'`: a string, or a name where only a name can stand.
    Text,
    Blob,
    Number,
    Parameter,
    /// One byte of an operator or punctuation.
    Symbol(u8),
    /// A string or quoted name without its end.
    Unclosed,
    /// No token of SQLite.
    Unknown,
}

#[derive(Clone, Copy, Debug)]
pub(in crate::sql) struct Token {
    pub(in crate::sql) kind: Kind,
    pub(in crate::sql) span: Span,
}

/// What `skip_statement` went past.
pub(in crate::sql) struct Skipped {
    /// The end of the last character that is neither blank nor comment nor the semicolon.
    pub(in crate::sql) end: usize,
    /// The string or quoted name without its end.
    pub(in crate::sql) unclosed: Option<Span>,
}

/// Reads a part of a text, token by token.
pub(in crate::sql) struct Lexer<'a> {
    /// The text up to the part's end, so that positions are the file's.
    bytes: &'a [u8],
    pub(in crate::sql) position: usize,
}

impl<'a> Lexer<'a> {
    pub(in crate::sql) fn new(text: &'a str, start: usize, end: usize) -> Lexer<'a> {
        Lexer { bytes: text.as_bytes().get(..end).unwrap_or_default(), position: start }
    }

    /// None at the end. Blanks and comments before the token are passed.
    pub(in crate::sql) fn next(&mut self) -> Option<Token> {
        self.skip_blanks();
        let start = self.position;
        let kind = self.token(*self.bytes.get(start)?);
        Some(Token { kind, span: Span::new(start, self.position) })
    }

    /// A comment in `/*` may lack its end; a byte order mark is a blank anywhere.
    pub(in crate::sql) fn skip_blanks(&mut self) {
        loop {
            self.skip_while(|byte| byte.is_ascii_whitespace());
            match (self.byte(0), self.byte(1)) {
                (b'-', b'-') | (b'/', b'*') => self.skip_comment(),
                (0xEF, 0xBB) if self.byte(2) == 0xBF => self.position += 3,
                _ => return,
            }
        }
    }

    /// Past the next semicolon outside of strings, quoted names and comments, without looking at what stands there.
    pub(in crate::sql) fn skip_statement(&mut self) -> Skipped {
        let mut skipped = Skipped { end: self.position, unclosed: None };
        let mut run_start = self.position;
        loop {
            self.skip_while(|byte| !is_special(byte));
            let start = self.position;
            match (self.byte(0), self.byte(1)) {
                (b'-', b'-') | (b'/', b'*') => {
                    skipped.end = self.run_end(run_start).unwrap_or(skipped.end);
                    self.skip_comment();
                    run_start = self.position;
                }
                (quote @ (b'\'' | b'"' | b'`' | b'['), _) if !self.skip_quoted(quote) => {
                    skipped.unclosed = Some(Span::new(start, self.position));
                }
                (b'\'' | b'"' | b'`' | b'[', _) => {}
                (b';', _) => {
                    skipped.end = self.run_end(run_start).unwrap_or(skipped.end);
                    self.position += 1;
                    return skipped;
                }
                _ if start >= self.bytes.len() => {
                    skipped.end = self.run_end(run_start).unwrap_or(skipped.end);
                    return skipped;
                }
                _ => self.position += 1,
            }
        }
    }

    pub(in crate::sql) fn is_before_letter(&self) -> bool {
        self.byte(0).is_ascii_alphabetic()
    }

    /// The line that starts here, without the blanks at its end.
    pub(in crate::sql) fn line(&mut self) -> Span {
        let start = self.position;
        self.skip_while(|byte| byte != b'\n');
        Span::new(start, self.run_end(start).unwrap_or(start))
    }

    fn byte(&self, offset: usize) -> u8 {
        self.bytes.get(self.position + offset).copied().unwrap_or(0)
    }

    fn skip_while(&mut self, is_inside: impl Fn(u8) -> bool) {
        let rest = self.bytes.get(self.position..).unwrap_or_default();
        self.position += rest.iter().position(|byte| !is_inside(*byte)).unwrap_or(rest.len());
    }

    /// The end of what stands between `start` and here, blanks behind it left out; None where that is nothing.
    fn run_end(&self, start: usize) -> Option<usize> {
        let run = self.bytes.get(start..self.position)?;
        run.iter().rposition(|byte| !byte.is_ascii_whitespace()).map(|last| start + last + 1)
    }

    fn skip_comment(&mut self) {
        if self.byte(0) == b'-' {
            return self.skip_while(|byte| byte != b'\n');
        }
        self.position += 2;
        loop {
            self.skip_while(|byte| byte != b'*');
            self.position = (self.position + 1).min(self.bytes.len());
            if self.byte(0) == b'/' {
                self.position += 1;
                return;
            }
            if self.position >= self.bytes.len() {
                return;
            }
        }
    }

    /// From the opening to past the closing quote; a doubled quote stands for one. False where it does not end.
    fn skip_quoted(&mut self, open: u8) -> bool {
        let close = if open == b'[' { b']' } else { open };
        self.position += 1;
        loop {
            self.skip_while(|byte| byte != close);
            if self.position >= self.bytes.len() {
                return false;
            }
            self.position += 1;
            if close == b']' || self.byte(0) != close {
                return true;
            }
            self.position += 1;
        }
    }

    fn token(&mut self, first: u8) -> Kind {
        match first {
            b'x' | b'X' if self.byte(1) == b'\'' => {
                self.position += 1;
                self.quoted(b'\'', Kind::Blob)
            }
            b'\'' => self.quoted(first, Kind::Text),
            b'"' | b'`' | b'[' => self.quoted(first, Kind::Quoted),
            b'0'..=b'9' => self.number(),
            b'.' if self.byte(1).is_ascii_digit() => self.number(),
            b'?' | b':' | b'@' | b'$' | b'#' => {
                self.position += 1;
                self.skip_while(is_word);
                Kind::Parameter
            }
            _ if is_word(first) => {
                self.skip_while(is_word);
                Kind::Word
            }
            _ => {
                self.position += 1;
                if b"(),;.+-*/%=<>!|&~".contains(&first) { Kind::Symbol(first) } else { Kind::Unknown }
            }
        }
    }

    fn quoted(&mut self, open: u8, kind: Kind) -> Kind {
        if self.skip_quoted(open) { kind } else { Kind::Unclosed }
    }

    /// Decimal, hexadecimal, with `_` between digits; letters behind a number make it no token.
    fn number(&mut self) -> Kind {
        if self.byte(0) == b'0' && matches!(self.byte(1), b'x' | b'X') {
            self.position += 2;
            self.skip_while(|byte| byte.is_ascii_hexdigit() || byte == b'_');
        } else {
            self.skip_while(|byte| byte.is_ascii_digit() || byte == b'_');
            if self.byte(0) == b'.' {
                self.position += 1;
                self.skip_while(|byte| byte.is_ascii_digit() || byte == b'_');
            }
            let n_sign = usize::from(matches!(self.byte(1), b'+' | b'-'));
            if matches!(self.byte(0), b'e' | b'E') && self.byte(1 + n_sign).is_ascii_digit() {
                self.position += 1 + n_sign;
                self.skip_while(|byte| byte.is_ascii_digit() || byte == b'_');
            }
        }
        if !is_word(self.byte(0)) {
            return Kind::Number;
        }
        self.skip_while(is_word);
        Kind::Unknown
    }
}

/// Letters, digits, `_`, `$` and everything outside of ASCII.
fn is_word(byte: u8) -> bool {
    byte.is_ascii_alphanumeric() || byte == b'_' || byte == b'$' || byte >= 0x80
}

/// What may end a statement, or hide a semicolon.
fn is_special(byte: u8) -> bool {
    matches!(byte, b';' | b'\'' | b'"' | b'`' | b'[' | b'-' | b'/')
}
