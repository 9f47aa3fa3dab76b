//! A column's definition: its name, a type that can be any words or none, constraints in any order. (syntax/column-def.html,
//! syntax/type-name.html, syntax/column-constraint.html; `columnname`, `typetoken` and `ccons` in `parse.y`.)

use schema::Deferral;

use super::lexer::{Kind, Token};
use super::reader::{self, Read, Reader};
use super::{references, words};
use crate::sql::statement::{ColumnConstraint, ColumnConstraintKind, ColumnDef, Ident, Snippet, TypeName};

pub(super) fn column(reader: &mut Reader) -> Read<ColumnDef> {
    let start = reader.position();
    let name = reader.name("a column name")?;
    let type_name = type_name(reader)?;
    let mut column = ColumnDef { name, span: Default::default(), type_name, collation: None, constraints: Vec::new() };
    while constraint(reader, &mut column)? {}
    column.span = reader.span_since(start);
    Ok(column)
}

/// Words up to the first constraint, then one or two numbers in parentheses. Of a type that starts with a quoted word, SQLite keeps
/// only this word, without its quotes. (`sqlite3AddColumn`.)
fn type_name(reader: &mut Reader) -> Read<Option<TypeName>> {
    let start = reader.position();
    let quoted = reader.peek().filter(|token| matches!(token.kind, Kind::Quoted | Kind::Text));
    while is_type_word(reader) {
        reader.next();
    }
    if reader.position() == start {
        return Ok(None);
    }
    if reader.eat_symbol(b'(') {
        number(reader)?;
        if reader.eat_symbol(b',') {
            number(reader)?;
        }
        reader.expect_symbol(b')')?;
    }
    let span = reader.span_since(start);
    let text = match quoted {
        Some(token) => reader::ident(reader.text, token).text,
        None => span.text(reader.text).to_owned(),
    };
    Ok(Some(TypeName { text, span, name: None }))
}

fn is_type_word(reader: &Reader) -> bool {
    let is_generated = reader.is_word("GENERATED") && reader.is_word_at(1, "ALWAYS");
    let is_word = |token: Token| reader::is_name(reader.text, token) && !is_join_word(reader, token);
    !is_generated && reader.peek().is_some_and(is_word)
}

fn is_join_word(reader: &Reader, token: Token) -> bool {
    token.kind == Kind::Word && words::is_join_word(reader.token_text(token))
}

fn number(reader: &mut Reader) -> Read<()> {
    if !reader.eat_symbol(b'-') {
        reader.eat_symbol(b'+');
    }
    match reader.peek() {
        Some(token) if token.kind == Kind::Number => {
            reader.next();
            Ok(())
        }
        _ => Err(reader.stop("a number")),
    }
}

/// Reads one constraint into `column`; false where none starts here.
fn constraint(reader: &mut Reader, column: &mut ColumnDef) -> Read<bool> {
    let start = reader.position();
    // A name may stand for itself, and a second one takes the first one's place.
    let mut name = None;
    while reader.eat_word("CONSTRAINT") {
        name = Some(reader.name("a constraint name")?);
    }
    if let Some(kind) = kind(reader)? {
        column.constraints.push(ColumnConstraint { name, span: reader.span_since(start), kind });
        return Ok(true);
    }
    if reader.eat_word("COLLATE") {
        column.collation = Some(reader.name("a collation")?.text);
        return Ok(true);
    }
    if let Some(deferral) = references::deferral(reader)? {
        defer_last_reference(column, deferral);
        return Ok(true);
    }
    Ok(name.is_some())
}

/// `REFERENCES t NOT NULL DEFERRABLE`: it belongs to the reference, wherever it stands.
fn defer_last_reference(column: &mut ColumnDef, deferral: Deferral) {
    let last = column.constraints.iter_mut().rev().find_map(|constraint| match &mut constraint.kind {
        ColumnConstraintKind::References(references) => Some(references),
        _ => None,
    });
    if let Some(references) = last {
        references.deferral = deferral;
    }
}

fn kind(reader: &mut Reader) -> Read<Option<ColumnConstraintKind>> {
    let kind = if reader.eat_words(&["NOT", "NULL"]) {
        references::skip_on_conflict(reader)?;
        ColumnConstraintKind::NotNull
    } else if reader.eat_word("DEFAULT") {
        ColumnConstraintKind::Default(default(reader)?)
    } else if reader.eat_words(&["PRIMARY", "KEY"]) {
        primary_key(reader)?
    } else if reader.eat_word("UNIQUE") {
        references::skip_on_conflict(reader)?;
        ColumnConstraintKind::Unique { nulls_not_distinct: false, deferral: Deferral::Immediate }
    } else if reader.eat_word("REFERENCES") {
        ColumnConstraintKind::References(Box::new(references::references(reader)?))
    } else if reader.eat_word("CHECK") {
        let expression = reader.expression()?;
        references::skip_on_conflict(reader)?;
        ColumnConstraintKind::Check { expression, no_inherit: false }
    } else if reader.eat_words(&["GENERATED", "ALWAYS"]) {
        reader.expect_word("AS")?;
        generated(reader)?
    } else if reader.eat_word("AS") {
        generated(reader)?
    } else if reader.eat_word("NULL") {
        references::skip_on_conflict(reader)?;
        ColumnConstraintKind::Null
    } else {
        return Ok(None);
    };
    Ok(Some(kind))
}

fn primary_key(reader: &mut Reader) -> Read<ColumnConstraintKind> {
    if !reader.eat_word("ASC") {
        reader.eat_word("DESC");
    }
    references::skip_on_conflict(reader)?;
    let autoincrement = reader.eat_word("AUTOINCREMENT");
    Ok(ColumnConstraintKind::PrimaryKey { autoincrement, deferral: Deferral::Immediate })
}

/// As written, parentheses included: a literal with or without a sign, a bare word, or an expression in parentheses.
fn default(reader: &mut Reader) -> Read<Snippet> {
    let start = reader.position();
    if reader.is_symbol(b'(') {
        reader.expression()?;
    } else {
        let is_signed = reader.eat_symbol(b'-') || reader.eat_symbol(b'+');
        match reader.peek() {
            Some(token) if is_default(reader, token) => reader.next(),
            _ if is_signed => return Err(reader.stop("a number")),
            _ => return Err(reader.stop("a value, or an expression in parentheses")),
        };
    }
    let span = reader.span_since(start);
    Ok(Snippet { text: span.text(reader.text).to_owned(), span })
}

fn is_default(reader: &Reader, token: Token) -> bool {
    matches!(token.kind, Kind::Number | Kind::Blob)
        || reader.is_word_token(token, "NULL")
        || reader::is_name(reader.text, token)
}

fn generated(reader: &mut Reader) -> Read<ColumnConstraintKind> {
    let expression = reader.expression()?;
    let stored = reader.eat_word("STORED");
    if !stored {
        reader.eat_word("VIRTUAL");
    }
    Ok(ColumnConstraintKind::Generated { expression, stored })
}

/// The column's primary key, where a table's `PRIMARY KEY (id AUTOINCREMENT)` says what `id … PRIMARY KEY AUTOINCREMENT` does.
pub(super) fn autoincrement(name: Option<Ident>, span: source::Span) -> ColumnConstraint {
    let kind = ColumnConstraintKind::PrimaryKey { autoincrement: true, deferral: Deferral::Immediate };
    ColumnConstraint { name, span, kind }
}
