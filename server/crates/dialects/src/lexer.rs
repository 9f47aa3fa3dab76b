//! SQL text to tokens, for both databases.

use schema::Dialect;

/// What a token is; `Punctuation` is one of `( ) [ ] , . ; :` and `::`.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Kind {
    Word,
    QuotedName,
    Text,
    Number,
    Parameter,
    Operator,
    Punctuation,
}

/// A piece of the text as written.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Token<'a> {
    pub(crate) kind: Kind,
    pub(crate) text: &'a str,
}

/// None where a string, a quoted name or a comment does not end.
pub(crate) fn tokens(dialect: Dialect, text: &str) -> Option<Vec<Token<'_>>> {
    let mut tokens = Vec::with_capacity(text.len() / 4 + 1);
    let mut lexer = Lexer { dialect, text, position: 0 };
    while lexer.skip_blanks()? {
        let start = lexer.position;
        let kind = lexer.token()?;
        tokens.push(Token { kind, text: text.get(start..lexer.position)? });
    }
    Some(tokens)
}

/// The tokens in canonical spelling, one blank between them: what is compared where there is no tree.
pub(crate) fn folded(dialect: Dialect, tokens: &[Token<'_>]) -> String {
    let mut text = String::with_capacity(tokens.iter().map(|token| token.text.len() + 1).sum());
    let n_tokens = tokens.iter().rposition(|token| token.text != ";").map_or(0, |last| last + 1);
    for token in tokens.iter().take(n_tokens) {
        if !text.is_empty() {
            text.push(' ');
        }
        match token.kind {
            Kind::Word | Kind::QuotedName => text.push_str(&crate::identifier(dialect, token.text)),
            Kind::Operator if token.text == "!=" => text.push_str("<>"),
            _ => text.push_str(token.text),
        }
    }
    text
}

/// PostgreSQL's NAMEDATALEN bounds operators too; a bound keeps hostile runs linear.
const MAX_OPERATOR: usize = 63;

struct Lexer<'a> {
    dialect: Dialect,
    text: &'a str,
    position: usize,
}

