//! GRANT and REVOKE.

use schema::OpaqueKind;
use squawk_parser::SyntaxKind;

use super::super::statement::{Class, Ident, Kind, Privileges};
use super::tree::Node;
use super::{names, objects, policies};

/// GRANT.
pub(super) fn grant(node: Node<'_>) -> Option<Kind> {
    let with = node.child(SyntaxKind::GRANT_WITH_CLAUSE);
    let grant_option = with.is_some_and(|it| it.has(SyntaxKind::GRANT_OPTION));
    Some(privileges(node, grant_option).map_or(Kind::Nothing, |it| Kind::Grant(Box::new(it))))
}

/// REVOKE.
pub(super) fn revoke(node: Node<'_>) -> Option<Kind> {
    let cascade = node.has(SyntaxKind::CASCADE);
    let privileges = privileges(node, node.has(SyntaxKind::GRANT_OPTION_FOR));
    Some(privileges.map_or(Kind::Nothing, |it| Kind::Revoke { privileges: Box::new(it), cascade }))
}

/// None for roles granted to roles, for columns, and for what is no object of a schema.
fn privileges(node: Node<'_>, grant_option: bool) -> Option<Privileges> {
    let objects = node.child(SyntaxKind::ON_PRIVILEGE_OBJECTS_CLAUSE)?.children().nth(1)?;
    let privileges = match node.child(SyntaxKind::ALL_PRIVILEGES) {
        Some(all) if all.has(SyntaxKind::COLUMN_REF_LIST) => return None,
        Some(_) => vec![String::from("ALL")],
        None => {
            let commands = node.child(SyntaxKind::REVOKE_COMMAND_LIST)?;
            let whole = commands.all(SyntaxKind::REVOKE_COMMAND).filter(|it| !it.has(SyntaxKind::COLUMN_REF_LIST));
            whole.map(|it| it.text().to_ascii_uppercase()).collect()
        }
    };
    let all_in = all_in(objects);
    let on = if all_in.is_some() { Vec::new() } else { targets(objects) };
    if privileges.is_empty() || (on.is_empty() && all_in.is_none()) {
        return None;
    }
    let roles = node.child(SyntaxKind::ROLE_REF_LIST).map(policies::roles)?;
    Some(Privileges { privileges, on, all_in, roles, grant_option })
}

/// `ALL TABLES IN SCHEMA a, b`.
fn all_in(node: Node<'_>) -> Option<(Class, Vec<Ident>)> {
    let class = match node.kind() {
        SyntaxKind::PRIVILEGE_ALL_TABLES_IN_SCHEMA => Class::Table,
        SyntaxKind::PRIVILEGE_ALL_SEQUENCES_IN_SCHEMA => Class::Sequence,
        SyntaxKind::PRIVILEGE_ALL_PROCEDURES_IN_SCHEMA => Class::Opaque(OpaqueKind::Procedure),
        SyntaxKind::PRIVILEGE_ALL_FUNCTIONS_IN_SCHEMA | SyntaxKind::PRIVILEGE_ALL_ROUTINES_IN_SCHEMA => {
            Class::Opaque(OpaqueKind::Function)
        }
        _ => return None,
    };
    Some((class, names::idents(node, SyntaxKind::SCHEMA_REF)))
}

fn targets(node: Node<'_>) -> Vec<super::super::statement::Target> {
    let is_list = |it: &Node<'_>| {
        matches!(
            it.kind(),
            SyntaxKind::FUNCTION_SIG_LIST | SyntaxKind::PROCEDURE_SIG_LIST | SyntaxKind::ROUTINE_SIG_LIST
        )
    };
    let list = node.children().find(is_list).unwrap_or(node);
    list.children().filter_map(|it| objects::target(it, node)).collect()
}
