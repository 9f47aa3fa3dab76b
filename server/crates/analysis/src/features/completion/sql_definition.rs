//! Statements that define something: what can be named in ALTER TABLE, CREATE TABLE, CREATE INDEX and CREATE POLICY.

use languages::sql::tokens::TokenKind;

use super::sql_place::{Expected, expects_operand, opener_word};
use super::sql_relations::{Relation, Role};
use super::sql_statement::{Piece, Statement};

/// What starts a part of a table that is no column.
const NO_COLUMN: [&str; 10] =
    ["CONSTRAINT", "PRIMARY", "FOREIGN", "UNIQUE", "CHECK", "EXCLUDE", "LIKE", "COLUMN", "IF", "KEY"];

pub(super) fn alter_table(statement: &Statement<'_>, relations: &[Relation]) -> Option<Expected> {
    if !statement.before.iter().take(3).any(|it| it.is("TABLE")) {
        return statement
            .before
            .iter()
            .take(2)
            .any(|it| it.is("POLICY"))
            .then(|| policy(statement, relations))
            .or(Some(Expected::Nothing));
    }
    let Some(table) = subject(relations).filter(|table| table.end <= statement.before.len()) else {
        return Some(Expected::Nothing);
    };
    if !statement.open.is_empty() {
        return Some(in_constraint(statement, relations, table, false));
    }
    let action = since_comma(statement, table.end);
    let words: Vec<String> = action.iter().map(|piece| piece.text.to_ascii_uppercase()).collect();
    let words: Vec<&str> = words.iter().map(String::as_str).collect();
    let but_first = action.len().checked_sub(1).and_then(|last| action.get(last)).filter(|last| last.is_name());
    Some(match words.as_slice() {
        ["DROP" | "ALTER" | "RENAME"]
        | ["DROP" | "ALTER" | "RENAME", "COLUMN"]
        | ["DROP", "COLUMN", "IF", "EXISTS"] => columns_of(table, Vec::new()),
        ["ADD", _] | ["ADD", "COLUMN", _] | ["ADD", "COLUMN", "IF", "NOT", "EXISTS", _]
            if but_first.is_some_and(|name| !name.is_any(&NO_COLUMN)) =>
        {
            Expected::Types { namespace: None }
        }
        ["ALTER", _, "TYPE"] | ["ALTER", "COLUMN", _, "TYPE"] | ["ALTER", .., "SET", "DATA", "TYPE"] => {
            Expected::Types { namespace: None }
        }
        _ => Expected::Nothing,
    })
}

/// Inside the parentheses of a key, a reference or a check of `table`.
fn in_constraint(statement: &Statement<'_>, relations: &[Relation], table: &Relation, is_declaring: bool) -> Expected {
    let Some(opener) = statement.open.last().copied() else { return Expected::Nothing };
    let word = opener_word(statement);
    let own = |but| if is_declaring { Expected::DeclaredColumns } else { columns_of(table, but) };
    if let Some(referenced) = relations.iter().find(|it| it.role == Role::Referenced && it.end == opener) {
        return at_list_item(statement, |but| columns_of(referenced, but));
    }
    if word.is_some_and(|word| word.is_any(&["KEY", "UNIQUE", "INCLUDE"])) || is_named_unique(statement, opener) {
        return at_list_item(statement, own);
    }
    let is_checked = statement.open.iter().any(|at| {
        at.checked_sub(1).and_then(|at| statement.before.get(at)).is_some_and(|it| it.is_any(&["CHECK", "USING"]))
    });
    if is_checked && expects_operand(statement) {
        let of = if is_declaring { Vec::new() } else { vec![table.clone()] };
        return Expected::Operand { of, declared: is_declaring };
    }
    Expected::Nothing
}

/// `UNIQUE NULLS NOT DISTINCT (`.
fn is_named_unique(statement: &Statement<'_>, opener: usize) -> bool {
    let words = opener.checked_sub(4).and_then(|start| statement.before.get(start..opener)).unwrap_or_default();
    words.first().is_some_and(|first| first.is("UNIQUE")) && words.last().is_some_and(|last| last.is("DISTINCT"))
}

