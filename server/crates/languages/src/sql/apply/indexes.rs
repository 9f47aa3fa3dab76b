//! `CREATE INDEX`.

use dialects::implicit_names::columns_part;
use dialects::option_value;
use schema::{Dialect, Form, Index, IndexColumn, IndexKey, Name, Object, ObjectKey, ObjectKind, ObjectPath, Table};
use std::sync::Arc;

use super::{constraints, exists_already, expression, missing, partitions};
use crate::sql::State;
use crate::sql::state::Relation;
use crate::sql::statement::{CreateIndex, IndexKeyDef, IndexKeyKind};

pub(crate) fn create(state: &mut State, statement: &CreateIndex) {
    if state.is_temporary(&statement.table) {
        return;
    }
    let (table_name, relation) = match state.relation(&statement.table) {
        Some((name, relation @ (Relation::Table | Relation::View))) => (name, relation),
        _ => {
            missing(state, &statement.table, "table", false);
            return;
        }
    };
    state.uses_table(&statement.table, &table_name, false);
    if let Some(name) = &statement.name {
        let full = Name::new(table_name.namespace.as_str(), name.text.as_str());
        if state.has_uses() {
            state.uses(name.span, ObjectPath::part(ObjectKind::Index, &table_name, name.text.as_str()), true);
        }
        if state.relation_of(&full).is_some() {
            if !statement.if_not_exists {
                exists_already(state, name.span, "relation", &name.text);
                if !state.is_guarded {
                    state.forget(&full);
                }
            }
            return;
        }
    }
    match relation {
        Relation::View => add_to_view(state, &table_name, statement),
        _ => {
            add(state, &table_name, statement, statement.name.as_ref().map(|name| name.text.clone()));
            let descendants = if statement.only { Vec::new() } else { partitions::descendants(state, &table_name) };
            for child in descendants {
                if state.table(&child).is_some_and(|table| table.partition_of.is_some()) {
                    add(state, &child, statement, None);
                }
            }
        }
    }
}

fn add(state: &mut State, table_name: &Name, statement: &CreateIndex, name: Option<String>) {
    let Some(mut lifted) = state.lift(table_name) else { return };
    let index = made(state, &mut lifted.table, statement, name);
    lifted.table.indexes.insert(index.name.clone(), index);
    state.put_back(lifted);
}

/// To a materialized view. Its columns are not known, so the server's name for an index without one is not either.
fn add_to_view(state: &mut State, view_name: &Name, statement: &CreateIndex) {
    let (Some(view), Some(name)) = (state.schema.views.get(view_name).cloned(), &statement.name) else { return };
    let mut columns = Table { opaque: true, ..Table::new(view_name.clone()) };
    let index = made(state, &mut columns, statement, Some(name.text.clone()));
    state
        .put_relation(&Name::new(view_name.namespace.as_str(), name.text.as_str()), Relation::Index(view_name.clone()));
    let mut view = schema::View::clone(&view);
    view.indexes.insert(index.name.clone(), index);
    state.set(ObjectKey::View(view_name.clone()), Some(Object::View(Arc::new(view))));
}

fn made(state: &mut State, table: &mut Table, statement: &CreateIndex, name: Option<String>) -> Index {
    let columns: Vec<IndexColumn> = statement.keys.iter().map(|key| column(state, table, key)).collect();
    let include: Vec<String> = statement
        .include
        .iter()
        .map(|column| constraints::known_column(state, table, column).unwrap_or_else(|| column.text.clone()))
        .collect();
    let name = name.unwrap_or_else(|| implicit_name(state, table, &columns, &include));
    let method = match state.dialect {
        Dialect::Postgres => statement.method.clone().unwrap_or_else(|| String::from("btree")),
        Dialect::Sqlite => String::new(),
    };
    let with = statement.options.iter().map(|(name, value)| (name.clone(), option_value(value, Form::Sql))).collect();
    Index {
        name,
        unique: statement.unique,
        method,
        columns,
        include,
        predicate: statement.predicate.as_ref().map(|predicate| expression(state.dialect, predicate)),
        with,
        nulls_not_distinct: statement.nulls_not_distinct,
        concurrently: None,
    }
}

