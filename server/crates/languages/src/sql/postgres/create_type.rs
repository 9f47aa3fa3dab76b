//! Types and domains: CREATE TYPE, ALTER TYPE, CREATE DOMAIN, ALTER DOMAIN.

use schema::OpaqueKind;
use squawk_parser::SyntaxKind;

use super::super::statement::{
    AlterAction, AlterDomain, Class, CreateDomain, CreateOpaque, EnumPlace, Ident, Kind, Relation,
};
use super::tree::Node;
use super::{constraints, literals, names, objects, types};

pub(super) fn create(node: Node<'_>) -> Option<Kind> {
    let name = names::qname(node.child(SyntaxKind::TYPE_NAME)?)?;
    let Some(enumeration) = node.child(SyntaxKind::ENUM_TYPE) else {
        let kind = OpaqueKind::Type;
        let create = CreateOpaque {
            definition: None,
            calls: None,
            kind,
            name,
            signature: None,
            on: None,
            or_replace: false,
            if_not_exists: false,
        };
        return Some(Kind::CreateOpaque(Box::new(create)));
    };
    let variants = enumeration.child(SyntaxKind::VARIANT_LIST);
    let values = variants.into_iter().flat_map(|it| it.all(SyntaxKind::VARIANT)).filter_map(literal);
    Some(Kind::CreateEnum { name, values: values.collect() })
}

pub(super) fn alter(node: Node<'_>) -> Option<Kind> {
    let name_ref = node.child(SyntaxKind::TYPE_NAME_REF)?;
    let name = names::qname(name_ref)?;
    let action = node.children().find(|it| it.start() >= name_ref.end())?;
    Some(match action.kind() {
        SyntaxKind::ADD_VALUE => Kind::AddEnumValue {
            name,
            value: literal(action)?,
            if_not_exists: action.has(SyntaxKind::IF_NOT_EXISTS),
            place: place(action)?,
        },
        SyntaxKind::RENAME_VALUE => {
            let mut values = action.all(SyntaxKind::LITERAL).filter_map(string);
            Kind::RenameEnumValue { name, from: values.next()?, to: values.next()? }
        }
        SyntaxKind::TYPE_RENAME_TO | SyntaxKind::SET_SCHEMA => objects::rename(node, name_ref, Class::Type)?,
        _ => Kind::AlterRelation {
            only: false,
            relation: Relation::CompositeType,
            name,
            if_exists: false,
            actions: vec![AlterAction::Nothing],
        },
    })
}

pub(super) fn create_domain(node: Node<'_>) -> Option<Kind> {
    Some(Kind::CreateDomain(Box::new(CreateDomain {
        name: names::qname(node.child(SyntaxKind::DOMAIN)?)?,
        type_name: types::type_in(node)?,
        constraints: node.children().filter_map(constraints::of_domain).collect(),
    })))
}

pub(super) fn alter_domain(node: Node<'_>) -> Option<Kind> {
    let name_ref = node.child(SyntaxKind::DOMAIN_REF)?;
    let action = node.children().find(|it| it.start() >= name_ref.end())?;
    let constraint = || names::ident(action.child(SyntaxKind::CONSTRAINT_NAME_REF)?);
    let alter = match action.kind() {
        SyntaxKind::DOMAIN_RENAME_TO | SyntaxKind::SET_SCHEMA => return objects::rename(node, name_ref, Class::Domain),
        SyntaxKind::SET_DEFAULT => AlterDomain::SetDefault(action.behind(SyntaxKind::DEFAULT_KW)?.snippet()),
        SyntaxKind::DROP_DEFAULT => AlterDomain::DropDefault,
        SyntaxKind::SET_NOT_NULL => AlterDomain::SetNotNull,
        SyntaxKind::DROP_NOT_NULL => AlterDomain::DropNotNull,
        SyntaxKind::ADD_CONSTRAINT => AlterDomain::AddConstraint(action.children().find_map(constraints::of_domain)?),
        SyntaxKind::DROP_CONSTRAINT => {
            AlterDomain::DropConstraint { name: constraint()?, if_exists: action.has(SyntaxKind::IF_EXISTS) }
        }
        SyntaxKind::RENAME_CONSTRAINT => AlterDomain::RenameConstraint {
            from: constraint()?,
            to: names::ident(action.child(SyntaxKind::CONSTRAINT_NAME)?)?,
        },
        SyntaxKind::VALIDATE_CONSTRAINT => AlterDomain::ValidateConstraint { name: constraint()? },
        _ => AlterDomain::Nothing,
    };
    Some(Kind::AlterDomain { name: names::qname(name_ref)?, action: alter })
}

fn place(node: Node<'_>) -> Option<EnumPlace> {
    Some(if let Some(before) = node.child(SyntaxKind::BEFORE_VALUE) {
        EnumPlace::Before(literal(before)?)
    } else if let Some(after) = node.child(SyntaxKind::AFTER_VALUE) {
        EnumPlace::After(literal(after)?)
    } else {
        EnumPlace::Last
    })
}

/// The string constant right inside a node.
fn literal(node: Node<'_>) -> Option<Ident> {
    string(node.child(SyntaxKind::LITERAL)?)
}

fn string(literal: Node<'_>) -> Option<Ident> {
    let text = literals::decode(literal.source().slice(literal.start(), literal.end()))?.text;
    Some(Ident { text, span: literal.span() })
}
