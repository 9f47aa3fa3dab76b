//! Calls of a function of PostgreSQL inside other texts: the same texts after it got another name or another place.

use schema::{Definition, Dialect, Name, OpaqueKind, OpaqueObject};

use crate::definition::{Create, create_object, definition};
use crate::lexer::{self, Kind, Token};
use crate::postgres::implicit_names::{MAX_NAME_BYTES, clipped};
use crate::postgres::names::unquoted;
use crate::quoted_name;

const DIALECT: Dialect = Dialect::Postgres;

/// A function that got another name or another place, its arguments left out of both names.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct MovedFunction {
    pub from: Name,
    pub to: Name,
    /// Another function has the name in another namespace: a call without one may mean that.
    pub has_namesakes: bool,
    /// Others of the name in its namespace take other arguments: which of them is called cannot be told.
    pub is_overloaded: bool,
}

/// What a text is after a function has moved.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Followed {
    /// It does not call the function.
    Same,
    Changed(String),
    /// It may call the function, and cannot be told.
    Unsure,
}

impl MovedFunction {
    /// An expression, a query or what stands behind a function's name.
    pub fn follow(&self, text: &str) -> Followed {
        if !crate::mentions_call(DIALECT, text, &self.from.name) {
            return Followed::Same;
        }
        let Some(tokens) = lexer::tokens(DIALECT, text) else { return Followed::Unsure };
        let mut followed = String::with_capacity(text.len() + self.to.name.len());
        let mut copied = 0;
        for at in (0..tokens.len()).filter(|at| self.is_call(&tokens, *at)) {
            let before = |back: usize| at.checked_sub(back).and_then(|at| tokens.get(at));
            let namespace = before(1).filter(|it| it.text == ".").and_then(|_| before(2));
            match namespace {
                Some(namespace) if unquoted(namespace.text) != self.from.namespace => continue,
                Some(_) if !self.is_overloaded => {}
                None if !self.is_overloaded && !self.has_namesakes => {}
                _ => return Followed::Unsure,
            }
            let (Some(first), Some(last)) = (namespace.or(tokens.get(at)), tokens.get(at)) else { continue };
            followed.push_str(text.get(copied..offset(text, first)).unwrap_or_default());
            followed.push_str(&spelled(&self.to));
            copied = offset(text, last) + last.text.len();
        }
        if copied == 0 {
            return Followed::Same;
        }
        followed.push_str(text.get(copied..).unwrap_or_default());
        Followed::Changed(followed)
    }

    /// A name of this function's before a parenthesis, where it is no type, no relation and no alias.
    fn is_call(&self, tokens: &[Token<'_>], at: usize) -> bool {
        let is_it = |token: &Token<'_>| {
            matches!(token.kind, Kind::Word | Kind::QuotedName)
                && clipped(&unquoted(token.text), MAX_NAME_BYTES) == self.from.name
        };
        let before = at.checked_sub(1).and_then(|at| tokens.get(at)).map_or("", |it| it.text);
        tokens.get(at).is_some_and(is_it)
            && tokens.get(at + 1).is_some_and(|it| it.text == "(")
            && !["::", "as", "into", "with"].iter().any(|word| before.eq_ignore_ascii_case(word))
    }
}

/// Without the namespace where that is the default one.
fn spelled(name: &Name) -> String {
    match name.namespace == DIALECT.default_namespace() {
        true => quoted_name(DIALECT, &Name::new("", name.name.as_str())),
        false => quoted_name(DIALECT, name),
    }
}

fn offset(text: &str, token: &Token<'_>) -> usize {
    (token.text.as_ptr() as usize).saturating_sub(text.as_ptr() as usize)
}

