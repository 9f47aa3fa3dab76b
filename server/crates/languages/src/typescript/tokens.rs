//! The tokens of a TypeScript text that may be half-written: what stands before a place, without a tree.
//!
//! A text that is being typed rarely parses; its tokens and open brackets are there all the same.

use source::Span;

/// What a token is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum TokenKind {
    /// A name or keyword.
    Word,
    Number,
    /// `'…'` or `"…"`, its quotes included.
    String,
    Regex,
    /// A stretch of a template's own text.
    TemplateText,
    /// `=>`.
    Arrow,
    /// `(`, `[`, `{`, a template's opening `` ` ``, and `$` for `${`.
    Open(u8),
    /// What closes one of these, named by what opened it.
    Close(u8),
    /// Any other character.
    Mark(u8),
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Token {
    pub kind: TokenKind,
    pub span: Span,
}

/// What the end of the text is inside of.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum End {
    Code,
    /// In a string whose opening quote is at this offset.
    String(u32),
    /// In a template's own text; its opening is the last open bracket.
    Template,
    Comment,
}

/// A text as tokens.
#[derive(Clone, Debug)]
pub struct Tokens<'t> {
    pub text: &'t str,
    pub tokens: Vec<Token>,
    /// The positions in `tokens` of the brackets that are still open, the outermost first.
    pub open: Vec<usize>,
    pub end: End,
}

impl<'t> Tokens<'t> {
    pub fn text_of(&self, position: usize) -> &'t str {
        self.tokens.get(position).map(|token| token.span.text(self.text)).unwrap_or_default()
    }

    pub fn kind(&self, position: usize) -> Option<TokenKind> {
        self.tokens.get(position).map(|token| token.kind)
    }

    pub fn is_word(&self, position: usize, word: &str) -> bool {
        self.kind(position) == Some(TokenKind::Word) && self.text_of(position) == word
    }

    /// The opening bracket of the closing one at `position`.
    pub fn opening_of(&self, position: usize) -> Option<usize> {
        let mut depth = 0_usize;
        for at in (0..=position).rev() {
            match self.kind(at)? {
                TokenKind::Close(_) => depth += 1,
                TokenKind::Open(_) => {
                    depth = depth.checked_sub(1)?;
                    if depth == 0 {
                        return Some(at);
                    }
                }
                _ => {}
            }
        }
        None
    }
}

/// The tokens of a text up to its end, which may be anywhere. Comments are left out.
pub fn tokens(text: &str) -> Tokens<'_> {
    let mut lexer = Lexer { bytes: text.as_bytes(), position: 0, tokens: Vec::new(), open: Vec::new() };
    let end = lexer.run();
    Tokens { text, tokens: lexer.tokens, open: lexer.open, end }
}

struct Lexer<'t> {
    bytes: &'t [u8],
    position: usize,
    tokens: Vec<Token>,
    open: Vec<usize>,
}

