//! SQLite's identifiers: case never counts, quoted or not. (lang_keywords.html)

use crate::postgres;

/// In double quotes, a quote inside doubled.
pub(crate) fn quote(name: &str) -> String {
    format!("\"{}\"", name.replace('"', "\"\""))
}

/// The name that a token means, its quotes taken away.
pub(crate) fn unquoted(token: &str) -> String {
    let inner = |open: char, close: char| token.strip_prefix(open)?.strip_suffix(close);
    match (inner('"', '"'), inner('`', '`'), inner('[', ']')) {
        (Some(inner), _, _) => inner.replace("\"\"", "\""),
        (_, Some(inner), _) => inner.replace("``", "`"),
        (_, _, Some(inner)) => inner.to_owned(),
        _ => token.to_owned(),
    }
}

/// In lower case, without quotes where they change nothing.
pub(crate) fn identifier(token: &str) -> String {
    let lower = token.to_ascii_lowercase();
    let inner = ['"', '`', '[']
        .iter()
        .zip(['"', '`', ']'])
        .find_map(|(open, close)| lower.strip_prefix(*open)?.strip_suffix(close).map(|inner| (inner, close)));
    match inner {
        None => lower,
        Some((inner, _)) if postgres::names::is_simple(inner) && !is_reserved(inner) => inner.to_owned(),
        Some((inner, ']')) => quote(inner),
        Some((inner, close)) => quote(&inner.replace(&format!("{close}{close}"), &close.to_string())),
    }
}

/// PostgreSQL's words but those that SQLite leaves to columns.
pub(crate) fn is_reserved(word: &str) -> bool {
    let is_free =
        matches!(word, "user" | "session_user" | "system_user" | "array" | "row" | "any" | "some" | "interval");
    (postgres::names::is_reserved(word) && !is_free) || is_operator_word(word)
}

/// Operators spelled as words, which start no expression.
pub(crate) fn is_operator_word(word: &str) -> bool {
    matches!(word, "glob" | "regexp" | "match" | "escape")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn one_name_has_one_spelling() {
        let table = [
            ("Name", "name"),
            (r#""Name""#, "name"),
            ("`name`", "name"),
            ("[name]", "name"),
            ("[my name]", r#""my name""#),
            ("`my``name`", r#""my`name""#),
            (r#""a""b""#, r#""a""b""#),
        ];
        for (token, expected) in table {
            assert_eq!(identifier(token), expected, "{token}");
        }
    }
}
