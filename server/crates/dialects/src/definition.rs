//! Functions, procedures and triggers: their definitions out of the statements that make them, and the statements again.

use std::borrow::Cow;
use std::ops::Range;

use schema::{Body, Definition, Dialect, Name, OpaqueKind, OpaqueObject};

use crate::lexer::{Kind, Token};
use crate::{postgres, quote_identifier, sqlite};

/// What a CREATE statement says of a function, procedure or trigger; None for what is not understood as a whole, or whose meaning depends on
/// more than the statement.
pub fn definition(dialect: Dialect, kind: OpaqueKind, statement: &str) -> Option<Definition> {
    match (dialect, kind) {
        (Dialect::Postgres, OpaqueKind::Function | OpaqueKind::Procedure) => postgres::routines::definition(statement),
        (Dialect::Postgres, OpaqueKind::Trigger) => postgres::triggers::definition(statement),
        (Dialect::Sqlite, OpaqueKind::Trigger) => sqlite::triggers::definition(statement),
        _ => None,
    }
}

/// The definition of a function or procedure of PostgreSQL after the options of an `ALTER FUNCTION`; None where it depends on more than the
/// statements.
pub fn altered_routine(kind: OpaqueKind, before: &Definition, options: &str) -> Option<Definition> {
    postgres::routines::altered(kind, before, options)
}

/// The definition of a function or procedure of PostgreSQL after a type got another name or another place; None where what its header means
/// cannot be told.
pub fn with_renamed_type(routine: &OpaqueObject, from: &Name, to: &Name) -> Option<Definition> {
    postgres::routines::with_renamed_type(routine, from, to)
}

/// How an object is made where something of its name may be there.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Create {
    New,
    OrReplace,
}

/// The statement that makes the object, with its semicolon; None where its definition is not known.
pub fn create_object(dialect: Dialect, object: &OpaqueObject, how: Create) -> Option<String> {
    let definition = object.definition.as_deref()?;
    let or_replace = if how == Create::OrReplace { "OR REPLACE " } else { "" };
    let key = &object.key;
    Some(match (dialect, &key.on) {
        (Dialect::Postgres, Some(table)) => {
            let constraint = if definition.is_constraint { "CONSTRAINT " } else { "" };
            let (name, on) = (quote_identifier(dialect, &key.name.name), crate::sql_text::quoted(dialect, table));
            let Definition { events, text, .. } = definition;
            format!("CREATE {or_replace}{constraint}TRIGGER {name} {events} ON {on} {text};")
        }
        (Dialect::Postgres, None) => {
            let name = schema::Name::new(key.name.namespace.as_str(), key.bare_name());
            let class = if key.kind == OpaqueKind::Procedure { "PROCEDURE" } else { "FUNCTION" };
            format!("CREATE {or_replace}{class} {}{};", crate::sql_text::quoted(dialect, &name), definition.text)
        }
        (Dialect::Sqlite, Some(table)) => sqlite::triggers::create(&key.name.name, &table.name, definition),
        (Dialect::Sqlite, None) => return None,
    })
}

/// What the server looks up when it makes the object.
pub fn bound_text(definition: &Definition) -> Cow<'_, str> {
    match &definition.body {
        Body::Text { language, text } if language == "sql" => Cow::Owned(format!("{} {text}", definition.header)),
        Body::Text { language, text } if language == "plpgsql" => {
            let declared = text.to_ascii_lowercase().find("begin").and_then(|end| text.get(..end)).unwrap_or_default();
            Cow::Owned(format!("{} {declared}", definition.header))
        }
        Body::Sql(text) => Cow::Owned(format!("{} {text}", definition.header)),
        Body::Text { .. } | Body::None => Cow::Borrowed(&definition.header),
    }
}

/// What holds the object in the database: what its statement names and the server keeps a link to.
pub fn held_text(definition: &Definition) -> Cow<'_, str> {
    match &definition.body {
        Body::Sql(text) => Cow::Owned(format!("{} {text}", definition.header)),
        Body::Text { .. } | Body::None => Cow::Borrowed(&definition.header),
    }
}

/// The tokens of a statement, read one after the other.
pub(crate) struct Reader<'t, 'a> {
    dialect: Dialect,
    /// The whole statement.
    text: &'a str,
    tokens: &'t [Token<'a>],
    at: usize,
}

