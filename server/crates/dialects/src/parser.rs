//! Tokens to trees: a Pratt parser over the expressions of both databases. It never goes back, so it is linear.

use schema::Dialect;

use crate::lexer::{Kind, Token};
use crate::tree::{Id, Node, Tree};
use crate::{postgres, sqlite};

pub(crate) use operators::Powers;

mod operators;
mod primary;

/// Deeper texts are compared by their tokens: each level costs stack.
const MAX_DEPTH: usize = 60;

/// None for what is not an expression (a query), for syntax known to few (`OVER`, `FILTER`), and for what is nested too deep.
pub(crate) fn parse(dialect: Dialect, tokens: &[Token<'_>]) -> Option<Tree> {
    let mut parser = Parser { dialect, tokens, position: 0, depth: 0, tree: Tree::new(dialect) };
    let root = parser.expression(0)?;
    parser.tree.root = root;
    (parser.position == tokens.len()).then_some(parser.tree)
}

struct Parser<'a> {
    dialect: Dialect,
    tokens: &'a [Token<'a>],
    position: usize,
    depth: usize,
    tree: Tree,
}

impl<'a> Parser<'a> {
    /// An expression of operators that bind at least as strongly as `min_power`.
    fn expression(&mut self, min_power: u8) -> Option<Id> {
        self.depth += 1;
        if self.depth > MAX_DEPTH {
            return None;
        }
        let mut left = self.primary()?;
        while let Some(next) = self.infix(left, min_power)? {
            left = next;
        }
        self.depth -= 1;
        Some(left)
    }

    fn peek(&self, offset: usize) -> Option<Token<'a>> {
        self.tokens.get(self.position + offset).copied()
    }

    fn at(&self, offset: usize, punctuation: &str) -> bool {
        self.peek(offset).is_some_and(|token| token.kind == Kind::Punctuation && token.text == punctuation)
    }

    fn at_word(&self, offset: usize, word: &str) -> bool {
        self.peek(offset).is_some_and(|token| token.kind == Kind::Word && token.text.eq_ignore_ascii_case(word))
    }

    fn eat(&mut self, punctuation: &str) -> bool {
        let is_there = self.at(0, punctuation);
        self.position += usize::from(is_there);
        is_there
    }

    fn eat_word(&mut self, word: &str) -> bool {
        let is_there = self.at_word(0, word);
        self.position += usize::from(is_there);
        is_there
    }

    fn expect(&mut self, punctuation: &str) -> Option<()> {
        self.eat(punctuation).then_some(())
    }

    fn expect_word(&mut self, word: &str) -> Option<()> {
        self.eat_word(word).then_some(())
    }

    fn identifier(&self, token: Token<'a>) -> String {
        crate::identifier(self.dialect, token.text)
    }

    /// One or more expressions up to `close`.
    fn expressions(&mut self, close: &str) -> Option<Vec<Id>> {
        let mut items = vec![self.expression(0)?];
        while self.eat(",") {
            items.push(self.expression(0)?);
        }
        self.expect(close)?;
        Some(items)
    }

    fn at_query(&self) -> bool {
        ["select", "with", "values"].iter().any(|word| self.at_word(0, word))
    }

    /// A subquery after its opening parenthesis, by its tokens; the closing one is taken too.
    fn query(&mut self) -> Option<Id> {
        let start = self.position;
        let mut n_open = 1_usize;
        while n_open > 0 {
            if self.at(0, "(") {
                n_open += 1;
            } else if self.at(0, ")") {
                n_open -= 1;
            }
            self.peek(0)?;
            self.position += 1;
        }
        let inner = self.tokens.get(start..self.position - 1)?;
        let text = format!("({})", crate::lexer::folded(self.dialect, inner));
        self.tree.add(Node::Raw(text), &[])
    }

    /// A type's name, its canonical form out.
    fn sql_type(&mut self) -> Option<String> {
        let start = self.position;
        match self.dialect {
            Dialect::Postgres => self.position += postgres::types::n_tokens(self.tokens.get(start..)?),
            Dialect::Sqlite => {
                while self.peek(0).is_some_and(|token| token.kind == Kind::Word) {
                    self.position += 1;
                }
                if self.eat("(") {
                    while !self.eat(")") {
                        self.peek(0)?;
                        self.position += 1;
                    }
                }
            }
        }
        let tokens = self.tokens.get(start..self.position).filter(|tokens| !tokens.is_empty())?;
        let texts: Vec<&str> = tokens.iter().map(|token| token.text).collect();
        let text = texts.join(" ");
        Some(match self.dialect {
            Dialect::Postgres => postgres::types::canonical(&text),
            Dialect::Sqlite => sqlite::types::canonical(&text),
        })
    }
}