/// At the start of a list's item: what was listed before is left out.
pub(super) fn at_list_item(statement: &Statement<'_>, found: impl FnOnce(Vec<String>) -> Expected) -> Expected {
    let Some(opener) = statement.open.last() else { return Expected::Nothing };
    let is_start = statement.back(0).is_some_and(|last| last.is_mark(b'(') || last.is_mark(b','));
    let inside = statement.before.get(opener + 1..).unwrap_or_default();
    let listed = inside.iter().filter(|piece| piece.is_name()).map(|piece| statement.name(piece)).collect();
    if is_start { found(listed) } else { Expected::Nothing }
}

fn policy(statement: &Statement<'_>, relations: &[Relation]) -> Expected {
    match subject(relations) {
        Some(table) if !statement.open.is_empty() && expects_operand(statement) => {
            // A query inside of a policy's expression has tables of its own.
            let mut of = statement.visible(relations);
            of.retain(|it| it.at != table.at);
            of.insert(0, table.clone());
            Expected::Operand { of, declared: false }
        }
        _ => Expected::Nothing,
    }
}

pub(super) fn create(statement: &Statement<'_>, relations: &[Relation]) -> Option<Expected> {
    let is = |word: &str| statement.before.iter().take(5).any(|it| it.is(word));
    match () {
        () if is("POLICY") => Some(policy(statement, relations)),
        () if is("INDEX") => Some(create_index(statement, relations)),
        () if is("VIEW") => None,
        () if is("TABLE") => {
            let is_query = statement.before.iter().any(|it| it.is("SELECT"));
            if is_query { None } else { Some(create_table(statement, relations)) }
        }
        () => Some(Expected::Nothing),
    }
}

fn create_index(statement: &Statement<'_>, relations: &[Relation]) -> Expected {
    let Some(table) = subject(relations).filter(|table| table.end <= statement.before.len()) else {
        return Expected::Nothing;
    };
    match statement.open.as_slice() {
        [] if statement.before.iter().any(|it| it.is("WHERE")) && expects_operand(statement) => {
            Expected::Operand { of: vec![table.clone()], declared: false }
        }
        [_] if opener_word(statement).is_some_and(|it| it.is("WITH")) => Expected::Nothing,
        [_] if statement.back(0).is_some_and(|last| last.is_mark(b'(') || last.is_mark(b',')) => {
            at_list_item(statement, |but| columns_of(table, but))
        }
        [_, ..] if expects_operand(statement) => Expected::Operand { of: vec![table.clone()], declared: false },
        _ => Expected::Nothing,
    }
}

fn create_table(statement: &Statement<'_>, relations: &[Relation]) -> Expected {
    let Some(table) = subject(relations).filter(|table| table.end <= statement.before.len()) else {
        return Expected::Nothing;
    };
    match statement.open.as_slice() {
        [body] => match since_comma(statement, body + 1) {
            [name] if name.is_name() && !name.is_any(&NO_COLUMN) => Expected::Types { namespace: None },
            _ => Expected::Nothing,
        },
        [_, _, ..] => in_constraint(statement, relations, table, true),
        [] => Expected::Nothing,
    }
}

/// The relation of a statement that is written from its first words on: what ALTER TABLE alters, what CREATE INDEX is on.
pub(super) fn subject(relations: &[Relation]) -> Option<&Relation> {
    relations.iter().find(|relation| relation.role == Role::One)
}

pub(super) fn columns_of(relation: &Relation, but: Vec<String>) -> Expected {
    Expected::ColumnsOf { table: relation.table.clone(), but }
}

/// The tokens since the last comma that is in no inner parentheses, or since `start`.
pub(super) fn since_comma<'s, 't>(statement: &'s Statement<'t>, start: usize) -> &'s [Piece<'t>] {
    let mut depth = 0_usize;
    let mut from = start;
    for (at, piece) in statement.before.iter().enumerate().skip(start) {
        match piece.kind {
            TokenKind::Mark(b'(') => depth += 1,
            TokenKind::Mark(b')') => depth = depth.saturating_sub(1),
            TokenKind::Mark(b',') if depth == 0 => from = at + 1,
            _ => {}
        }
    }
    statement.before.get(from..).unwrap_or_default()
}
