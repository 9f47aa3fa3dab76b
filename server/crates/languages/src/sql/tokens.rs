//! The tokens of SQL text that may be half-written, the same for every dialect: what an editor looks at while a statement is typed.

use schema::Dialect;
use source::Span;

use super::postgres::scan;
use super::sqlite::lexer;

/// What a token is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum TokenKind {
    /// A keyword or a bare name.
    Word,
    QuotedName,
    String,
    /// A number, a parameter, a dollar-quoted string or anything else that stands for a value.
    Value,
    Mark(u8),
    /// `--> statement-breakpoint`.
    Breakpoint,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Token {
    pub kind: TokenKind,
    pub span: Span,
    /// False for a string or quoted name that the text ends in.
    pub is_closed: bool,
}

const BREAKPOINT: &str = "--> statement-breakpoint";

/// The tokens of a text up to its end, which may be anywhere. Comments are left out.
pub fn tokens(dialect: Dialect, text: &str) -> Vec<Token> {
    match dialect {
        Dialect::Postgres => postgres(text),
        Dialect::Sqlite => sqlite(text),
    }
}

/// True where a text ends inside a comment, given where its last token ends.
pub fn ends_in_comment(dialect: Dialect, text: &str, last_token_end: u32) -> bool {
    let mut rest = text.get(last_token_end as usize..).unwrap_or_default();
    loop {
        rest = rest.trim_start();
        if rest.starts_with("--") {
            match rest.split_once('\n') {
                Some((_, after)) => rest = after,
                None => return true,
            }
        } else if rest.starts_with("/*") {
            match after_comment(dialect, rest) {
                Some(after) => rest = after,
                None => return true,
            }
        } else {
            return false;
        }
    }
}

/// What follows the comment that a text starts with; comments nest in PostgreSQL only.
fn after_comment(dialect: Dialect, text: &str) -> Option<&str> {
    let mut depth = 0_usize;
    let mut at = 0;
    while let Some(pair) = text.as_bytes().get(at..at + 2) {
        match pair {
            b"/*" if depth == 0 || dialect == Dialect::Postgres => (depth, at) = (depth + 1, at + 2),
            b"*/" => {
                (depth, at) = (depth.checked_sub(1)?, at + 2);
                if depth == 0 {
                    return text.get(at..);
                }
            }
            _ => at += 1,
        }
    }
    None
}

fn postgres(text: &str) -> Vec<Token> {
    let token = |token: scan::Token| {
        let own = token.text(text);
        let is_closed_by = |quote: char| own.matches(quote).count().is_multiple_of(2);
        let (kind, is_closed) = match token.kind {
            scan::TokenKind::Word if own.starts_with(|first: char| first.is_ascii_digit()) => (TokenKind::Value, true),
            scan::TokenKind::Word => (TokenKind::Word, true),
            scan::TokenKind::QuotedName => (TokenKind::QuotedName, is_closed_by('"')),
            // With escapes of its own.
            scan::TokenKind::String if !own.starts_with('\'') => (TokenKind::Value, true),
            scan::TokenKind::String => (TokenKind::String, is_closed_by('\'')),
            scan::TokenKind::DollarString => (TokenKind::Value, is_closed_dollar_string(own)),
            scan::TokenKind::Breakpoint => (TokenKind::Breakpoint, true),
            scan::TokenKind::Mark(mark) => (TokenKind::Mark(mark), true),
        };
        Token { kind, span: Span::new(token.start, token.end), is_closed }
    };
    scan::Scanner::new(text).map(token).collect()
}

fn is_closed_dollar_string(text: &str) -> bool {
    let tag = text.get(1..).and_then(|rest| rest.find('$')).and_then(|end| text.get(..end + 2));
    tag.is_some_and(|tag| text.len() >= 2 * tag.len() && text.ends_with(tag))
}

fn sqlite(text: &str) -> Vec<Token> {
    let mut lexer = lexer::Lexer::new(text, 0, text.len());
    let mut found = Vec::new();
    let mut end = 0;
    while let Some(token) = lexer.next() {
        let gap = text.get(end..token.span.start as usize).unwrap_or_default();
        found.extend(breakpoint(gap, end));
        end = token.span.end as usize;
        let (kind, is_closed) = match token.kind {
            lexer::Kind::Word => (TokenKind::Word, true),
            lexer::Kind::Quoted => (TokenKind::QuotedName, true),
            lexer::Kind::Text => (TokenKind::String, true),
            lexer::Kind::Unclosed if token.span.text(text).starts_with('\'') => (TokenKind::String, false),
            lexer::Kind::Unclosed if token.span.text(text).starts_with(['"', '`', '[']) => {
                (TokenKind::QuotedName, false)
            }
            lexer::Kind::Symbol(mark) => (TokenKind::Mark(mark), true),
            _ => (TokenKind::Value, true),
        };
        found.push(Token { kind, span: token.span, is_closed });
    }
    found.extend(breakpoint(text.get(end..).unwrap_or_default(), end));
    found
}

fn breakpoint(gap: &str, start: usize) -> Option<Token> {
    let at = start + gap.find(BREAKPOINT)?;
    Some(Token { kind: TokenKind::Breakpoint, span: Span::new(at, at + BREAKPOINT.len()), is_closed: true })
}

#[cfg(test)]
mod tests {
    use super::*;
    use Dialect::{Postgres, Sqlite};

    fn last(dialect: Dialect, text: &str) -> (TokenKind, bool) {
        let found = tokens(dialect, text);
        let last = found.last().expect("a token");
        (last.kind, last.is_closed)
    }

    #[test]
    fn what_the_text_ends_in_is_not_closed() {
        for dialect in [Postgres, Sqlite] {
            assert_eq!(last(dialect, "a 'b''c"), (TokenKind::String, false));
            assert_eq!(last(dialect, "a 'b''c'"), (TokenKind::String, true));
            assert_eq!(last(dialect, "a '"), (TokenKind::String, false));
            assert_eq!(last(dialect, "a \"b"), (TokenKind::QuotedName, false));
            assert_eq!(last(dialect, "a \"b\"\"\""), (TokenKind::QuotedName, true));
            assert_eq!(last(dialect, "a 12"), (TokenKind::Value, true));
            assert_eq!(last(dialect, "a;\n--> statement-breakpoint"), (TokenKind::Breakpoint, true));
            assert_eq!(last(dialect, "a;\n--> statement-breakpoint\nb").0, TokenKind::Word);
        }
        assert_eq!(last(Sqlite, "a `b"), (TokenKind::QuotedName, false));
        assert_eq!(last(Sqlite, "a [b]"), (TokenKind::QuotedName, true));
        assert_eq!(last(Postgres, "$x$ 'a"), (TokenKind::Value, false));
        assert_eq!(last(Postgres, "$x$ 'a $x$"), (TokenKind::Value, true));
        assert_eq!(last(Postgres, "$$"), (TokenKind::Value, false));
    }

    #[test]
    fn the_end_may_be_in_a_comment() {
        let check = |dialect, text: &str| {
            let end = tokens(dialect, text).last().map_or(0, |token| token.span.end);
            ends_in_comment(dialect, text, end)
        };
        for dialect in [Postgres, Sqlite] {
            assert!(check(dialect, "select -- a"));
            assert!(check(dialect, "/* a"));
            assert!(!check(dialect, "select -- a\n"));
            assert!(!check(dialect, "select /* a */ "));
            assert!(!check(dialect, "select '-- a"));
        }
        assert!(check(Postgres, "/* /* */ "));
        assert!(!check(Sqlite, "/* /* */ "));
    }
}
