//! PostgreSQL's identifiers. (SQL syntax, 4.1.1 Identifiers and Key Words; appendix C for the reserved words.)

/// In double quotes, a quote inside doubled.
pub(crate) fn quote(name: &str) -> String {
    format!("\"{}\"", name.replace('"', "\"\""))
}

/// The name that a token means: folded to lower case where it is not quoted, its quotes taken away where it is.
pub(crate) fn unquoted(token: &str) -> String {
    match token.strip_prefix('"').and_then(|rest| rest.strip_suffix('"')) {
        Some(inner) => inner.replace("\"\"", "\""),
        None => token.to_ascii_lowercase(),
    }
}

/// Folded to lower case where unquoted; without quotes where they change nothing.
pub(crate) fn identifier(token: &str) -> String {
    match token.strip_prefix('"').and_then(|rest| rest.strip_suffix('"')) {
        Some(inner) if is_simple(inner) && !is_reserved(inner) => inner.to_owned(),
        Some(_) => token.to_owned(),
        None => token.to_ascii_lowercase(),
    }
}

/// True for names that mean the same without quotes, reserved words apart.
pub(crate) fn is_simple(name: &str) -> bool {
    let mut bytes = name.bytes();
    bytes.next().is_some_and(|byte| byte.is_ascii_lowercase() || byte == b'_')
        && bytes.all(|byte| byte.is_ascii_lowercase() || byte.is_ascii_digit() || byte == b'_' || byte == b'$')
}

/// Words that are no column's name without quotes, and those that mean something else when they are called.
pub(crate) fn is_reserved(word: &str) -> bool {
    RESERVED.binary_search(&word).is_ok()
}

/// Reserved words that stand for a value.
pub(crate) fn is_value(word: &str) -> bool {
    word.starts_with("current_")
        || word.starts_with("local")
        || matches!(
            word,
            "true" | "false" | "null" | "user" | "session_user" | "system_user" | "default" | "left" | "right"
        )
}

/// Sorted.
const RESERVED: [&str; 108] = [
    "all",
    "analyse",
    "analyze",
    "and",
    "any",
    "array",
    "as",
    "asc",
    "asymmetric",
    "authorization",
    "between",
    "binary",
    "both",
    "case",
    "cast",
    "check",
    "collate",
    "collation",
    "column",
    "concurrently",
    "constraint",
    "create",
    "cross",
    "current_catalog",
    "current_date",
    "current_role",
    "current_schema",
    "current_time",
    "current_timestamp",
    "current_user",
    "default",
    "deferrable",
    "desc",
    "distinct",
    "do",
    "else",
    "end",
    "except",
    "exists",
    "extract",
    "false",
    "fetch",
    "for",
    "foreign",
    "freeze",
    "from",
    "full",
    "grant",
    "group",
    "having",
    "ilike",
    "in",
    "initially",
    "inner",
    "intersect",
    "interval",
    "into",
    "is",
    "isnull",
    "join",
    "lateral",
    "leading",
    "left",
    "like",
    "limit",
    "localtime",
    "localtimestamp",
    "natural",
    "not",
    "notnull",
    "null",
    "offset",
    "on",
    "only",
    "or",
    "order",
    "outer",
    "overlaps",
    "placing",
    "primary",
    "references",
    "returning",
    "right",
    "row",
    "select",
    "session_user",
    "similar",
    "some",
    "symmetric",
    "system_user",
    "table",
    "tablesample",
    "then",
    "to",
    "trailing",
    "true",
    "union",
    "unique",
    "user",
    "using",
    "values",
    "variadic",
    "verbose",
    "when",
    "where",
    "window",
    "with",
    "xmlparse",
];

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn reserved_words_are_sorted() {
        assert!(RESERVED.is_sorted());
    }

    #[test]
    fn quotes_go_where_they_change_nothing() {
        let table = [
            ("Name", "name"),
            (r#""name""#, "name"),
            (r#""Name""#, r#""Name""#),
            (r#""user""#, r#""user""#),
            (r#""a""b""#, r#""a""b""#),
            ("USER", "user"),
        ];
        for (token, expected) in table {
            assert_eq!(identifier(token), expected, "{token}");
        }
        assert_eq!(quote(r#"a"b"#), r#""a""b""#);
    }
}
