//! Triggers, as people write them and as `pg_get_triggerdef` prints them. (sql-createtrigger.html.)

use schema::{Body, Definition, Dialect, Signature};

use super::expressions;
use crate::definition::Reader;
use crate::lexer::{self, Kind};

const DIALECT: Dialect = Dialect::Postgres;

pub(crate) fn definition(statement: &str) -> Option<Definition> {
    let tokens = lexer::tokens(DIALECT, statement)?;
    let mut reader = Reader::new(DIALECT, statement, &tokens);
    reader.expect("create")?;
    reader.eat("or replace");
    let is_constraint = reader.eat("constraint");
    reader.expect("trigger")?;
    reader.name()?;
    let start = reader.position();
    let mut header = if is_constraint { String::from("constraint ") } else { String::new() };
    header.push_str(&events(&mut reader)?);
    let events = reader.text_since(start).to_owned();
    reader.expect("on")?;
    reader.qualified_name()?;
    let start = reader.position();
    if reader.eat("from") {
        header.push_str(&format!(" from {}", without_public(&reader.qualified_name()?.0)));
    }
    header.push_str(deferral(&mut reader));
    if reader.eat("referencing") {
        header.push_str(&referencing(&mut reader)?);
    }
    header.push_str(level(&mut reader)?);
    if reader.eat("when") {
        header.push_str(&format!(" when {}", condition(reader.parenthesized()?)));
    }
    if !reader.eat("execute function") {
        reader.expect("execute procedure")?;
    }
    header.push_str(&format!(" execute {}", without_public(&reader.qualified_name()?.0)));
    header.push_str(&arguments(reader.parenthesized()?)?);
    let text = reader.text_since(start).to_owned();
    if reader.peek().is_some() {
        return None;
    }
    Some(Definition { text, events, is_constraint, header, body: Body::None, signature: Signature::default() })
}

/// `after insert or update of "a"`, in the server's order.
fn events(reader: &mut Reader<'_, '_>) -> Option<String> {
    let time = ["before", "after", "instead of"].into_iter().find(|words| reader.eat(words))?;
    let mut found = Vec::new();
    loop {
        let word = ["insert", "delete", "update", "truncate"].into_iter().position(|word| reader.eat(word))?;
        let mut columns = Vec::new();
        if reader.eat("of") {
            columns.push(crate::identifier(DIALECT, reader.name()?.text));
            while reader.eat(",") {
                columns.push(crate::identifier(DIALECT, reader.name()?.text));
            }
        }
        columns.sort();
        found.push((word, columns));
        if !reader.eat("or") {
            break;
        }
    }
    found.sort();
    let shown = found.iter().map(|(word, columns)| {
        let word = ["insert", "delete", "update", "truncate"].get(*word).copied().unwrap_or_default();
        if columns.is_empty() { word.to_owned() } else { format!("{word} of {}", columns.join(", ")) }
    });
    Some(format!("{time} {}", shown.collect::<Vec<String>>().join(" or ")))
}

/// In any order; the server prints what is usual too.
fn deferral(reader: &mut Reader<'_, '_>) -> &'static str {
    let (mut is_deferrable, mut is_deferred) = (false, false);
    loop {
        if reader.eat("not deferrable") || reader.eat("initially immediate") {
        } else if reader.eat("deferrable") {
            is_deferrable = true;
        } else if reader.eat("initially deferred") {
            (is_deferrable, is_deferred) = (true, true);
        } else {
            break;
        }
    }
    match (is_deferrable, is_deferred) {
        (_, true) => " initially deferred",
        (true, false) => " deferrable",
        (false, false) => "",
    }
}

fn referencing(reader: &mut Reader<'_, '_>) -> Option<String> {
    let mut tables = Vec::new();
    while let Some(which) = ["old", "new"].into_iter().find(|word| reader.eat(word)) {
        if !reader.eat("table") {
            return None;
        }
        reader.eat("as");
        tables.push(format!(" {which} table {}", crate::identifier(DIALECT, reader.name()?.text)));
    }
    tables.sort();
    Some(tables.concat())
}

