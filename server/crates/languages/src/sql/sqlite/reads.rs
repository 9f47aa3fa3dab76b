//! The relations that a query reads, found by its words: behind FROM, JOIN and the commas of a FROM list, at any depth.

use rustc_hash::FxHashSet;

use super::lexer::{Kind, Token};
use super::reader;
use super::words::Upper;
use crate::sql::statement::{Ident, QName};

/// In the order of the text, each once, common table expressions and table-valued functions left out.
pub(super) fn reads(text: &str, query: &[Token]) -> Vec<QName> {
    let mut walk = Walk { text, query, levels: vec![Level::default()], tables: Vec::new(), ctes: FxHashSet::default() };
    let mut place = 0;
    while let Some(token) = query.get(place) {
        place += walk.token(place, *token);
    }
    let mut known = FxHashSet::default();
    let mut tables = walk.tables;
    tables.retain(|table| {
        let name = folded(&table.name.text);
        let is_cte = table.namespace.is_none() && walk.ctes.contains(&name);
        !is_cte && known.insert((table.namespace.as_ref().map(|namespace| folded(&namespace.text)), name))
    });
    tables
}

fn folded(name: &str) -> String {
    name.to_ascii_lowercase()
}

/// What is known between two parentheses.
#[derive(Clone, Copy, Default)]
struct Level {
    /// Behind FROM: a comma leads to another relation.
    is_in_from: bool,
    expects_table: bool,
    /// The place of the name before the opening parenthesis, if one stands there.
    name: Option<usize>,
}

struct Walk<'a> {
    text: &'a str,
    query: &'a [Token],
    levels: Vec<Level>,
    tables: Vec<QName>,
    ctes: FxHashSet<String>,
}

impl Walk<'_> {
    /// How many tokens were read.
    fn token(&mut self, place: usize, token: Token) -> usize {
        let mut level = self.levels.pop().unwrap_or_default();
        match token.kind {
            Kind::Symbol(b'(') => {
                let inner = Level {
                    is_in_from: level.expects_table,
                    expects_table: level.expects_table,
                    name: place.checked_sub(1).filter(|name| self.is_name(*name)),
                };
                level.expects_table = false;
                self.levels.push(level);
                level = inner;
            }
            Kind::Symbol(b')') => {
                if let Some(name) = level.name {
                    self.cte(name, place + 1);
                }
                level = self.levels.pop().unwrap_or_default();
            }
            Kind::Symbol(b',') => level.expects_table = level.is_in_from,
            _ if level.expects_table && self.is_name(place) => {
                level.expects_table = false;
                self.levels.push(level);
                return self.table(place);
            }
            Kind::Word | Kind::Quoted | Kind::Text => {
                self.cte(place, place + 1);
                self.keyword(place, &mut level);
            }
            _ => {}
        }
        self.levels.push(level);
        1
    }

    fn keyword(&self, place: usize, level: &mut Level) {
        let word = self.query.get(place).filter(|token| token.kind == Kind::Word);
        let word = Upper::of(word.map(|token| token.span.text(self.text)).unwrap_or_default());
        match word.bytes() {
            // `IS NOT DISTINCT FROM` compares.
            b"FROM" if place.checked_sub(1).is_some_and(|before| self.is_word(before, "DISTINCT")) => {}
            b"FROM" => (level.is_in_from, level.expects_table) = (true, true),
            b"JOIN" => level.expects_table = true,
            b"SELECT" | b"VALUES" | b"WHERE" | b"GROUP" | b"HAVING" | b"ORDER" | b"LIMIT" | b"WINDOW" | b"UNION"
            | b"EXCEPT" | b"INTERSECT" => (level.is_in_from, level.expects_table) = (false, false),
            _ => {}
        }
    }

    /// Keeps the relation that is named here, unless it is a function.
    fn table(&mut self, place: usize) -> usize {
        let Some(first) = self.ident(place) else { return 1 };
        let second = if self.is_symbol(place + 1, b'.') { self.ident(place + 2) } else { None };
        let (name, n_tokens) = match second {
            Some(second) => (QName { namespace: Some(first), name: second }, 3),
            None => (QName { namespace: None, name: first }, 1),
        };
        if !self.is_symbol(place + n_tokens, b'(') {
            self.tables.push(name);
        }
        n_tokens
    }

    /// `name [(…)] AS [[NOT] MATERIALIZED] (` is a common table expression: nothing else in a query looks like it.
    fn cte(&mut self, name: usize, behind: usize) {
        if !self.is_word(behind, "AS") {
            return;
        }
        let n_words = ["NOT", "MATERIALIZED"]
            .iter()
            .fold(1, |n_words, word| if self.is_word(behind + n_words, word) { n_words + 1 } else { n_words });
        if self.is_symbol(behind + n_words, b'(')
            && let Some(name) = self.ident(name)
        {
            self.ctes.insert(folded(&name.text));
        }
    }

    fn is_name(&self, place: usize) -> bool {
        self.query.get(place).is_some_and(|token| reader::is_name(self.text, *token))
    }

    fn is_word(&self, place: usize, word: &str) -> bool {
        let token = self.query.get(place).filter(|token| token.kind == Kind::Word);
        token.is_some_and(|token| token.span.text(self.text).eq_ignore_ascii_case(word))
    }

    fn is_symbol(&self, place: usize, symbol: u8) -> bool {
        self.query.get(place).is_some_and(|token| token.kind == Kind::Symbol(symbol))
    }

    fn ident(&self, place: usize) -> Option<Ident> {
        let token = self.query.get(place).filter(|token| reader::is_name(self.text, **token))?;
        Some(reader::ident(self.text, *token))
    }
}