impl Lexer<'_> {
    fn byte(&self, ahead: usize) -> u8 {
        self.bytes.get(self.position + ahead).copied().unwrap_or(0)
    }

    fn rest(&self) -> &[u8] {
        self.bytes.get(self.position..).unwrap_or_default()
    }

    fn push(&mut self, kind: TokenKind, start: usize) {
        self.tokens.push(Token { kind, span: Span::new(start, self.position) });
    }

    fn is_in_template(&self) -> bool {
        self.open.last().and_then(|at| self.tokens.get(*at)).is_some_and(|token| token.kind == TokenKind::Open(b'`'))
    }

    fn run(&mut self) -> End {
        loop {
            if self.is_in_template() {
                if !self.template_text() {
                    return End::Template;
                }
                continue;
            }
            let start = self.position;
            let Some(byte) = self.bytes.get(start).copied() else { return End::Code };
            match byte {
                b'/' if self.byte(1) == b'/' => match self.rest().iter().position(|byte| *byte == b'\n') {
                    Some(length) => self.position += length,
                    None => return End::Comment,
                },
                b'/' if self.byte(1) == b'*' => {
                    let length = self.rest().windows(2).skip(2).position(|pair| pair == b"*/");
                    match length {
                        Some(length) => self.position += length + 4,
                        None => return End::Comment,
                    }
                }
                b'\'' | b'"' => {
                    if !self.string(byte) {
                        return End::String(u32::try_from(start).unwrap_or(u32::MAX));
                    }
                }
                b'/' if self.is_before_operand() && self.regex() => self.push(TokenKind::Regex, start),
                b'=' if self.byte(1) == b'>' => {
                    self.position += 2;
                    self.push(TokenKind::Arrow, start);
                }
                b'(' | b'[' | b'{' | b'`' => {
                    self.position += 1;
                    self.open.push(self.tokens.len());
                    self.push(TokenKind::Open(byte), start);
                }
                b')' | b']' | b'}' => self.close(byte),
                _ if byte.is_ascii_whitespace() => self.position += 1,
                _ if is_word_byte(byte) => {
                    let length = self.rest().iter().position(|byte| !is_word_byte(*byte)).unwrap_or(self.rest().len());
                    self.position += length;
                    let kind = if byte.is_ascii_digit() { TokenKind::Number } else { TokenKind::Word };
                    self.push(kind, start);
                }
                _ => {
                    self.position += 1;
                    self.push(TokenKind::Mark(byte), start);
                }
            }
        }
    }

    /// Closes the nearest bracket of its kind; what was left open inside of it is closed with it.
    fn close(&mut self, byte: u8) {
        let start = self.position;
        let opened = match byte {
            b')' => b'(',
            b']' => b'[',
            _ => b'{',
        };
        self.position += 1;
        let found = self.open.iter().rposition(|at| {
            let kind = self.tokens.get(*at).map(|token| token.kind);
            kind == Some(TokenKind::Open(opened)) || (byte == b'}' && kind == Some(TokenKind::Open(b'$')))
        });
        // A bracket inside of `${…}` never closes one outside of it.
        let wall = self
            .open
            .iter()
            .rposition(|at| matches!(self.tokens.get(*at).map(|token| token.kind), Some(TokenKind::Open(b'$' | b'`'))));
        let Some(found) = found.filter(|found| wall.is_none_or(|wall| *found >= wall)) else { return };
        let kind = self.open.get(found).and_then(|at| self.tokens.get(*at)).map(|token| token.kind);
        self.open.truncate(found);
        if let Some(TokenKind::Open(opened)) = kind {
            self.push(TokenKind::Close(opened), start);
        }
    }

    /// The text up to `${`, the closing backtick or the end; false at the end.
    fn template_text(&mut self) -> bool {
        let start = self.position;
        loop {
            match (self.bytes.get(self.position).copied(), self.byte(1)) {
                (None, _) => {
                    if start < self.position {
                        self.push(TokenKind::TemplateText, start);
                    }
                    return false;
                }
                (Some(b'\\'), _) => self.position = (self.position + 2).min(self.bytes.len()),
                (Some(b'`'), _) => {
                    if start < self.position {
                        self.push(TokenKind::TemplateText, start);
                    }
                    let close = self.position;
                    self.position += 1;
                    self.open.pop();
                    self.push(TokenKind::Close(b'`'), close);
                    return true;
                }
                (Some(b'$'), b'{') => {
                    if start < self.position {
                        self.push(TokenKind::TemplateText, start);
                    }
                    let open = self.position;
                    self.position += 2;
                    self.open.push(self.tokens.len());
                    self.push(TokenKind::Open(b'$'), open);
                    return true;
                }
                _ => self.position += 1,
            }
        }
    }

    /// A string ends with its line. False where the text ends in it.
    fn string(&mut self, quote: u8) -> bool {
        let start = self.position;
        self.position += 1;
        loop {
            match self.bytes.get(self.position).copied() {
                None => return false,
                Some(b'\\') => self.position = (self.position + 2).min(self.bytes.len()),
                Some(byte) if byte == quote => {
                    self.position += 1;
                    break;
                }
                Some(b'\n') => break,
                Some(_) => self.position += 1,
            }
        }
        self.push(TokenKind::String, start);
        true
    }

    /// True where a value may start, so that a slash starts a regular expression.
    fn is_before_operand(&self) -> bool {
        match self.tokens.last().map(|token| token.kind) {
            None | Some(TokenKind::Open(_) | TokenKind::Arrow) => true,
            Some(TokenKind::Mark(mark)) => b",;:=!&|?".contains(&mark),
            _ => false,
        }
    }

    /// False where no regular expression ends on this line.
    fn regex(&mut self) -> bool {
        let mut at = self.position + 1;
        let mut is_in_class = false;
        loop {
            match self.bytes.get(at) {
                None | Some(b'\n') => return false,
                Some(b'\\') => at += 2,
                Some(b'[') => (is_in_class, at) = (true, at + 1),
                Some(b']') => (is_in_class, at) = (false, at + 1),
                Some(b'/') if !is_in_class => {
                    self.position = at + 1;
                    return true;
                }
                Some(_) => at += 1,
            }
        }
    }
}

fn is_word_byte(byte: u8) -> bool {
    byte.is_ascii_alphanumeric() || matches!(byte, b'_' | b'$') || byte >= 0x80
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The open brackets and the end.
    fn check(text: &str, open: &str, end: End) {
        let found = tokens(text);
        let opened: String = found.open.iter().map(|at| &found.text_of(*at)[..1]).collect();
        assert_eq!((opened.as_str(), found.end), (open, end), "{text}");
        for (before, after) in found.tokens.iter().zip(found.tokens.iter().skip(1)) {
            assert!(before.span.end <= after.span.start, "{text}");
        }
    }

    #[test]
    fn the_end_knows_what_it_is_inside_of() {
        check("a(b, [c", "([", End::Code);
        check("a('x)", "(", End::String(2));
        check("a(\"it's\", // b(", "(", End::Comment);
        check("a(/* { */ b", "(", End::Code);
        check("a /* (", "", End::Comment);
        check("sql`a = ${ b(", "`$(", End::Code);
        check("sql`a = ${ { b: `x` } } and ", "`", End::Template);
        check("sql`\\` ` + x", "", End::Code);
    }

    #[test]
    fn what_was_left_open_is_closed_with_what_is_around_it() {
        check("f({ a: g( }", "(", End::Code);
        check("f({ a: 'x\n }) + (", "(", End::Code);
        check("] } a", "", End::Code);
        check("`${ ) ", "`$", End::Code);
    }

    #[test]
    fn a_slash_is_a_division_or_a_regular_expression() {
        check("a / b(1) / (", "(", End::Code);
        check("x = /[(/]\\(/, (", "(", End::Code);
        check("x = /(", "(", End::Code);
    }

    #[test]
    fn every_start_of_a_text_has_tokens() {
        let text = "const ü = pgTable('u', { 'a': text(`x${1}`) }, (t) => [index('i').on(t.a)]); // é\n/* */ /re/";
        for end in 0..=text.len() {
            if let Some(start) = text.get(..end) {
                let found = tokens(start);
                assert!(
                    found
                        .tokens
                        .iter()
                        .all(|token| start.get(token.span.start as usize..token.span.end as usize).is_some())
                );
                for at in 0..found.tokens.len() {
                    if let Some(open) = found.opening_of(at) {
                        assert!(open <= at);
                    }
                }
            }
        }
    }
}
