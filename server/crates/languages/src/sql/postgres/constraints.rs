//! Constraints of columns, tables and domains.

use schema::{Deferral, ForeignKeyAction};
use squawk_parser::SyntaxKind;

use super::super::statement::{
    ColumnConstraint, ColumnConstraintKind, DomainConstraint, DomainConstraintKind, Ident, References, Snippet,
    TableConstraint, TableConstraintKind,
};
use super::tree::Node;
use super::{names, sequences};

/// A column's constraint; None for what is none.
pub(super) fn of_column(node: Node<'_>) -> Option<ColumnConstraint> {
    let kind = match node.kind() {
        SyntaxKind::NOT_NULL_CONSTRAINT => ColumnConstraintKind::NotNull,
        SyntaxKind::NULL_CONSTRAINT => ColumnConstraintKind::Null,
        SyntaxKind::DEFAULT_CONSTRAINT => ColumnConstraintKind::Default(default(node)?.0),
        SyntaxKind::CHECK_CONSTRAINT => ColumnConstraintKind::Check {
            expression: node.inside()?.snippet(),
            no_inherit: node.has(SyntaxKind::NO_INHERIT),
        },
        SyntaxKind::PRIMARY_KEY_CONSTRAINT => {
            ColumnConstraintKind::PrimaryKey { autoincrement: false, deferral: deferral(node) }
        }
        SyntaxKind::UNIQUE_CONSTRAINT => {
            ColumnConstraintKind::Unique { nulls_not_distinct: nulls_not_distinct(node), deferral: deferral(node) }
        }
        SyntaxKind::REFERENCES_CONSTRAINT => ColumnConstraintKind::References(Box::new(references(node)?)),
        SyntaxKind::GENERATED_CONSTRAINT => generated(node)?,
        _ => return None,
    };
    Some(ColumnConstraint { name: name(node), span: node.span(), kind })
}

/// A table's constraint; None for what is none.
pub(super) fn of_table(node: Node<'_>) -> Option<TableConstraint> {
    let kind = match node.kind() {
        SyntaxKind::PRIMARY_KEY_CONSTRAINT | SyntaxKind::UNIQUE_CONSTRAINT => key(node)?,
        SyntaxKind::FOREIGN_KEY_CONSTRAINT => TableConstraintKind::ForeignKey {
            columns: column_list(node.child(SyntaxKind::FOREIGN_KEY_COLUMN_LIST)?),
            references: Box::new(references(node)?),
        },
        SyntaxKind::CHECK_CONSTRAINT => TableConstraintKind::Check {
            expression: node.inside()?.snippet(),
            no_inherit: node.has(SyntaxKind::NO_INHERIT),
        },
        SyntaxKind::EXCLUDE_CONSTRAINT => TableConstraintKind::Exclude { definition: exclusion(node)? },
        SyntaxKind::NOT_NULL_CONSTRAINT => {
            TableConstraintKind::NotNull { column: names::ident(node.child(SyntaxKind::COLUMN_NAME_REF)?)? }
        }
        _ => return None,
    };
    let not_valid = node.has(SyntaxKind::NOT_VALID);
    Some(TableConstraint { name: name(node), span: node.span(), kind, deferral: deferral(node), not_valid })
}

/// A domain's constraint or default; None for what is neither.
pub(super) fn of_domain(node: Node<'_>) -> Option<DomainConstraint> {
    let kind = match node.kind() {
        SyntaxKind::NOT_NULL_CONSTRAINT => DomainConstraintKind::NotNull,
        SyntaxKind::NULL_CONSTRAINT => DomainConstraintKind::Null,
        SyntaxKind::CHECK_CONSTRAINT => DomainConstraintKind::Check(node.inside()?.snippet()),
        SyntaxKind::DEFAULT_CONSTRAINT => DomainConstraintKind::Default(default(node)?.0),
        _ => return None,
    };
    Some(DomainConstraint { name: name(node), kind, not_valid: node.has(SyntaxKind::NOT_VALID) })
}

/// A default, and the collation that the grammar gives to the column though it stands behind the default's last word.
pub(super) fn default(node: Node<'_>) -> Option<(Snippet, Option<String>)> {
    let expression = node.behind(SyntaxKind::DEFAULT_KW)?;
    let is_last = |it: &Node<'_>| it.kind() == SyntaxKind::COLLATE && it.end() == expression.end();
    let Some(collate) = std::iter::once(expression).chain(expression.descendants()).find(is_last) else {
        return Some((expression.snippet(), None));
    };
    let end = collate.children().next()?.end();
    let collation = collate.child(SyntaxKind::COLLATION_REF).map(names::spelled);
    Some((expression.snippet_between(expression.start(), end), collation))
}

/// When the constraint, or what an ALTER makes of it, is checked.
pub(super) fn deferral(node: Node<'_>) -> Deferral {
    if node.has(SyntaxKind::INITIALLY_DEFERRED_CONSTRAINT_OPTION) {
        Deferral::Deferred
    } else if node.has(SyntaxKind::DEFERRABLE_CONSTRAINT_OPTION) {
        Deferral::Deferrable
    } else {
        Deferral::Immediate
    }
}

