//! A statement's tokens, read from left to right.

use source::Span;

use super::lexer::{Kind, Token};
use super::words;
use crate::sql::statement::{Ident, QName, Snippet};

/// What reading gives, or where it stopped.
pub(super) type Read<T> = Result<T, Stop>;

/// Why a statement cannot be read.
#[derive(Debug)]
pub(super) struct Stop {
    pub(super) message: String,
    pub(super) at: Span,
}

/// Longer words are not repeated to a person.
const MAX_SHOWN: usize = 40;

impl Stop {
    pub(super) fn new(message: String, at: Span) -> Stop {
        Stop { message, at }
    }

    /// At the line where the string starts: what stands behind it may be the rest of the file.
    pub(super) fn unclosed(text: &str, token: Span) -> Stop {
        let token_text = token.text(text);
        let message = match token_text.bytes().next() {
            Some(b'\'' | b'x' | b'X') => "this string has no end",
            _ => "this quoted name has no end",
        };
        let line = token_text.lines().next().map_or(0, str::len);
        let start = token.start as usize;
        Stop::new(message.to_owned(), Span::new(start, start + line))
    }
}

#[derive(Clone)]
pub(super) struct Reader<'a> {
    pub(super) text: &'a str,
    tokens: &'a [Token],
    position: usize,
}

impl<'a> Reader<'a> {
    pub(super) fn new(text: &'a str, tokens: &'a [Token]) -> Reader<'a> {
        Reader { text, tokens, position: 0 }
    }

    /// The text of the statement, from its first token to its last.
    pub(super) fn whole(&self) -> &'a str {
        let (Some(first), Some(last)) = (self.tokens.first(), self.tokens.last()) else { return "" };
        self.text.get(first.span.start as usize..last.span.end as usize).unwrap_or_default()
    }

    pub(super) fn peek(&self) -> Option<Token> {
        self.tokens.get(self.position).copied()
    }

    pub(super) fn next(&mut self) -> Option<Token> {
        let token = self.peek()?;
        self.position += 1;
        Some(token)
    }

    /// What is not read yet.
    pub(super) fn rest(&self) -> &'a [Token] {
        self.tokens.get(self.position..).unwrap_or_default()
    }

    pub(super) fn take_rest(&mut self) -> &'a [Token] {
        let rest = self.rest();
        self.position = self.tokens.len();
        rest
    }

    pub(super) fn token_text(&self, token: Token) -> &'a str {
        token.span.text(self.text)
    }

    /// `word` in upper case.
    pub(super) fn is_word_token(&self, token: Token, word: &str) -> bool {
        token.kind == Kind::Word && self.token_text(token).eq_ignore_ascii_case(word)
    }

    /// Of the token `ahead` places from here.
    pub(super) fn is_word_at(&self, ahead: usize, word: &str) -> bool {
        self.tokens.get(self.position + ahead).is_some_and(|token| self.is_word_token(*token, word))
    }

    pub(super) fn is_word(&self, word: &str) -> bool {
        self.is_word_at(0, word)
    }

    pub(super) fn is_symbol(&self, symbol: u8) -> bool {
        self.peek().is_some_and(|token| token.kind == Kind::Symbol(symbol))
    }

    /// Past all of the words, or past none.
    pub(super) fn eat_words(&mut self, words: &[&str]) -> bool {
        let is_there = words.iter().enumerate().all(|(ahead, word)| self.is_word_at(ahead, word));
        if is_there {
            self.position += words.len();
        }
        is_there
    }

    pub(super) fn eat_word(&mut self, word: &str) -> bool {
        self.eat_words(&[word])
    }

    pub(super) fn eat_symbol(&mut self, symbol: u8) -> bool {
        let is_there = self.is_symbol(symbol);
        if is_there {
            self.position += 1;
        }
        is_there
    }

    pub(super) fn expect_word(&mut self, word: &str) -> Read<()> {
        if self.eat_word(word) { Ok(()) } else { Err(self.stop(word)) }
    }

    pub(super) fn expect_symbol(&mut self, symbol: u8) -> Read<()> {
        if self.eat_symbol(symbol) { Ok(()) } else { Err(self.stop(&format!("`{}`", char::from(symbol)))) }
    }

    pub(super) fn expect_end(&self) -> Read<()> {
        if self.peek().is_none() { Ok(()) } else { Err(self.stop("the end of the statement")) }
    }

    /// `what` with its article: `a column name`.
    pub(super) fn name(&mut self, what: &str) -> Read<Ident> {
        match self.peek() {
            Some(token) if is_name(self.text, token) => {
                self.position += 1;
                Ok(ident(self.text, token))
            }
            _ => Err(self.stop(what)),
        }
    }

    pub(super) fn qname(&mut self, what: &str) -> Read<QName> {
        let first = self.name(what)?;
        if !self.eat_symbol(b'.') {
            return Ok(QName { namespace: None, name: first });
        }
        let name = self.name(what)?;
        Ok(QName { namespace: Some(first), name })
    }

    /// What stands between the parenthesis here and the one that closes it.
    pub(super) fn parenthesized(&mut self) -> Read<&'a [Token]> {
        let open = self.position;
        self.expect_symbol(b'(')?;
        let mut depth = 1_usize;
        while let Some(token) = self.next() {
            match token.kind {
                Kind::Symbol(b'(') => depth += 1,
                Kind::Symbol(b')') => depth -= 1,
                _ => {}
            }
            if depth == 0 {
                return Ok(self.tokens.get(open + 1..self.position - 1).unwrap_or_default());
            }
        }
        let at = self.tokens.get(open).map_or_else(Span::default, |token| token.span);
        Err(Stop::new("this parenthesis is not closed".to_owned(), at))
    }

    /// An expression in the parentheses that its clause demands.
    pub(super) fn expression(&mut self) -> Read<Snippet> {
        let start = self.position;
        let inner = self.parenthesized()?;
        let missing = || Stop::new("expected an expression in these parentheses".to_owned(), self.span_since(start));
        snippet(self.text, inner).ok_or_else(missing)
    }

    /// `IF NOT EXISTS`.
    pub(super) fn if_not_exists(&mut self) -> bool {
        self.eat_words(&["IF", "NOT", "EXISTS"])
    }

    pub(super) fn position(&self) -> usize {
        self.position
    }

    /// From the token at `position` to the last one read.
    pub(super) fn span_since(&self, position: usize) -> Span {
        span_of(self.tokens.get(position..self.position).unwrap_or_default()).unwrap_or_default()
    }

    /// Reading stops at the token here, or behind the last one.
    pub(super) fn stop(&self, expected: &str) -> Stop {
        match self.peek() {
            Some(token) => {
                let found = self.token_text(token);
                let message = match found.len() {
                    0..=MAX_SHOWN => format!("expected {expected}, not `{found}`"),
                    _ => format!("expected {expected}"),
                };
                Stop::new(message, token.span)
            }
            None => {
                let at = self.tokens.last().map_or_else(Span::default, |token| token.span);
                Stop::new(format!("expected {expected} behind this"), at)
            }
        }
    }
}

