//! Constants that drizzle-kit writes without doubling the quotes in them.

use std::borrow::Cow;

use schema::Dialect;

use crate::{lexer, parser};

/// `'{"a":"it's"}'::jsonb`, a default for JSON or an array, is no SQL. With its inner quotes doubled it is what the schema file says. Where
/// the quotes come in pairs nothing can be told, and the text stays.
pub(crate) fn with_doubled_quotes(dialect: Dialect, text: &str) -> Cow<'_, str> {
    let is_sql = || parser::parse(dialect, &lexer::tokens(dialect, text)?).map(drop);
    let parts = || {
        let (inner, cast) = text.trim().strip_prefix('\'')?.rsplit_once('\'')?;
        (inner.contains('\'') && (cast.is_empty() || cast.starts_with("::"))).then_some((inner, cast))
    };
    match parts() {
        Some((inner, cast)) if is_sql().is_none() => Cow::Owned(format!("'{}'{cast}", inner.replace('\'', "''"))),
        _ => Cow::Borrowed(text),
    }
}
