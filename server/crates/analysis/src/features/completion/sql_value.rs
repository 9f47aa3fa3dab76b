//! A string at the cursor: of which enum it is a value.

use languages::sql::tokens::TokenKind;

use super::sql_definition::{since_comma, subject};
use super::sql_place::{Expected, clause_before};
use super::sql_relations::{Named, Relation, Role};
use super::sql_statement::{Piece, Statement};

/// The string at the cursor: whose value it is.
pub(super) fn value(statement: &Statement<'_>, relations: &[Relation]) -> Expected {
    // `'…'::role`
    if let [first, second, name, ..] = statement.behind.as_slice()
        && first.is_mark(b':')
        && second.is_mark(b':')
        && name.is_name()
    {
        let is_qualified = statement.behind.get(3).is_some_and(|dot| dot.is_mark(b'.'));
        let second = statement.behind.get(4).filter(|_| is_qualified);
        let named = match second {
            Some(second) => Named { namespace: Some(statement.name(name)), name: statement.name(second) },
            None => Named { namespace: None, name: statement.name(name) },
        };
        return Expected::ValueOfType { name: named };
    }
    if statement.starts_with(&["ALTER", "TYPE"]) {
        let is_known = statement.ends_with(&["RENAME", "VALUE"])
            || statement.back(0).is_some_and(|it| it.is_any(&["BEFORE", "AFTER"]));
        let named = statement.named_at(2).filter(|_| is_known);
        return named.map_or(Expected::Nothing, |(name, _)| Expected::ValueOfType { name });
    }
    if statement.back(0).is_some_and(|it| it.is("DEFAULT")) {
        return default_value(statement, relations);
    }
    if let Some(expected) = inserted_value(statement, relations) {
        return expected;
    }
    match compared(statement) {
        Some(end) => value_of_column(statement, relations, end),
        None => Expected::Nothing,
    }
}

/// Where the column ends that the string is compared with: behind it stands `=`, `<>`, `!=` or `IN (`.
fn compared(statement: &Statement<'_>) -> Option<usize> {
    let n_before = statement.before.len();
    let last = statement.back(0)?;
    if last.is_mark(b'=') {
        let is_not = statement.back(1).is_some_and(|it| it.is_mark(b'!'));
        return n_before.checked_sub(if is_not { 2 } else { 1 });
    }
    if last.is_mark(b'>') && statement.back(1).is_some_and(|it| it.is_mark(b'<')) {
        return n_before.checked_sub(2);
    }
    let opener = statement.open.last()?;
    let inside = statement.before.get(opener + 1..)?;
    let is_list = inside.iter().all(|it| it.kind == TokenKind::String || it.is_mark(b','));
    let is_in = opener.checked_sub(1).and_then(|at| statement.before.get(at)).is_some_and(|it| it.is("IN"));
    if !is_list || !is_in || !(last.is_mark(b'(') || last.is_mark(b',')) {
        return None;
    }
    let is_not = opener.checked_sub(2).and_then(|at| statement.before.get(at)).is_some_and(|it| it.is("NOT"));
    opener.checked_sub(if is_not { 2 } else { 1 })
}

/// The column whose name ends before `end`.
fn value_of_column(statement: &Statement<'_>, relations: &[Relation], end: usize) -> Expected {
    let piece = |back: usize| end.checked_sub(back).and_then(|at| statement.before.get(at));
    let Some(column) = piece(1).filter(|it| it.is_name()) else { return Expected::Nothing };
    let column = statement.name(column);
    let visible = statement.visible(relations);
    if piece(2).is_some_and(|dot| dot.is_mark(b'.')) {
        let Some(qualifier) = piece(3).filter(|it| it.is_name()).map(|it| statement.name(it)) else {
            return Expected::Nothing;
        };
        let is_called = |it: &&Relation| it.alias.as_deref().unwrap_or(&it.table.name) == qualifier;
        let table = visible.iter().rev().find(is_called).map(|it| it.table.clone());
        return table.map_or(Expected::Nothing, |table| Expected::ValueOf { table: Some(table), column });
    }
    let mut readable = visible.iter().filter(|it| it.role != Role::Referenced);
    match (readable.next(), readable.next()) {
        (Some(only), None) => Expected::ValueOf { table: Some(only.table.clone()), column },
        (None, _) => Expected::ValueOf { table: None, column },
        // A name that several tables may have means one of them: which, the schema knows.
        (Some(_), Some(_)) => Expected::Nothing,
    }
}

/// `DEFAULT '…'`: of the column that is being declared or altered.
fn default_value(statement: &Statement<'_>, relations: &[Relation]) -> Expected {
    let table = subject(relations);
    let element = match (statement.open.as_slice(), table) {
        ([body], _) if statement.starts_with(&["CREATE"]) => since_comma(statement, body + 1),
        ([], Some(table)) if statement.starts_with(&["ALTER"]) => since_comma(statement, table.end),
        _ => return Expected::Nothing,
    };
    let mut words: Vec<Piece<'_>> = element.to_vec();
    if statement.starts_with(&["ALTER"]) {
        let is_set = words.len() >= 4 && words.first().is_some_and(|it| it.is("ALTER"));
        if is_set {
            let at = 1 + usize::from(words.get(1).is_some_and(|it| it.is("COLUMN")));
            let column = words.get(at).filter(|it| it.is_name()).map(|it| statement.name(it));
            return match (table, column) {
                (Some(table), Some(column)) => Expected::ValueOf { table: Some(table.table.clone()), column },
                _ => Expected::Nothing,
            };
        }
        while words.first().is_some_and(|it| it.is_any(&["ADD", "COLUMN", "IF", "NOT", "EXISTS"])) {
            words.remove(0);
        }
    }
    // Behind the column's name stands its type.
    let is_qualified = words.get(2).is_some_and(|it| it.is_mark(b'.'));
    match (words.get(1), words.get(3).filter(|_| is_qualified)) {
        (Some(namespace), Some(name)) => Expected::ValueOfType {
            name: Named { namespace: Some(statement.name(namespace)), name: statement.name(name) },
        },
        (Some(name), None) => Expected::ValueOfType { name: Named { namespace: None, name: statement.name(name) } },
        _ => Expected::Nothing,
    }
}

/// A string in VALUES: of the column that is listed at its place.
fn inserted_value(statement: &Statement<'_>, relations: &[Relation]) -> Option<Expected> {
    let [opener] = statement.open.as_slice() else { return None };
    if !clause_before(statement, *opener)?.is("VALUES") {
        return None;
    }
    let target = relations.iter().find(|it| it.role == Role::Target)?;
    let list = statement.before.get(target.end..)?;
    if !list.first()?.is_mark(b'(') {
        return None;
    }
    let columns: Vec<&Piece<'_>> =
        list.iter().skip(1).take_while(|it| !it.is_mark(b')')).filter(|it| it.is_name()).collect();
    let mut depth = 0_usize;
    let mut position = 0;
    for piece in statement.before.iter().skip(opener + 1) {
        match piece.kind {
            TokenKind::Mark(b'(') => depth += 1,
            TokenKind::Mark(b')') => depth = depth.saturating_sub(1),
            TokenKind::Mark(b',') if depth == 0 => position += 1,
            _ => {}
        }
    }
    let column = statement.name(columns.get(position)?);
    let is_alone = statement.back(0).is_some_and(|it| it.is_mark(b'(') || it.is_mark(b','));
    Some(match is_alone {
        true => Expected::ValueOf { table: Some(target.table.clone()), column },
        false => Expected::Nothing,
    })
}
