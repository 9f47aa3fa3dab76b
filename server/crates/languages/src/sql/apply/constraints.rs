//! Constraints of a table: keys, checks and exclusions, with the names that the database makes.

use dialects::implicit_names::columns_part;
use schema::{
    Check, Dialect, Exclusion, Expression, ForeignKey, Name, ObjectKind, ObjectPath, PrimaryKey, Table, Unique,
};

use super::{does_not_exist, exists_already, expression, shown};
use crate::sql::State;
use crate::sql::state::{Relation, primary_key_name};
use crate::sql::statement::{Ident, QName, References, TableConstraint, TableConstraintKind};

/// Adds constraints in the order in which PostgreSQL makes them, on which implicit names depend: checks, the primary key, what has an
/// index, foreign keys. The table is not in the state now.
pub(crate) fn add_all(state: &mut State, table: &mut Table, mut constraints: Vec<TableConstraint>) {
    constraints.sort_by_key(|constraint| match constraint.kind {
        TableConstraintKind::NotNull { .. } => 0,
        TableConstraintKind::Check { .. } => 1,
        TableConstraintKind::PrimaryKey { .. } => 2,
        TableConstraintKind::Unique { .. }
        | TableConstraintKind::UsingIndex { .. }
        | TableConstraintKind::Exclude { .. } => 3,
        TableConstraintKind::ForeignKey { .. } => 4,
    });
    for constraint in &constraints {
        add(state, table, constraint);
    }
}

pub(crate) fn add(state: &mut State, table: &mut Table, constraint: &TableConstraint) {
    if let Some(name) = &constraint.name {
        if has_constraint(table, &name.text) {
            exists_already(state, name.span, "constraint", &name.text);
            if state.is_guarded {
                return;
            }
        }
        let kind = object_kind(&constraint.kind);
        if state.has_uses() {
            state.uses(name.span, ObjectPath::part(kind, &table.name, name.text.as_str()), true);
        }
    }
    match &constraint.kind {
        TableConstraintKind::NotNull { column } => {
            if let Some(column) = column_mut(state, table, column) {
                column.not_null = true;
            }
        }
        TableConstraintKind::Check { expression, no_inherit } => {
            add_check(state, table, constraint, &self::expression(state.dialect, expression), *no_inherit);
        }
        TableConstraintKind::PrimaryKey { columns, include } => {
            add_primary_key(state, table, constraint, columns, include);
        }
        TableConstraintKind::Unique { columns, include, nulls_not_distinct } => {
            add_unique(state, table, constraint, columns, include, *nulls_not_distinct);
        }
        TableConstraintKind::UsingIndex { index, is_primary } => {
            use_index(state, table, constraint, index, *is_primary);
        }
        TableConstraintKind::Exclude { definition } => {
            let name = match &constraint.name {
                Some(name) => name.text.clone(),
                None => state.choose_relation_name(table, &excluded_columns(table, &definition.text), "excl", true),
            };
            let mut definition = definition.clone();
            if !constraint.deferral.is_immediate() {
                definition.text = format!("{} {}", definition.text, constraint.deferral.as_str());
            }
            let definition = self::expression(state.dialect, &definition);
            table.exclusions.insert(name.clone(), Exclusion { name, definition });
        }
        TableConstraintKind::ForeignKey { columns, references } => {
            add_foreign_key(state, table, constraint, columns, references);
        }
    }
}

fn object_kind(kind: &TableConstraintKind) -> ObjectKind {
    match kind {
        TableConstraintKind::PrimaryKey { .. } | TableConstraintKind::UsingIndex { is_primary: true, .. } => {
            ObjectKind::PrimaryKey
        }
        TableConstraintKind::Unique { .. } | TableConstraintKind::UsingIndex { .. } => ObjectKind::Unique,
        TableConstraintKind::ForeignKey { .. } => ObjectKind::ForeignKey,
        TableConstraintKind::Check { .. } | TableConstraintKind::NotNull { .. } => ObjectKind::Check,
        TableConstraintKind::Exclude { .. } => ObjectKind::Exclusion,
    }
}

/// True where the table has a constraint of this name.
pub(crate) fn has_constraint(table: &Table, name: &str) -> bool {
    primary_key_name(table).is_some_and(|it| it == name)
        || table.uniques.contains_key(name)
        || table.checks.contains_key(name)
        || table.foreign_keys.contains_key(name)
        || table.exclusions.contains_key(name)
}

