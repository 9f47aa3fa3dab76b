//! A schema as the database stores it, where schema files and snapshots keep another spelling: names longer than the database's limit,
//! and index keys that are written as expressions though they are a column with an order.

use std::borrow::Cow;
use std::sync::Arc;

use schema::{Dialect, IndexColumn, IndexKey, Map, Schema, Table};

use crate::implicit_names::{MAX_NAME_BYTES, clipped};
use crate::lexer::{self, Kind};
use crate::postgres;

/// Names of tables' parts cut to 63 bytes, which SQLite does not do, and index keys such as `"created_at" DESC` taken apart. Borrowed where
/// nothing changes.
pub fn as_stored(schema: &Schema) -> Cow<'_, Schema> {
    let dialect = schema.dialect;
    if !schema.tables.values().any(|table| is_spelled_otherwise(dialect, table)) {
        return Cow::Borrowed(schema);
    }
    let mut stored = schema.clone();
    for table in stored.tables.values_mut().filter(|table| is_spelled_otherwise(dialect, table)) {
        store(dialect, Arc::make_mut(table));
    }
    Cow::Owned(stored)
}

fn is_spelled_otherwise(dialect: Dialect, table: &Table) -> bool {
    let mut keys = table.indexes.values().flat_map(|index| &index.columns);
    if dialect == Dialect::Sqlite {
        return keys.any(|column| plain_key(dialect, column).is_some());
    }
    let constraints = table.uniques.keys().chain(table.foreign_keys.keys()).chain(table.checks.keys());
    let mut names = constraints.chain(table.indexes.keys()).chain(table.policies.keys());
    let key = table.primary_key.as_ref().and_then(|key| key.name.as_ref());
    names.any(|name| name.len() > MAX_NAME_BYTES)
        || key.is_some_and(|name| name.len() > MAX_NAME_BYTES)
        || keys.any(|column| plain_key(dialect, column).is_some())
}

fn store(dialect: Dialect, table: &mut Table) {
    for column in table.indexes.values_mut().flat_map(|index| &mut index.columns) {
        if let Some(plain) = plain_key(dialect, column) {
            *column = plain;
        }
    }
    if dialect == Dialect::Sqlite {
        return;
    }
    if let Some(name) = table.primary_key.as_mut().and_then(|key| key.name.as_mut()) {
        *name = clipped(name, MAX_NAME_BYTES).to_owned();
    }
    clip(&mut table.uniques, |part| &mut part.name);
    clip(&mut table.foreign_keys, |part| &mut part.name);
    clip(&mut table.checks, |part| &mut part.name);
    clip(&mut table.indexes, |part| &mut part.name);
    clip(&mut table.policies, |part| &mut part.name);
}

fn clip<T>(parts: &mut Map<String, T>, name: impl Fn(&mut T) -> &mut String) {
    if !parts.keys().any(|name| name.len() > MAX_NAME_BYTES) {
        return;
    }
    for (_, mut part) in std::mem::take(parts) {
        let short = clipped(name(&mut part), MAX_NAME_BYTES).to_owned();
        name(&mut part).clone_from(&short);
        parts.insert(short, part);
    }
}

/// The column, operator class and order in an expression that is nothing else; None for every other expression.
fn plain_key(dialect: Dialect, column: &IndexColumn) -> Option<IndexColumn> {
    let IndexKey::Expression(expression) = &column.key else { return None };
    let tokens = lexer::tokens(dialect, &expression.text)?;
    let is = |at: Option<usize>, word: &str| {
        at.and_then(|at| tokens.get(at)).is_some_and(|token| token.text.eq_ignore_ascii_case(word))
    };
    let mut end = tokens.len();
    let mut nulls_first = None;
    if end >= 2 && is(end.checked_sub(2), "nulls") {
        nulls_first = Some(is(end.checked_sub(1), "first"));
        end -= 2;
    }
    // In SQLite a key may be a string in quotes of either kind; only one with an order is taken for a column's.
    if dialect == Dialect::Sqlite && !is(end.checked_sub(1), "desc") {
        return None;
    }
    let is_descending = is(end.checked_sub(1), "desc");
    if is_descending || is(end.checked_sub(1), "asc") {
        end -= 1;
    }
    let is_name = |at: usize| tokens.get(at).is_some_and(|it| matches!(it.kind, Kind::Word | Kind::QuotedName));
    // `"t"."c"` is the column too.
    let mut at = 0;
    while is_name(at) && is(Some(at + 1), ".") {
        at += 2;
    }
    let opclass = match end.checked_sub(at + 1)? {
        0 => None,
        1 if is_name(at + 1) => tokens.get(at + 1).map(|token| postgres::names::unquoted(token.text)),
        _ => return None,
    };
    let name = tokens.get(at).filter(|_| is_name(at))?;
    Some(IndexColumn {
        key: IndexKey::Column(postgres::names::unquoted(name.text)),
        ascending: !is_descending,
        nulls_first: nulls_first.unwrap_or(is_descending && dialect == Dialect::Postgres),
        opclass: opclass.or_else(|| column.opclass.clone()),
        collation: column.collation.clone(),
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_expression_that_is_a_column_with_an_order_is_taken_apart() {
        let shown = |text: &str| {
            let expression = IndexKey::Expression(crate::expression(Dialect::Postgres, text));
            let written =
                IndexColumn { key: expression, ascending: true, nulls_first: false, opclass: None, collation: None };
            plain_key(Dialect::Postgres, &written).map(|key| {
                let IndexKey::Column(name) = key.key else { panic!("{text} is no column") };
                (name, key.ascending, key.nulls_first, key.opclass)
            })
        };
        let key = |name: &str, ascending, nulls_first, opclass: Option<&str>| {
            Some((name.to_owned(), ascending, nulls_first, opclass.map(str::to_owned)))
        };
        assert_eq!(shown("\"started_at\" DESC NULLS LAST"), key("started_at", false, false, None));
        assert_eq!(shown("\"id\" DESC"), key("id", false, true, None));
        assert_eq!(shown("\"t\".\"data\" jsonb_path_ops"), key("data", true, false, Some("jsonb_path_ops")));
        assert_eq!(shown("a"), key("a", true, false, None));
        assert_eq!(shown("lower(a)"), None);
        assert_eq!(shown("a + 1"), None);
        assert_eq!(shown("a->>'x' desc"), None);
    }
}
