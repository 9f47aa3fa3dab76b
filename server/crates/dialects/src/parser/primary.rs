//! What an expression starts with: constants, names, calls, parentheses, prefix operators.

use schema::Dialect;

use super::Parser;
use crate::lexer::{Kind, Token};
use crate::tree::{Id, Node, plain_number};
use crate::{postgres, sqlite};

/// Types that may stand before a string: `interval '1 day'`. (SQL syntax, 4.1.2.7 Constants of Other Types.)
const TYPES_BEFORE_TEXT: [&str; 7] = ["date", "time", "timestamp", "timestamptz", "interval", "json", "jsonb"];

impl<'a> Parser<'a> {
    pub(super) fn primary(&mut self) -> Option<Id> {
        let token = self.peek(0)?;
        self.position += 1;
        match token.kind {
            Kind::Text => self.tree.add(Node::Text(postgres::expressions::text(self.dialect, token.text)), &[]),
            Kind::Number => self.number("", token.text),
            Kind::Parameter => self.tree.add(Node::Raw(token.text.to_owned()), &[]),
            Kind::Operator => self.prefix(token.text),
            Kind::QuotedName => self.name(token),
            Kind::Punctuation if token.text == "(" => self.parentheses(),
            Kind::Punctuation => None,
            Kind::Word => self.word(token),
        }
    }

    fn number(&mut self, sign: &str, text: &str) -> Option<Id> {
        let text = format!("{sign}{text}");
        let number = plain_number(&text).unwrap_or_else(|| text.to_ascii_lowercase());
        self.tree.add(Node::Number(number), &[])
    }

    fn prefix(&mut self, operator: &str) -> Option<Id> {
        if operator == "*" {
            return self.tree.add(Node::Raw(String::from("*")), &[]);
        }
        if let Some(token) = self.peek(0)
            && operator == "-"
            && token.kind == Kind::Number
        {
            self.position += 1;
            return self.number("-", token.text);
        }
        let power = match self.dialect {
            Dialect::Postgres => postgres::expressions::prefix_power(operator),
            Dialect::Sqlite => sqlite::expressions::prefix_power(operator),
        };
        let inner = self.expression(power?)?;
        self.tree.add(Node::Prefix(operator.to_owned(), inner), &[inner])
    }

    /// `(a)` is `a`; `(a, b)` is a row.
    fn parentheses(&mut self) -> Option<Id> {
        if self.at_query() {
            return self.query();
        }
        let items = self.expressions(")")?;
        match items.as_slice() {
            [single] => Some(*single),
            _ => self.tree.add(Node::List("row", items.clone()), &items),
        }
    }

    fn word(&mut self, token: Token<'a>) -> Option<Id> {
        let word = token.text.to_ascii_lowercase();
        let is_before_text = self.peek(0).is_some_and(|next| next.kind == Kind::Text);
        match word.as_str() {
            "not" => {
                let inner = self.expression(super::operators::NOT)?;
                self.tree.add(Node::Prefix(word, inner), &[inner])
            }
            "case" => self.case(),
            "cast" if self.eat("(") => {
                let inner = self.expression(0)?;
                self.expect_word("as")?;
                let sql_type = self.sql_type()?;
                self.expect(")")?;
                self.tree.cast(inner, sql_type)
            }
            "exists" if self.eat("(") => {
                let query = self.at_query().then(|| self.query())??;
                self.tree.add(Node::Prefix(word, query), &[query])
            }
            "array" if self.eat("[") => {
                let items = if self.eat("]") { Vec::new() } else { self.expressions("]")? };
                self.tree.add(Node::List("array", items.clone()), &items)
            }
            "row" if self.eat("(") => {
                let items = if self.eat(")") { Vec::new() } else { self.expressions(")")? };
                self.tree.add(Node::List("row", items.clone()), &items)
            }
            "extract" if self.eat("(") => self.extract(),
            word if is_before_text && TYPES_BEFORE_TEXT.contains(&word) => self.typed_text(word),
            _ if is_before_text => None,
            word if self.is_reserved(word) && !postgres::names::is_value(word) => None,
            _ => self.name(token),
        }
    }

    fn is_reserved(&self, word: &str) -> bool {
        match self.dialect {
            Dialect::Postgres => postgres::names::is_reserved(word),
            Dialect::Sqlite => sqlite::names::is_reserved(word),
        }
    }

    fn typed_text(&mut self, sql_type: &str) -> Option<Id> {
        let text = self.primary()?;
        // `interval '1' day` has more to it than a cast.
        if self.peek(0).is_some_and(|next| next.kind == Kind::Word && is_interval_field(next.text)) {
            return None;
        }
        self.tree.cast(text, postgres::types::canonical(sql_type))
    }

    /// `extract(epoch from x)`.
    fn extract(&mut self) -> Option<Id> {
        let field = self.peek(0).filter(|token| matches!(token.kind, Kind::Word | Kind::Text))?;
        self.position += 1;
        self.expect_word("from")?;
        let field = field.text.trim_matches('\'').to_ascii_lowercase();
        let field = self.tree.add(Node::Raw(field), &[])?;
        let from = self.expression(0)?;
        self.expect(")")?;
        self.tree.add(Node::Call(String::from("extract"), vec![field, from]), &[field, from])
    }

    /// A column, or a call. The column's table is left out: there is only one it can be.
    fn name(&mut self, first: Token<'a>) -> Option<Id> {
        let mut last = first;
        let mut qualifier = String::new();
        while self.at(0, ".") {
            qualifier.push_str(&self.identifier(last));
            qualifier.push('.');
            last = self.peek(1)?;
            self.position += 2;
            if !matches!(last.kind, Kind::Word | Kind::QuotedName) {
                return None;
            }
        }
        let name = self.identifier(last);
        if !self.eat("(") {
            return self.tree.add(Node::Name(name), &[]);
        }
        let qualifier = if qualifier == "pg_catalog." { String::new() } else { qualifier };
        let arguments = if self.eat(")") { Vec::new() } else { self.expressions(")")? };
        let arguments: Vec<Id> = arguments.into_iter().map(|argument| self.argument(argument)).collect();
        self.tree.add(Node::Call(format!("{qualifier}{name}"), arguments.clone()), &arguments)
    }

    /// PostgreSQL prints `nextval('s'::regclass)` and `to_tsvector('english'::regconfig, x)` for what people write bare.
    fn argument(&mut self, argument: Id) -> Id {
        match self.tree.nodes.get(argument) {
            Some(Node::Cast(_, sql_type)) if matches!(sql_type.as_str(), "regclass" | "regconfig") => {
                self.tree.without_cast(argument)
            }
            _ => argument,
        }
    }

    fn case(&mut self) -> Option<Id> {
        let operand = if self.at_word(0, "when") { None } else { Some(self.expression(0)?) };
        let mut arms = Vec::new();
        while self.eat_word("when") {
            let when = self.expression(0)?;
            self.expect_word("then")?;
            arms.push((when, self.expression(0)?));
        }
        let otherwise = if self.eat_word("else") { Some(self.expression(0)?) } else { None };
        self.expect_word("end")?;
        let mut children: Vec<Id> = arms.iter().flat_map(|(when, then)| [*when, *then]).collect();
        children.extend(operand);
        children.extend(otherwise);
        self.tree.add(Node::Case(operand, arms, otherwise), &children)
    }
}

fn is_interval_field(word: &str) -> bool {
    ["year", "month", "day", "hour", "minute", "second"].iter().any(|field| field.eq_ignore_ascii_case(word))
}
