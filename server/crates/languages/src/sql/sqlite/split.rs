//! Where a statement starts and ends, and what its first word says about it.

use super::lexer::{Kind as TokenKind, Lexer, Token};
use super::reader::{Read, Reader, Stop};
use super::words::{self, First};
use super::{alter, control, create, drop, mentioned};
use crate::sql::statement::{Kind, Statement, Unreadable};
use source::Span;

/// The next statement of the lexer's part of `text`; None at its end. `tokens` is room that is used again.
pub(super) fn next(text: &str, lexer: &mut Lexer, tokens: &mut Vec<Token>) -> Option<Statement> {
    while let Some(first) = lexer.next() {
        let word = first.span.text(text);
        let first_word = if first.kind == TokenKind::Word { words::first(word) } else { First::Unknown };
        return Some(match (first.kind, first_word) {
            (TokenKind::Symbol(b';'), _) => continue,
            (TokenKind::Symbol(b'.'), _) if lexer.is_before_letter() => shell_line(text, lexer, first),
            (_, First::Nothing) => data(text, lexer, first),
            (_, First::Unknown) => foreign(text, lexer, first),
            _ => definition(text, lexer, first, first_word, tokens),
        });
    }
    None
}

/// A command of the `sqlite3` shell. (sqlite.org/cli.html, "dot-commands".)
fn shell_line(text: &str, lexer: &mut Lexer, dot: Token) -> Statement {
    let span = dot.span.cover(lexer.line());
    let command = span.text(text).split_ascii_whitespace().next().unwrap_or_default();
    Statement { span, kind: Kind::Psql { command: command.to_owned() } }
}

/// A statement of which nothing is read.
fn data(text: &str, lexer: &mut Lexer, first: Token) -> Statement {
    let skipped = lexer.skip_statement();
    let span = first.span.cover(Span::new(skipped.end, skipped.end));
    let stop = skipped.unclosed.map(|at| Stop::unclosed(text, at));
    Statement { span, kind: stop.map_or(Kind::Nothing, |stop| unreadable(text, span, stop)) }
}

/// A statement that starts as none of SQLite's does.
fn foreign(text: &str, lexer: &mut Lexer, first: Token) -> Statement {
    let skipped = lexer.skip_statement();
    let span = first.span.cover(Span::new(skipped.end, skipped.end));
    let stop = match first.kind {
        TokenKind::Unclosed => Stop::unclosed(text, first.span),
        _ => Stop::new("expected a statement of SQLite".to_owned(), first.span),
    };
    Statement { span, kind: unreadable(text, span, stop) }
}

fn definition(text: &str, lexer: &mut Lexer, first: Token, word: First, tokens: &mut Vec<Token>) -> Statement {
    tokens.clear();
    tokens.push(first);
    let end = collect(text, lexer, tokens);
    let span = first.span.cover(Span::new(end, end));
    let kind = read(text, tokens, word).unwrap_or_else(|stop| unreadable(text, span, stop));
    Statement { span, kind }
}

fn read(text: &str, tokens: &[Token], word: First) -> Read<Kind> {
    let broken = tokens.iter().find(|token| matches!(token.kind, TokenKind::Unclosed | TokenKind::Unknown));
    match broken {
        Some(token) if token.kind == TokenKind::Unclosed => return Err(Stop::unclosed(text, token.span)),
        Some(token) => return Err(Stop::new("SQLite cannot read this".to_owned(), token.span)),
        None => {}
    }
    let mut reader = Reader::new(text, tokens);
    let kind = match word {
        First::Create => create::create(&mut reader)?,
        First::Alter => alter::alter(&mut reader)?,
        First::Drop => drop::drop(&mut reader)?,
        First::Pragma => control::pragma(&mut reader)?,
        First::Begin => control::begin(&mut reader)?,
        First::Commit => control::commit(&mut reader)?,
        First::Rollback => control::rollback(&mut reader)?,
        First::Savepoint => control::savepoint(&mut reader)?,
        First::Nothing | First::Unknown => Kind::Nothing,
    };
    reader.expect_end()?;
    Ok(kind)
}

fn unreadable(text: &str, span: Span, stop: Stop) -> Kind {
    let names = mentioned::names(text, span);
    Kind::Unreadable(Unreadable { message: stop.message, at: stop.at, names })
}

/// The tokens up to the semicolon, and where the last of them ends. Of a trigger's body only `; END` is kept.
fn collect(text: &str, lexer: &mut Lexer, tokens: &mut Vec<Token>) -> usize {
    let semicolon = collect_line(lexer, tokens);
    let end = tokens.last().map_or(0, |token| token.span.end as usize);
    match semicolon {
        Some(semicolon) if has_open_body(text, tokens) => {
            tokens.push(semicolon);
            collect_body(text, lexer, tokens)
        }
        _ => end,
    }
}

/// The tokens up to the semicolon, which is given back.
fn collect_line(lexer: &mut Lexer, tokens: &mut Vec<Token>) -> Option<Token> {
    while let Some(token) = lexer.next() {
        if token.kind == TokenKind::Symbol(b';') {
            return Some(token);
        }
        tokens.push(token);
    }
    None
}

/// True where the semicolon behind `tokens` is the first inside a trigger's body.
fn has_open_body(text: &str, tokens: &[Token]) -> bool {
    let reader = Reader::new(text, tokens);
    let is_trigger = (1..=2).any(|place| reader.is_word_at(place, "TRIGGER"));
    let begin = tokens.iter().rposition(|token| reader.is_word_token(*token, "BEGIN"));
    is_trigger && begin.is_some_and(|begin| !reader.is_word_at(begin + 1, "END"))
}

/// Past a trigger's body. It ends at the first END that starts a statement; what can stand in no body shows that the END is missing.
fn collect_body(text: &str, lexer: &mut Lexer, tokens: &mut Vec<Token>) -> usize {
    let mut end = lexer.position;
    loop {
        let start = lexer.position;
        let Some(token) = lexer.next() else { return end };
        let word = if token.kind == TokenKind::Word { token.span.text(text) } else { "" };
        if word.eq_ignore_ascii_case("END") {
            tokens.push(token);
            collect_line(lexer, tokens);
            return tokens.last().map_or(end, |token| token.span.end as usize);
        }
        if !matches!(words::first(word), First::Nothing | First::Unknown) {
            lexer.position = start;
            return end;
        }
        if token.kind != TokenKind::Symbol(b';') {
            let skipped = lexer.skip_statement();
            end = skipped.end;
            tokens.extend(skipped.unclosed.map(|span| Token { kind: TokenKind::Unclosed, span }));
        }
    }
}