/// The table's own name for a column, whatever its case on SQLite.
pub(crate) fn column_name(state: &State, table: &Table, written: &str) -> Option<String> {
    if table.columns.contains_key(written) {
        return Some(written.to_owned());
    }
    let is_sqlite = state.dialect == Dialect::Sqlite;
    table.columns.keys().find(|name| is_sqlite && name.eq_ignore_ascii_case(written)).cloned()
}

/// The column, or a finding that there is none.
pub(crate) fn column_mut<'t>(
    state: &mut State,
    table: &'t mut Table,
    written: &Ident,
) -> Option<&'t mut schema::Column> {
    let name = known_column(state, table, written)?;
    table.columns.get_mut(&name)
}

/// The table's own name for a column that a statement names; a finding where it has none.
pub(crate) fn known_column(state: &mut State, table: &Table, written: &Ident) -> Option<String> {
    let found = column_name(state, table, &written.text);
    if let Some(found) = &found {
        if !written.span.is_empty() && state.has_uses() {
            state.uses(written.span, ObjectPath::part(ObjectKind::Column, &table.name, found.as_str()), false);
        }
    } else if !table.opaque && !state.schema.unknown.contains(&table.name) {
        does_not_exist(state, written.span, "column", &format!("{}.{}", table.name.name, written.text));
        // What else the statement did to this table is open too.
        if !state.is_guarded {
            state.forget(&table.name.clone());
        }
    }
    found
}

fn known_columns(state: &mut State, table: &Table, written: &[Ident]) -> Vec<String> {
    let name =
        |state: &mut State, ident: &Ident| known_column(state, table, ident).unwrap_or_else(|| ident.text.clone());
    written.iter().map(|ident| name(state, ident)).collect()
}

fn add_check(state: &mut State, table: &mut Table, constraint: &TableConstraint, text: &Expression, no_inherit: bool) {
    let name = match &constraint.name {
        Some(name) => name.text.clone(),
        None if state.dialect == Dialect::Sqlite => unnamed_check(text),
        None => {
            // The column is in the name where the check is about one column alone.
            let mut named =
                table.columns.keys().filter(|column| dialects::names_column(Dialect::Postgres, &text.text, column));
            let only = match (named.next(), named.next()) {
                (Some(only), None) => only.clone(),
                _ => String::new(),
            };
            state.choose_constraint_name(table, &only, "check")
        }
    };
    let not_valid = constraint.not_valid;
    table.checks.insert(name.clone(), Check { name, expression: text.clone(), not_valid, no_inherit });
}

fn add_primary_key(
    state: &mut State,
    table: &mut Table,
    constraint: &TableConstraint,
    columns: &[Ident],
    include: &[Ident],
) {
    if table.primary_key.is_some() && !table.opaque {
        exists_already(state, constraint.span, "primary key of", &table.name.name.clone());
        return;
    }
    let columns = known_columns(state, table, columns);
    let include = known_columns(state, table, include);
    let mut key = PrimaryKey::new(constraint.name.as_ref().map(|name| name.text.clone()), columns);
    key.include = include;
    key.deferral = constraint.deferral;
    if state.dialect == Dialect::Postgres {
        if key.name.is_none() {
            key.server_name = Some(state.choose_relation_name(table, "", "pkey", true));
        }
        set_not_null(table, &key.columns);
    }
    table.primary_key = Some(key);
}

fn set_not_null(table: &mut Table, columns: &[String]) {
    for column in columns {
        if let Some(column) = table.columns.get_mut(column) {
            column.not_null = true;
        }
    }
}

fn add_unique(
    state: &mut State,
    table: &mut Table,
    constraint: &TableConstraint,
    columns: &[Ident],
    include: &[Ident],
    nulls_not_distinct: bool,
) {
    let columns = known_columns(state, table, columns);
    let include = known_columns(state, table, include);
    let name = match &constraint.name {
        Some(name) => name.text.clone(),
        None if state.dialect == Dialect::Sqlite => unnamed_unique(&columns),
        None => {
            let part = columns_part(columns.iter().chain(&include).map(String::as_str));
            state.choose_relation_name(table, &part, "key", true)
        }
    };
    let deferral = constraint.deferral;
    table.uniques.insert(name.clone(), Unique { name, columns, nulls_not_distinct, include, deferral });
}

