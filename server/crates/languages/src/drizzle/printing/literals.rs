//! Values as TypeScript spells them.

use std::fmt::Write as _;

/// A string in single quotes.
pub(super) fn string(text: &str) -> String {
    let mut literal = String::with_capacity(text.len() + 2);
    literal.push('\'');
    for character in text.chars() {
        match character {
            '\'' | '\\' => literal.extend(['\\', character]),
            '\n' => literal.push_str("\\n"),
            _ => escaped(&mut literal, character),
        }
    }
    literal.push('\'');
    literal
}

/// A template without values. A line break stays one: SQL is read in lines.
pub(super) fn template(text: &str) -> String {
    let mut literal = String::with_capacity(text.len() + 2);
    literal.push('`');
    let mut characters = text.chars().peekable();
    while let Some(character) = characters.next() {
        match character {
            '`' | '\\' => literal.extend(['\\', character]),
            '$' if characters.peek() == Some(&'{') => literal.push_str("\\$"),
            '\n' => literal.push('\n'),
            _ => escaped(&mut literal, character),
        }
    }
    literal.push('`');
    literal
}

/// What an editor or JavaScript itself would change on the way is spelled out: a carriage return in a template becomes a line feed.
fn escaped(literal: &mut String, character: char) {
    match character {
        '\r' => literal.push_str("\\r"),
        '\t' => literal.push_str("\\t"),
        '\u{2028}' | '\u{2029}' | '\u{feff}' => {
            let _ = write!(literal, "\\u{{{:x}}}", u32::from(character));
        }
        _ if character.is_control() => {
            let _ = write!(literal, "\\u{{{:x}}}", u32::from(character));
        }
        _ => literal.push(character),
    }
}

/// An integer as a number where JavaScript holds it exactly, else as a string of digits.
pub(super) fn integer(digits: &str) -> String {
    const HIGHEST: u64 = (1 << 53) - 1;
    match digits.parse::<i64>() {
        Ok(number) if number.unsigned_abs() <= HIGHEST => number.to_string(),
        _ => string(digits),
    }
}

/// `{ a: 1, b: 2 }`; empty where there is nothing in it.
pub(super) fn object(pairs: &[(&str, String)]) -> String {
    if pairs.is_empty() {
        return String::new();
    }
    let pairs: Vec<String> = pairs.iter().map(|(key, value)| format!("{key}: {value}")).collect();
    format!("{{ {} }}", pairs.join(", "))
}

/// `['a', 'b']`
pub(super) fn strings<'t>(texts: impl IntoIterator<Item = &'t String>) -> String {
    let texts: Vec<String> = texts.into_iter().map(|text| string(text)).collect();
    format!("[{}]", texts.join(", "))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_would_end_or_change_a_literal_is_escaped() {
        assert_eq!(string("it's a \\ and\r\n\u{0}"), r"'it\'s a \\ and\r\n\u{0}'");
        assert_eq!(template("`a` || '${b}' $c \\d\r\n"), "`\\`a\\` || '\\${b}' $c \\\\d\\r\n`");
        assert_eq!(integer("9007199254740991"), "9007199254740991");
        assert_eq!(integer("-9223372036854775808"), "'-9223372036854775808'");
    }
}