impl Lexer<'_> {
    fn byte(&self, offset: usize) -> u8 {
        self.text.as_bytes().get(self.position + offset).copied().unwrap_or(0)
    }

    fn rest(&self) -> &[u8] {
        self.text.as_bytes().get(self.position..).unwrap_or_default()
    }

    fn skip_while(&mut self, is_inside: impl Fn(u8) -> bool) {
        self.position += self.rest().iter().take_while(|byte| is_inside(**byte)).count();
    }

    /// Past blanks and comments; false at the end.
    fn skip_blanks(&mut self) -> Option<bool> {
        loop {
            self.skip_while(|byte| byte.is_ascii_whitespace());
            match (self.byte(0), self.byte(1)) {
                (b'-', b'-') => self.skip_while(|byte| byte != b'\n'),
                (b'/', b'*') => self.skip_comment()?,
                _ => return Some(self.position < self.text.len()),
            }
        }
    }

    /// Comments nest in PostgreSQL only.
    fn skip_comment(&mut self) -> Option<()> {
        let mut n_open = 0_usize;
        while self.position < self.text.len() {
            match (self.byte(0), self.byte(1)) {
                (b'/', b'*') if n_open == 0 || self.dialect == Dialect::Postgres => {
                    n_open += 1;
                    self.position += 2;
                }
                (b'*', b'/') => {
                    n_open -= 1;
                    self.position += 2;
                    if n_open == 0 {
                        return Some(());
                    }
                }
                _ => self.position += 1,
            }
        }
        None
    }

    fn token(&mut self) -> Option<Kind> {
        let is_sqlite = self.dialect == Dialect::Sqlite;
        match (self.byte(0), self.byte(1)) {
            (b'\'', _) => self.quoted(b'\'', false).map(|()| Kind::Text),
            (b'"', _) => self.quoted(b'"', false).map(|()| Kind::QuotedName),
            (b'`', _) if is_sqlite => self.quoted(b'`', false).map(|()| Kind::QuotedName),
            (b'[', _) if is_sqlite => self.quoted(b']', false).map(|()| Kind::QuotedName),
            (b'e' | b'E' | b'b' | b'B' | b'x' | b'X' | b'n' | b'N', b'\'') => {
                let has_escapes = matches!(self.byte(0), b'e' | b'E') && !is_sqlite;
                self.position += 1;
                self.quoted(b'\'', has_escapes).map(|()| Kind::Text)
            }
            (b'$', b'0'..=b'9') => {
                self.position += 1;
                self.skip_while(|byte| byte.is_ascii_digit());
                Some(Kind::Parameter)
            }
            (b'$', _) if !is_sqlite => self.dollar_quoted().map(|()| Kind::Text),
            (b'?', _) if is_sqlite => {
                self.position += 1;
                self.skip_while(|byte| byte.is_ascii_digit());
                Some(Kind::Parameter)
            }
            (b'0'..=b'9', _) | (b'.', b'0'..=b'9') => Some(self.number()),
            (byte, _) if is_word_start(byte) => {
                self.skip_while(|byte| is_word_start(byte) || byte.is_ascii_digit() || byte == b'$');
                Some(Kind::Word)
            }
            (byte, _) if is_operator(byte) => Some(self.operator()),
            (b':', b':') => {
                self.position += 2;
                Some(Kind::Punctuation)
            }
            _ => {
                self.position += 1;
                Some(Kind::Punctuation)
            }
        }
    }

    /// From the opening to past the closing quote; a doubled quote stands for one.
    fn quoted(&mut self, close: u8, has_escapes: bool) -> Option<()> {
        self.position += 1;
        loop {
            self.skip_while(|byte| byte != close && !(has_escapes && byte == b'\\'));
            match self.byte(0) {
                _ if self.position >= self.text.len() => return None,
                b'\\' if has_escapes => self.position += 2,
                _ if self.byte(1) == close && close != b']' => self.position += 2,
                _ => {
                    self.position += 1;
                    return Some(());
                }
            }
        }
    }

    fn dollar_quoted(&mut self) -> Option<()> {
        let rest = self.text.get(self.position..)?;
        let tag_len = rest.get(1..)?.find('$')? + 2;
        let tag = rest.get(..tag_len)?;
        let body_len = rest.get(tag_len..)?.find(tag)?;
        self.position += tag_len + body_len + tag_len;
        Some(())
    }

    fn number(&mut self) -> Kind {
        self.skip_while(|byte| byte.is_ascii_alphanumeric() || byte == b'.' || byte == b'_');
        let has_exponent = self.position.checked_sub(1).and_then(|last| self.text.as_bytes().get(last));
        if matches!(has_exponent, Some(b'e' | b'E')) && matches!(self.byte(0), b'+' | b'-') {
            self.position += 1;
            self.skip_while(|byte| byte.is_ascii_digit());
        }
        Kind::Number
    }

    /// PostgreSQL's rule: the longest run, but a sign ends it unless the run holds one of the rarer characters, and a
    /// comment may start inside. (SQL syntax, 4.1.3 Operators.)
    fn operator(&mut self) -> Kind {
        let run = self.rest();
        let n_run = run.iter().take(MAX_OPERATOR).take_while(|byte| is_operator(**byte)).count();
        let run = run.get(..n_run).unwrap_or_default();
        let comment = run.windows(2).position(|pair| pair == b"--" || pair == b"/*");
        let mut run = run.get(..comment.unwrap_or(run.len())).unwrap_or_default();
        let has_rare = run.iter().any(|byte| b"~!@#%^&|`?".contains(byte));
        while run.len() > 1 && matches!(run.last(), Some(b'+' | b'-')) && !has_rare {
            run = run.get(..run.len() - 1).unwrap_or_default();
        }
        let n_operator = run.len().max(1);
        self.position += n_operator;
        Kind::Operator
    }
}

fn is_word_start(byte: u8) -> bool {
    byte.is_ascii_alphabetic() || byte == b'_' || byte >= 0x80
}

fn is_operator(byte: u8) -> bool {
    b"+-*/<>=~!@#%^&|`?".contains(&byte)
}