/// In one CREATE TABLE a UNIQUE that says the same as the primary key or another UNIQUE makes no second index; its name stays.
pub(crate) fn without_repeated_uniques(constraints: Vec<TableConstraint>) -> Vec<TableConstraint> {
    let mut kept: Vec<TableConstraint> = Vec::new();
    for constraint in constraints {
        let earlier = kept.iter_mut().find(|it| is_same_key(it, &constraint));
        match earlier {
            Some(earlier) => {
                if earlier.name.is_none() {
                    earlier.name = constraint.name;
                }
                if let TableConstraintKind::PrimaryKey { .. } = constraint.kind {
                    earlier.kind = constraint.kind;
                }
            }
            None => kept.push(constraint),
        }
    }
    kept
}

fn is_same_key(a: &TableConstraint, b: &TableConstraint) -> bool {
    let key = |constraint: &TableConstraint| match &constraint.kind {
        TableConstraintKind::PrimaryKey { columns, include } => Some((texts(columns), texts(include), false)),
        TableConstraintKind::Unique { columns, include, nulls_not_distinct } => {
            Some((texts(columns), texts(include), *nulls_not_distinct))
        }
        _ => None,
    };
    let is_primary = |it: &TableConstraint| matches!(it.kind, TableConstraintKind::PrimaryKey { .. });
    key(a).is_some() && key(a) == key(b) && a.deferral == b.deferral && !(is_primary(a) && is_primary(b))
}

fn texts(columns: &[Ident]) -> Vec<String> {
    columns.iter().map(|column| column.text.clone()).collect()
}

/// The index becomes the constraint, and takes its name.
fn use_index(state: &mut State, table: &mut Table, constraint: &TableConstraint, index: &Ident, is_primary: bool) {
    let Some(found) = table.indexes.shift_remove(&index.text) else {
        does_not_exist(state, index.span, "index", &index.text);
        return;
    };
    let columns: Vec<String> = found
        .columns
        .iter()
        .filter_map(|column| match &column.key {
            schema::IndexKey::Column(name) => Some(name.clone()),
            schema::IndexKey::Expression(_) => None,
        })
        .collect();
    let name = constraint.name.as_ref().map_or_else(|| found.name.clone(), |name| name.text.clone());
    if is_primary {
        set_not_null(table, &columns);
        let mut key = PrimaryKey::new(Some(name), columns);
        key.include = found.include;
        key.deferral = constraint.deferral;
        table.primary_key = Some(key);
    } else {
        let (nulls_not_distinct, include, deferral) = (found.nulls_not_distinct, found.include, constraint.deferral);
        table.uniques.insert(name.clone(), Unique { name, columns, nulls_not_distinct, include, deferral });
    }
}

/// The columns before each WITH in the list of an exclusion constraint, as far as they are plain.
fn excluded_columns(table: &Table, definition: &str) -> String {
    let list = definition.find('(').and_then(|open| definition.get(open + 1..)).unwrap_or_default();
    let columns: Vec<&str> = elements(list)
        .into_iter()
        .map(|element| {
            let first = first_name(element);
            let column = table.columns.keys().find(|it| dialects::names_column(Dialect::Postgres, first, it));
            column.map_or("expr", String::as_str)
        })
        .collect();
    columns_part(columns)
}

/// The elements of a list up to its closing parenthesis; what is in quotes divides nothing.
fn elements(list: &str) -> Vec<&str> {
    let (mut elements, mut start, mut depth, mut is_quoted) = (Vec::new(), 0, 0_usize, false);
    for (at, character) in list.char_indices() {
        match character {
            '"' => is_quoted = !is_quoted,
            _ if is_quoted => {}
            '(' => depth += 1,
            ')' if depth > 0 => depth -= 1,
            ',' | ')' if depth == 0 => {
                elements.extend(list.get(start..at));
                start = at + 1;
                if character == ')' {
                    break;
                }
            }
            _ => {}
        }
    }
    elements
}

/// Where the quotes close; doubled ones are part of the name.
fn quoted_end(text: &str) -> Option<usize> {
    let bytes = text.as_bytes();
    let mut at = 0;
    loop {
        at += text.get(at..)?.find('"')?;
        if bytes.get(at + 1) != Some(&b'"') {
            return Some(at);
        }
        at += 2;
    }
}

/// The name that an element begins with, its quotes included; an expression begins with none.
fn first_name(element: &str) -> &str {
    let element = element.trim_start();
    let end = match element.strip_prefix('"') {
        Some(rest) => quoted_end(rest).map_or(element.len(), |at| at + 2),
        None => element.find(|it: char| it.is_whitespace() || it == '(').unwrap_or(element.len()),
    };
    element.get(..end).unwrap_or(element)
}

