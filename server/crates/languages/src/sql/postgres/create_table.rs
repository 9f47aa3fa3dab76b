//! CREATE TABLE in all its forms, and a column's definition.

use squawk_parser::SyntaxKind;

use super::super::statement::{ColumnDef, CreateTable, Kind, LikeOptions, QName, Snippet, TableElement};
use super::tree::Node;
use super::{constraints, names, types};

/// CREATE TABLE and CREATE FOREIGN TABLE.
pub(super) fn create(node: Node<'_>) -> Option<Kind> {
    let name = names::qname(node.child(SyntaxKind::TABLE_NAME)?)?;
    let if_not_exists = node.has(SyntaxKind::IF_NOT_EXISTS);
    let temporary = is_temporary(node, &name);
    if node.has(SyntaxKind::OF_TYPE) {
        // Its columns are the type's, which nobody knows here.
        return Some(Kind::CreateTableAs { name, if_not_exists, temporary, columns: Vec::new() });
    }
    let elements = node.child(SyntaxKind::TABLE_ARG_LIST);
    Some(Kind::CreateTable(Box::new(CreateTable {
        name: Some(name),
        if_not_exists,
        temporary,
        unlogged: node.has(SyntaxKind::UNLOGGED),
        foreign: node.kind() == SyntaxKind::CREATE_FOREIGN_TABLE,
        elements: elements.map(|it| it.children().filter_map(element).collect()).unwrap_or_default(),
        inherits: node.child(SyntaxKind::INHERITS).map(tables).unwrap_or_default(),
        partition_by: node.child(SyntaxKind::PARTITION_BY).and_then(partition_by),
        partition_of: node.child(SyntaxKind::PARTITION_OF).and_then(|parent| partition_of(node, parent)),
        options: with_options(node),
    })))
}

/// CREATE TABLE … AS.
pub(super) fn create_as(node: Node<'_>) -> Option<Kind> {
    let name = names::qname(node.child(SyntaxKind::TABLE_NAME)?)?;
    let columns = node.child(SyntaxKind::TABLE_ARG_LIST).map(|list| {
        list.all(SyntaxKind::COLUMN).filter_map(|it| names::ident(it.child(SyntaxKind::COLUMN_NAME)?)).collect()
    });
    Some(Kind::CreateTableAs {
        if_not_exists: node.has(SyntaxKind::IF_NOT_EXISTS),
        temporary: is_temporary(node, &name),
        columns: columns.unwrap_or_default(),
        name,
    })
}

/// SELECT … INTO; nothing for a query without INTO.
pub(super) fn select_into(node: Node<'_>) -> Option<Kind> {
    let Some(into) = node.descendants().find(|it| it.kind() == SyntaxKind::INTO_CLAUSE) else {
        return Some(Kind::Nothing);
    };
    let name = names::qname(into.child(SyntaxKind::TABLE_NAME)?)?;
    let temporary = is_temporary(into, &name);
    Some(Kind::CreateTableAs { name, if_not_exists: false, temporary, columns: Vec::new() })
}

/// True for TEMPORARY objects and those of the session's own namespace.
pub(super) fn is_temporary(node: Node<'_>, name: &QName) -> bool {
    node.has(SyntaxKind::TEMP) || name.namespace.as_ref().is_some_and(|it| it.text == "pg_temp")
}

/// A column from its name on: a node that holds name, type and constraints.
pub(super) fn column(node: Node<'_>) -> Option<ColumnDef> {
    let name = node.child(SyntaxKind::COLUMN_NAME)?;
    let mut collation =
        node.child(SyntaxKind::COLLATE).and_then(|it| it.child(SyntaxKind::COLLATION_REF)).map(names::spelled);
    for default in node.all(SyntaxKind::DEFAULT_CONSTRAINT) {
        collation = collation.or_else(|| constraints::default(default)?.1);
    }
    Some(ColumnDef {
        span: node.source().span(name.start(), node.end()),
        name: names::ident(name)?,
        type_name: types::type_in(node),
        collation,
        constraints: node.children().filter_map(constraints::of_column).collect(),
    })
}

