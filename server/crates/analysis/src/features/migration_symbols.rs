//! What a migration changes, as symbols: one for each statement that changes something.

use history::{History, MigrationStatement};
use schema::{ObjectKind, ObjectPath};
use source::Span;

use super::symbols::Symbol;
use crate::changed::{self, Changed, Changes, Deed, place_in};
use crate::{changed_words, object_line, trail};

pub(crate) fn of_migration(history: &History, position: usize) -> Vec<Symbol> {
    let Some(statements) = history.statements_of(position) else { return Vec::new() };
    let text = trail::text_of(history, position);
    let symbol = |statement: &MigrationStatement| {
        let changes = changed::by_statement(history.folder.dialect, statement, text);
        of_statement(statement, &changes, text)
    };
    statements.statements.iter().filter_map(symbol).collect()
}

/// The statement's one change; where it makes several, the object they belong to, with each below it.
fn of_statement(statement: &MigrationStatement, changes: &Changes, text: &str) -> Option<Symbol> {
    let (first, others) = changes.list.split_first()?;
    if others.is_empty() {
        let mut symbol = of_change(first, changes, statement);
        if first.object.kind == ObjectKind::Table && first.deed == Deed::Create {
            symbol.children = columns(&first.object, changes, statement);
        }
        return Some(symbol);
    }
    let owner = first.object.owner();
    let whole = changes.list.iter().find(|changed| changed.object == owner);
    let mut symbol = match whole {
        Some(whole) => of_change(whole, changes, statement),
        None => Symbol {
            name: owner.short(),
            detail: format!("{} changes", changes.list.len()),
            kind: owner.kind,
            full: statement.span,
            focus: place_in(statement, &owner).unwrap_or_else(|| first_word(statement.span, text)),
            children: Vec::new(),
        },
    };
    if whole.is_some_and(|it| it.deed == Deed::Create && it.object.kind == ObjectKind::Table) {
        symbol.children = columns(&owner, changes, statement);
    }
    let rest = changes.list.iter().filter(|changed| Some(*changed) != whole);
    symbol.children.extend(rest.map(|changed| of_change(changed, changes, statement)));
    symbol.children.sort_by_key(|child| child.focus);
    Some(symbol)
}

fn of_change(changed: &Changed, changes: &Changes, statement: &MigrationStatement) -> Symbol {
    let object = &changed.object;
    let old_name = match &changed.deed {
        Deed::Rename(from) => place_in(statement, from),
        _ => None,
    };
    let focus = place_in(statement, object).or(old_name).or_else(|| place_in(statement, &object.owner()));
    Symbol {
        name: object.short(),
        detail: changed_words::detail(changed, changes),
        kind: object.kind,
        full: statement.span,
        focus: focus.unwrap_or(statement.span),
        children: Vec::new(),
    }
}

/// The columns that a CREATE TABLE lists.
fn columns(table: &ObjectPath, changes: &Changes, statement: &MigrationStatement) -> Vec<Symbol> {
    let declared = statement.uses.iter().filter(|found| {
        found.is_declaration && found.object.kind == ObjectKind::Column && found.object.owner() == *table
    });
    let symbol = |found: &languages::Use| Symbol {
        name: found.object.last_name().to_owned(),
        detail: object_line::definition(&found.object, &changes.after).unwrap_or_default(),
        kind: ObjectKind::Column,
        full: found.location.span,
        focus: found.location.span,
        children: Vec::new(),
    };
    declared.map(symbol).collect()
}

/// A symbol's name has to stand somewhere.
fn first_word(span: Span, text: &str) -> Span {
    let length = span.text(text).find(char::is_whitespace).unwrap_or(span.len() as usize);
    Span::new(span.start as usize, span.start as usize + length)
}
