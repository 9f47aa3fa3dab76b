//! What an expression goes on with: operators, tests, casts, subscripts.

use schema::Dialect;

use super::Parser;
use crate::lexer::Kind;
use crate::tree::{Id, Node};
use crate::{postgres, sqlite};

pub(super) const OR: u8 = 1;
pub(super) const AND: u8 = 3;
pub(super) const NOT: u8 = 5;

/// How strongly the operators spelled as words bind; the higher the stronger.
pub(crate) struct Powers {
    pub(crate) is: u8,
    pub(crate) like: u8,
    pub(crate) collate: u8,
    pub(crate) at: u8,
    pub(crate) cast: u8,
}

/// The tests that may follow NOT.
const TESTS: [&str; 7] = ["in", "between", "like", "ilike", "glob", "regexp", "match"];

impl Parser<'_> {
    /// One more operator and what stands to its right; None inside where `left` is complete.
    pub(super) fn infix(&mut self, left: Id, min_power: u8) -> Option<Option<Id>> {
        let Some(token) = self.peek(0) else { return Some(None) };
        match token.kind {
            Kind::Operator => self.operator(left, token.text, min_power),
            Kind::Word => self.word_operator(left, &token.text.to_ascii_lowercase(), min_power),
            Kind::Punctuation => self.suffix(left, token.text, min_power),
            _ => Some(None),
        }
    }

    fn powers(&self) -> &'static Powers {
        match self.dialect {
            Dialect::Postgres => &postgres::expressions::POWERS,
            Dialect::Sqlite => &sqlite::expressions::POWERS,
        }
    }

    fn operator(&mut self, left: Id, text: &str, min_power: u8) -> Option<Option<Id>> {
        let power = match self.dialect {
            Dialect::Postgres => postgres::expressions::power(text),
            Dialect::Sqlite => sqlite::expressions::power(text),
        };
        if power < min_power {
            return Some(None);
        }
        self.position += 1;
        let right = match self.quantified()? {
            Some(quantified) => quantified,
            None => self.expression(power + 1)?,
        };
        let operator = match (text, self.dialect) {
            ("!=", _) => "<>",
            ("==", Dialect::Sqlite) => "=",
            _ => text,
        };
        if matches!(operator, "=" | "<>" | "<" | ">" | "<=" | ">=") {
            return self.tree.comparison(operator, left, right).map(Some);
        }
        // The path of `#>` is an array of text whatever is written.
        let right = if matches!(operator, "#>" | "#>>") { self.tree.without_cast(right) } else { right };
        self.tree.binary(operator, left, right).map(Some)
    }

    /// `any (…)`, `some (…)` and `all (…)`; None inside for anything else.
    fn quantified(&mut self) -> Option<Option<Id>> {
        let word = match self.peek(0) {
            Some(token) if self.at(1, "(") && token.kind == Kind::Word => token.text.to_ascii_lowercase(),
            _ => return Some(None),
        };
        let word = match word.as_str() {
            "any" | "some" => "any",
            "all" => "all",
            _ => return Some(None),
        };
        self.position += 2;
        let inner = if self.at_query() {
            self.query()?
        } else {
            let inner = self.expression(0)?;
            self.expect(")")?;
            inner
        };
        self.tree.add(Node::Quantified(word, inner), &[inner]).map(Some)
    }

    fn word_operator(&mut self, left: Id, word: &str, min_power: u8) -> Option<Option<Id>> {
        let is_negated = word == "not";
        let powers = self.powers();
        let test = TESTS.iter().find(|test| self.at_word(usize::from(is_negated), test));
        let power = match word {
            "or" => OR,
            "and" => AND,
            "is" | "isnull" | "notnull" => powers.is,
            "collate" => powers.collate,
            "at" => powers.at,
            _ if test.is_some() => powers.like,
            _ => return Some(None),
        };
        if power < min_power {
            return Some(None);
        }
        self.position += 1;
        let node = match (word, test) {
            ("or", _) => self.logic("or", left, power),
            ("and", _) => self.logic("and", left, power),
            ("is", _) => self.is(left, power),
            ("isnull", _) => self.tree.add(Node::Suffix(left, String::from("is null")), &[left]),
            ("notnull", _) => self.tree.add(Node::Suffix(left, String::from("is not null")), &[left]),
            ("collate", _) => self.collate(left),
            ("at", _) => self.at_time_zone(left, power),
            (_, Some(test)) => {
                self.position += usize::from(is_negated);
                self.test(left, test, is_negated, power)
            }
            _ => None,
        };
        node.map(Some)
    }

    fn logic(&mut self, word: &'static str, left: Id, power: u8) -> Option<Id> {
        let right = self.expression(power + 1)?;
        self.tree.logic(word, left, right)
    }

    fn is(&mut self, left: Id, power: u8) -> Option<Id> {
        let is_negated = self.eat_word("not");
        let not = if is_negated { "not " } else { "" };
        for value in ["null", "true", "false", "unknown"] {
            if self.eat_word(value) {
                return self.tree.add(Node::Suffix(left, format!("is {not}{value}")), &[left]);
            }
        }
        if self.eat_word("distinct") {
            self.expect_word("from")?;
            let right = self.expression(power + 1)?;
            let node = self.tree.comparison("is distinct from", left, right)?;
            return if is_negated {
                self.tree.add(Node::Prefix(String::from("not"), node), &[node])
            } else {
                Some(node)
            };
        }
        if self.dialect == Dialect::Postgres {
            return None;
        }
        let right = self.expression(power + 1)?;
        self.tree.binary(if is_negated { "is not" } else { "is" }, left, right)
    }

    fn collate(&mut self, left: Id) -> Option<Id> {
        let mut name = String::from("collate ");
        loop {
            let token = self.peek(0).filter(|token| matches!(token.kind, Kind::Word | Kind::QuotedName))?;
            name.push_str(&self.identifier(token));
            self.position += 1;
            if !self.eat(".") {
                return self.tree.add(Node::Suffix(left, name), &[left]);
            }
            name.push('.');
        }
    }

    /// `x AT TIME ZONE z` calls `timezone(z, x)`.
    fn at_time_zone(&mut self, left: Id, power: u8) -> Option<Id> {
        self.expect_word("time")?;
        self.expect_word("zone")?;
        let zone = self.expression(power + 1)?;
        self.tree.add(Node::Call(String::from("timezone"), vec![zone, left]), &[zone, left])
    }

    fn test(&mut self, left: Id, test: &str, is_negated: bool, power: u8) -> Option<Id> {
        match test {
            "in" => self.in_list(left, is_negated),
            "between" => self.between(left, is_negated, power),
            _ => {
                let right = self.expression(power + 1)?;
                let operator = match self.dialect {
                    Dialect::Postgres => postgres::expressions::like(test, is_negated)?.to_owned(),
                    Dialect::Sqlite if is_negated => format!("not {test}"),
                    Dialect::Sqlite => test.to_owned(),
                };
                // ESCAPE follows seldom; it is left to the comparison by tokens.
                (!self.at_word(0, "escape")).then_some(())?;
                self.tree.binary(&operator, left, right)
            }
        }
    }

    /// PostgreSQL stores `x IN (a, b)` as `x = ANY (ARRAY[a, b])`, and `x IN (a)` as `x = a`.
    fn in_list(&mut self, left: Id, is_negated: bool) -> Option<Id> {
        self.expect("(")?;
        if self.at_query() {
            let query = self.query()?;
            return self.tree.binary(if is_negated { "not in" } else { "in" }, left, query);
        }
        let items = self.expressions(")")?;
        if self.dialect == Dialect::Sqlite {
            let list = self.tree.add(Node::List("", items.clone()), &items)?;
            return self.tree.binary(if is_negated { "not in" } else { "in" }, left, list);
        }
        let (operator, word) = if is_negated { ("<>", "all") } else { ("=", "any") };
        if let [single] = items.as_slice() {
            return self.tree.comparison(operator, left, *single);
        }
        let list = self.tree.add(Node::List("array", items.clone()), &items)?;
        let right = self.tree.add(Node::Quantified(word, list), &[list])?;
        self.tree.comparison(operator, left, right)
    }

    /// PostgreSQL stores two comparisons.
    fn between(&mut self, left: Id, is_negated: bool, power: u8) -> Option<Id> {
        if self.at_word(0, "symmetric") || self.at_word(0, "asymmetric") {
            return None;
        }
        let low = self.expression(power + 1)?;
        self.expect_word("and")?;
        let high = self.expression(power + 1)?;
        let (lower, upper, word) = if is_negated { ("<", ">", "or") } else { (">=", "<=", "and") };
        let low = self.tree.comparison(lower, left, low)?;
        let high = self.tree.comparison(upper, left, high)?;
        self.tree.logic(word, low, high)
    }

    fn suffix(&mut self, left: Id, text: &str, min_power: u8) -> Option<Option<Id>> {
        if self.powers().cast < min_power || self.dialect == Dialect::Sqlite {
            return Some(None);
        }
        match text {
            "::" => {
                self.position += 1;
                let sql_type = self.sql_type()?;
                self.tree.cast(left, sql_type).map(Some)
            }
            "[" => {
                self.position += 1;
                let subscript = self.expression(0)?;
                self.expect("]")?;
                self.tree.add(Node::Subscript(left, subscript), &[left, subscript]).map(Some)
            }
            "." => {
                let name = self.peek(1).filter(|token| matches!(token.kind, Kind::Word | Kind::QuotedName))?;
                self.position += 2;
                self.tree.add(Node::Field(left, self.identifier(name)), &[left]).map(Some)
            }
            _ => Some(None),
        }
    }
}
