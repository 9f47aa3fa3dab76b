//! SQLite's column defaults, compared with the help of the column's affinity. (lang_createtable.html, 3.2.)

use schema::{Dialect, Form, SqlType};

use super::types;
use crate::lexer::{self, Kind};
use crate::tree::{Node, plain_number, unquoted};
use crate::unescaped::with_doubled_quotes;
use crate::{parser, printer};

/// Parentheses around the whole do not count. A name in double quotes is a string here, since there is no column to name.
pub(crate) fn canonical(text: &str, form: Form, column_type: &SqlType) -> String {
    match form {
        Form::Boolean | Form::Null => text.trim().to_ascii_lowercase(),
        Form::Number => number(text).unwrap_or_else(|| text.trim().to_ascii_lowercase()),
        Form::Sql => sql(text, column_type),
    }
}

fn sql(text: &str, column_type: &SqlType) -> String {
    let text = &*with_doubled_quotes(Dialect::Sqlite, text);
    let Some(tokens) = lexer::tokens(Dialect::Sqlite, text) else {
        return text.trim().to_owned();
    };
    if let [token] = tokens.as_slice()
        && token.kind == Kind::QuotedName
        && token.text.starts_with('"')
    {
        let inner = token.text.trim_matches('"').replace("\"\"", "\"");
        return format!("'{}'", inner.replace('\'', "''"));
    }
    let printed = parser::parse(Dialect::Sqlite, &tokens).and_then(|tree| match tree.nodes.get(tree.root)? {
        Node::Number(text) => number(text).or_else(|| Some(text.clone())),
        Node::Text(text) if types::is_numeric(&column_type.canonical) => {
            unquoted(text).and_then(number).or_else(|| Some(text.clone()))
        }
        _ => printer::print(&tree, text.len()),
    });
    printed.unwrap_or_else(|| lexer::folded(Dialect::Sqlite, &tokens))
}

/// `1` and `1.0` stay different: without affinity SQLite stores different values.
fn number(text: &str) -> Option<String> {
    plain_number(text)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn one_default_has_one_spelling() {
        let table = [
            ("integer", "1", "1"),
            ("integer", "(1)", "1"),
            ("INTEGER", "'1'", "1"),
            ("boolean", "'1'", "1"),
            ("", "'1'", "'1'"),
            ("text", "'1'", "'1'"),
            ("text", "(  'x' )", "'x'"),
            ("text", r#""x""#, "'x'"),
            ("text", "CURRENT_TIMESTAMP", "current_timestamp"),
            ("integer", "(unixepoch( ))", "unixepoch()"),
            ("integer", "(strftime('%s', 'now') * 1000)", "(strftime('%s', 'now') * 1000)"),
            ("blob", "X'00'", "X'00'"),
            ("text", "'it's'", "'it''s'"),
        ];
        for (column, text, expected) in table {
            let column = crate::sql_type(Dialect::Sqlite, column, None);
            assert_eq!(canonical(text, Form::Sql, &column), expected, "{text}");
        }
    }
}