/// Stops at the first parenthesis that closes nothing, else at the last that is not closed.
pub(super) fn expect_balanced(tokens: &[Token]) -> Read<()> {
    let mut open = Vec::new();
    for token in tokens {
        match token.kind {
            Kind::Symbol(b'(') => open.push(*token),
            Kind::Symbol(b')') if open.pop().is_none() => {
                return Err(Stop::new("this parenthesis closes nothing".to_owned(), token.span));
            }
            _ => {}
        }
    }
    open.pop().map_or(Ok(()), |token| Err(Stop::new("this parenthesis is not closed".to_owned(), token.span)))
}

/// From the first token to the last; None where there are none.
pub(super) fn span_of(tokens: &[Token]) -> Option<Span> {
    Some(tokens.first()?.span.cover(tokens.last()?.span))
}

/// The text of the tokens as written; None where there are none.
pub(super) fn snippet(text: &str, tokens: &[Token]) -> Option<Snippet> {
    let span = span_of(tokens)?;
    Some(Snippet { text: span.text(text).to_owned(), span })
}

/// True for what SQLite takes for the name of a table, a column, a constraint: strings too.
pub(super) fn is_name(text: &str, token: Token) -> bool {
    match token.kind {
        Kind::Quoted | Kind::Text => true,
        Kind::Word => !words::is_reserved(token.span.text(text)),
        _ => false,
    }
}

/// The token's name, quotes taken away.
pub(super) fn ident(text: &str, token: Token) -> Ident {
    Ident { text: unquoted(token.span.text(text)), span: token.span }
}

/// A doubled quote inside stands for one; brackets have no such thing.
fn unquoted(token: &str) -> String {
    let inner = || token.get(1..token.len().saturating_sub(1)).unwrap_or_default();
    match token.bytes().next() {
        Some(b'[') => inner().to_owned(),
        Some(b'"') => undoubled(inner(), "\"\"", "\""),
        Some(b'`') => undoubled(inner(), "``", "`"),
        Some(b'\'') => undoubled(inner(), "''", "'"),
        _ => token.to_owned(),
    }
}

fn undoubled(inner: &str, double: &str, single: &str) -> String {
    if inner.contains(double) { inner.replace(double, single) } else { inner.to_owned() }
}
