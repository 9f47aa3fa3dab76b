//! A column's definition: from its words to the model, its constraints handed to the table.

use std::sync::Arc;

use dialects::default as canonical_default;
use schema::{
    Column, ColumnFacts, Deferral, Dialect, Form, Generated, Identity, Name, Object, ObjectKey, Scalar, Sequence,
    SqlType, Table,
};
use source::Span;

use super::{expression, next_value, sequences, types};
use crate::sql::State;
use crate::sql::state::Relation;
use crate::sql::statement::{
    ColumnConstraint, ColumnConstraintKind, ColumnDef, Ident, SequenceOption, Snippet, TableConstraint,
    TableConstraintKind,
};

/// Adds the column to the table (which is not in the state now), and its constraints to `constraints`.
pub(crate) fn add(state: &mut State, table: &mut Table, column: &ColumnDef, constraints: &mut Vec<TableConstraint>) {
    let name = column.name.text.clone();
    state.uses_column(&table.name.clone(), &column.name, true);
    let resolved = match &column.type_name {
        Some(type_name) => Some(types::resolve(state, type_name)),
        // A partition's column that only adds constraints has its parent's type already.
        None if table.columns.contains_key(&name) => None,
        None => Some(types::ResolvedType { sql_type: dialects::sql_type(state.dialect, "", None), is_serial: false }),
    };
    let is_serial = resolved.as_ref().is_some_and(|it| it.is_serial);
    let mut built = match (resolved, table.columns.get(&name)) {
        // Inherited columns are merged with those that are listed.
        (Some(resolved), Some(inherited)) => Column { sql_type: resolved.sql_type, ..inherited.clone() },
        (None, Some(inherited)) => inherited.clone(),
        (Some(resolved), None) => plain(name.clone(), resolved.sql_type),
        (None, None) => return,
    };
    if let Some(collation) = &column.collation {
        built.collation = Some(collation.clone());
    }
    for constraint in &column.constraints {
        match &constraint.kind {
            ColumnConstraintKind::NotNull => built.not_null = true,
            ColumnConstraintKind::Null => built.not_null = false,
            ColumnConstraintKind::Default(snippet) => {
                built.default = default(state.dialect, snippet, &built.sql_type);
            }
            ColumnConstraintKind::Generated { expression: text, stored } => {
                built.generated = Some(Generated { expression: expression(state.dialect, text), stored: *stored });
            }
            ColumnConstraintKind::Identity { always, options } => {
                built.not_null = true;
                built.identity = Some(identity(state, table, &built, *always, options));
            }
            ColumnConstraintKind::PrimaryKey { autoincrement, .. } => built.autoincrement |= *autoincrement,
            ColumnConstraintKind::Check { .. }
            | ColumnConstraintKind::Unique { .. }
            | ColumnConstraintKind::References(_) => {}
        }
        constraints.extend(of_table(&column.name, constraint));
    }
    if is_serial {
        add_serial(state, table, &mut built);
    }
    table.columns.insert(name, built);
}

/// The constraint of a table that a column's own constraint is.
fn of_table(column: &Ident, constraint: &ColumnConstraint) -> Option<TableConstraint> {
    let columns = || vec![Ident { text: column.text.clone(), span: Span::default() }];
    let (kind, deferral) = match &constraint.kind {
        ColumnConstraintKind::PrimaryKey { deferral, .. } => {
            (TableConstraintKind::PrimaryKey { columns: columns(), include: Vec::new() }, *deferral)
        }
        ColumnConstraintKind::Unique { nulls_not_distinct, deferral } => {
            let nulls_not_distinct = *nulls_not_distinct;
            (TableConstraintKind::Unique { columns: columns(), include: Vec::new(), nulls_not_distinct }, *deferral)
        }
        ColumnConstraintKind::References(references) => (
            TableConstraintKind::ForeignKey { columns: columns(), references: references.clone() },
            references.deferral,
        ),
        ColumnConstraintKind::Check { expression, no_inherit } => {
            let (expression, no_inherit) = (expression.clone(), *no_inherit);
            (TableConstraintKind::Check { expression, no_inherit }, Deferral::Immediate)
        }
        _ => return None,
    };
    Some(TableConstraint { name: constraint.name.clone(), span: constraint.span, kind, deferral, not_valid: false })
}

pub(crate) fn plain(name: String, sql_type: SqlType) -> Column {
    Column {
        name,
        sql_type,
        not_null: false,
        default: None,
        generated: None,
        identity: None,
        autoincrement: false,
        collation: None,
        comment: None,
        unknown: ColumnFacts::default(),
    }
}

/// PostgreSQL keeps no default for `DEFAULT NULL`.
pub(crate) fn default(dialect: Dialect, snippet: &Snippet, sql_type: &SqlType) -> Option<Scalar> {
    let text = snippet.text.trim();
    let is_null = text.eq_ignore_ascii_case("null");
    if is_null && dialect == Dialect::Postgres {
        return None;
    }
    let form = if is_null {
        Form::Null
    } else if text.eq_ignore_ascii_case("true") || text.eq_ignore_ascii_case("false") {
        Form::Boolean
    } else if is_plain_number(text) {
        Form::Number
    } else {
        Form::Sql
    };
    Some(canonical_default(dialect, text, form, sql_type))
}

/// A number that JSON writes the same way.
fn is_plain_number(text: &str) -> bool {
    let digits = text.strip_prefix('-').unwrap_or(text);
    let (whole, fraction) = digits.split_once('.').unwrap_or((digits, "0"));
    let is_digits = |text: &str| !text.is_empty() && text.bytes().all(|byte| byte.is_ascii_digit());
    is_digits(whole) && is_digits(fraction) && (whole == "0" || !whole.starts_with('0'))
}

/// The sequence, the default and NOT NULL behind `serial`.
fn add_serial(state: &mut State, table: &Table, column: &mut Column) {
    let name = Name::new(table.name.namespace.as_str(), state.choose_relation_name(table, &column.name, "seq", false));
    let options = sequences::options_of(&column.sql_type.canonical, &[]);
    let owned_by = Some((table.name.clone(), column.name.clone()));
    let integer = column.sql_type.canonical.clone();
    let sequence = Sequence { name: name.clone(), integer, options, owned_by, options_unknown: false };
    state.set(ObjectKey::Sequence(name.clone()), Some(Object::Sequence(Arc::new(sequence))));
    state.put_relation(&name, Relation::Sequence);
    column.not_null = true;
    let snippet = Snippet { text: next_value(&name), span: Span::default() };
    column.default = default(state.dialect, &snippet, &column.sql_type);
}

/// The sequence of an identity column is the column's own: it is not listed among the schema's.
pub(crate) fn identity(
    state: &mut State,
    table: &Table,
    column: &Column,
    always: bool,
    options: &[SequenceOption],
) -> Identity {
    let written = options.iter().find_map(|option| match option {
        SequenceOption::SequenceName(name) => Some(name),
        _ => None,
    });
    let namespace = written.and_then(|name| name.namespace.as_ref()).map(|it| it.text.clone());
    let sequence = Name::new(
        namespace.unwrap_or_else(|| table.name.namespace.clone()),
        match written {
            Some(name) => name.name.text.clone(),
            None => state.choose_relation_name(table, &column.name, "seq", false),
        },
    );
    state.put_relation(&sequence, Relation::Sequence);
    Identity {
        always,
        sequence_name: sequence.name,
        sequence_namespace: sequence.namespace,
        options: sequences::options_of(&column.sql_type.canonical, options),
    }
}
