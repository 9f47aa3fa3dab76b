//! CREATE of what is known by name only: functions, triggers, operators and the like.

use std::sync::Arc;

use schema::{Dialect, OpaqueKind};
use squawk_parser::SyntaxKind;

use super::super::statement::{CreateOpaque, Kind, QName};
use super::tree::Node;
use super::{names, objects, signatures};

/// CREATE of such an object; None for other statements.
pub(super) fn create(node: Node<'_>) -> Option<Kind> {
    let kind = kind(node.kind())?;
    let Some(name) = name(node) else {
        // The server names statistics that have no name, and nothing can be said about them.
        return (node.kind() == SyntaxKind::CREATE_STATISTICS).then_some(Kind::Nothing);
    };
    Some(Kind::CreateOpaque(Box::new(CreateOpaque {
        calls: called(node),
        kind,
        name,
        signature: signature(node),
        on: on(node),
        definition: dialects::definition(Dialect::Postgres, kind, node.text()).map(Arc::new),
        or_replace: node.has(SyntaxKind::OR_REPLACE),
        if_not_exists: node.has(SyntaxKind::IF_NOT_EXISTS),
    })))
}

fn kind(kind: SyntaxKind) -> Option<OpaqueKind> {
    Some(match kind {
        SyntaxKind::CREATE_FUNCTION => OpaqueKind::Function,
        SyntaxKind::CREATE_PROCEDURE => OpaqueKind::Procedure,
        SyntaxKind::CREATE_AGGREGATE => OpaqueKind::Aggregate,
        SyntaxKind::CREATE_TRIGGER => OpaqueKind::Trigger,
        SyntaxKind::CREATE_EVENT_TRIGGER => OpaqueKind::EventTrigger,
        SyntaxKind::CREATE_RULE => OpaqueKind::Rule,
        SyntaxKind::CREATE_COLLATION => OpaqueKind::Collation,
        SyntaxKind::CREATE_OPERATOR => OpaqueKind::Operator,
        SyntaxKind::CREATE_OPERATOR_CLASS => OpaqueKind::OperatorClass,
        SyntaxKind::CREATE_OPERATOR_FAMILY => OpaqueKind::OperatorFamily,
        SyntaxKind::CREATE_CAST => OpaqueKind::Cast,
        SyntaxKind::CREATE_CONVERSION => OpaqueKind::Conversion,
        SyntaxKind::CREATE_LANGUAGE => OpaqueKind::Language,
        SyntaxKind::CREATE_PUBLICATION => OpaqueKind::Publication,
        SyntaxKind::CREATE_SUBSCRIPTION => OpaqueKind::Subscription,
        SyntaxKind::CREATE_SERVER => OpaqueKind::Server,
        SyntaxKind::CREATE_FOREIGN_DATA_WRAPPER => OpaqueKind::ForeignDataWrapper,
        SyntaxKind::CREATE_USER_MAPPING => OpaqueKind::UserMapping,
        SyntaxKind::CREATE_STATISTICS => OpaqueKind::Statistics,
        SyntaxKind::CREATE_TEXT_SEARCH_CONFIGURATION
        | SyntaxKind::CREATE_TEXT_SEARCH_DICTIONARY
        | SyntaxKind::CREATE_TEXT_SEARCH_PARSER
        | SyntaxKind::CREATE_TEXT_SEARCH_TEMPLATE => OpaqueKind::TextSearch,
        SyntaxKind::CREATE_ACCESS_METHOD => OpaqueKind::AccessMethod,
        SyntaxKind::CREATE_TRANSFORM => OpaqueKind::Transform,
        SyntaxKind::CREATE_TABLESPACE => OpaqueKind::Tablespace,
        SyntaxKind::CREATE_DATABASE => OpaqueKind::Database,
        SyntaxKind::CREATE_PROPERTY_GRAPH => OpaqueKind::Other,
        _ => return None,
    })
}

/// The function behind `EXECUTE FUNCTION`.
fn called(node: Node<'_>) -> Option<QName> {
    if node.kind() != SyntaxKind::CREATE_TRIGGER {
        return None;
    }
    let call = node.children().filter(|it| it.start() > node.start()).last()?;
    call.children().chain([call]).find_map(names::qname)
}

fn name(node: Node<'_>) -> Option<QName> {
    match node.kind() {
        SyntaxKind::CREATE_OPERATOR => signatures::operator_name(node.child(SyntaxKind::OP)?),
        SyntaxKind::CREATE_CAST => objects::cast_name(node),
        SyntaxKind::CREATE_TRANSFORM => objects::transform_name(node),
        SyntaxKind::CREATE_USER_MAPPING => objects::mapping_name(node),
        _ => names::qname(node.children().find(|it| is_name(it.kind()))?),
    }
}

/// The nodes in which a statement gives the name of what it makes.
fn is_name(kind: SyntaxKind) -> bool {
    matches!(
        kind,
        SyntaxKind::FUNCTION_NAME
            | SyntaxKind::PROCEDURE_NAME
            | SyntaxKind::AGGREGATE_NAME
            | SyntaxKind::TRIGGER
            | SyntaxKind::EVENT_TRIGGER
            | SyntaxKind::RULE
            | SyntaxKind::COLLATION
            | SyntaxKind::OP_CLASS_NAME
            | SyntaxKind::OP_FAMILY_NAME
            | SyntaxKind::CONVERSION
            | SyntaxKind::LANGUAGE
            | SyntaxKind::PUBLICATION
            | SyntaxKind::SUBSCRIPTION
            | SyntaxKind::SERVER
            | SyntaxKind::FOREIGN_DATA_WRAPPER
            | SyntaxKind::STATISTICS
            | SyntaxKind::TEXT_SEARCH_CONFIGURATION
            | SyntaxKind::TEXT_SEARCH_DICTIONARY
            | SyntaxKind::TEXT_SEARCH_PARSER
            | SyntaxKind::TEXT_SEARCH_TEMPLATE
            | SyntaxKind::ACCESS_METHOD
            | SyntaxKind::TABLESPACE
            | SyntaxKind::DATABASE
            | SyntaxKind::PROPERTY_GRAPH
    )
}

fn signature(node: Node<'_>) -> Option<String> {
    match node.kind() {
        SyntaxKind::CREATE_OPERATOR => {
            let operand = |name| signatures::option(node, name).unwrap_or("none");
            Some(format!("{}, {}", operand("leftarg"), operand("rightarg")))
        }
        SyntaxKind::CREATE_AGGREGATE if !node.has(SyntaxKind::PARAM_LIST) => {
            // The form before 8.2.
            let base = signatures::option(node, "basetype")?;
            let is_any = base.trim_matches(['"', '\'']).eq_ignore_ascii_case("any");
            Some(String::from(if is_any { "*" } else { base }))
        }
        _ => node.child(SyntaxKind::PARAM_LIST).map(signatures::of_parameters),
    }
}

/// The table of a trigger or rule.
fn on(node: Node<'_>) -> Option<QName> {
    let clause = match node.kind() {
        SyntaxKind::CREATE_TRIGGER => SyntaxKind::ON_RELATION,
        SyntaxKind::CREATE_RULE => SyntaxKind::RULE_ON,
        _ => return None,
    };
    names::qname(node.child(clause)?.child(SyntaxKind::RELATION_NAME_REF)?)
}