fn level(reader: &mut Reader<'_, '_>) -> Option<&'static str> {
    if !reader.eat("for") {
        return Some("");
    }
    reader.eat("each");
    if reader.eat("row") { Some(" for each row") } else { reader.expect("statement").map(|()| "") }
}

/// `OLD.a` and `NEW.a` are two columns, where an expression is otherwise about one table.
fn condition(text: &str) -> String {
    let tokens = lexer::tokens(DIALECT, text).unwrap_or_default();
    let mut told = String::with_capacity(text.len());
    let mut copied = 0;
    for pair in tokens.windows(3) {
        let [row, point, column] = pair else { continue };
        let is_row = ["old", "new"].iter().any(|word| row.text.eq_ignore_ascii_case(word));
        if !is_row || point.text != "." || !matches!(column.kind, Kind::Word | Kind::QuotedName) {
            continue;
        }
        let start = (row.text.as_ptr() as usize).saturating_sub(text.as_ptr() as usize);
        let end = (column.text.as_ptr() as usize).saturating_sub(text.as_ptr() as usize) + column.text.len();
        told.push_str(text.get(copied..start).unwrap_or_default());
        let name = format!("{}.{}", row.text.to_ascii_lowercase(), super::names::unquoted(column.text));
        told.push_str(&super::names::quote(&name));
        copied = end;
    }
    told.push_str(text.get(copied..).unwrap_or_default());
    crate::canonical_expression(DIALECT, &told)
}

/// Arguments are strings, whatever they are written as.
fn arguments(list: &str) -> Option<String> {
    let tokens = lexer::tokens(DIALECT, list)?;
    let values = tokens.iter().filter(|token| token.text != ",").map(|token| match token.kind {
        Kind::Text => expressions::text(DIALECT, token.text),
        Kind::Word => format!("'{}'", token.text.to_ascii_lowercase()),
        Kind::QuotedName => format!("'{}'", super::names::unquoted(token.text).replace('\'', "''")),
        _ => format!("'{}'", token.text),
    });
    Some(format!("({})", values.collect::<Vec<String>>().join(", ")))
}

fn without_public(name: &str) -> &str {
    name.strip_prefix("public.").unwrap_or(name)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn one_trigger_in_two_spellings_has_one_header() {
        for (written, printed) in [
            (
                "create trigger t after update of b, a or insert on x when (new.a is distinct from old.a) execute procedure f(1, 'a')",
                "CREATE TRIGGER t AFTER INSERT OR UPDATE OF a, b ON public.x FOR EACH STATEMENT WHEN ((new.a IS DISTINCT FROM old.a)) EXECUTE FUNCTION f('1', 'a')",
            ),
            (
                "create constraint trigger t after insert on x for each row execute function public.f()",
                "CREATE CONSTRAINT TRIGGER t AFTER INSERT ON public.x NOT DEFERRABLE INITIALLY IMMEDIATE FOR EACH ROW EXECUTE FUNCTION f()",
            ),
            (
                "create trigger t after update on x referencing new table n old table as o execute function f()",
                "CREATE TRIGGER t AFTER UPDATE ON public.x REFERENCING OLD TABLE AS o NEW TABLE AS n FOR EACH STATEMENT EXECUTE FUNCTION f()",
            ),
        ] {
            assert_eq!(definition(written).map(|it| it.header), definition(printed).map(|it| it.header));
            assert!(definition(written).is_some(), "{written}");
        }
    }

    #[test]
    fn old_and_new_rows_are_told_apart() {
        let of = |when: &str| {
            definition(&format!("create trigger t before update on x for each row when ({when}) execute function f()"))
        };
        assert_ne!(of("old.a > new.a"), of("new.a > old.a"));
        assert_eq!(of("OLD.\"a\" > NEW.a"), of("(old.a > new.a)"));
    }
}
