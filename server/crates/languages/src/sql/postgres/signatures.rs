//! How functions, procedures, aggregates and operators are told from others of their name.

use squawk_parser::SyntaxKind;

use super::super::statement::{Ident, QName};
use super::tree::Node;
use super::{names, types};

/// The types of the arguments that callers give, as written: no names, modes and defaults, and no OUT arguments.
pub(super) fn of_parameters(list: Node<'_>) -> String {
    if list.has(SyntaxKind::STAR) {
        return String::from("*");
    }
    let mut types = Vec::new();
    for child in list.children() {
        match child.kind() {
            SyntaxKind::PARAM => types.extend(parameter(child)),
            SyntaxKind::AGGREGATE_ORDER_BY => types.extend(child.all(SyntaxKind::PARAM).filter_map(parameter)),
            _ => {}
        }
    }
    types.join(", ")
}

/// The types of an operator's operands, right inside a node: `integer, integer`, `none, integer`.
pub(super) fn of_operands(node: Node<'_>) -> String {
    let operands = node.children().skip_while(|it| it.kind() != SyntaxKind::L_PAREN);
    let operand = |it: Node<'_>| match it.text() {
        none if none.eq_ignore_ascii_case("none") => Some(String::from("none")),
        text => types::is_type(it).then(|| text.to_owned()),
    };
    operands.filter_map(operand).collect::<Vec<_>>().join(", ")
}

/// What CREATE OPERATOR and the old form of CREATE AGGREGATE say about one of their options.
pub(super) fn option<'t>(node: Node<'t>, name: &str) -> Option<&'t str> {
    let mut options = node.child(SyntaxKind::ATTRIBUTE_LIST)?.all(SyntaxKind::ATTRIBUTE_OPTION);
    let is_named =
        |it: &Node<'_>| it.child(SyntaxKind::ATTRIBUTE_NAME).is_some_and(|it| it.text().eq_ignore_ascii_case(name));
    Some(options.find(is_named)?.child(SyntaxKind::ATTRIBUTE_VALUE)?.text())
}

/// An operator's name; it is no identifier and stands as it is.
pub(super) fn operator_name(node: Node<'_>) -> Option<QName> {
    let symbol = node.children().filter(|it| it.kind() != SyntaxKind::PATH_REF).last()?;
    let namespace = node.child(SyntaxKind::PATH_REF).and_then(names::ident);
    Some(QName { namespace, name: Ident { text: symbol.text().to_owned(), span: symbol.span() } })
}

/// The types right inside a node, as written.
pub(super) fn types(node: Node<'_>) -> Vec<String> {
    node.children().filter(|it| types::is_type(*it)).map(|it| it.text().to_owned()).collect()
}

fn parameter(node: Node<'_>) -> Option<String> {
    if node.has(SyntaxKind::PARAM_OUT) {
        return None;
    }
    types::type_in(node).map(|it| it.text)
}