/// `WITH (…)`.
pub(super) fn with_options(node: Node<'_>) -> Vec<(String, String)> {
    node.child(SyntaxKind::WITH_PARAMS).map(options).unwrap_or_default()
}

/// The options in parentheses: an option without a value is `true`.
pub(super) fn options(node: Node<'_>) -> Vec<(String, String)> {
    let Some(list) = node.child(SyntaxKind::ATTRIBUTE_LIST) else { return Vec::new() };
    let option = |it: Node<'_>| {
        let name = names::ident(it.child(SyntaxKind::ATTRIBUTE_NAME)?)?.text;
        let namespace = it.child(SyntaxKind::ATTRIBUTE_NAMESPACE).and_then(names::ident);
        let value = it.child(SyntaxKind::ATTRIBUTE_VALUE).map_or("true", Node::text).to_owned();
        Some((namespace.map_or(name.clone(), |namespace| format!("{}.{name}", namespace.text)), value))
    };
    list.all(SyntaxKind::ATTRIBUTE_OPTION).filter_map(option).collect()
}

/// A partition's bound, right inside a node: `FOR VALUES …` or `DEFAULT`.
pub(super) fn bound(node: Node<'_>) -> Option<Snippet> {
    let is_bound = |it: &Node<'_>| {
        matches!(
            it.kind(),
            SyntaxKind::PARTITION_DEFAULT
                | SyntaxKind::PARTITION_FOR_VALUES_IN
                | SyntaxKind::PARTITION_FOR_VALUES_FROM
                | SyntaxKind::PARTITION_FOR_VALUES_WITH
        )
    };
    node.children().find(is_bound).map(Node::snippet)
}

fn element(node: Node<'_>) -> Option<TableElement> {
    Some(match node.kind() {
        SyntaxKind::COLUMN => TableElement::Column(column(node)?),
        SyntaxKind::LIKE_CLAUSE => TableElement::Like {
            table: names::qname(node.child(SyntaxKind::RELATION_NAME_REF)?)?,
            including: like_options(node),
        },
        _ => TableElement::Constraint(constraints::of_table(node)?),
    })
}

fn like_options(node: Node<'_>) -> LikeOptions {
    let mut options = LikeOptions::default();
    for property in node.children() {
        let value = match property.kind() {
            SyntaxKind::INCLUDING_PROPERTY => true,
            SyntaxKind::EXCLUDING_PROPERTY => false,
            _ => continue,
        };
        match property.children().nth(1).map(Node::kind) {
            Some(SyntaxKind::PROPERTY_ALL) => {
                options = LikeOptions {
                    comments: value,
                    constraints: value,
                    defaults: value,
                    generated: value,
                    identity: value,
                    indexes: value,
                };
            }
            Some(SyntaxKind::PROPERTY_COMMENTS) => options.comments = value,
            Some(SyntaxKind::PROPERTY_CONSTRAINTS) => options.constraints = value,
            Some(SyntaxKind::PROPERTY_DEFAULTS) => options.defaults = value,
            Some(SyntaxKind::PROPERTY_GENERATED) => options.generated = value,
            Some(SyntaxKind::PROPERTY_IDENTITY) => options.identity = value,
            Some(SyntaxKind::PROPERTY_INDEXES) => options.indexes = value,
            _ => {}
        }
    }
    options
}

fn tables(node: Node<'_>) -> Vec<QName> {
    node.all(SyntaxKind::TABLE_NAME_REF).filter_map(names::qname).collect()
}

fn partition_by(node: Node<'_>) -> Option<Snippet> {
    let strategy = node.child(SyntaxKind::PARTITION_STRATEGY)?;
    Some(node.snippet_between(strategy.start(), node.end()))
}

fn partition_of(node: Node<'_>, parent: Node<'_>) -> Option<(QName, Snippet)> {
    Some((names::qname(parent.child(SyntaxKind::TABLE_NAME_REF)?)?, bound(node)?))
}
