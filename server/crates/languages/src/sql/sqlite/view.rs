//! CREATE VIEW. (sqlite.org/lang_createview.html.)

use super::lexer::Token;
use super::reader::{self, Read, Reader};
use super::{keys, reads};
use crate::sql::statement::{CreateView, Kind};

/// From behind the word VIEW.
pub(super) fn create_view(reader: &mut Reader, temporary: bool) -> Read<Kind> {
    let if_not_exists = reader.if_not_exists();
    let name = reader.qname("a view name")?;
    let columns = if reader.is_symbol(b'(') { keys::columns(reader)? } else { Vec::new() };
    reader.expect_word("AS")?;
    let tokens = query(reader)?;
    let query = reader::snippet(reader.text, tokens).ok_or_else(|| reader.stop("a query"))?;
    Ok(Kind::CreateView(Box::new(CreateView {
        name,
        or_replace: false,
        if_not_exists,
        temporary,
        materialized: false,
        recursive: false,
        columns,
        query,
        options: Vec::new(),
        check_option: None,
        method: None,
        tablespace: None,
        with_no_data: false,
        reads: reads::reads(reader.text, tokens),
    })))
}

/// The tokens of the query that fills the rest of the statement, parentheses around the whole of it taken away.
pub(super) fn query<'a>(reader: &mut Reader<'a>) -> Read<&'a [Token]> {
    let start = reader.clone();
    let tokens = keys::without_parentheses(reader.take_rest());
    let is_query = |token: &Token| ["SELECT", "VALUES", "WITH"].iter().any(|word| reader.is_word_token(*token, word));
    if !tokens.first().is_some_and(is_query) {
        return Err(start.stop("a query"));
    }
    reader::expect_balanced(tokens)?;
    Ok(tokens)
}