fn add_foreign_key(
    state: &mut State,
    table: &mut Table,
    constraint: &TableConstraint,
    columns: &[Ident],
    references: &References,
) {
    let columns = known_columns(state, table, columns);
    let to = referenced(state, table, &references.table);
    let target = if to == table.name { Some(&*table) } else { state.table(&to).map(|table| &**table) };
    let to_columns: Vec<String> = match (references.columns.is_empty(), target) {
        (true, Some(target)) => target.primary_key.as_ref().map(|key| key.columns.clone()).unwrap_or_default(),
        (true, None) => Vec::new(),
        (false, Some(target)) => {
            let target_name = |column: &Ident| column_name(state, target, &column.text);
            references.columns.iter().map(|it| target_name(it).unwrap_or_else(|| it.text.clone())).collect()
        }
        (false, None) => texts(&references.columns),
    };
    if state.has_uses() {
        state.uses_table(&references.table, &to, false);
        for column in &references.columns {
            state.uses_column(&to, column, false);
        }
    }
    let is_unnamed = constraint.name.is_none() && state.dialect == Dialect::Sqlite;
    let mut key = ForeignKey {
        name: String::new(),
        unnamed: is_unnamed,
        columns,
        to,
        to_columns,
        on_delete: references.on_delete,
        on_update: references.on_update,
        match_full: references.match_full,
        deferral: constraint.deferral,
        not_valid: constraint.not_valid,
    };
    key.name = match &constraint.name {
        Some(name) => name.text.clone(),
        None if is_unnamed => unnamed_key(&key),
        None => {
            let part = columns_part(key.columns.iter().map(String::as_str));
            state.choose_constraint_name(table, &part, "fkey")
        }
    };
    table.foreign_keys.insert(key.name.clone(), key);
}

/// What stands for the name of a check without one.
pub(crate) fn unnamed_check(expression: &Expression) -> String {
    format!("check ({})", expression.canonical)
}

/// What stands for the name of a unique constraint without one.
pub(crate) fn unnamed_unique(columns: &[String]) -> String {
    format!("unique ({})", columns.join(", "))
}

/// What stands for the name of a foreign key without one.
pub(crate) fn unnamed_key(key: &ForeignKey) -> String {
    format!("({}) references {} ({})", key.columns.join(", "), key.to.name, key.to_columns.join(", "))
}

/// The table that a foreign key leads to. SQLite lets it be missing.
fn referenced(state: &mut State, table: &Table, written: &QName) -> Name {
    if let Some((name, Relation::Table)) = state.relation(written) {
        return name;
    }
    let is_itself = state.candidates(written).contains(&table.name)
        || (state.dialect == Dialect::Sqlite && written.name.text.eq_ignore_ascii_case(&table.name.name));
    if is_itself {
        return table.name.clone();
    }
    let may_miss = state.dialect == Dialect::Sqlite || state.is_unknown(written) || state.is_guarded;
    if !may_miss {
        does_not_exist(state, written.span(), "table", &shown(written));
        super::forget(state, written);
        state.forget(&table.name.clone());
    }
    state.name_to_create(written).unwrap_or_else(|| Name::new("", written.name.text.as_str()))
}

/// Takes a constraint away; false where there is none of this name.
pub(crate) fn remove(table: &mut Table, name: &str) -> bool {
    if primary_key_name(table).is_some_and(|it| it == name) {
        table.primary_key = None;
        return true;
    }
    table.uniques.shift_remove(name).is_some()
        || table.checks.shift_remove(name).is_some()
        || table.foreign_keys.shift_remove(name).is_some()
        || table.exclusions.shift_remove(name).is_some()
}

/// Renames a constraint; false where there is none of this name.
pub(crate) fn rename(table: &mut Table, from: &str, to: &str) -> bool {
    if primary_key_name(table).is_some_and(|it| it == from) {
        if let Some(key) = &mut table.primary_key {
            key.name = Some(to.to_owned());
        }
        return true;
    }
    macro_rules! rename_in {
        ($map:expr) => {
            if let Some(position) = $map.get_index_of(from)
                && let Some((_, mut part)) = $map.shift_remove_index(position)
            {
                part.name = to.to_owned();
                $map.shift_insert(position, to.to_owned(), part);
                return true;
            }
        };
    }
    rename_in!(table.uniques);
    rename_in!(table.checks);
    rename_in!(table.foreign_keys);
    rename_in!(table.exclusions);
    false
}
