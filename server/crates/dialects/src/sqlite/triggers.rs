//! Triggers: SQLite keeps the statement as it is written. (lang_createtrigger.html.)

use schema::{Body, Definition, Dialect, Signature};

use crate::definition::Reader;
use crate::lexer;

const DIALECT: Dialect = Dialect::Sqlite;

pub(crate) fn definition(statement: &str) -> Option<Definition> {
    let tokens = lexer::tokens(DIALECT, statement)?;
    let mut reader = Reader::new(DIALECT, statement, &tokens);
    reader.expect("create")?;
    reader.expect("trigger")?;
    reader.eat("if not exists");
    reader.qualified_name()?;
    let start = reader.position();
    let time = ["before", "after", "instead of"].into_iter().find(|words| reader.eat(words)).unwrap_or("before");
    let event = ["insert", "delete", "update"].into_iter().find(|word| reader.eat(word))?;
    let mut columns = Vec::new();
    if reader.eat("of") {
        columns.push(crate::identifier(DIALECT, reader.name()?.text));
        while reader.eat(",") {
            columns.push(crate::identifier(DIALECT, reader.name()?.text));
        }
    }
    let events = reader.text_since(start).to_owned();
    let header = format!("{time} {event} {}", columns.join(", "));
    reader.expect("on")?;
    reader.qualified_name()?;
    let start = reader.position();
    reader.eat("for each row");
    let body = reader.position();
    reader.rest();
    let text = reader.text_since(start).to_owned();
    let body = Body::Sql(lexer::folded(DIALECT, reader.since(body)));
    Some(Definition { text, events, is_constraint: false, header, body, signature: Signature::default() })
}

/// `CREATE TRIGGER`.
pub(crate) fn create(name: &str, table: &str, definition: &Definition) -> String {
    let backquoted = |name: &str| format!("`{}`", name.replace('`', "``"));
    let Definition { events, text, .. } = definition;
    format!("CREATE TRIGGER {} {events} ON {} {text};", backquoted(name), backquoted(table))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn blanks_and_case_do_not_count_and_strings_do() {
        let of = |text: &str| definition(text).unwrap();
        let one = of("create trigger t after insert on x begin select 'a'; end");
        assert_eq!(
            one,
            of("CREATE TRIGGER IF NOT EXISTS `t`  AFTER INSERT ON \"x\" FOR EACH ROW BEGIN SELECT 'a'; END;")
        );
        assert_ne!(one, of("create trigger t after insert on x begin select 'A'; end"));
        assert_ne!(one, of("create trigger t insert on x begin select 'a'; end"));
        assert_eq!(create("t", "x", &one), "CREATE TRIGGER `t` after insert ON `x` begin select 'a'; end;");
    }
}
