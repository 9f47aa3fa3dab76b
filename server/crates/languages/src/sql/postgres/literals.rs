//! String constants: what they say, and where each character of it stands. (SQL Syntax, 4.1.2 Constants.)

use super::place::{Decoded, Text};
use super::scan::{Scanner, TokenKind};

/// The inside of the dollar-quoted string that `text` is.
pub(super) fn dollar_content(text: Text<'_>) -> Text<'_> {
    let tag = text.text.get(1..).and_then(|rest| rest.find('$')).map_or(0, |length| length + 2);
    let opener = text.text.get(..tag).unwrap_or_default();
    let is_closed = text.text.len() >= 2 * tag && text.text.ends_with(opener);
    text.slice(tag, text.text.len() - if is_closed { tag } else { 0 })
}

/// The string constant at the start of `text`, with what continues it; None where there is none.
pub(super) fn decode(text: Text<'_>) -> Option<Decoded> {
    let mut decoded = Decoded::default();
    let mut prefix = Prefix::None;
    // Where the last character's text ends in the file.
    let mut end = None;
    for token in Scanner::new(text.text) {
        let token_text = token.text(text.text);
        match token.kind {
            TokenKind::String => {
                let (content, start, is_escape) = match token_text.strip_prefix(['e', 'E']) {
                    Some(rest) => (rest, token.start + 1, true),
                    None => (token_text, token.start, false),
                };
                // What continues a string has its form: `E'a'` and `'b'` on the next line.
                match (is_escape, end) {
                    (true, _) => prefix = Prefix::Escape,
                    (false, None) if prefix == Prefix::None => prefix = Prefix::Plain,
                    _ => {}
                }
                let content = content.strip_prefix('\'').unwrap_or(content);
                let content = content.strip_suffix('\'').unwrap_or(content);
                match prefix {
                    Prefix::Escape => escaped(content, text, start + 1, &mut decoded),
                    Prefix::Unicode => {
                        unicode(content, text, start + 1, unicode_escape(text.text, token.end), &mut decoded)
                    }
                    Prefix::None | Prefix::Plain => plain(content, text, start + 1, &mut decoded),
                }
                end = Some(text.offset(start + 1 + content.len()));
            }
            TokenKind::DollarString if end.is_none() && prefix == Prefix::None => {
                let content = dollar_content(text.slice(token.start, token.end));
                for (at, character) in content.text.char_indices() {
                    decoded.push(character, content.offset(at));
                }
                end = Some(content.offset(content.text.len()));
                break;
            }
            TokenKind::Word if prefix == Prefix::None && token_text.eq_ignore_ascii_case("u") => {
                prefix = Prefix::Unicode
            }
            TokenKind::Word if prefix == Prefix::None && token_text.eq_ignore_ascii_case("n") => prefix = Prefix::Plain,
            TokenKind::Mark(b'&') if prefix == Prefix::Unicode && end.is_none() => {}
            _ => break,
        }
    }
    decoded.close(end?);
    Some(decoded)
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum Prefix {
    None,
    Plain,
    Escape,
    Unicode,
}

fn plain(content: &str, text: Text<'_>, start: usize, decoded: &mut Decoded) {
    let mut characters = content.char_indices().peekable();
    while let Some((at, character)) = characters.next() {
        if character == '\'' {
            characters.next_if(|(_, next)| *next == '\'');
        }
        decoded.push(character, text.offset(start + at));
    }
}

/// `E'…'`.
fn escaped(content: &str, text: Text<'_>, start: usize, decoded: &mut Decoded) {
    let mut characters = content.char_indices().peekable();
    while let Some((at, character)) = characters.next() {
        let offset = text.offset(start + at);
        let meaning = match character {
            '\'' => {
                characters.next_if(|(_, next)| *next == '\'');
                '\''
            }
            '\\' => match characters.next().map(|(_, next)| next) {
                Some('b') => '\u{8}',
                Some('f') => '\u{c}',
                Some('n') => '\n',
                Some('r') => '\r',
                Some('t') => '\t',
                Some('x') => number(&mut characters, 0, 16, 2).unwrap_or('x'),
                Some('u') => number(&mut characters, 0, 16, 4).unwrap_or('u'),
                Some('U') => number(&mut characters, 0, 16, 8).unwrap_or('U'),
                Some(digit @ '0'..='7') => {
                    number(&mut characters, digit.to_digit(8).unwrap_or(0), 8, 2).unwrap_or_else(|| low(digit))
                }
                Some(other) => other,
                None => '\\',
            },
            other => other,
        };
        decoded.push(meaning, offset);
    }
}

fn low(digit: char) -> char {
    digit.to_digit(8).and_then(char::from_u32).unwrap_or(digit)
}

type Characters<'a> = std::iter::Peekable<std::str::CharIndices<'a>>;

/// At most `limit` more digits; None where there is none.
fn number(characters: &mut Characters<'_>, first: u32, radix: u32, limit: usize) -> Option<char> {
    let mut value = first;
    let mut n_digits = 0;
    while n_digits < limit
        && let Some((_, digit)) = characters.next_if(|(_, next)| next.is_digit(radix))
    {
        value = value.wrapping_mul(radix).wrapping_add(digit.to_digit(radix)?);
        n_digits += 1;
    }
    if n_digits == 0 { None } else { char::from_u32(value) }
}

/// What stands for the backslash in `U&'…' UESCAPE '!'`.
pub(super) fn unicode_escape(text: &str, behind: usize) -> char {
    let mut tokens = Scanner::at(text, behind);
    let is_clause = tokens.next().is_some_and(|token| token.is_word(text, "UESCAPE"));
    let quoted = tokens.next().filter(|token| is_clause && token.kind == TokenKind::String);
    quoted.and_then(|token| token.text(text).chars().nth(1)).unwrap_or('\\')
}

/// The inside of `U&'…'` and `U&"…"`, quotes doubled.
pub(super) fn unicode(content: &str, text: Text<'_>, start: usize, escape: char, decoded: &mut Decoded) {
    let mut characters = content.char_indices().peekable();
    while let Some((at, character)) = characters.next() {
        let meaning = if character == escape {
            if characters.next_if(|(_, next)| *next == escape).is_some() {
                escape
            } else {
                let limit = if characters.next_if(|(_, next)| *next == '+').is_some() { 6 } else { 4 };
                number(&mut characters, 0, 16, limit).unwrap_or(escape)
            }
        } else {
            if matches!(character, '\'' | '"') {
                characters.next_if(|(_, next)| *next == character);
            }
            character
        };
        decoded.push(meaning, text.offset(start + at));
    }
}
