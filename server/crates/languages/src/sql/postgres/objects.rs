//! What is alike for objects of all classes: which object a statement names, DROP, COMMENT, RENAME, SET SCHEMA.

use schema::OpaqueKind;
use squawk_parser::SyntaxKind;

use super::super::statement::{Class, Drop, Ident, Kind, QName, Target};
use super::tree::Node;
use super::{literals, names, signatures};

/// DROP of anything.
pub(super) fn drop(node: Node<'_>) -> Option<Kind> {
    let is_list = |it: &Node<'_>| {
        matches!(
            it.kind(),
            SyntaxKind::FUNCTION_SIG_LIST
                | SyntaxKind::PROCEDURE_SIG_LIST
                | SyntaxKind::ROUTINE_SIG_LIST
                | SyntaxKind::OP_SIG_LIST
        )
    };
    let objects: Vec<Target> = match (special(node), node.children().find(is_list)) {
        (Some(target), _) => vec![target],
        (None, Some(list)) => list.children().filter_map(|it| target(it, node)).collect(),
        (None, None) => node.children().filter_map(|it| target(it, node)).collect(),
    };
    if objects.is_empty() {
        return None;
    }
    Some(Kind::Drop(Drop {
        objects,
        if_exists: node.has(SyntaxKind::IF_EXISTS),
        cascade: node.has(SyntaxKind::CASCADE),
    }))
}

/// COMMENT ON.
pub(super) fn comment(node: Node<'_>) -> Option<Kind> {
    let object = node.behind(SyntaxKind::ON_KW)?;
    if object.kind() == SyntaxKind::OBJECT_LARGE_OBJECT {
        return Some(Kind::Nothing);
    }
    let object = special(object).or_else(|| object.children().find_map(|it| target(it, object)))?;
    let text = node.child(SyntaxKind::LITERAL);
    let text = text.and_then(|it| literals::decode(it.source().slice(it.start(), it.end()))).map(|it| it.text);
    // An empty comment is none to the server.
    Some(Kind::Comment { object, text: text.filter(|it| !it.is_empty()) })
}

/// `ALTER … RENAME TO` and `SET SCHEMA`; nothing for any other ALTER.
pub(super) fn alter(node: Node<'_>) -> Option<Kind> {
    let Some(action) = node.children().find(|it| is_rename(*it)) else {
        return Some(alter_routine(node).unwrap_or(Kind::Nothing));
    };
    let object = node.children().find_map(|it| target(it, node))?;
    renamed(action, object)
}

/// ALTER of a function or procedure that is no renaming; None where it says nothing that is kept.
fn alter_routine(node: Node<'_>) -> Option<Kind> {
    let object = node.children().find_map(|it| target(it, node))?;
    let Class::Opaque(kind @ (OpaqueKind::Function | OpaqueKind::Procedure)) = object.class else { return None };
    let options = node.child(SyntaxKind::FUNC_OPTION_LIST)?.text().to_owned();
    Some(Kind::AlterRoutine { object, kind, options })
}

/// The same for the object `name` of a class that is known.
pub(super) fn rename(node: Node<'_>, name: Node<'_>, class: Class) -> Option<Kind> {
    let action = node.children().find(|it| is_rename(*it))?;
    renamed(action, Target { class, name: names::qname(name)?, part: None, signature: None })
}

fn renamed(action: Node<'_>, object: Target) -> Option<Kind> {
    let to = names::ident(action.children().last()?)?;
    Some(match action.kind() {
        SyntaxKind::SET_SCHEMA => Kind::SetNamespace { object, to },
        _ => Kind::Rename { object, to },
    })
}

/// `RENAME TO name`, whatever the class, or `SET SCHEMA name`.
fn is_rename(node: Node<'_>) -> bool {
    node.kind() == SyntaxKind::SET_SCHEMA || (node.has(SyntaxKind::RENAME_KW) && node.has(SyntaxKind::TO_KW))
}

