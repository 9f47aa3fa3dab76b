//! Functions are told apart by the types of their arguments, which people spell in several ways.

use schema::{Dialect, OpaqueKey, OpaqueKind};

use super::implicit_names::{MAX_NAME_BYTES, clipped};
use super::names::{identifier, quote, unquoted};
use crate::lexer;

/// A function, procedure or aggregate under the name that [`canonical_arguments`] gives it; any other object as it is.
pub fn with_canonical_arguments(mut key: OpaqueKey) -> OpaqueKey {
    if matches!(key.kind, OpaqueKind::Function | OpaqueKind::Procedure | OpaqueKind::Aggregate) {
        key.name.name = canonical_arguments(&key.name.name);
    }
    key
}

/// `f(varchar(20),public.mood)` as `f(character varying, mood)`, for the server keeps no lengths of arguments; any other name as it is.
pub fn canonical_arguments(name: &str) -> String {
    let Some((function, arguments)) = name.strip_suffix(')').and_then(|rest| rest.split_once('(')) else {
        return name.to_owned();
    };
    let mut types = Vec::new();
    let mut of_one = String::new();
    let mut depth = 0;
    let mut is_quoted = false;
    for character in arguments.chars() {
        is_quoted ^= character == '"';
        match character {
            _ if is_quoted => of_one.push(character),
            '(' => depth += 1,
            ')' => depth -= 1,
            ',' if depth == 0 => types.push(std::mem::take(&mut of_one)),
            _ if depth == 0 => of_one.push(character),
            _ => {}
        }
    }
    types.push(of_one);
    format!("{function}({})", types.iter().map(|it| canonical_one(it)).collect::<Vec<_>>().join(", "))
}

/// The type of an argument or a result, without its length.
pub(crate) fn canonical_type(text: &str) -> String {
    let mut bare = String::with_capacity(text.len());
    let mut depth = 0_usize;
    let mut is_quoted = false;
    for character in text.chars() {
        is_quoted ^= character == '"';
        match character {
            _ if is_quoted => bare.push(character),
            '(' => depth += 1,
            ')' => depth = depth.saturating_sub(1),
            _ if depth == 0 => bare.push(character),
            _ => {}
        }
    }
    canonical_one(&bare)
}

fn canonical_one(text: &str) -> String {
    let text = text.trim();
    let text = text.strip_prefix("public.").unwrap_or(text);
    let canonical = crate::sql_type(Dialect::Postgres, &with_clipped_names(text), None).canonical;
    // `char` means `character(1)`, of which an argument keeps the name alone.
    canonical.replace("(1)", "").replace("timestamp without time zone", "timestamp")
}

/// The server reads no more of a name than it keeps.
fn with_clipped_names(text: &str) -> std::borrow::Cow<'_, str> {
    let tokens = match text.len() > MAX_NAME_BYTES {
        true => lexer::tokens(Dialect::Postgres, text).unwrap_or_default(),
        false => Vec::new(),
    };
    let mut clipped_text = std::borrow::Cow::Borrowed(text);
    for token in tokens.iter().filter(|token| matches!(token.kind, lexer::Kind::Word | lexer::Kind::QuotedName)) {
        let name = unquoted(token.text);
        let kept = clipped(&name, MAX_NAME_BYTES);
        if kept.len() < name.len() {
            clipped_text = std::borrow::Cow::Owned(clipped_text.replace(token.text, &identifier(&quote(kept))));
        }
    }
    clipped_text
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn arguments_of_functions_are_compared_without_length() {
        for (name, expected) in [
            ("f()", "f()"),
            ("f(int4,text)", "f(integer, text)"),
            ("f(numeric(10,2), varchar(20)[])", "f(numeric, character varying[])"),
            ("f(public.mood, char)", "f(mood, character)"),
            ("plain", "plain"),
        ] {
            assert_eq!(canonical_arguments(name), expected);
        }
    }
}
