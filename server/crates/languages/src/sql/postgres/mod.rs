//! PostgreSQL's text to our statements: split by its coarse tokens, what matters then parsed by squawk's parser, each statement
//! alone, so that a broken one takes nothing with it.

pub(super) mod scan;
mod split;

mod mentioned;
mod place;
mod tree;
mod unreadable;

mod literals;
mod names;
mod signatures;
mod types;

mod lower;

mod alter_relation;
mod constraints;
mod create_table;
mod create_type;
mod do_block;
mod indexes;
mod objects;
mod opaque;
mod policies;
mod privileges;
mod sequences;
mod settings;
mod views;

#[cfg(test)]
mod tests;

use super::statement::{Kind, Statement};
use place::Text;
use scan::{Scanner, TokenKind};
use split::{PieceKind, Size};

pub(super) fn statements(text: &str) -> Vec<Statement> {
    read(Text::file(text), 0)
}

/// The statements of a text that is inside of `nesting` DO blocks.
fn read(text: Text<'_>, nesting: usize) -> Vec<Statement> {
    let read = |piece: split::Piece| {
        let text = text.slice(piece.start, piece.end);
        let kind = match piece.kind {
            PieceKind::Statement => statement(text, piece.size, nesting),
            PieceKind::Psql => {
                Kind::Psql { command: text.text.split_whitespace().next().unwrap_or_default().to_owned() }
            }
            PieceKind::CopyData => Kind::CopyData,
        };
        Statement { span: text.whole(), kind }
    };
    split::pieces(text.text).into_iter().map(read).collect()
}

/// What one statement does. Its first words decide whether it is worth parsing.
fn statement(text: Text<'_>, size: Size, nesting: usize) -> Kind {
    let mut tokens = Scanner::new(text.text);
    let mut word = || match tokens.next() {
        Some(token) if token.kind == TokenKind::Word => token.text(text.text),
        _ => "",
    };
    let first = word();
    if is_any(first, &PARSED) {
        return lower::statement(text, size);
    }
    if is_any(first, &UNPARSED) {
        return Kind::Nothing;
    }
    match () {
        () if is_any(first, &["SELECT", "WITH"]) => query(text, size),
        () if is_any(first, &["SET", "RESET"]) => settings::set(text),
        () if is_any(first, &["DO"]) => do_block::statement(text, nesting),
        // DISCARD ALL forgets all settings.
        () if is_any(first, &["DISCARD"]) => match is_any(word(), &["ALL"]) {
            true => Kind::SetSearchPath(None),
            false => Kind::Nothing,
        },
        () => match settings::transaction(first, word(), word()) {
            Some(transaction) => Kind::Transaction(transaction),
            None if is_any(first, &["PREPARE"]) || text.text.starts_with('(') => Kind::Nothing,
            None => lower::statement(text, size),
        },
    }
}

/// The first words of what always goes to the parser; the commonest first.
const PARSED: [&str; 6] = ["CREATE", "ALTER", "DROP", "COMMENT", "GRANT", "REVOKE"];

/// The first words of what changes no schema.
const UNPARSED: [&str; 34] = [
    "INSERT",
    "UPDATE",
    "DELETE",
    "COPY",
    "MERGE",
    "VALUES",
    "TABLE",
    "TRUNCATE",
    "ANALYZE",
    "ANALYSE",
    "VACUUM",
    "REINDEX",
    "CLUSTER",
    "REFRESH",
    "EXPLAIN",
    "SHOW",
    "LOCK",
    "CALL",
    "NOTIFY",
    "LISTEN",
    "UNLISTEN",
    "DECLARE",
    "FETCH",
    "MOVE",
    "CLOSE",
    "EXECUTE",
    "DEALLOCATE",
    "CHECKPOINT",
    "LOAD",
    "REASSIGN",
    "SECURITY",
    "IMPORT",
    "REPACK",
    "WAIT",
];

fn is_any(word: &str, words: &[&str]) -> bool {
    words.iter().any(|it| it.eq_ignore_ascii_case(word))
}

/// True for a text whose first word changes no schema, queries among them.
fn changes_nothing(text: &str) -> bool {
    let first = Scanner::new(text).next().map_or("", |token| token.text(text));
    is_any(first, &UNPARSED) || is_any(first, &["SELECT", "WITH", "SET", "PERFORM"])
}

/// A query changes something only where it calls `set_config` for the search path or has INTO.
fn query(text: Text<'_>, size: Size) -> Kind {
    if let Some(kind) = settings::set_config(text) {
        return kind;
    }
    let mut depth = 0_usize;
    let mut last = None;
    for token in Scanner::new(text.text) {
        match token.kind {
            TokenKind::Mark(b'(') => depth += 1,
            TokenKind::Mark(b')') => depth = depth.saturating_sub(1),
            TokenKind::Word if depth == 0 && token.is_word(text.text, "INTO") => {
                let is_target = |word| is_any(word, &["INSERT", "MERGE"]);
                return if last.is_some_and(is_target) { Kind::Nothing } else { lower::statement(text, size) };
            }
            _ => {}
        }
        last = Some(token.text(text.text));
    }
    Kind::Nothing
}