/// True for DEFERRABLE, INITIALLY DEFERRED and their opposites.
pub(super) fn is_deferral(node: Node<'_>) -> bool {
    matches!(
        node.kind(),
        SyntaxKind::DEFERRABLE_CONSTRAINT_OPTION
            | SyntaxKind::NOT_DEFERRABLE_CONSTRAINT_OPTION
            | SyntaxKind::INITIALLY_DEFERRED_CONSTRAINT_OPTION
            | SyntaxKind::INITIALLY_IMMEDIATE_CONSTRAINT_OPTION
    )
}

fn name(node: Node<'_>) -> Option<Ident> {
    names::ident(node.child(SyntaxKind::CONSTRAINT_NAME_CLAUSE)?.child(SyntaxKind::CONSTRAINT_NAME)?)
}

fn nulls_not_distinct(node: Node<'_>) -> bool {
    node.child(SyntaxKind::INDEX_PARAMETERS).is_some_and(|it| it.has(SyntaxKind::NULLS_NOT_DISTINCT))
}

fn key(node: Node<'_>) -> Option<TableConstraintKind> {
    let is_primary = node.kind() == SyntaxKind::PRIMARY_KEY_CONSTRAINT;
    if let Some(using) = node.child(SyntaxKind::USING_INDEX_NAME) {
        let index = names::ident(using.child(SyntaxKind::INDEX_REF)?)?;
        return Some(TableConstraintKind::UsingIndex { index, is_primary });
    }
    let parameters = node.child(SyntaxKind::INDEX_PARAMETERS)?;
    let columns = column_list(parameters.child(SyntaxKind::CONSTRAINT_COLUMN_REF_LIST)?);
    let include = parameters.child(SyntaxKind::CONSTRAINT_INCLUDE_CLAUSE);
    let include = include.and_then(|it| it.child(SyntaxKind::COLUMN_REF_LIST)).map(column_list).unwrap_or_default();
    Some(match is_primary {
        true => TableConstraintKind::PrimaryKey { columns, include },
        false => TableConstraintKind::Unique { columns, include, nulls_not_distinct: nulls_not_distinct(node) },
    })
}

/// The columns in parentheses; `PERIOD c` and `c WITHOUT OVERLAPS` count as `c`.
fn column_list(node: Node<'_>) -> Vec<Ident> {
    let columns = node.children().filter_map(|child| match child.kind() {
        SyntaxKind::PERIOD_COLUMN => child.child(SyntaxKind::COLUMN_NAME_REF),
        SyntaxKind::COLUMN_NAME_REF => Some(child),
        _ => None,
    });
    columns.filter_map(names::ident).collect()
}

fn references(node: Node<'_>) -> Option<References> {
    // A column's REFERENCES has its column right inside, a table's in a list of its own.
    let columns = match node.kind() {
        SyntaxKind::FOREIGN_KEY_CONSTRAINT => {
            node.all(SyntaxKind::FOREIGN_KEY_COLUMN_LIST).nth(1).map(column_list).unwrap_or_default()
        }
        _ => column_list(node),
    };
    let action = |kind| node.child(kind).map_or(ForeignKeyAction::NoAction, action);
    Some(References {
        table: names::qname(node.child(SyntaxKind::TABLE_NAME_REF)?)?,
        columns,
        on_delete: action(SyntaxKind::ON_DELETE_ACTION),
        on_update: action(SyntaxKind::ON_UPDATE_ACTION),
        match_full: node.has(SyntaxKind::MATCH_FULL),
        deferral: deferral(node),
    })
}

fn action(node: Node<'_>) -> ForeignKeyAction {
    let of = |child: Node<'_>| match child.kind() {
        SyntaxKind::RESTRICT => Some(ForeignKeyAction::Restrict),
        SyntaxKind::CASCADE => Some(ForeignKeyAction::Cascade),
        SyntaxKind::SET_NULL_COLUMNS => Some(ForeignKeyAction::SetNull),
        SyntaxKind::SET_DEFAULT_COLUMNS => Some(ForeignKeyAction::SetDefault),
        _ => None,
    };
    node.children().find_map(of).unwrap_or(ForeignKeyAction::NoAction)
}

/// All behind the word EXCLUDE, up to what all constraints have.
fn exclusion(node: Node<'_>) -> Option<Snippet> {
    let is_common = |it: &Node<'_>| is_deferral(*it) || it.kind() == SyntaxKind::NOT_VALID;
    let mut parts = node.children().skip_while(|it| it.kind() != SyntaxKind::EXCLUDE_KW).skip(1);
    let first = parts.next()?;
    let last = parts.take_while(|it| !is_common(it)).last().unwrap_or(first);
    Some(node.snippet_between(first.start(), last.end()))
}

fn generated(node: Node<'_>) -> Option<ColumnConstraintKind> {
    if let Some(stored) = node.child(SyntaxKind::GENERATED_STORED) {
        let expression = stored.inside()?.snippet();
        return Some(ColumnConstraintKind::Generated { expression, stored: stored.has(SyntaxKind::STORED) });
    }
    let identity = node.child(SyntaxKind::GENERATED_IDENTITY)?;
    let options = identity.child(SyntaxKind::SEQUENCE_OPTION_LIST).map(sequences::options).unwrap_or_default();
    Some(ColumnConstraintKind::Identity { always: identity.has(SyntaxKind::GENERATED_ALWAYS), options })
}
