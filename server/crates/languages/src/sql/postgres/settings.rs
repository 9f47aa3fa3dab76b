//! Settings and transactions, read by their words alone: no form of them is worth a parser, and none is wrong here.

use super::super::statement::{Kind, Transaction};
use super::place::Text;
use super::scan::{Scanner, Token, TokenKind};
use super::{literals, names};

/// SET and RESET: only the search path matters.
pub(super) fn set(text: Text<'_>) -> Kind {
    let tokens: Vec<Token> = Scanner::new(text.text).take(MAX_TOKENS).collect();
    let word = |at: usize, word: &str| tokens.get(at).is_some_and(|token| token.is_word(text.text, word));
    if word(0, "RESET") {
        return if is_search_path(text, tokens.get(1)) || word(1, "ALL") {
            Kind::SetSearchPath(None)
        } else {
            Kind::Nothing
        };
    }
    let at = if word(1, "LOCAL") || word(1, "SESSION") { 2 } else { 1 };
    if word(at, "TRANSACTION") {
        return Kind::Transaction(Transaction::Other);
    }
    // `SET SCHEMA 'a'` is another spelling.
    if word(at, "SCHEMA") {
        return Kind::SetSearchPath(Some(path(text, tokens.get(at + 1..))));
    }
    let is_assignment = word(at + 1, "TO") || tokens.get(at + 1).is_some_and(|token| token.is_mark(b'='));
    if !is_search_path(text, tokens.get(at)) || !is_assignment {
        return Kind::Nothing;
    }
    if word(at + 2, "DEFAULT") {
        Kind::SetSearchPath(None)
    } else {
        Kind::SetSearchPath(Some(path(text, tokens.get(at + 2..))))
    }
}

/// Long lists of values are no search path.
const MAX_TOKENS: usize = 256;

/// `SELECT set_config('search_path', 'a, b', false)`; None for other queries.
pub(super) fn set_config(text: Text<'_>) -> Option<Kind> {
    let mut tokens = Scanner::new(text.text).skip(1).take(8).peekable();
    if tokens.peek().is_some_and(|token| token.is_word(text.text, "pg_catalog")) {
        tokens.next();
        tokens.next().filter(|token| token.is_mark(b'.'))?;
    }
    tokens.next().filter(|token| token.is_word(text.text, "set_config"))?;
    tokens.next().filter(|token| token.is_mark(b'('))?;
    let string = |token: Token| literals::decode(text.slice(token.start, token.end)).map(|it| it.text);
    tokens.next().and_then(string).filter(|name| name.eq_ignore_ascii_case("search_path"))?;
    tokens.next().filter(|token| token.is_mark(b','))?;
    let path = tokens.next().and_then(string)?;
    Some(Kind::SetSearchPath(Some(names::listed(&path))))
}

/// Statements about transactions, by their first words.
pub(super) fn transaction(first: &str, second: &str, third: &str) -> Option<Transaction> {
    let is = |word: &str, other: &str| word.eq_ignore_ascii_case(other);
    let is_transaction = match () {
        () if is(first, "BEGIN") || (is(first, "START") && is(second, "TRANSACTION")) => Transaction::Begin,
        () if is(first, "COMMIT") || is(first, "END") => match is(second, "PREPARED") {
            true => Transaction::Other,
            false => Transaction::Commit,
        },
        () if is(first, "ROLLBACK") || is(first, "ABORT") => {
            // ROLLBACK [WORK] TO SAVEPOINT, ROLLBACK PREPARED.
            match is(second, "TO") || is(third, "TO") || is(second, "PREPARED") {
                true => Transaction::Other,
                false => Transaction::Rollback,
            }
        }
        () if is(first, "SAVEPOINT") || is(first, "RELEASE") => Transaction::Other,
        () if is(first, "PREPARE") && is(second, "TRANSACTION") => Transaction::Other,
        () => return None,
    };
    Some(is_transaction)
}

fn is_search_path(text: Text<'_>, token: Option<&Token>) -> bool {
    token.is_some_and(|token| token.text(text.text).trim_matches('"').eq_ignore_ascii_case("search_path"))
}

/// Each value is one namespace, also where it is a string with commas; an empty one is none.
fn path(text: Text<'_>, tokens: Option<&[Token]>) -> Vec<String> {
    let name = |token: &Token| match token.kind {
        TokenKind::Word | TokenKind::QuotedName => Some(names::of_scanned(text, *token).text),
        TokenKind::String => literals::decode(text.slice(token.start, token.end)).map(|it| it.text),
        _ => None,
    };
    tokens.unwrap_or_default().iter().filter_map(name).filter(|name| !name.is_empty()).collect()
}