/// The object that a node names; `parent` is what the node is right inside of.
pub(super) fn target(node: Node<'_>, parent: Node<'_>) -> Option<Target> {
    let (class, table) = match node.kind() {
        SyntaxKind::FUNCTION_SIG | SyntaxKind::PROCEDURE_SIG | SyntaxKind::ROUTINE_SIG | SyntaxKind::AGGREGATE => {
            return routine(node);
        }
        SyntaxKind::OP_SIG => return operator(node),
        SyntaxKind::TRIGGER_REF => (Class::Opaque(OpaqueKind::Trigger), Some(SyntaxKind::RELATION_NAME_REF)),
        SyntaxKind::RULE_REF => (Class::Opaque(OpaqueKind::Rule), Some(SyntaxKind::RELATION_NAME_REF)),
        SyntaxKind::POLICY_REF => (Class::Policy, Some(SyntaxKind::TABLE_NAME_REF)),
        kind => (class(kind, parent.kind())?, None),
    };
    let Some(table) = table else {
        return Some(Target { class, name: names::qname(node)?, part: None, signature: None });
    };
    let name = parent.children().find_map(|it| match it.kind() {
        kind if kind == table => Some(it),
        SyntaxKind::ON_RELATION | SyntaxKind::ON_TABLE => it.child(table),
        _ => None,
    });
    Some(Target { class, name: names::qname(name?)?, part: Some(names::ident(node)?), signature: None })
}

fn class(kind: SyntaxKind, parent: SyntaxKind) -> Option<Class> {
    Some(match (kind, parent) {
        (SyntaxKind::TABLE_NAME_REF, SyntaxKind::DROP_FOREIGN_TABLE | SyntaxKind::OBJECT_FOREIGN_TABLE) => {
            Class::Opaque(OpaqueKind::ForeignTable)
        }
        (SyntaxKind::VIEW_REF, SyntaxKind::DROP_MATERIALIZED_VIEW | SyntaxKind::OBJECT_MATERIALIZED_VIEW) => {
            Class::MaterializedView
        }
        (SyntaxKind::TABLE_NAME_REF | SyntaxKind::RELATION_NAME_REF, _) => Class::Table,
        (SyntaxKind::VIEW_REF, _) => Class::View,
        (SyntaxKind::INDEX_REF, _) => Class::Index,
        (SyntaxKind::SEQUENCE_REF, _) => Class::Sequence,
        (SyntaxKind::TYPE_NAME_REF, _) => Class::Type,
        (SyntaxKind::DOMAIN_REF, _) => Class::Domain,
        (SyntaxKind::SCHEMA_REF, _) => Class::Namespace,
        (SyntaxKind::ROLE_REF, _) => Class::Role,
        (SyntaxKind::EXTENSION_REF, _) => Class::Extension,
        (kind, _) => Class::Opaque(opaque(kind)?),
    })
}

fn opaque(kind: SyntaxKind) -> Option<OpaqueKind> {
    Some(match kind {
        SyntaxKind::EVENT_TRIGGER_REF => OpaqueKind::EventTrigger,
        SyntaxKind::OP_CLASS_REF => OpaqueKind::OperatorClass,
        SyntaxKind::OP_FAMILY_REF => OpaqueKind::OperatorFamily,
        SyntaxKind::COLLATION_REF => OpaqueKind::Collation,
        SyntaxKind::CONVERSION_REF => OpaqueKind::Conversion,
        SyntaxKind::LANGUAGE_REF => OpaqueKind::Language,
        SyntaxKind::PUBLICATION_REF => OpaqueKind::Publication,
        SyntaxKind::SUBSCRIPTION_REF => OpaqueKind::Subscription,
        SyntaxKind::SERVER_REF => OpaqueKind::Server,
        SyntaxKind::FOREIGN_DATA_WRAPPER_REF => OpaqueKind::ForeignDataWrapper,
        SyntaxKind::STATISTICS_REF => OpaqueKind::Statistics,
        SyntaxKind::TEXT_SEARCH_CONFIGURATION_REF
        | SyntaxKind::TEXT_SEARCH_DICTIONARY_REF
        | SyntaxKind::TEXT_SEARCH_PARSER_REF
        | SyntaxKind::TEXT_SEARCH_TEMPLATE_REF => OpaqueKind::TextSearch,
        SyntaxKind::ACCESS_METHOD_REF => OpaqueKind::AccessMethod,
        SyntaxKind::TABLESPACE_REF => OpaqueKind::Tablespace,
        SyntaxKind::DATABASE_REF => OpaqueKind::Database,
        SyntaxKind::PROPERTY_GRAPH_REF => OpaqueKind::Other,
        _ => return None,
    })
}

