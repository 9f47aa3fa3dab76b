//! What `ALTER FUNCTION` makes of a function's definition. (sql-alterfunction.html.)

use std::ops::Range;

use schema::{Definition, Dialect, OpaqueKind};

use super::options::{Options, Subject, setting_name};
use crate::definition::Reader;
use crate::lexer;

const DIALECT: Dialect = Dialect::Postgres;

/// The definition of a function or procedure after these options of an ALTER. None where that depends on more than the statements.
pub(crate) fn altered(kind: OpaqueKind, before: &Definition, options: &str) -> Option<Definition> {
    let mut text = before.text.clone();
    for change in changes(options)? {
        text = with_change(&text, &change)?;
    }
    let class = if kind == OpaqueKind::Procedure { "PROCEDURE" } else { "FUNCTION" };
    crate::definition(DIALECT, kind, &format!("CREATE {class} f{text}"))
}

enum Change<'a> {
    Set(Subject, &'a str),
    Reset(Subject),
    ResetAll,
}

fn changes(options: &str) -> Option<Vec<Change<'_>>> {
    let tokens = lexer::tokens(DIALECT, options)?;
    let mut reader = Reader::new(DIALECT, options, &tokens);
    let mut changes = Vec::new();
    while reader.peek().is_some() && !reader.is("restrict") {
        if reader.eat("reset all") {
            changes.push(Change::ResetAll);
        } else if reader.eat("reset") {
            changes.push(Change::Reset(Subject::Setting(setting_name(&mut reader)?)));
        } else {
            let start = reader.position();
            let mut read = Options::default();
            let subject = read.read(&mut reader)?;
            // `SET a TO DEFAULT` takes the setting away.
            let is_kept = match &subject {
                Subject::Setting(name) => read.has_setting(name),
                _ => true,
            };
            changes.push(if is_kept { Change::Set(subject, reader.text_since(start)) } else { Change::Reset(subject) });
        }
    }
    Some(changes)
}

/// The text behind a function's name with one option changed, the others where they stand.
fn with_change(text: &str, change: &Change<'_>) -> Option<String> {
    let options = options_of(text)?;
    let is_it = |subject: &Subject| match change {
        Change::Set(changed, _) | Change::Reset(changed) => subject == changed,
        Change::ResetAll => matches!(subject, Subject::Setting(_)),
    };
    let replacement = match change {
        Change::Set(_, option) => Some(*option),
        Change::Reset(_) | Change::ResetAll => None,
    };
    let mut changed = String::with_capacity(text.len() + 40);
    let mut copied = 0;
    let mut is_said = false;
    for (_, place) in options.iter().filter(|(subject, _)| is_it(subject)) {
        changed.push_str(text.get(copied..place.start)?);
        changed.push_str(replacement.filter(|_| !is_said).unwrap_or_default());
        is_said = true;
        copied = place.end;
        if replacement.is_none() {
            // One blank is left of the two around it.
            copied += usize::from(text.get(copied..)?.starts_with(' '));
        }
    }
    if let (Some(option), false) = (replacement, is_said) {
        match options.iter().find(|(subject, _)| *subject == Subject::Statements) {
            Some((_, body)) => {
                changed.push_str(text.get(copied..body.start)?);
                changed.push_str(&format!("{option} "));
                copied = body.start;
            }
            None => {
                changed.push_str(text.get(copied..)?);
                changed.push_str(&format!(" {option}"));
                copied = text.len();
            }
        }
    }
    changed.push_str(text.get(copied..)?);
    Some(crate::sql_text::closed(DIALECT, changed.trim_end()).into_owned())
}

/// The options of a function, with their places in the text behind its name.
fn options_of(text: &str) -> Option<Vec<(Subject, Range<usize>)>> {
    let tokens = lexer::tokens(DIALECT, text)?;
    let mut reader = Reader::new(DIALECT, text, &tokens);
    reader.parenthesized()?;
    if super::has_result(&reader) {
        super::result(&mut reader)?;
    }
    let mut read = Options::default();
    let mut options = Vec::new();
    while reader.peek().is_some() {
        let start = reader.position();
        let subject = read.read(&mut reader)?;
        options.push((subject, reader.range_since(start)?));
    }
    Some(options)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_option_takes_the_place_of_an_earlier_one_and_the_text_stays_one_that_makes_the_function() {
        for (text, options, expected) in [
            ("() RETURNS int STABLE LANGUAGE sql AS ''", "IMMUTABLE", "() RETURNS int IMMUTABLE LANGUAGE sql AS ''"),
            ("() RETURNS int LANGUAGE sql AS ''", "COST 5 STRICT", "() RETURNS int LANGUAGE sql AS '' COST 5 STRICT"),
            (
                "() RETURNS int STRICT AS '' LANGUAGE sql",
                "called on null input restrict",
                "() RETURNS int called on null input AS '' LANGUAGE sql",
            ),
            ("() RETURNS int RETURN 1", "SET a.b = 1", "() RETURNS int SET a.b = 1 RETURN 1"),
            ("() LANGUAGE sql SET a = 1 SET b TO 2 AS ''", "RESET A", "() LANGUAGE sql SET b TO 2 AS ''"),
            ("() LANGUAGE sql SET a = 1 AS '' SET b TO 2", "RESET ALL", "() LANGUAGE sql AS ''"),
            ("() LANGUAGE sql SET a = 1 AS ''", "SET a TO DEFAULT SET b FROM CURRENT", "not known"),
            ("() LANGUAGE sql SET a = 1 AS ''", "SET a TO DEFAULT", "() LANGUAGE sql AS ''"),
            ("() LANGUAGE sql AS '' -- note\nSET a = 1", "RESET a", "() LANGUAGE sql AS ''"),
        ] {
            let before = crate::definition(DIALECT, OpaqueKind::Function, &format!("CREATE FUNCTION f{text}")).unwrap();
            let after = altered(OpaqueKind::Function, &before, options);
            assert_eq!(after.map_or(String::from("not known"), |it| it.text), expected, "{text} {options}");
        }
    }
}