fn column(state: &mut State, table: &Table, key: &IndexKeyDef) -> IndexColumn {
    let is_postgres = state.dialect == Dialect::Postgres;
    let index_key = match &key.key {
        IndexKeyKind::Column(name) => {
            let known = constraints::known_column(state, table, name).unwrap_or_else(|| name.text.clone());
            IndexKey::Column(known)
        }
        IndexKeyKind::Expression(snippet) => {
            // `(a)` is the column.
            let plain = snippet.text.trim();
            match table.columns.get(plain.trim_matches('"')) {
                Some(column) if is_postgres => IndexKey::Column(column.name.clone()),
                _ => IndexKey::Expression(expression(state.dialect, snippet)),
            }
        }
    };
    IndexColumn {
        key: index_key,
        ascending: !key.descending,
        nulls_first: key.nulls_first.unwrap_or(key.descending && is_postgres),
        opclass: key.opclass.clone(),
        collation: key.collation.clone(),
    }
}

/// The name PostgreSQL makes: the table's, the columns', `idx`. An expression counts by its function's name, else as `expr`.
pub(crate) fn implicit_name(state: &State, table: &Table, columns: &[IndexColumn], include: &[String]) -> String {
    let mut parts: Vec<String> = Vec::new();
    let keys = columns.iter().map(|column| match &column.key {
        IndexKey::Column(name) => name.clone(),
        IndexKey::Expression(expression) => expression_name(&expression.text),
    });
    for name in keys.chain(include.iter().cloned()) {
        let mut unique = name.clone();
        let mut pass = 0_u32;
        while parts.contains(&unique) {
            pass += 1;
            unique = format!("{name}{pass}");
        }
        parts.push(unique);
    }
    state.choose_relation_name(table, &columns_part(parts.iter().map(String::as_str)), "idx", false)
}

/// How the server names the result of an expression (`FigureColname`): by the function it calls or the type it is cast to.
fn expression_name(text: &str) -> String {
    let mut text = text.trim();
    while let Some(inner) = text.strip_prefix('(').and_then(|rest| rest.strip_suffix(')')) {
        if !closes_at_end(text) {
            break;
        }
        text = inner.trim();
    }
    let lower = text.to_ascii_lowercase();
    if lower.starts_with("case") && lower.ends_with("end") {
        return String::from("case");
    }
    if let Some(open) = text.find('(') {
        let name = text.get(..open).unwrap_or_default().trim();
        let is_name = !name.is_empty()
            && name.chars().all(|character| character.is_alphanumeric() || matches!(character, '_' | '.' | '"'));
        let call = text.get(open..).unwrap_or_default();
        if is_name && closes_at_end(call) {
            let last = name.rsplit('.').next().unwrap_or(name);
            return if last.starts_with('"') { last.trim_matches('"').to_owned() } else { last.to_ascii_lowercase() };
        }
    }
    if let Some((inner, cast)) = text.rsplit_once("::") {
        let is_type = cast.chars().all(|character| character.is_alphanumeric() || matches!(character, '_' | '"' | '.'));
        if is_type {
            let name = expression_name(inner);
            let is_nameless = name == "expr";
            return if is_nameless { cast.trim_matches('"').to_ascii_lowercase() } else { name };
        }
    }
    let is_word = !text.is_empty() && text.chars().all(|character| character.is_alphanumeric() || character == '_');
    let starts_with_letter = text.chars().next().is_some_and(|first| first.is_alphabetic() || first == '_');
    if is_word && starts_with_letter { text.to_ascii_lowercase() } else { String::from("expr") }
}

/// True where the parenthesis that opens the text closes at its very end.
fn closes_at_end(text: &str) -> bool {
    let mut depth = 0_i32;
    // Of the string or the quoted name that is open.
    let mut quote = None;
    for (position, character) in text.char_indices() {
        match character {
            _ if quote.is_some() => {
                quote.take_if(|open| *open == character);
            }
            '\'' | '"' => quote = Some(character),
            '(' => depth += 1,
            ')' => {
                depth -= 1;
                if depth == 0 {
                    return position + 1 == text.len();
                }
            }
            _ => {}
        }
    }
    false
}