/// The function that a trigger calls. Where its namespace is not said it is the default one.
pub fn called_function(trigger: &OpaqueObject) -> Option<Name> {
    let text = &trigger.definition.as_deref()?.text;
    let tokens = lexer::tokens(DIALECT, text)?;
    let name: Vec<String> =
        name_of_function(&tokens)?.iter().filter(|it| it.text != ".").map(|it| unquoted(it.text)).collect();
    match name.as_slice() {
        [name] => Some(Name::new(DIALECT.default_namespace(), name.as_str())),
        [.., namespace, name] => Some(Name::new(namespace.as_str(), name.as_str())),
        [] => None,
    }
}

/// The trigger's definition where it calls this function.
pub fn with_called_function(trigger: &OpaqueObject, function: &Name) -> Option<Definition> {
    let before = trigger.definition.as_deref()?;
    let tokens = lexer::tokens(DIALECT, &before.text)?;
    let name = name_of_function(&tokens)?;
    let start = offset(&before.text, name.first()?);
    let end = offset(&before.text, name.last()?) + name.last()?.text.len();
    let mut text = before.text.clone();
    text.replace_range(start..end, &spelled(function));
    with_text(trigger, text)
}

/// The object's definition with another text behind its name, or behind its table.
pub fn with_text(object: &OpaqueObject, text: String) -> Option<Definition> {
    let before = object.definition.as_deref()?;
    let changed = OpaqueObject { definition: Some(Definition { text, ..before.clone() }.into()), ..object.clone() };
    definition(DIALECT, object.key.kind, &create_object(DIALECT, &changed, Create::New)?)
}

/// What stands between `EXECUTE FUNCTION` and the arguments.
fn name_of_function<'t, 'a>(tokens: &'t [Token<'a>]) -> Option<&'t [Token<'a>]> {
    let is_word = |token: &Token<'_>, word: &str| token.kind == Kind::Word && token.text.eq_ignore_ascii_case(word);
    let start = tokens.windows(2).position(|pair| match pair {
        [execute, class] => is_word(execute, "execute") && (is_word(class, "function") || is_word(class, "procedure")),
        _ => false,
    })? + 2;
    let n_tokens = tokens.get(start..)?.iter().position(|token| token.text == "(")?;
    tokens.get(start..start + n_tokens)
}

/// The parts of a trigger's text before and behind the function it calls, or all of a function's text.
pub fn texts_with_calls(object: &OpaqueObject) -> Option<(String, String)> {
    let text = &object.definition.as_deref()?.text;
    if object.key.kind != OpaqueKind::Trigger {
        return Some((text.clone(), String::new()));
    }
    let tokens = lexer::tokens(DIALECT, text)?;
    let start = offset(text, name_of_function(&tokens)?.first()?);
    Some((text.get(..start)?.to_owned(), text.get(start..)?.to_owned()))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn moved() -> MovedFunction {
        let (from, to) = (Name::new("public", "f"), Name::new("app", "F"));
        MovedFunction { from, to, has_namesakes: false, is_overloaded: false }
    }

    #[test]
    fn calls_are_told_from_columns_strings_and_types() {
        for (text, expected) in [
            ("f(f) > 'f(1)'", Some("app.\"F\"(f) > 'f(1)'")),
            ("public . f (1) + F(2)", Some("app.\"F\" (1) + app.\"F\"(2)")),
            ("app.f(1)", None),
            ("a::f(1) + ff(2)", None),
            ("WITH f (a) AS (SELECT 1) SELECT * FROM x AS f(b)", None),
        ] {
            let expected = expected.map_or(Followed::Same, |it| Followed::Changed(it.to_owned()));
            assert_eq!(moved().follow(text), expected, "{text}");
        }
        assert_eq!(MovedFunction { has_namesakes: true, ..moved() }.follow("f(1)"), Followed::Unsure);
        assert!(matches!(MovedFunction { has_namesakes: true, ..moved() }.follow("public.f(1)"), Followed::Changed(_)));
        assert_eq!(MovedFunction { is_overloaded: true, ..moved() }.follow("public.f(1)"), Followed::Unsure);
        assert_eq!(MovedFunction { is_overloaded: true, ..moved() }.follow("g(1)"), Followed::Same);
    }
}
