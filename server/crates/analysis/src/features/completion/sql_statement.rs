//! The statement that is being typed, as tokens before and behind the cursor, and the tables that it names.

use dialects::unquoted_name;
use languages::sql::tokens::{Token, TokenKind, ends_in_comment, tokens};
use schema::Dialect;
use source::Span;

/// The text behind the cursor is looked at no further than this.
const MOST_BEHIND: usize = 16 * 1024;

/// What is under the cursor.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Prefix {
    /// A bare word, perhaps empty.
    Word,
    /// A name after an opening quote.
    Quoted(char),
    /// The inside of a string.
    String,
}

/// A token with its text.
#[derive(Clone, Copy, Debug)]
pub(super) struct Piece<'t> {
    pub(super) kind: TokenKind,
    pub(super) text: &'t str,
}

impl Piece<'_> {
    pub(super) fn is(&self, word: &str) -> bool {
        self.kind == TokenKind::Word && self.text.eq_ignore_ascii_case(word)
    }

    pub(super) fn is_any(&self, words: &[&str]) -> bool {
        words.iter().any(|word| self.is(word))
    }

    pub(super) fn is_mark(&self, mark: u8) -> bool {
        self.kind == TokenKind::Mark(mark)
    }

    pub(super) fn is_name(&self) -> bool {
        matches!(self.kind, TokenKind::Word | TokenKind::QuotedName)
    }
}

/// A statement around the cursor.
#[derive(Clone)]
pub(super) struct Statement<'t> {
    pub(super) dialect: Dialect,
    pub(super) before: Vec<Piece<'t>>,
    pub(super) behind: Vec<Piece<'t>>,
    pub(super) prefix: Prefix,
    /// What a completion replaces: the word with its quotes, or the inside of a string.
    pub(super) span: Span,
    /// Where the statement starts.
    pub(super) start: u32,
    /// The positions in `before` of the parentheses that are open.
    pub(super) open: Vec<usize>,
}

/// The statement at the cursor. None in a comment, behind a finished string or name, and in what stands for itself, such as the text of a
/// function.
pub(super) fn statement<'t>(dialect: Dialect, text: &'t str, cursor: usize) -> Option<Statement<'t>> {
    let start = text.get(..cursor)?;
    let mut found = tokens(dialect, start);
    let end = found.last().map_or(0, |token| token.span.end);
    if ends_in_comment(dialect, start, end) {
        return None;
    }
    let is_end = |token: &Token| token.kind == TokenKind::Breakpoint || token.kind == TokenKind::Mark(b';');
    if let Some(at) = found.iter().rposition(is_end) {
        found.drain(..=at);
    }
    let statement_start = found.first().map_or(cursor, |token| token.span.start as usize);
    let last = found.last().copied().filter(|token| token.span.end as usize == cursor);
    let (prefix, span, behind) = match last {
        Some(token) if token.kind == TokenKind::Word => {
            let end = cursor + word_length(text.get(cursor..)?);
            (Prefix::Word, Span::new(token.span.start as usize, end), end)
        }
        Some(token) if token.kind == TokenKind::QuotedName && !token.is_closed => {
            let quote = token.span.text(text).chars().next()?;
            let mut end = cursor + word_length(text.get(cursor..)?);
            let close = if quote == '[' { ']' } else { quote };
            if text.get(end..)?.starts_with(close) {
                end += close.len_utf8();
            }
            (Prefix::Quoted(quote), Span::new(token.span.start as usize, end), end)
        }
        Some(token) if token.kind == TokenKind::String && !token.is_closed => {
            let line = text.get(cursor..)?.split(['\n', '\r']).next()?;
            let open = token.span.start as usize + token.span.text(text).find('\'')? + 1;
            match line.find('\'') {
                Some(length) => (Prefix::String, Span::new(open, cursor + length), cursor + length + 1),
                None => (Prefix::String, Span::new(open, cursor), cursor),
            }
        }
        Some(token) if matches!(token.kind, TokenKind::Mark(_)) => (Prefix::Word, Span::new(cursor, cursor), cursor),
        Some(_) => return None,
        None if found.last().is_some_and(|token| !token.is_closed) => return None,
        None => (Prefix::Word, Span::new(cursor, cursor), cursor),
    };
    let is_touched = last.is_some_and(|token| !matches!(token.kind, TokenKind::Mark(_)));
    if is_touched {
        found.pop();
    }
    let piece = |text: &'t str| move |token: Token| Piece { kind: token.kind, text: token.span.text(text) };
    let rest = text.get(behind..)?;
    let rest = rest.get(..rest.floor_char_boundary(MOST_BEHIND)).unwrap_or(rest);
    let following = tokens(dialect, rest);
    let following = following.into_iter().take_while(|token| !is_end(token)).map(piece(rest)).collect();
    let before: Vec<Piece<'_>> = found.into_iter().map(piece(text)).collect();
    let mut open = Vec::new();
    for (at, piece) in before.iter().enumerate() {
        match piece.kind {
            TokenKind::Mark(b'(') => open.push(at),
            TokenKind::Mark(b')') => drop(open.pop()),
            _ => {}
        }
    }
    Some(Statement {
        dialect,
        before,
        behind: following,
        prefix,
        span,
        start: u32::try_from(statement_start).unwrap_or(u32::MAX),
        open,
    })
}

fn word_length(text: &str) -> usize {
    let is_part = |character: char| character.is_alphanumeric() || matches!(character, '_' | '$');
    text.find(|character| !is_part(character)).unwrap_or(text.len())
}

impl<'t> Statement<'t> {
    /// Token number `position` before the cursor, counted from the cursor: 0 is the last.
    pub(super) fn back(&self, position: usize) -> Option<Piece<'t>> {
        self.before.len().checked_sub(position + 1).and_then(|at| self.before.get(at)).copied()
    }

    /// True where the tokens before the cursor end with these words.
    pub(super) fn ends_with(&self, words: &[&str]) -> bool {
        words.iter().rev().enumerate().all(|(at, word)| self.back(at).is_some_and(|piece| piece.is(word)))
    }

    pub(super) fn starts_with(&self, words: &[&str]) -> bool {
        words.iter().enumerate().all(|(at, word)| self.before.get(at).is_some_and(|piece| piece.is(word)))
    }

    pub(super) fn name(&self, piece: &Piece<'_>) -> String {
        unquoted_name(self.dialect, piece.text)
    }

    /// Token number `at` of all, those behind the cursor included.
    pub(super) fn piece(&self, at: usize) -> Option<Piece<'t>> {
        match at.checked_sub(self.before.len()) {
            None => self.before.get(at).copied(),
            Some(at) => self.behind.get(at).copied(),
        }
    }
}