/// A function, procedure or aggregate with its signature. A routine may be either; it counts as a function.
fn routine(node: Node<'_>) -> Option<Target> {
    let (kind, name) = match node.kind() {
        SyntaxKind::FUNCTION_SIG => (OpaqueKind::Function, SyntaxKind::FUNCTION_NAME_REF),
        SyntaxKind::PROCEDURE_SIG => (OpaqueKind::Procedure, SyntaxKind::PROCEDURE_NAME_REF),
        SyntaxKind::ROUTINE_SIG => (OpaqueKind::Function, SyntaxKind::ROUTINE_NAME_REF),
        _ => (OpaqueKind::Aggregate, SyntaxKind::PATH_REF),
    };
    let signature = node.child(SyntaxKind::PARAM_LIST).map(signatures::of_parameters);
    Some(Target { class: Class::Opaque(kind), name: names::qname(node.child(name)?)?, part: None, signature })
}

/// An operator and its operands' types, right inside a node.
fn operator(node: Node<'_>) -> Option<Target> {
    let name = signatures::operator_name(node.child(SyntaxKind::OP)?)?;
    let class = Class::Opaque(OpaqueKind::Operator);
    Some(Target { class, name, part: None, signature: Some(signatures::of_operands(node)) })
}

/// Objects that are named in a way of their own.
fn special(node: Node<'_>) -> Option<Target> {
    let plain = |kind, name| Some(Target { class: Class::Opaque(kind), name, part: None, signature: None });
    match node.kind() {
        SyntaxKind::OBJECT_COLUMN => {
            let (name, column) = names::column(node.child(SyntaxKind::QUALIFIED_COLUMN_NAME_REF)?)?;
            Some(Target { class: Class::Column, name, part: Some(column), signature: None })
        }
        SyntaxKind::OBJECT_CONSTRAINT => {
            let part = names::ident(node.child(SyntaxKind::CONSTRAINT_NAME_REF)?);
            let (class, name) = match node.child(SyntaxKind::DOMAIN_REF) {
                Some(domain) => (Class::DomainConstraint, domain),
                None => (Class::Constraint, node.child(SyntaxKind::TABLE_NAME_REF)?),
            };
            Some(Target { class, name: names::qname(name)?, part, signature: None })
        }
        SyntaxKind::OBJECT_OPERATOR => operator(node),
        SyntaxKind::OBJECT_CAST | SyntaxKind::DROP_CAST => plain(OpaqueKind::Cast, cast_name(node)?),
        SyntaxKind::OBJECT_TRANSFORM | SyntaxKind::DROP_TRANSFORM => {
            plain(OpaqueKind::Transform, transform_name(node)?)
        }
        SyntaxKind::DROP_USER_MAPPING => plain(OpaqueKind::UserMapping, mapping_name(node)?),
        _ => None,
    }
}

/// A cast is named by its types: `integer AS text`.
pub(super) fn cast_name(node: Node<'_>) -> Option<QName> {
    let signature = node.child(SyntaxKind::CAST_SIG)?;
    let types = signatures::types(signature);
    Some(made(types.join(" AS "), signature))
}

/// A transform is named by its type and language: `hstore plpython3u`.
pub(super) fn transform_name(node: Node<'_>) -> Option<QName> {
    let language = node.child(SyntaxKind::LANGUAGE_REF)?;
    let name = format!("{} {}", signatures::types(node).first()?, names::ident(language)?.text);
    Some(made(name, language))
}

/// A user mapping is named by its user and server: `bob films`.
pub(super) fn mapping_name(node: Node<'_>) -> Option<QName> {
    let server = node.child(SyntaxKind::SERVER_CLAUSE)?.child(SyntaxKind::SERVER_REF)?;
    let user = names::ident(node.child(SyntaxKind::USER_MAPPING_ROLE)?)?;
    Some(made(format!("{} {}", user.text, names::ident(server)?.text), server))
}

fn made(text: String, node: Node<'_>) -> QName {
    QName { namespace: None, name: Ident { text, span: node.span() } }
}
