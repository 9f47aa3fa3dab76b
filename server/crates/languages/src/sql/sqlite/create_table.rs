//! CREATE TABLE. (sqlite.org/lang_createtable.html; `create_table_args` in `parse.y`.)

use schema::Deferral;

use super::lexer::Token;
use super::reader::{Read, Reader, Stop};
use super::{column, keys, references};
use crate::sql::statement::{CreateTable, Ident, Kind, QName, TableConstraint, TableConstraintKind, TableElement};

/// From behind the word TABLE.
pub(super) fn create_table(reader: &mut Reader, temporary: bool) -> Read<Kind> {
    let if_not_exists = reader.if_not_exists();
    let name = reader.qname("a table name")?;
    let temporary = temporary || is_temporary(&name);
    if reader.eat_word("AS") {
        super::view::query(reader)?;
        return Ok(Kind::CreateTableAs { name, if_not_exists, temporary, columns: Vec::new() });
    }
    let elements = elements(reader)?;
    let options = options(reader)?;
    let table = CreateTable { name: Some(name), if_not_exists, temporary, elements, options, ..CreateTable::default() };
    Ok(Kind::CreateTable(Box::new(table)))
}

fn is_temporary(name: &QName) -> bool {
    name.namespace.as_ref().is_some_and(|namespace| namespace.text.eq_ignore_ascii_case("temp"))
}

/// Columns, then constraints, between which the comma may be missing.
fn elements(reader: &mut Reader) -> Read<Vec<TableElement>> {
    reader.expect_symbol(b'(')?;
    let mut elements = vec![TableElement::Column(column::column(reader)?)];
    while reader.eat_symbol(b',') {
        if is_constraint(reader) {
            constraints(reader, &mut elements)?;
            break;
        }
        elements.push(TableElement::Column(column::column(reader)?));
    }
    if !reader.eat_symbol(b')') {
        return Err(reader.stop("a column's constraint, `,` or `)`"));
    }
    Ok(elements)
}

fn is_constraint(reader: &Reader) -> bool {
    ["CONSTRAINT", "PRIMARY", "UNIQUE", "CHECK", "FOREIGN"].iter().any(|word| reader.is_word(word))
}

fn constraints(reader: &mut Reader, elements: &mut Vec<TableElement>) -> Read<()> {
    loop {
        constraint(reader, elements)?;
        let is_more = reader.eat_symbol(b',') || is_constraint(reader);
        if !is_more {
            return Ok(());
        }
    }
}

fn constraint(reader: &mut Reader, elements: &mut Vec<TableElement>) -> Read<()> {
    let start = reader.position();
    let mut name = None;
    while reader.eat_word("CONSTRAINT") {
        name = Some(reader.name("a constraint name")?);
    }
    let mut deferral = Deferral::Immediate;
    let kind = if reader.eat_words(&["PRIMARY", "KEY"]) {
        match primary_key(reader)? {
            (columns, false) => TableConstraintKind::PrimaryKey { columns, include: Vec::new() },
            (columns, true) => return autoincrement(reader, elements, start, name, columns),
        }
    } else if reader.eat_word("UNIQUE") {
        let columns = keys::columns(reader)?;
        references::skip_on_conflict(reader)?;
        TableConstraintKind::Unique { columns, include: Vec::new(), nulls_not_distinct: false }
    } else if reader.eat_word("CHECK") {
        let expression = reader.expression()?;
        references::skip_on_conflict(reader)?;
        TableConstraintKind::Check { expression, no_inherit: false }
    } else if reader.eat_words(&["FOREIGN", "KEY"]) {
        let columns = keys::columns(reader)?;
        reader.expect_word("REFERENCES")?;
        let references = references::references(reader)?;
        deferral = references.deferral;
        TableConstraintKind::ForeignKey { columns, references: Box::new(references) }
    } else if name.is_some() {
        // A name may stand for itself.
        return Ok(());
    } else {
        return Err(reader.stop("a table's constraint"));
    };
    let span = reader.span_since(start);
    let constraint = TableConstraint { name, span, kind, deferral, not_valid: false };
    elements.push(TableElement::Constraint(constraint));
    Ok(())
}

/// The columns, and true where AUTOINCREMENT stands behind them.
fn primary_key(reader: &mut Reader) -> Read<(Vec<Ident>, bool)> {
    let open = reader.clone();
    let list = reader.parenthesized()?;
    references::skip_on_conflict(reader)?;
    let (list, autoincrement) = without_autoincrement(&open, list);
    let columns = keys::keys_of(&open, list)?.into_iter().map(keys::column).collect::<Read<_>>()?;
    Ok((columns, autoincrement))
}

fn without_autoincrement<'a>(reader: &Reader, list: &'a [Token]) -> (&'a [Token], bool) {
    match list {
        [rest @ .., last] if reader.is_word_token(*last, "AUTOINCREMENT") => (rest, true),
        _ => (list, false),
    }
}

/// `PRIMARY KEY (id AUTOINCREMENT)` is kept at its column, as if it were written there.
fn autoincrement(
    reader: &Reader,
    elements: &mut [TableElement],
    start: usize,
    name: Option<Ident>,
    columns: Vec<Ident>,
) -> Read<()> {
    let span = reader.span_since(start);
    let key = columns.first().map(|column| column.text.as_str()).unwrap_or_default();
    let column = elements.iter_mut().find_map(|element| match element {
        TableElement::Column(column) if column.name.text.eq_ignore_ascii_case(key) => Some(column),
        _ => None,
    });
    match column {
        Some(column) if columns.len() == 1 => column.constraints.push(column::autoincrement(name, span)),
        _ => return Err(Stop::new("AUTOINCREMENT needs one column of this table".to_owned(), span)),
    }
    Ok(())
}

/// STRICT and WITHOUT ROWID, and libSQL's RANDOM ROWID.
fn options(reader: &mut Reader) -> Read<Vec<(String, String)>> {
    let mut options = Vec::new();
    if reader.peek().is_none() {
        return Ok(options);
    }
    // SQLite takes a comma before the first one too.
    reader.eat_symbol(b',');
    loop {
        let known: [&[&str]; 3] = [&["STRICT"], &["WITHOUT", "ROWID"], &["RANDOM", "ROWID"]];
        let found = known.into_iter().find(|words| reader.eat_words(words));
        let words = found.ok_or_else(|| reader.stop("STRICT, WITHOUT ROWID or the end of the statement"))?;
        options.push((words.join(" ").to_ascii_lowercase(), "true".to_owned()));
        if !reader.eat_symbol(b',') {
            return Ok(options);
        }
    }
}
