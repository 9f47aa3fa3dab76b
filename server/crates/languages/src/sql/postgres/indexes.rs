//! CREATE INDEX.

use squawk_parser::SyntaxKind;

use super::super::statement::{CreateIndex, Ident, IndexKeyDef, IndexKeyKind, Kind};
use super::tree::Node;
use super::{create_table, names};

pub(super) fn create(node: Node<'_>) -> Option<Kind> {
    let relation = node.child(SyntaxKind::TABLE_RELATION_NAME)?;
    let table = relation.child(SyntaxKind::TABLE_NAME_REF)?;
    let keys = node.child(SyntaxKind::PARTITION_ITEM_LIST)?;
    let include = node.child(SyntaxKind::INDEX_INCLUDE_CLAUSE).and_then(|it| it.child(SyntaxKind::PARTITION_ITEM_LIST));
    Some(Kind::CreateIndex(Box::new(CreateIndex {
        only: relation.has(SyntaxKind::ONLY_KW),
        name: node.child(SyntaxKind::INDEX).and_then(names::ident),
        namespace: None,
        table: names::qname(table)?,
        unique: node.has(SyntaxKind::UNIQUE_KW),
        concurrently: node.has(SyntaxKind::CONCURRENTLY_KW),
        if_not_exists: node.has(SyntaxKind::IF_NOT_EXISTS),
        method: method(node).map(|it| it.text),
        keys: keys.all(SyntaxKind::PARTITION_ITEM).filter_map(key).collect(),
        include: include.map(|it| names::idents(it, SyntaxKind::PARTITION_ITEM)).unwrap_or_default(),
        nulls_not_distinct: node.has(SyntaxKind::NULLS_NOT_DISTINCT),
        predicate: node
            .child(SyntaxKind::WHERE_CLAUSE)
            .and_then(|it| it.behind(SyntaxKind::WHERE_KW))
            .map(Node::snippet),
        options: create_table::with_options(node),
    })))
}

/// `USING method`.
pub(super) fn method(node: Node<'_>) -> Option<Ident> {
    names::ident(node.child(SyntaxKind::USING_METHOD)?.child(SyntaxKind::ACCESS_METHOD_REF)?)
}

fn key(node: Node<'_>) -> Option<IndexKeyDef> {
    let mut expression = node.children().next()?;
    let mut collation = None;
    if expression.kind() == SyntaxKind::COLLATE {
        collation = expression.child(SyntaxKind::COLLATION_REF).map(names::spelled);
        expression = expression.children().next()?;
    }
    let nulls_first = node.has(SyntaxKind::NULLS_FIRST).then_some(true);
    Some(IndexKeyDef {
        key: key_kind(expression)?,
        collation,
        opclass: node.child(SyntaxKind::OP_CLASS_REF).map(names::spelled),
        descending: node.has(SyntaxKind::SORT_DESC),
        nulls_first: nulls_first.or(node.has(SyntaxKind::NULLS_LAST).then_some(false)),
    })
}

/// A column in parentheses is a column to the server too.
fn key_kind(expression: Node<'_>) -> Option<IndexKeyKind> {
    let mut inner = expression;
    while inner.kind() == SyntaxKind::PAREN_EXPR
        && let Some(content) = inner.inside()
    {
        inner = content;
    }
    if inner.kind() == SyntaxKind::NAME_REF {
        return Some(IndexKeyKind::Column(names::ident(inner)?));
    }
    let is_in_parentheses = expression.kind() == SyntaxKind::PAREN_EXPR;
    let content = if is_in_parentheses { expression.inside()? } else { expression };
    Some(IndexKeyKind::Expression(content.snippet()))
}
