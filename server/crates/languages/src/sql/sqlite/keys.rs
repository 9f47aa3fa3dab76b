//! Lists of keys in parentheses: columns or expressions, with collation and direction. (syntax/indexed-column.html.)

use super::lexer::{Kind, Token};
use super::reader::{self, Read, Reader, Stop};
use super::words;
use crate::sql::statement::{Ident, IndexKeyDef, IndexKeyKind};

/// The keys in the parentheses that start here.
pub(super) fn keys(reader: &mut Reader) -> Read<Vec<IndexKeyDef>> {
    let open = reader.clone();
    let inner = reader.parenthesized()?;
    keys_of(&open, inner)
}

/// As `keys`, where only columns can stand.
pub(super) fn columns(reader: &mut Reader) -> Read<Vec<Ident>> {
    keys(reader)?.into_iter().map(column).collect()
}

/// The keys of a list without its parentheses. `open` stands before the list: reading stops there where it is empty.
pub(super) fn keys_of(open: &Reader, list: &[Token]) -> Read<Vec<IndexKeyDef>> {
    let mut keys = Vec::new();
    let mut depth = 0_usize;
    let items = list.split(|token| {
        match token.kind {
            Kind::Symbol(b'(') => depth += 1,
            Kind::Symbol(b')') => depth = depth.saturating_sub(1),
            _ => {}
        }
        depth == 0 && token.kind == Kind::Symbol(b',')
    });
    for item in items {
        let key = key(open, item);
        let at = reader::span_of(list).or(open.peek().map(|token| token.span));
        keys.push(key.ok_or_else(|| {
            Stop::new(
                "expected a column or an expression at each place of this list".to_owned(),
                at.unwrap_or_default(),
            )
        })?);
    }
    Ok(keys)
}

pub(super) fn column(key: IndexKeyDef) -> Read<Ident> {
    match key.key {
        IndexKeyKind::Column(name) => Ok(name),
        IndexKeyKind::Expression(snippet) => {
            Err(Stop::new("expected a column name, not an expression".to_owned(), snippet.span))
        }
    }
}

/// None where there is nothing.
fn key(reader: &Reader, tokens: &[Token]) -> Option<IndexKeyDef> {
    let (tokens, nulls_first) = without_nulls(reader, tokens);
    let (tokens, descending) = without_direction(reader, tokens);
    let (tokens, collation) = without_collation(reader, tokens);
    let tokens = without_parentheses(tokens);
    let key = match tokens {
        [token] if reader::is_name(reader.text, *token) => IndexKeyKind::Column(reader::ident(reader.text, *token)),
        _ => IndexKeyKind::Expression(reader::snippet(reader.text, tokens)?),
    };
    Some(IndexKeyDef { key, collation, opclass: None, descending, nulls_first })
}

fn without_nulls<'a>(reader: &Reader, tokens: &'a [Token]) -> (&'a [Token], Option<bool>) {
    match tokens {
        [rest @ .., nulls, place] if !rest.is_empty() && reader.is_word_token(*nulls, "NULLS") => {
            (rest, Some(reader.is_word_token(*place, "FIRST")))
        }
        _ => (tokens, None),
    }
}

fn without_direction<'a>(reader: &Reader, tokens: &'a [Token]) -> (&'a [Token], bool) {
    match tokens {
        [rest @ .., last] if !rest.is_empty() && reader.is_word_token(*last, "DESC") => (rest, true),
        [rest @ .., last] if !rest.is_empty() && reader.is_word_token(*last, "ASC") => (rest, false),
        _ => (tokens, false),
    }
}

/// COLLATE binds more strongly than any operator: `a || b COLLATE nocase` is a key without a collation of its own.
fn without_collation<'a>(reader: &Reader, tokens: &'a [Token]) -> (&'a [Token], Option<String>) {
    let mut rest = tokens;
    let mut collation = None;
    while let [before @ .., word, name] = rest
        && reader.is_word_token(*word, "COLLATE")
    {
        collation.get_or_insert(*name);
        rest = before;
    }
    match collation {
        Some(name) if is_operand(reader, rest) => (rest, Some(reader::ident(reader.text, name).text)),
        _ => (tokens, None),
    }
}

/// True for a single word, a call or something in parentheses.
fn is_operand(reader: &Reader, tokens: &[Token]) -> bool {
    let arguments = match tokens {
        [_] => return true,
        [name, rest @ ..] if name.kind == Kind::Word => {
            let word = reader.token_text(*name);
            if words::is_reserved(word) {
                return false;
            }
            rest
        }
        _ => tokens,
    };
    n_parentheses(arguments) > 0
}

/// Parentheses around the whole mean nothing.
pub(super) fn without_parentheses(tokens: &[Token]) -> &[Token] {
    let n_pairs = n_parentheses(tokens);
    tokens.get(n_pairs..tokens.len() - n_pairs).unwrap_or(tokens)
}

/// How many pairs of parentheses enclose the whole. In one pass: hostile texts nest deeply.
fn n_parentheses(tokens: &[Token]) -> usize {
    let n_open = tokens.iter().take_while(|token| token.kind == Kind::Symbol(b'(')).count();
    let n_close = tokens.iter().rev().take_while(|token| token.kind == Kind::Symbol(b')')).count();
    let inner = tokens.get(n_open..tokens.len().saturating_sub(n_close)).unwrap_or_default();
    let mut depth = n_open;
    let mut least = n_open.min(n_close);
    for token in inner {
        match token.kind {
            Kind::Symbol(b'(') => depth += 1,
            Kind::Symbol(b')') => depth = depth.saturating_sub(1),
            _ => {}
        }
        least = least.min(depth);
    }
    least
}
