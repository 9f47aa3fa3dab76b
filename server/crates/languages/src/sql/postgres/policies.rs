//! Policies and roles.

use squawk_parser::SyntaxKind;

use super::super::statement::{AlterPolicy, CreatePolicy, Kind, QName, RoleOptions, Snippet};
use super::names;
use super::tree::Node;

pub(super) fn create(node: Node<'_>) -> Option<Kind> {
    let kind = node.child(SyntaxKind::AS_POLICY_TYPE).and_then(names::ident);
    let command = node.child(SyntaxKind::POLICY_COMMAND).and_then(|it| it.behind(SyntaxKind::FOR_KW));
    let to = node.child(SyntaxKind::POLICY_ROLES).and_then(|it| it.child(SyntaxKind::ROLE_REF_LIST)).map(roles);
    Some(Kind::CreatePolicy(Box::new(CreatePolicy {
        name: names::ident(node.child(SyntaxKind::POLICY)?)?,
        table: table(node)?,
        permissive: kind.is_none_or(|it| it.text != "restrictive"),
        command: command.map_or_else(|| String::from("ALL"), |it| it.text().to_ascii_uppercase()),
        to: to.unwrap_or_else(|| vec![String::from("public")]),
        using: using(node),
        with_check: with_check(node),
    })))
}

pub(super) fn alter(node: Node<'_>) -> Option<Kind> {
    let rename_to = node.child(SyntaxKind::POLICY_RENAME_TO).and_then(|it| it.child(SyntaxKind::POLICY));
    let change = node.child(SyntaxKind::ALTER_POLICY_TO);
    let to =
        change.and_then(|it| it.child(SyntaxKind::POLICY_ROLES)).and_then(|it| it.child(SyntaxKind::ROLE_REF_LIST));
    Some(Kind::AlterPolicy(Box::new(AlterPolicy {
        name: names::ident(node.child(SyntaxKind::POLICY_REF)?)?,
        table: table(node)?,
        rename_to: rename_to.and_then(names::ident),
        to: to.map(roles),
        using: change.and_then(using),
        with_check: change.and_then(with_check),
    })))
}

/// The names in a list of roles: `current_user` and the like in lower case, the word GROUP left out.
pub(super) fn roles(list: Node<'_>) -> Vec<String> {
    list.all(SyntaxKind::ROLE_REF).filter_map(names::ident).map(|it| it.text).collect()
}

/// CREATE ROLE, USER, GROUP.
pub(super) fn create_role(node: Node<'_>) -> Option<Kind> {
    let name = names::ident(node.child(SyntaxKind::ROLE)?)?;
    Some(Kind::CreateRole { name, options: role_options(node) })
}

/// `ALTER ROLE r WITH …`; nothing for settings and for whoever is current.
pub(super) fn alter_role(node: Node<'_>) -> Option<Kind> {
    let name = node.child(SyntaxKind::ROLE_REF).and_then(|it| it.child(SyntaxKind::ROLE_NAME_REF));
    match name {
        Some(name) if node.has(SyntaxKind::ROLE_OPTION_LIST) => {
            Some(Kind::AlterRole { name: names::ident(name)?, options: role_options(node) })
        }
        _ => Some(Kind::Nothing),
    }
}

fn role_options(node: Node<'_>) -> RoleOptions {
    let mut options = RoleOptions::default();
    for option in node.child(SyntaxKind::ROLE_OPTION_LIST).into_iter().flat_map(Node::children) {
        match option.text().to_ascii_lowercase().as_str() {
            "createdb" => options.create_db = Some(true),
            "nocreatedb" => options.create_db = Some(false),
            "createrole" => options.create_role = Some(true),
            "nocreaterole" => options.create_role = Some(false),
            "inherit" => options.inherit = Some(true),
            "noinherit" => options.inherit = Some(false),
            _ => {}
        }
    }
    options
}

fn table(node: Node<'_>) -> Option<QName> {
    names::qname(node.child(SyntaxKind::ON_TABLE)?.child(SyntaxKind::TABLE_NAME_REF)?)
}

fn using(node: Node<'_>) -> Option<Snippet> {
    Some(node.child(SyntaxKind::USING_EXPR_CLAUSE)?.inside()?.snippet())
}

fn with_check(node: Node<'_>) -> Option<Snippet> {
    Some(node.child(SyntaxKind::WITH_CHECK_EXPR_CLAUSE)?.inside()?.snippet())
}
