//! What is particular to a database: types, defaults and expressions in canonical form, default names.
//!
//! Two texts get one canonical form only where the database would hold the same thing. When unsure, they stay different:
//! a difference too many is seen and answered, one too few hides a change.
//! Nothing here fails: a text that is not understood is compared by its tokens.

mod as_stored;
mod calls;
mod definition;
mod identifiers;
mod lexer;
mod parser;
pub mod postgres;
mod printer;
mod renamed_trigger;
mod sql_text;
mod sqlite;
mod tree;
mod unescaped;

pub use as_stored::as_stored;
pub use calls::{Followed, MovedFunction, called_function, texts_with_calls, with_called_function, with_text};
pub use definition::{Create, altered_routine, bound_text, create_object, definition, held_text, with_renamed_type};
pub use identifiers::{names_column, rename_column};
pub use postgres::arguments::{canonical_arguments, with_canonical_arguments};
pub use postgres::catalog::{CATALOG_QUERY, catalog_schema};
pub use postgres::implicit_names;
pub use postgres::serial::{expand_serial, expand_serials, fold_serials, integer_maximum};
pub use postgres::spelled_out::spelled_out;
pub use renamed_trigger::{mentions, mentions_call, with_renamed_column};
pub use sql_text::sql_text;
pub use sqlite::statements as sqlite_statements;
pub use sqlite::types::{Affinity, affinity};

use schema::{Dialect, Expression, Form, Name, Scalar, SqlType};

/// A type as the schema language prints it, made comparable. `enum_name` names the enum it is (or is an array of), where known.
pub fn sql_type(dialect: Dialect, text: &str, enum_name: Option<Name>) -> SqlType {
    let canonical = match (dialect, &enum_name) {
        (Dialect::Postgres, Some(name)) => postgres::types::of_enum(text, name),
        (Dialect::Postgres, None) => postgres::types::canonical(text),
        (Dialect::Sqlite, _) => sqlite::types::canonical(text),
    };
    SqlType { text: text.to_owned(), canonical, enum_name }
}

/// An expression or a query, made comparable.
///
/// The columns of an expression lose their table's name: outside of queries there is only one table they can belong to.
pub fn expression(dialect: Dialect, text: &str) -> Expression {
    Expression { text: text.to_owned(), canonical: canonical_expression(dialect, text) }
}

/// A column's default, made comparable with the help of the column's type.
pub fn default(dialect: Dialect, text: &str, form: Form, column_type: &SqlType) -> Scalar {
    let canonical = match dialect {
        Dialect::Postgres => postgres::defaults::canonical(text, form, column_type),
        Dialect::Sqlite => sqlite::defaults::canonical(text, form, column_type),
    };
    Scalar { text: text.to_owned(), form, canonical }
}

/// An option's value (`fillfactor = 70`): quotes do not count, nor does the case of `true`, `false`, `on` and `off`.
pub fn option_value(text: &str, form: Form) -> Scalar {
    let trimmed = text.trim();
    let bare = trimmed.strip_prefix('\'').and_then(|rest| rest.strip_suffix('\'')).unwrap_or(trimmed);
    let is_switch = ["true", "false", "on", "off"].iter().any(|word| word.eq_ignore_ascii_case(bare));
    let canonical = if is_switch { bare.to_ascii_lowercase() } else { bare.to_owned() };
    Scalar { text: text.to_owned(), form, canonical }
}

/// A name as an identifier in SQL, always quoted.
pub fn quote_identifier(dialect: Dialect, name: &str) -> String {
    match dialect {
        Dialect::Postgres => postgres::names::quote(name),
        Dialect::Sqlite => sqlite::names::quote(name),
    }
}

/// A name as SQL spells it, with quotes only where they are needed.
pub fn quoted_name(dialect: Dialect, name: &Name) -> String {
    match dialect {
        Dialect::Postgres => postgres::types::quoted_name(name),
        Dialect::Sqlite => sqlite::names::quote(&name.name),
    }
}

/// A name with quotes only where they are needed.
pub fn bare_or_quoted(dialect: Dialect, name: &str) -> String {
    let is_reserved = match dialect {
        Dialect::Postgres => postgres::names::is_reserved(name),
        Dialect::Sqlite => sqlite::names::is_reserved(name),
    };
    match postgres::names::is_simple(name) && !is_reserved {
        true => name.to_owned(),
        false => quote_identifier(dialect, name),
    }
}

/// The name that a token means, its quotes taken away.
pub fn unquoted_name(dialect: Dialect, token: &str) -> String {
    match dialect {
        Dialect::Postgres => postgres::names::unquoted(token),
        Dialect::Sqlite => sqlite::names::unquoted(token),
    }
}

/// The canonical form of an expression, by its tree where it has one, else by its tokens.
pub(crate) fn canonical_expression(dialect: Dialect, text: &str) -> String {
    if is_plain_word(text) {
        return text.to_owned();
    }
    let Some(tokens) = lexer::tokens(dialect, text) else {
        return text.trim().to_owned();
    };
    let printed = parser::parse(dialect, &tokens).and_then(|tree| printer::print(&tree, text.len()));
    printed.unwrap_or_else(|| lexer::folded(dialect, &tokens))
}

/// Lower case and nothing else is its own canonical form: most expressions of an index.
fn is_plain_word(text: &str) -> bool {
    text.bytes().next().is_some_and(|byte| byte.is_ascii_lowercase())
        && text.bytes().all(|byte| byte.is_ascii_lowercase() || byte.is_ascii_digit() || byte == b'_')
}

/// The canonical form of an identifier's token, with its quotes if it has some.
pub(crate) fn identifier(dialect: Dialect, token: &str) -> String {
    match dialect {
        Dialect::Postgres => postgres::names::identifier(token),
        Dialect::Sqlite => sqlite::names::identifier(token),
    }
}

#[cfg(test)]
mod tests;
