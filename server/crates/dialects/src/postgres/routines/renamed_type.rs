//! A function's definition after a type that its header names got another name or another place. Its body stays as it is written.

use std::ops::Range;

use schema::{Body, Definition, Dialect, Name, OpaqueObject};

use super::{has_result, is_named, mode, until};
use crate::definition::Reader;
use crate::lexer::{self, Kind};
use crate::postgres::names::unquoted;

const DIALECT: Dialect = Dialect::Postgres;

/// None where it cannot be told what the name means.
pub(crate) fn with_renamed_type(routine: &OpaqueObject, from: &Name, to: &Name) -> Option<Definition> {
    let before = routine.definition.as_deref()?;
    let mut text = before.text.clone();
    let places = types(&before.text)?;
    let statements = match before.body {
        Body::Sql(_) => relations(&before.text, places.last().map_or(0, |place| place.end), from)?,
        Body::Text { .. } | Body::None => Vec::new(),
    };
    for place in statements.into_iter().rev() {
        text.replace_range(place, &crate::sql_text::quoted(DIALECT, to));
    }
    for place in places.into_iter().rev() {
        if let Some(renamed) = renamed(before.text.get(place.clone())?, from, to)? {
            text.replace_range(place, &renamed);
        }
    }
    crate::with_text(routine, text)
}

/// Where statements name the relation. None where the name stands where it may be a column's or an alias too.
fn relations(text: &str, start: usize, name: &Name) -> Option<Vec<Range<usize>>> {
    let tokens = lexer::tokens(DIALECT, text.get(start..)?)?;
    let place = |at: usize| tokens.get(at).map(|token| token.text.as_ptr() as usize - text.as_ptr() as usize);
    let is_it = |at: usize| {
        let token = tokens.get(at).filter(|it| matches!(it.kind, Kind::Word | Kind::QuotedName));
        token.is_some_and(|it| unquoted(it.text) == name.name)
    };
    let mut places = Vec::new();
    for at in (0..tokens.len()).filter(|at| is_it(*at)) {
        let is_qualified = at.checked_sub(1).and_then(|at| tokens.get(at)).is_some_and(|it| it.text == ".");
        let first = if is_qualified { at.checked_sub(2)? } else { at };
        let before = first.checked_sub(1).and_then(|at| tokens.get(at))?;
        let introduces = ["from", "join", "into", "update"].iter().any(|word| before.text.eq_ignore_ascii_case(word));
        let namespace = match is_qualified {
            true => unquoted(tokens.get(first)?.text),
            false => DIALECT.default_namespace().to_owned(),
        };
        if !introduces || (!is_qualified && namespace != name.namespace) {
            return None;
        }
        if namespace == name.namespace {
            places.push(place(first)?..place(at)? + tokens.get(at)?.text.len());
        }
    }
    Some(places)
}

/// The type with the new name, None where it is another one.
fn renamed(text: &str, from: &Name, to: &Name) -> Option<Option<String>> {
    let tokens = lexer::tokens(DIALECT, text)?;
    let mut reader = Reader::new(DIALECT, text, &tokens);
    let setof = if reader.eat("setof") { "SETOF " } else { "" };
    let mut parts = vec![unquoted(reader.name()?.text)];
    while reader.eat(".") {
        parts.push(unquoted(reader.name()?.text));
    }
    let rest = reader.rest();
    let is_default = from.namespace == DIALECT.default_namespace();
    let is_it = match parts.as_slice() {
        [name] if *name == from.name && !is_default => return None,
        [name] => *name == from.name,
        [.., namespace, name] => *name == from.name && *namespace == from.namespace,
        [] => false,
    };
    Some(is_it.then(|| format!("{setof}{}{rest}", crate::sql_text::quoted(DIALECT, to))))
}

/// Where the types of arguments and of the result stand in the text behind a function's name. None where there may be others: a default
/// may cast.
fn types(text: &str) -> Option<Vec<Range<usize>>> {
    let tokens = lexer::tokens(DIALECT, text)?;
    let mut reader = Reader::new(DIALECT, text, &tokens);
    let mut places = Vec::new();
    listed(&mut reader, &mut places)?;
    if has_result(&reader) {
        reader.expect("returns")?;
        if reader.eat("table") {
            listed(&mut reader, &mut places)?;
        } else {
            let start = reader.position();
            until(&mut reader, &super::OPTION_WORDS)?;
            places.push(reader.range_since(start)?);
        }
    }
    Some(places)
}

fn listed(reader: &mut Reader<'_, '_>, places: &mut Vec<Range<usize>>) -> Option<()> {
    reader.expect("(")?;
    while !reader.is(")") {
        let before = mode(reader);
        if is_named(reader) {
            reader.name()?;
        }
        if before.is_none() {
            mode(reader);
        }
        let start = reader.position();
        until_end(reader, &["default", "=", ","])?;
        places.push(reader.range_since(start)?);
        if reader.eat("default") || reader.eat("=") {
            let start = reader.position();
            until_end(reader, &[","])?;
            if reader.since(start).iter().any(|token| token.text == "::") {
                return None;
            }
        }
        reader.eat(",");
    }
    reader.expect(")")
}

/// Up to one of these words, or to the parenthesis that closes the list.
fn until_end(reader: &mut Reader<'_, '_>, ends: &[&str]) -> Option<()> {
    let mut depth = 0_usize;
    loop {
        match reader.peek()?.text {
            "(" | "[" => depth += 1,
            ")" if depth == 0 => return Some(()),
            ")" | "]" => depth = depth.checked_sub(1)?,
            _ if depth == 0 && ends.iter().any(|end| reader.is(end)) => return Some(()),
            _ => {}
        }
        reader.next();
    }
}

#[cfg(test)]
mod tests {
    use std::sync::Arc;

    use schema::{OpaqueKey, OpaqueKind};

    use super::*;

    #[test]
    fn types_are_told_from_the_names_of_arguments_and_from_bodies() {
        for (text, from, expected) in [
            (
                "(t t, b app.t) RETURNS SETOF t LANGUAGE sql AS 'SELECT * FROM t'",
                "t",
                "(t \"u\", b app.t) RETURNS SETOF \"u\" LANGUAGE sql AS 'SELECT * FROM t'",
            ),
            (
                "(OUT a t[], t integer DEFAULT 1) LANGUAGE sql AS ''",
                "t",
                "(OUT a \"u\"[], t integer DEFAULT 1) LANGUAGE sql AS ''",
            ),
            ("(a t DEFAULT 'x'::t) RETURNS int LANGUAGE sql AS ''", "t", "not known"),
            (
                "() RETURNS TABLE (a t, t text) LANGUAGE sql AS ''",
                "t",
                "() RETURNS TABLE (a \"u\", t text) LANGUAGE sql AS ''",
            ),
        ] {
            let key = OpaqueKey { kind: OpaqueKind::Function, name: Name::new("public", "f()"), on: None };
            let definition = crate::definition(DIALECT, key.kind, &format!("CREATE FUNCTION f{text}")).map(Arc::new);
            let routine = OpaqueObject { definition, ..OpaqueObject::by_name(key) };
            let after = with_renamed_type(&routine, &Name::new("public", from), &Name::new("public", "u"));
            assert_eq!(after.map_or(String::from("not known"), |it| it.text), expected, "{text}");
        }
    }
}
