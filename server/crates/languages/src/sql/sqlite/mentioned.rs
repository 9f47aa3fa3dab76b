//! The names that a statement mentions which cannot be read: what it may have changed is no longer known.

use rustc_hash::FxHashSet;
use source::Span;

use super::lexer::{Kind, Lexer, Token};
use super::reader;
use super::words::Upper;
use crate::sql::statement::QName;

/// Names behind TABLE, INDEX, VIEW, ON, REFERENCES and INTO, in the order of the text, each once. A trigger changes nothing but
/// itself: of its statement only its own name is taken.
pub(super) fn names(text: &str, statement: Span) -> Vec<QName> {
    let mut lexer = Lexer::new(text, statement.start as usize, statement.end as usize);
    let mut names: Vec<QName> = Vec::new();
    let mut known = FxHashSet::default();
    let mut ahead = lexer.next();
    let mut has_index = false;
    while let Some(token) = ahead.take() {
        ahead = lexer.next();
        let lead = lead(text, token);
        has_index |= lead == Lead::Index;
        if lead == Lead::None || (lead == Lead::On && !has_index) {
            continue;
        }
        while ahead.is_some_and(|token| is_word(text, token, &[b"IF", b"NOT", b"EXISTS"])) {
            ahead = lexer.next();
        }
        if let Some(name) = name(text, &mut lexer, &mut ahead)
            && known.insert(name.span().text(text).to_ascii_lowercase())
        {
            names.push(name);
        }
        if lead == Lead::Trigger {
            break;
        }
    }
    names
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum Lead {
    None,
    Name,
    Index,
    Trigger,
    /// Names the table of an index; elsewhere it belongs to a join, a reference or a conflict.
    On,
}

/// Whether a name follows the token.
fn lead(text: &str, token: Token) -> Lead {
    if token.kind != Kind::Word {
        return Lead::None;
    }
    match Upper::of(token.span.text(text)).bytes() {
        b"TABLE" | b"VIEW" | b"REFERENCES" | b"INTO" => Lead::Name,
        b"INDEX" => Lead::Index,
        b"TRIGGER" => Lead::Trigger,
        b"ON" => Lead::On,
        _ => Lead::None,
    }
}

fn is_word(text: &str, token: Token, words: &[&[u8]]) -> bool {
    token.kind == Kind::Word && words.contains(&Upper::of(token.span.text(text)).bytes())
}

/// The name that starts with `ahead`, which then is the token behind it.
fn name(text: &str, lexer: &mut Lexer, ahead: &mut Option<Token>) -> Option<QName> {
    let first = ahead.filter(|token| reader::is_name(text, *token))?;
    *ahead = lexer.next();
    let first = reader::ident(text, first);
    if !ahead.is_some_and(|token| token.kind == Kind::Symbol(b'.')) {
        return Some(QName { namespace: None, name: first });
    }
    *ahead = lexer.next();
    let second = ahead.filter(|token| reader::is_name(text, *token))?;
    *ahead = lexer.next();
    Some(QName { namespace: Some(first), name: reader::ident(text, second) })
}
