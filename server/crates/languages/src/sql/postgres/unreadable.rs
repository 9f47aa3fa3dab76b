//! What a person reads where a statement cannot be read.

use super::super::statement::{Kind, Unreadable};
use super::mentioned;
use super::place::Text;
use super::scan::Scanner;

/// A statement that stops making sense at an offset, with the parser's own words for it.
pub(super) fn unreadable(text: Text<'_>, message: &str, at: usize) -> Kind {
    if at == 0 {
        let message = String::from("no statement of PostgreSQL begins like this");
        return Kind::Unreadable(Unreadable { message, at: text.whole(), names: mentioned::names(text) });
    }
    let found = Scanner::at(text.text, at.min(text.text.len())).next();
    let at = found.map_or(text.span(text.text.len(), text.text.len()), |token| text.span(token.start, token.end));
    let found = found.map(|token| shortened(token.text(text.text)));
    Kind::Unreadable(Unreadable { message: plain(message, found.as_deref()), at, names: mentioned::names(text) })
}

/// A statement about which there is only one thing to say, at the whole of it.
pub(super) fn as_a_whole(text: Text<'_>, message: &str) -> Kind {
    let message = message.to_owned();
    Kind::Unreadable(Unreadable { message, at: text.whole(), names: mentioned::names(text) })
}

const MAX_FOUND: usize = 30;

fn shortened(token: &str) -> String {
    let line = token.lines().next().unwrap_or_default();
    match line.char_indices().nth(MAX_FOUND) {
        Some((end, _)) => format!("{}…", line.get(..end).unwrap_or_default()),
        None if line.len() < token.len() => format!("{line}…"),
        None => line.to_owned(),
    }
}

/// `expected R_PAREN` is `expected ) instead of x`.
fn plain(message: &str, found: Option<&str>) -> String {
    let instead = match found {
        Some(found) => format!(" instead of `{found}`"),
        None => String::from(" behind the last word"),
    };
    let message = message.split_once(", got").map_or(message, |(start, _)| start);
    let message = message.split_once(", found").map_or(message, |(start, _)| start);
    match message.strip_prefix("expected ") {
        Some("command") => match found {
            Some(found) => format!("`{found}` is not expected here"),
            None => String::from("a statement is missing"),
        },
        Some("name" | "path name") => format!("expected a name{instead}"),
        Some(expected) => {
            let words: Vec<String> = expected.split(' ').map(word).collect();
            format!("expected {}{instead}", words.join(" "))
        }
        None if message == "missing comma" => format!("expected a comma{instead}"),
        None => lower_first(message.trim_end_matches('.')),
    }
}

fn lower_first(message: &str) -> String {
    let mut characters = message.chars();
    characters.next().map(|first| first.to_ascii_lowercase()).into_iter().chain(characters).collect()
}

fn word(word: &str) -> String {
    let known = match word {
        "COMMA" => "a comma",
        "L_PAREN" => "(",
        "R_PAREN" => ")",
        "L_BRACK" => "[",
        "R_BRACK" => "]",
        "EQ" => "=",
        "DOT" => "a dot",
        "SEMICOLON" => "a semicolon",
        "IDENT" => "a name",
        "STRING" => "a string",
        "INT_NUMBER" => "a number",
        _ => return word.strip_suffix("_KW").unwrap_or(word).to_owned(),
    };
    known.to_owned()
}
