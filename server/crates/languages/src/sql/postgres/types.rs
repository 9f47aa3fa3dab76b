//! Types as they are written, with the name by which a type of the schema is found.

use squawk_parser::SyntaxKind;

use super::super::statement::TypeName;
use super::names;
use super::tree::Node;

/// True for the nodes that are types.
pub(super) fn is_type(node: Node<'_>) -> bool {
    matches!(
        node.kind(),
        SyntaxKind::PATH_TYPE
            | SyntaxKind::ARRAY_TYPE
            | SyntaxKind::PERCENT_TYPE
            | SyntaxKind::BIT_TYPE
            | SyntaxKind::BIT_VARYING_TYPE
            | SyntaxKind::CHARACTER_TYPE
            | SyntaxKind::VARCHAR_TYPE
            | SyntaxKind::DOUBLE_TYPE
            | SyntaxKind::TIME_TYPE
            | SyntaxKind::TIMESTAMP_TYPE
            | SyntaxKind::INTERVAL_TYPE
    )
}

/// The type right inside a node.
pub(super) fn type_in(node: Node<'_>) -> Option<TypeName> {
    node.children().find(|child| is_type(*child)).map(type_name)
}

/// A type.
pub(super) fn type_name(node: Node<'_>) -> TypeName {
    let mut element = node;
    while element.kind() == SyntaxKind::ARRAY_TYPE
        && let Some(inner) = element.children().find(|child| is_type(*child))
    {
        element = inner;
    }
    let path = element.child(SyntaxKind::PATH_REF).filter(|_| element.kind() == SyntaxKind::PATH_TYPE);
    let name = path.filter(|path| !is_spelled(path.text())).and_then(names::qname);
    TypeName { text: node.text().to_owned(), span: node.span(), name }
}

/// Types that the grammar knows by words of its own, though they look like names.
fn is_spelled(name: &str) -> bool {
    ["int", "integer", "smallint", "bigint", "real", "float", "decimal", "dec", "numeric", "boolean"]
        .iter()
        .any(|word| word.eq_ignore_ascii_case(name))
}
