//! What a text names that nobody can read: names behind the words that introduce them, also inside its string constants.

use rustc_hash::FxHashSet;

use super::super::statement::QName;
use super::place::Text;
use super::scan::{Scanner, Token, TokenKind};
use super::{literals, names};

/// How deep strings in strings are looked into.
const MAX_DEPTH: usize = 3;

/// The objects that a text names, each once, in their order.
pub(super) fn names(text: Text<'_>) -> Vec<QName> {
    let mut found = Found { names: Vec::new(), seen: FxHashSet::default() };
    found.text(text, false, 0);
    found.names
}

/// True where a text begins as a statement that changes a schema.
pub(super) fn is_definition(text: &str) -> bool {
    Scanner::new(text).next().is_some_and(|token| DEFINING.iter().any(|word| token.is_word(text, word)))
}

const DEFINING: [&str; 9] = ["CREATE", "ALTER", "DROP", "COMMENT", "GRANT", "REVOKE", "DO", "SECURITY", "IMPORT"];

/// Words behind which an object's name stands.
const INTRODUCING: [&str; 12] = [
    "TABLE",
    "INDEX",
    "VIEW",
    "SEQUENCE",
    "TYPE",
    "DOMAIN",
    "ON",
    "REFERENCES",
    "PARTITION",
    "FUNCTION",
    "PROCEDURE",
    "ROUTINE",
];

/// Words behind which a statement of a block begins.
const STARTING: [&str; 5] = ["BEGIN", "THEN", "ELSE", "LOOP", "DECLARE"];

/// Words between them and the name.
const BETWEEN: [&str; 6] = ["IF", "NOT", "EXISTS", "ONLY", "CONCURRENTLY", "OF"];

/// What stands in a name's place in other clauses: `ON DELETE`, `ON CONFLICT`, `TYPE integer USING`.
const NO_NAME: [&str; 23] = [
    "NULL", "DELETE", "UPDATE", "INSERT", "SELECT", "CONFLICT", "COMMIT", "ALL", "BY", "FOR", "AS", "IN", "TABLE",
    "TABLES", "COLUMN", "INDEX", "VIEW", "TYPE", "SCHEMA", "DATABASE", "FUNCTION", "SEQUENCE", "DOMAIN",
];

struct Found {
    names: Vec<QName>,
    seen: FxHashSet<(Option<String>, String)>,
}

impl Found {
    /// `is_continued`: what runs has more behind the text.
    fn text(&mut self, text: Text<'_>, is_continued: bool, depth: usize) {
        let tokens: Vec<Token> = Scanner::new(text.text).collect();
        // `JOIN b ON b.id = a.id` names nothing that changes: ON counts in definitions alone.
        let mut is_start = true;
        let mut is_defining = false;
        for (at, token) in tokens.iter().enumerate() {
            let is_word = |words: &[&str]| words.iter().any(|word| token.is_word(text.text, word));
            if is_start {
                is_defining = is_word(&DEFINING);
            }
            is_start = token.is_mark(b';') || is_word(&STARTING);
            match token.kind {
                TokenKind::String | TokenKind::DollarString if depth < MAX_DEPTH => {
                    let Some(decoded) = literals::decode(text.slice(token.start, token.end)) else { continue };
                    if is_definition(&decoded.text) {
                        let is_continued = tokens.get(at + 1).is_some_and(|next| next.is_mark(b'|'));
                        self.text(Text::decoded(&decoded), is_continued, depth + 1);
                    }
                }
                TokenKind::Word if INTRODUCING.iter().any(|word| token.is_word(text.text, word)) => {
                    let before = at.checked_sub(1).and_then(|before| tokens.get(before));
                    // `ALTER COLUMN c TYPE integer` names no type of the schema that it changes.
                    let is_before =
                        |words: &[&str]| before.is_some_and(|it| words.iter().any(|word| it.is_word(text.text, word)));
                    let is_routine = is_word(&["FUNCTION", "PROCEDURE", "ROUTINE"]);
                    // `EXECUTE FUNCTION f()` changes nothing of the function.
                    let is_named = (!is_routine || is_before(&["CREATE", "REPLACE", "ALTER", "DROP"]))
                        && (!is_word(&["TYPE"]) || is_before(&["CREATE", "ALTER", "DROP", "ON"]))
                        && (!is_word(&["ON"]) || is_defining)
                        && !is_before(&["TEMP", "TEMPORARY"]);
                    if is_named {
                        self.name(text, is_continued, tokens.get(at + 1..).unwrap_or_default());
                    }
                }
                _ => {}
            }
        }
    }

    fn name(&mut self, text: Text<'_>, is_continued: bool, tokens: &[Token]) {
        let is_between = |token: &&Token| BETWEEN.iter().any(|word| token.is_word(text.text, word));
        let mut tokens = tokens.iter().skip_while(is_between).peekable();
        let mut name: Option<QName> = None;
        while let Some(token) = tokens.next_if(|token| matches!(token.kind, TokenKind::Word | TokenKind::QuotedName)) {
            if name.is_none() && NO_NAME.iter().any(|word| token.is_word(text.text, word)) {
                return;
            }
            let part = names::of_scanned(text, *token);
            name = Some(QName { namespace: name.map(|it| it.name), name: part });
            // `part_%s` and the like: the name is made when it runs.
            let next = text.text.as_bytes().get(token.end);
            if next.map_or(is_continued, |byte| matches!(byte, b'%' | b'{' | b'$')) {
                return;
            }
            if tokens.next_if(|token| token.is_mark(b'.')).is_none() {
                break;
            }
            if !tokens.peek().is_some_and(|token| matches!(token.kind, TokenKind::Word | TokenKind::QuotedName)) {
                return;
            }
        }
        let Some(name) = name else { return };
        if self.seen.insert((name.namespace.as_ref().map(|it| it.text.clone()), name.name.text.clone())) {
            self.names.push(name);
        }
    }
}
