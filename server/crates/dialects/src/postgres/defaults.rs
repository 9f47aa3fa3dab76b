//! PostgreSQL's column defaults, compared with the help of the column's type.

use schema::{Dialect, Form, SqlType};

use super::types;
use crate::tree::{Node, Tree, plain_number, unquoted};
use crate::unescaped::with_doubled_quotes;
use crate::{lexer, parser, printer};

/// A constant cast to the column's own type is the constant: `'x'::text` on a text column is `'x'`, as `pg_get_expr` prints
/// what people write. On a numeric column a quoted number is a number.
pub(crate) fn canonical(text: &str, form: Form, column_type: &SqlType) -> String {
    match form {
        Form::Boolean | Form::Null => text.trim().to_ascii_lowercase(),
        Form::Number => number(text, column_type).unwrap_or_else(|| text.trim().to_ascii_lowercase()),
        Form::Sql if is_plain_call(text) => text.to_owned(),
        Form::Sql => sql(text, column_type),
    }
}

/// `now()` and `gen_random_uuid()`: the commonest defaults.
fn is_plain_call(text: &str) -> bool {
    let name = text.strip_suffix("()").unwrap_or_default();
    !name.is_empty() && name.bytes().all(|byte| byte.is_ascii_lowercase() || byte == b'_')
}

fn sql(text: &str, column_type: &SqlType) -> String {
    let text = &*with_doubled_quotes(Dialect::Postgres, text);
    let Some(tokens) = lexer::tokens(Dialect::Postgres, text) else {
        return text.trim().to_owned();
    };
    let printed = parser::parse(Dialect::Postgres, &tokens).and_then(|tree| of_tree(&tree, text.len(), column_type));
    printed.unwrap_or_else(|| lexer::folded(Dialect::Postgres, &tokens))
}

fn of_tree(tree: &Tree, source_len: usize, column_type: &SqlType) -> Option<String> {
    let value = match tree.nodes.get(tree.root)? {
        Node::Cast(inner, sql_type)
            if tree.is_constant(tree.root) && adds_nothing(tree, *inner, sql_type, column_type) =>
        {
            *inner
        }
        _ => tree.root,
    };
    match tree.nodes.get(value)? {
        Node::Number(text) => number(text, column_type).or_else(|| Some(text.clone())),
        Node::Text(text) => Some(constant(text, column_type)),
        _ => printer::print_node(tree, value, source_len),
    }
}

fn adds_nothing(tree: &Tree, inner: usize, cast: &str, column_type: &SqlType) -> bool {
    if cast == column_type.canonical {
        return true;
    }
    if types::dimensions(cast) != types::dimensions(&column_type.canonical) {
        return false;
    }
    if let Some(name) = &column_type.enum_name {
        // A name without its namespace means the enum too, which the search path must have found.
        let bare = types::quoted_name(&schema::Name::new("", name.name.as_str()));
        let element = cast.trim_end_matches("[]");
        return element == bare || element == types::quoted_name(name);
    }
    let is_number = matches!(tree.nodes.get(inner), Some(Node::Number(_)));
    let base = |text: &str| match types::base(text).as_str() {
        "bpchar" => String::from("character"),
        other => other.to_owned(),
    };
    let has_modifier = cast.contains('(');
    let is_exact_number = is_number && is_numeric(&column_type.canonical) && is_numeric(cast) && !is_float(cast);
    !has_modifier && (base(cast) == base(&column_type.canonical) || is_exact_number)
}

fn constant(text: &str, column_type: &SqlType) -> String {
    let inner = unquoted(text);
    if let Some(number) = inner.and_then(|inner| number(inner, column_type)) {
        return number;
    }
    match column_type.canonical.as_str() {
        "jsonb" => without_json_blanks(text),
        _ => text.to_owned(),
    }
}

/// None unless both the text and the column are numeric. Trailing zeros count only where `numeric` has no scale of its own.
fn number(text: &str, column_type: &SqlType) -> Option<String> {
    if !is_numeric(&column_type.canonical) {
        return None;
    }
    let number = plain_number(text)?;
    if !number.contains('.') || column_type.canonical == "numeric" {
        return Some(number);
    }
    Some(number.trim_end_matches('0').trim_end_matches('.').to_owned())
}

fn is_numeric(canonical: &str) -> bool {
    matches!(canonical, "integer" | "bigint" | "smallint" | "serial" | "bigserial" | "smallserial")
        || is_float(canonical)
        || (canonical.starts_with("numeric") && !canonical.ends_with(']'))
}