impl<'t, 'a> Reader<'t, 'a> {
    /// A semicolon at the end is no part of the statement.
    pub(crate) fn new(dialect: Dialect, text: &'a str, tokens: &'t [Token<'a>]) -> Reader<'t, 'a> {
        let n_tokens = tokens.iter().rposition(|token| token.text != ";").map_or(0, |last| last + 1);
        Reader { dialect, text, tokens: tokens.get(..n_tokens).unwrap_or_default(), at: 0 }
    }

    pub(crate) fn peek(&self) -> Option<Token<'a>> {
        self.tokens.get(self.at).copied()
    }

    pub(crate) fn next(&mut self) -> Option<Token<'a>> {
        let token = self.peek()?;
        self.at += 1;
        Some(token)
    }

    pub(crate) fn is(&self, word: &str) -> bool {
        self.is_ahead(0, word)
    }

    pub(crate) fn is_ahead(&self, offset: usize, word: &str) -> bool {
        self.tokens
            .get(self.at + offset)
            .is_some_and(|it| it.kind != Kind::QuotedName && it.text.eq_ignore_ascii_case(word))
    }

    /// Past these words where they are next.
    pub(crate) fn eat(&mut self, words: &str) -> bool {
        let n_words = words.split(' ').count();
        let is_next = words.split(' ').enumerate().all(|(offset, word)| self.is_ahead(offset, word));
        if is_next {
            self.at += n_words;
        }
        is_next
    }

    pub(crate) fn expect(&mut self, words: &str) -> Option<()> {
        self.eat(words).then_some(())
    }

    pub(crate) fn name(&mut self) -> Option<Token<'a>> {
        self.next().filter(|token| matches!(token.kind, Kind::Word | Kind::QuotedName))
    }

    /// A name with what stands before its points, in canonical spelling, and the last part of it.
    pub(crate) fn qualified_name(&mut self) -> Option<(String, &'a str)> {
        let mut last = self.name()?;
        let mut name = crate::identifier(self.dialect, last.text);
        while self.eat(".") {
            last = self.name()?;
            name.push('.');
            name.push_str(&crate::identifier(self.dialect, last.text));
        }
        Some((name, last.text))
    }

    /// What is not read yet.
    pub(crate) fn ahead(&self) -> &'t [Token<'a>] {
        self.tokens.get(self.at..).unwrap_or_default()
    }

    pub(crate) fn position(&self) -> usize {
        self.at
    }

    /// What is read between a place and here.
    pub(crate) fn since(&self, start: usize) -> &'t [Token<'a>] {
        self.tokens.get(start..self.at).unwrap_or_default()
    }

    /// The text of the tokens between a place and here, with what stands between them.
    pub(crate) fn text_since(&self, start: usize) -> &'a str {
        self.range_since(start).and_then(|range| self.text.get(range)).unwrap_or_default()
    }

    /// Where in the statement the tokens between a place and here stand.
    pub(crate) fn range_since(&self, start: usize) -> Option<Range<usize>> {
        let tokens = self.since(start);
        let (first, last) = (tokens.first()?, tokens.last()?);
        Some(self.offset(first)..self.offset(last) + last.text.len())
    }

    /// The rest of the statement, as it is written.
    pub(crate) fn rest(&mut self) -> &'a str {
        let start = self.at;
        self.at = self.tokens.len();
        self.text_since(start)
    }

    fn offset(&self, token: &Token<'_>) -> usize {
        (token.text.as_ptr() as usize).saturating_sub(self.text.as_ptr() as usize)
    }

    /// Past what stands in parentheses, the opening one being next; the text between them.
    pub(crate) fn parenthesized(&mut self) -> Option<&'a str> {
        self.expect("(")?;
        let start = self.at;
        self.skip_to_close()?;
        let inner = self.text_since(start);
        self.expect(")")?;
        Some(inner)
    }

    /// To the parenthesis that closes the one that is open.
    fn skip_to_close(&mut self) -> Option<()> {
        let mut depth = 0_usize;
        loop {
            match self.peek()?.text {
                "(" => depth += 1,
                ")" if depth == 0 => return Some(()),
                ")" => depth -= 1,
                _ => {}
            }
            self.at += 1;
        }
    }
}