fn is_float(canonical: &str) -> bool {
    matches!(canonical, "real" | "double precision")
}

/// `jsonb` keeps no blanks between its tokens.
fn without_json_blanks(text: &str) -> String {
    let mut is_in_string = false;
    let mut is_escaped = false;
    let is_kept = |character: &char| {
        let is_blank = character.is_ascii_whitespace() && !is_in_string;
        match character {
            _ if is_escaped => is_escaped = false,
            '\\' => is_escaped = is_in_string,
            '"' => is_in_string = !is_in_string,
            _ => {}
        }
        !is_blank
    };
    text.chars().filter(is_kept).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_constant_whose_quotes_nobody_doubled_is_what_was_meant() {
        check(
            r#"
            jsonb: '{"a":"it's"}'::jsonb => '{"a":"it''s"}'
            jsonb: '{"a":"it''s"}'::jsonb => '{"a":"it''s"}'
            text[]: '{"it's"}' => '{"it''s"}'
            text: 'a' || 'b' => ('a' || 'b')
            "#,
        );
    }

    fn check(table: &str) {
        for line in table.lines().map(str::trim).filter(|line| !line.is_empty()) {
            let (column, rest) = line.split_once(": ").unwrap();
            let (text, expected) = rest.split_once(" => ").unwrap();
            let enum_name = column.strip_prefix("enum ").map(|name| schema::Name::new("public", name));
            let column = crate::sql_type(Dialect::Postgres, column.trim_start_matches("enum "), enum_name);
            assert_eq!(canonical(text, Form::Sql, &column), expected, "{line}");
        }
    }

    #[test]
    fn a_cast_to_the_columns_own_type_adds_nothing() {
        check(
            "
            text: 'x' => 'x'
            text: 'x'::text => 'x'
            text: ('x'::text) => 'x'
            varchar(20): 'x'::character varying => 'x'
            varchar(20): 'x'::varchar(20) => 'x'
            varchar(20): 'x'::varchar(3) => 'x'::character varying(3)
            char(3): 'x'::bpchar => 'x'
            uuid: 'x'::uuid => 'x'
            timestamptz(3): '2020-01-01'::timestamp with time zone => '2020-01-01'
            timestamptz: '2020-01-01'::timestamp => '2020-01-01'::timestamp
            text[]: '{}'::text[] => '{}'
            text[]: ARRAY['a']::text[] => array['a']
            text[]: ARRAY[]::text[] => array[]
            enum mood: 'sad'::mood => 'sad'
            enum mood: 'sad'::public.mood => 'sad'
            enum mood: 'sad'::\"public\".\"mood\" => 'sad'
            enum mood: 'sad'::other.mood => 'sad'::other.mood
            jsonb: '{\"a\": [1, 2]}'::jsonb => '{\"a\":[1,2]}'
            json: '{\"a\": 1}'::json => '{\"a\": 1}'
            date: '1 day'::interval => '1 day'::interval
            ",
        );
    }

    #[test]
    fn a_number_is_a_number_on_a_numeric_column() {
        check(
            "
            numeric(10,2): '1.50' => 1.5
            numeric: '1.50' => 1.50
            numeric: '1.5' => 1.5
            numeric: 0::numeric => 0
            integer: '-1'::integer => -1
            integer: -1 => -1
            integer: (1) => 1
            bigint: '5'::bigint => 5
            bigint: 5::bigint => 5
            real: 1.0 => 1
            text: 1 => 1
            text: '1' => '1'
            integer: 'x' => 'x'
            ",
        );
        let integer = crate::sql_type(Dialect::Postgres, "integer", None);
        assert_eq!(canonical("1", Form::Number, &integer), canonical("'1'::int4", Form::Sql, &integer));
        assert_eq!(canonical("true", Form::Boolean, &integer), "true");
    }

    #[test]
    fn expressions_keep_what_counts() {
        check(
            "
            timestamp: now() => now()
            timestamp: NOW() => now()
            timestamp: CURRENT_TIMESTAMP => current_timestamp
            timestamp: (now() AT TIME ZONE 'utc'::text) => timezone('utc', now())
            text: (now())::text => now()::text
            integer: nextval('s'::regclass) => nextval('s')
            boolean: TRUE => true
            boolean: 't' => 't'
            json: 'it's'::json => 'it''s'
            text: NULL::text => null::text
            ",
        );
    }
}
